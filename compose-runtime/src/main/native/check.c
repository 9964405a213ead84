#include "check.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "subid.h"
#include "netns.h"
#include "nft.h"
#include "rtnl.h"
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

static int kernel_version(void)
{
    struct utsname u;
    int major = 0, minor = 0;
    return uname(&u) == 0 && sscanf(u.release, "%d.%d", &major, &minor) == 2 && (major > 5 || (major == 5 && minor >= 12));
}

static int user_namespace(void)
{
    return can_unshare(CLONE_NEWUSER);
}

static int in_path(const char *program)
{
    static const char *const directories[] = {"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"};
    char path[128];
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
        snprintf(path, sizeof path, "%s/%s", directories[i], program);
        if (access(path, X_OK) == 0)
            return 1;
    }
    return 0;
}

static int id_ranges(void)
{
    return in_path("newuidmap") && in_path("newgidmap") && subid_has_ranges();
}

static int carrier(void)
{
    return (in_path("pasta") || in_path("slirp4netns")) && access("/dev/net/tun", R_OK | W_OK) == 0;
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

/* In a network namespace of its own, so that nothing of the host's is touched. */
static int in_new_net(int (*works)(void))
{
    pid_t pid = fork();
    int status;
    if (pid == 0)
        _exit(unshare(CLONE_NEWNET) < 0 || !works());
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int make_table(void)
{
    struct error e;
    cleanup_nft struct nft b;
    if (nft_begin(&b, -1, "jcompose_check", &e) < 0)
        return 0;
    nft_table(&b, 0);
    nft_chain(&b, "postrouting", NFT_POSTROUTING, 0);
    return nft_commit(&b, &e, "create nf_tables table") == 0;
}

static int nf_tables(void)
{
    return in_new_net(make_table);
}

static int make_pair(void)
{
    struct error e;
    cleanup_netlink struct netlink n;
    struct veth pair = {.link = "jcheck0", .peer = "jcheck1", .peer_ns = netns_here(&e)};
    return rtnl_open(&n, -1, &e) == 0 && rtnl_veth(&n, &pair, &e) == 0;
}

static int veth(void)
{
    return in_new_net(make_pair);
}

static int make_bridge(void)
{
    struct error e;
    cleanup_netlink struct netlink n;
    return rtnl_open(&n, -1, &e) == 0 && rtnl_bridge(&n, "jcheck0", (const uint8_t[6]){2}, &e) == 0;
}

static int bridge(void)
{
    return in_new_net(make_bridge);
}

static int ipv6(void)
{
    return access("/proc/sys/net/ipv6", F_OK) == 0;
}

/* Refused where parts of /proc are covered, as in a container: a new one would show them. */
static int proc_mount(void)
{
    pid_t pid = fork();
    int status;
    if (pid == 0) {
        if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
            _exit(1);
        pid_t first = fork();
        if (first == 0) {
            int fs = sys_fsopen("proc");
            _exit(fs < 0 || sys_fsconfig(fs, JCR_FSCONFIG_CMD_CREATE, NULL, NULL) < 0 || sys_fsmount(fs, 0) < 0);
        }
        _exit(first < 0 || waitpid(first, &status, 0) != first || status != 0);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int memory_limits(void)
{
    cleanup_close int unified = open("/sys/fs/cgroup/cgroup.controllers", O_RDONLY | O_CLOEXEC);
    char text[256] = "";
    if (unified >= 0)
        return read(unified, text, sizeof text - 1) > 0 && strstr(text, "memory") && strstr(text, "cpu") && strstr(text, "pids");
    return access("/sys/fs/cgroup/memory", W_OK) == 0 && access("/sys/fs/cgroup/cpu", W_OK) == 0 && access("/sys/fs/cgroup/pids", W_OK) == 0;
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

enum who { ALL, USER };

/* `remedy` names what to do when it is missing; what only some projects need is marked as such. */
static const struct feature {
    const char *name;
    int (*offered)(void);
    int optional;
    enum who who;
    const char *remedy;
} outside[] = {
    {"kernel", kernel_version, 0, ALL, "needs Linux 5.12 or later"},
    {"user-namespace", user_namespace, 0, USER, "allow it with sysctl: user.max_user_namespaces=16384, kernel.unprivileged_userns_clone=1, "
                                               "kernel.apparmor_restrict_unprivileged_userns=0; or run jcompose as root (sudo)"},
    {"id-ranges", id_ranges, 1, USER, "only one user id can be used in containers; Debian: apt install uidmap, and give yourself ranges in /etc/subuid and "
                                     "/etc/subgid (usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER)"},
    {"outside-network", carrier, 1, USER, "containers cannot reach other hosts; Debian: apt install passt, or slirp4netns; and chmod 0666 /dev/net/tun"},
    {"limits", memory_limits, 1, ALL, "memory, cpu and pids limits need these control group controllers at /sys/fs/cgroup; for an ordinary user: delegated ones "
                                      "(systemd-run --user --scope -p Delegate=yes)"},
}, inside[] = {
    {"mount-namespace", mount_namespace, 0, ALL, "needs CONFIG_NAMESPACES and the right to use it: inside a container, give it CAP_SYS_ADMIN"},
    {"pid-namespace", pid_namespace, 0, ALL, "needs CONFIG_PID_NS, CONFIG_IPC_NS and CONFIG_UTS_NS"},
    {"net-namespace", net_namespace_offered, 0, ALL, "needs CONFIG_NET_NS"},
    {"cgroup-namespace", cgroup_namespace, 0, ALL, "needs CONFIG_CGROUPS (Linux 4.6)"},
    {"overlay", overlay, 0, ALL, "load the module: modprobe overlay"},
    {"proc", proc_mount, 0, ALL, "parts of /proc are covered: inside a container, start it with --security-opt systempaths=unconfined"},
    {"mqueue", mqueue, 0, ALL, "needs CONFIG_POSIX_MQUEUE"},
    {"mount-setattr", mount_attributes, 0, ALL, "needs Linux 5.12 or later"},
    {"openat2", openat2_call, 0, ALL, "needs Linux 5.6 or later"},
    {"pidfd", pidfd, 0, ALL, "needs Linux 5.3 or later"},
    {"seccomp", seccomp, 0, ALL, "needs CONFIG_SECCOMP_FILTER"},
    {"veth", veth, 0, ALL, "load the module: modprobe veth"},
    {"bridge", bridge, 0, ALL, "load the module: modprobe bridge"},
    {"nf_tables", nf_tables, 1, ALL, "containers cannot reach other hosts; load the modules: modprobe nf_tables nft_masq nft_chain_nat"},
    {"ipv6", ipv6, 1, ALL, "ports cannot be published on IPv6 addresses; load the module: modprobe ipv6"},
    {"cgroups", cgroups, 1, ALL, "mount them at /sys/fs/cgroup: without, limits, pause and statistics are refused"},
};

static void check(const struct feature *features, size_t count, int is_root)
{
    for (const struct feature *f = features; f < features + count; f++) {
        if (f->who == USER && is_root)
            continue;
        int ok = f->offered();
        printf("%s %s%s%s\n", f->name, ok ? "ok" : f->optional ? "limited" : "missing", ok ? "" : " ", ok ? "" : f->remedy);
        fflush(stdout);
    }
}

int check_main(void)
{
    int is_root = geteuid() == 0;
    check(outside, sizeof outside / sizeof *outside, is_root);
    if (!is_root && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
        return 0;
    check(inside, sizeof inside / sizeof *inside, is_root);
    return 0;
}
