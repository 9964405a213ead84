#include "place.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "cleanup.h"
#include "files.h"
#include "keeper.h"
#include "sys.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

enum { PATIENCE_MS = 20000, PAUSE_MS = 2 };

int place_open(const struct place *p, struct error *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/projects/%s", p->run, p->project);
    if (make_directories(path, 0700) < 0)
        return fail(e, "make directory", "%s", path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? fail(e, "open", "%s", path) : fd;
}

static int copy_program(int to)
{
    struct stat st;
    cleanup_close int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (from < 0 || fstat(from, &st) < 0)
        return -1;
    for (off_t left = st.st_size; left > 0;) {
        ssize_t n = sendfile(to, from, NULL, left);
        if (n <= 0)
            return -1;
        left -= n;
    }
    return fcntl(to, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int sealed_exec(char **argv, struct error *e)
{
    char *env[3] = {NULL}, directory[PATH_MAX + sizeof KEEPER_DIRECTORY + 1];
    if (keeper_directory()) {
        snprintf(directory, sizeof directory, KEEPER_DIRECTORY "=%s", keeper_directory());
        env[0] = directory;
        env[1] = keeper_single_id() ? KEEPER_SINGLE_ID "=1" : NULL;
    }
    int memory = memfd_create("jcr", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (memory < 0 && errno == EINVAL)
        memory = memfd_create("jcr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0 || copy_program(memory) < 0)
        return fail(e, "copy program", "into memory");
    syscall(SYS_execveat, memory, "", argv, env, AT_EMPTY_PATH);
    return fail(e, "execute", "from memory");
}

static _Noreturn void become_supervisor(const struct place *p, int ready)
{
    struct error e;
    char *argv[] = {"jcr", "super", (char *)p->run, (char *)p->state, (char *)p->project, NULL};
    setsid();
    if (fork() > 0)
        _exit(0);
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    dup2(ready, READY_FD);
    sys_close_range(READY_FD + 1, ~0U, 0);
    sealed_exec(argv, &e);
    write_all(READY_FD, &e, sizeof e);
    _exit(1);
}

/* 0 when it listens, or when somebody else is about to; -1 when it cannot. */
static int start_supervisor(const struct place *p, struct error *e)
{
    int ends[2];
    struct error told;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return fail(e, "start supervisor", "%s", p->project);
    pid_t pid = fork();
    if (pid == 0)
        become_supervisor(p, ends[1]);
    close(ends[1]);
    cleanup_close int ready = ends[0];
    if (pid < 0)
        return fail(e, "start supervisor", "%s", p->project);
    waitpid(pid, NULL, 0);
    if (read(ready, &told, sizeof told) != sizeof told)
        return 0;
    *e = told;
    return -1;
}

/* A supervisor that has accepted us says so; one that is just ending closes its door unread. */
static int connect_once(int directory)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char hello;
    cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/ctl.sock", directory);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0 || recv(fd, &hello, 1, 0) != 1)
        return -1;
    return take_fd(&fd);
}

int place_connect(const struct place *p, struct error *e)
{
    long long deadline = now_ms() + PATIENCE_MS;
    cleanup_close int directory = place_open(p, e);
    if (directory < 0)
        return -1;
    do {
        int fd = connect_once(directory);
        if (fd >= 0)
            return fd;
        if (start_supervisor(p, e) < 0)
            return -1;
        fd = connect_once(directory);
        if (fd >= 0)
            return fd;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    } while (now_ms() < deadline);
    errno = ETIMEDOUT;
    return fail(e, "reach supervisor", "%s", p->project);
}
