#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "keeper.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "add the audit number of this architecture"
#endif

enum { NOBODY = 65534, INSTRUCTIONS = 256 };

struct program {
    struct sock_filter code[INSTRUCTIONS];
    unsigned short length;
};

static void emit(struct program *p, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
    if (p->length < INSTRUCTIONS)
        p->code[p->length++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct program *p, size_t offset)
{
    emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct program *p, uint32_t action)
{
    emit(p, BPF_RET | BPF_K, action, 0, 0);
}

/* A call that is allowed only with certain arguments; `yes` and `no` are the outcomes of testing argument `index`. */
static void allow_some(struct program *p, int call, size_t index, uint16_t test, const uint32_t *values, size_t count, int deny)
{
    size_t low = offsetof(struct seccomp_data, args) + index * sizeof(uint64_t); /* both architectures are little endian */
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, (uint8_t)(count * 2 + 2));
    load(p, low);
    for (size_t i = 0; i < count; i++) {
        emit(p, BPF_JMP | test | BPF_K, values[i], 0, 1);
        answer(p, deny ? SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_ALLOW);
    }
    answer(p, deny ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | EPERM);
}

static int filter(const int *allowed, size_t count)
{
    static struct program p;
    load(&p, offsetof(struct seccomp_data, arch));
    emit(&p, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(&p, SECCOMP_RET_KILL_PROCESS);
    load(&p, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < count; i++) {
        emit(&p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[i], 0, 1);
        answer(&p, SECCOMP_RET_ALLOW);
    }
    allow_some(&p, SYS_socket, 0, BPF_JEQ, (const uint32_t[]){AF_INET, AF_INET6}, 2, 0);
    allow_some(&p, SYS_mmap, 2, BPF_JSET, (const uint32_t[]){PROT_EXEC}, 1, 1);
    allow_some(&p, SYS_mprotect, 2, BPF_JSET, (const uint32_t[]){PROT_EXEC}, 1, 1);
    answer(&p, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {p.length, p.code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int drop_identity(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    for (unsigned long cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
        ;
    if ((setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(NOBODY, NOBODY, NOBODY) != 0) && !keeper_single_id())
        return -1;
    return (int)syscall(SYS_capset, &header, none);
}

int confine(const char *root, const int *allowed, size_t count)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (chdir(root) != 0 || chroot(".") != 0 || drop_identity() != 0)
        return -1;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of identity clears it, so only now */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return filter(allowed, count);
}
