#include "check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "sys.h"

enum { CGROUP2_MAGIC = 0x63677270, TMPFS_MAGIC = 0x01021994 };

static int can_unshare(int flag)
{
    pid_t pid = fork();
    int status;
    if (pid == 0)
        _exit(unshare(flag) < 0);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int can_make(const char *type)
{
    cleanup_close int fs = sys_fsopen(type);
    return fs >= 0;
}

static int root(void)
{
    return geteuid() == 0;
}

static int mount_namespace(void)
{
    return can_unshare(CLONE_NEWNS);
}

static int pid_namespace(void)
{
    return can_unshare(CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS);
}

static int net_namespace_offered(void)
{
    return can_unshare(CLONE_NEWNET);
}

static int cgroup_namespace(void)
{
    return can_unshare(CLONE_NEWCGROUP);
}

static int overlay(void)
{
    return can_make("overlay");
}

static int mqueue(void)
{
    return can_make("mqueue");
}

static int mount_attributes(void)
{
    struct sys_mount_attr none = {0};
    return sys_mount_setattr(-1, 0, &none) == 0 || errno != ENOSYS;
}

static int openat2_call(void)
{
    cleanup_close int fd = sys_openat2(AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0, RESOLVE_IN_ROOT);
    return fd >= 0;
}

static int pidfd(void)
{
    cleanup_close int fd = sys_pidfd_open(getpid());
    return fd >= 0;
}

/* No program given: a kernel with filters complains about the address, not about the mode. */
static int seccomp(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) == 0 || errno == EFAULT;
}

static int cgroups(void)
{
    struct statfs fs;
    return statfs("/sys/fs/cgroup", &fs) == 0 && (fs.f_type == CGROUP2_MAGIC || fs.f_type == TMPFS_MAGIC);
}

/* `remedy` names what to do when it is missing; what is only useful is marked as such. */
static const struct feature {
    const char *name;
    int (*offered)(void);
    const char *remedy;
} features[] = {
    {"root", root, "run jcompose as root (sudo)"},
    {"mount-namespace", mount_namespace, "needs CONFIG_NAMESPACES and the right to use it: inside a container, give it CAP_SYS_ADMIN"},
    {"pid-namespace", pid_namespace, "needs CONFIG_PID_NS, CONFIG_IPC_NS and CONFIG_UTS_NS"},
    {"net-namespace", net_namespace_offered, "needs CONFIG_NET_NS"},
    {"cgroup-namespace", cgroup_namespace, "needs CONFIG_CGROUPS (Linux 4.6)"},
    {"overlay", overlay, "load the module: modprobe overlay"},
    {"mqueue", mqueue, "needs CONFIG_POSIX_MQUEUE"},
    {"mount-setattr", mount_attributes, "needs Linux 5.12 or later"},
    {"openat2", openat2_call, "needs Linux 5.6 or later"},
    {"pidfd", pidfd, "needs Linux 5.3 or later"},
    {"seccomp", seccomp, "needs CONFIG_SECCOMP_FILTER"},
    {"cgroups", cgroups, "mount them at /sys/fs/cgroup: without, limits, pause and statistics are refused"},
};

int check_main(void)
{
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        int ok = features[i].offered();
        printf("%s %s%s%s\n", features[i].name, ok ? "ok" : "missing", ok ? "" : " ", ok ? "" : features[i].remedy);
    }
    return 0;
}
