/* Makes a process die before the system call that a test names: linked into a helper of its own, never into the one that is shipped; with
 * -DPRELOAD it is a library to be loaded before the C library of a program we do not link, which is Java.
 *
 * Every call that something outside the process can notice is a step; between two of them death makes no difference. JCR_FAULTS names a file
 * that all processes of a test map: who is to die (a title such as `jcr-super`; `jcr-ctl` before there is one, `jcr-payload` between clone
 * and exec; `java`), at which of its steps, and how many steps there were. `make` gives the linker a --wrap for each name in STEPS. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define VARIABLE "JCR_FAULTS"

struct faults {
    char role[16];
    atomic_int at, count; /* dies at its step number `at`, 0 is none; steps of that role so far */
    atomic_int fired;
    char where[40];
};

static struct faults *faults;
static char role[16] = "jcr-ctl";

__attribute__((constructor)) static void find_faults(void)
{
    const char *path = getenv(VARIABLE);
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED)
        faults = mapped;
    if (fd >= 0)
        close(fd);
#ifdef PRELOAD
    snprintf(role, sizeof role, "%s", program_invocation_short_name);
#endif
}

/* A trap also ends the first process of a namespace and one that a filter lets do nothing; Java would catch it. */
static void die(void)
{
#ifdef PRELOAD
    syscall(SYS_kill, getpid(), SIGKILL);
#endif
    __builtin_trap();
}

static void step(const char *name)
{
    if (!faults || strcmp(role, faults->role) != 0)
        return;
    int number = atomic_fetch_add(&faults->count, 1) + 1, not_yet = 0;
    if (number != atomic_load(&faults->at) || !atomic_compare_exchange_strong(&faults->fired, &not_yet, 1))
        return;
    snprintf(faults->where, sizeof faults->where, "%s", name);
    die();
}

#ifdef PRELOAD
#define FUNCTION(name) name
#define REAL(type, name, parameters) type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name)
#define DECLARE_REAL(type, name, parameters)
#else
#define FUNCTION(name) __wrap_##name
#define REAL(type, name, parameters) type(*real) parameters = __real_##name
#define DECLARE_REAL(type, name, parameters) type __real_##name parameters;
#endif
#define STEP(type, name, parameters, arguments)                                                                                            \
    DECLARE_REAL(type, name, parameters)                                                                                                   \
    type FUNCTION(name) parameters                                                                                                         \
    {                                                                                                                                      \
        REAL(type, name, parameters);                                                                                                      \
        step(#name);                                                                                                                       \
        return real arguments;                                                                                                             \
    }

STEP(pid_t, fork, (void), ())
STEP(pid_t, setsid, (void), ())
STEP(int, mkdir, (const char *a, mode_t b), (a, b))
STEP(int, mkdirat, (int a, const char *b, mode_t c), (a, b, c))
STEP(int, mkfifoat, (int a, const char *b, mode_t c), (a, b, c))
STEP(int, mknodat, (int a, const char *b, mode_t c, dev_t d), (a, b, c, d))
STEP(int, rename, (const char *a, const char *b), (a, b))
STEP(int, renameat, (int a, const char *b, int c, const char *d), (a, b, c, d))
STEP(int, unlink, (const char *a), (a))
STEP(int, unlinkat, (int a, const char *b, int c), (a, b, c))
STEP(int, rmdir, (const char *a), (a))
STEP(int, symlinkat, (const char *a, int b, const char *c), (a, b, c))
STEP(int, fchown, (int a, uid_t b, gid_t c), (a, b, c))
STEP(int, fchmod, (int a, mode_t b), (a, b))
STEP(int, chroot, (const char *a), (a))
STEP(int, mount, (const char *a, const char *b, const char *c, unsigned long d, const void *e), (a, b, c, d, e))
STEP(int, umount2, (const char *a, int b), (a, b))
STEP(int, setns, (int a, int b), (a, b))
STEP(int, unshare, (int a), (a))
STEP(int, flock, (int a, int b), (a, b))
STEP(int, kill, (pid_t a, int b), (a, b))
STEP(int, bind, (int a, const struct sockaddr *b, socklen_t c), (a, b, c))
STEP(int, listen, (int a, int b), (a, b))
STEP(int, connect, (int a, const struct sockaddr *b, socklen_t c), (a, b, c))
STEP(int, shutdown, (int a, int b), (a, b))
STEP(ssize_t, write, (int a, const void *b, size_t c), (a, b, c))
STEP(ssize_t, send, (int a, const void *b, size_t c, int d), (a, b, c, d))
STEP(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), (a, b, c))
STEP(ssize_t, sendto, (int a, const void *b, size_t c, int d, const struct sockaddr *e, socklen_t f), (a, b, c, d, e, f))

#ifdef PRELOAD
#define OF_JAVA STEP

OF_JAVA(int, symlink, (const char *a, const char *b), (a, b))
OF_JAVA(int, link, (const char *a, const char *b), (a, b))
OF_JAVA(int, fsync, (int a), (a))
OF_JAVA(int, ftruncate64, (int a, off64_t b), (a, b))
OF_JAVA(ssize_t, pwrite64, (int a, const void *b, size_t c, off64_t d), (a, b, c, d))

int open64(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (flags & (O_CREAT | O_TRUNC))
        step("open64");
    return real(path, flags, mode);
}

#else

int __real_openat(int directory, const char *path, int flags, ...);

int __wrap_openat(int directory, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (flags & (O_CREAT | O_TRUNC))
        step("openat");
    return __real_openat(directory, path, flags, mode);
}

static int is_noticed(long number)
{
    return number != SYS_close_range && number != SYS_pidfd_open;
}

long __real_syscall(long number, ...);

/* What our own program is run from memory with goes on being told where the faults are. */
static long run_again(long directory, long path, long argv, char **env, long flags)
{
    char setting[4096], *with[8] = {setting};
    snprintf(setting, sizeof setting, VARIABLE "=%s", getenv(VARIABLE));
    for (int i = 0; env[i] && i < 6; i++)
        with[i + 1] = env[i];
    return __real_syscall(SYS_execveat, directory, path, argv, with, flags);
}

long __wrap_syscall(long number, ...)
{
    long a[6];
    va_list rest;
    va_start(rest, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(rest, long);
    va_end(rest);
    if (is_noticed(number))
        step("syscall");
    if (number == SYS_execveat && faults)
        return run_again(a[0], a[1], a[2], (char **)a[3], a[4]);
    long result = __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (number == SYS_clone3 && result == 0)
        strcpy(role, "jcr-payload");
    return result;
}

void __real_title_set(const char *name, const char *about);

void __wrap_title_set(const char *name, const char *about)
{
    snprintf(role, sizeof role, "%s", name);
    __real_title_set(name, about);
}

#endif
