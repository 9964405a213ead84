/* Tries to get out of a container, or to reach what is not its own, in the ways that have worked elsewhere. To be run inside as root.
 *
 *     escape PID       one line per attempt, `held <attempt>: <why>` or `ESCAPED <attempt>`; PID is a process outside
 *     escape watch     opens the program of every process that appears for writing, until it is killed; tells when one was opened
 *     escape user      the effective user id, to see what a set-user-id bit does */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static void told(const char *attempt, long result)
{
    if (result < 0)
        printf("held %s: %s\n", attempt, strerror(errno));
    else
        printf("ESCAPED %s\n", attempt);
}

static void system_calls(void)
{
    char buffer[256] = {0};
    struct timeval now = {1, 0};
    told("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
    told("remount /proc", mount(NULL, "/proc", NULL, MS_REMOUNT, NULL));
    told("bind /", mount("/", "/mnt", NULL, MS_BIND, NULL));
    told("umount", umount2("/proc", MNT_DETACH));
    told("unshare user", unshare(CLONE_NEWUSER));
    told("unshare mounts", unshare(CLONE_NEWNS));
    told("unshare cgroup", unshare(CLONE_NEWCGROUP));
    told("setns", setns(open("/proc/1/ns/mnt", O_RDONLY), CLONE_NEWNS));
    told("pivot_root", syscall(SYS_pivot_root, "/", "/"));
    told("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
    told("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    told("move_mount", syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/mnt", 0));
    told("mount_setattr", syscall(SYS_mount_setattr, AT_FDCWD, "/proc", 0, buffer, 32));
    told("keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
    told("add_key", syscall(SYS_add_key, "user", "x", "y", 1, KEY_SPEC_SESSION_KEYRING));
    told("request_key", syscall(SYS_request_key, "user", "x", NULL, KEY_SPEC_SESSION_KEYRING));
    told("bpf", syscall(SYS_bpf, 0, buffer, 48));
    told("perf_event_open", syscall(SYS_perf_event_open, buffer, 0, -1, -1, 0));
    told("userfaultfd", syscall(SYS_userfaultfd, 0));
    told("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, buffer, O_RDONLY));
    told("init_module", syscall(SYS_init_module, buffer, 0, ""));
    told("finit_module", syscall(SYS_finit_module, 0, "", 0));
    told("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
    told("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, 0, NULL));
    told("swapon", swapon("/tmp/none", 0));
    told("acct", acct("/tmp/none"));
    told("settimeofday", settimeofday(&now, NULL));
    told("sethostname", sethostname("x", 1));
    told("quotactl", syscall(SYS_quotactl, 0x800002, "", 0, buffer));
    told("syslog", syscall(SYS_syslog, 3, buffer, sizeof buffer));
#ifdef SYS_iopl
    told("iopl", syscall(SYS_iopl, 3));
#endif
}

static void write_to(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    told(path, fd < 0 ? -1 : write(fd, text, strlen(text)));
    if (fd >= 0)
        close(fd);
}

static void read_from(const char *path)
{
    char buffer[64];
    int fd = open(path, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);
    if (fd >= 0 && n == 0)
        errno = ENODATA; /* hidden */
    told(path, n == 0 ? -1 : n);
    if (fd >= 0)
        close(fd);
}

/* In every hierarchy there is: who writes release_agent has the host run a program. */
static void cgroups(void)
{
    char path[512];
    DIR *dir = opendir("/sys/fs/cgroup");
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.' && entry->d_name[1])
            continue;
        for (const char *const *name = (const char *const[]){"release_agent", "notify_on_release", "cgroup.procs", NULL}; *name; name++) {
            snprintf(path, sizeof path, "/sys/fs/cgroup/%s/%s", entry->d_name, *name);
            write_to(path, "1");
        }
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s/escape", entry->d_name);
        told(path, mkdir(path, 0755));
    }
    if (dir)
        closedir(dir);
    told("mount cgroup", mount("cgroup", "/mnt", "cgroup", 0, "memory"));
    told("mount cgroup2", mount("cgroup2", "/mnt", "cgroup2", 0, NULL));
}

static void files(void)
{
    for (const char *const *path = (const char *const[]){"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory",
             "/proc/sys/kernel/sysrq", "/proc/sysrq-trigger", "/proc/sys/fs/binfmt_misc/register", "/proc/irq/0/smp_affinity", "/proc/bus/pci/devices",
             "/sys/kernel/uevent_helper", "/sys/kernel/mm/transparent_hugepage/enabled", "/proc/1/oom_score_adj_host", NULL}; *path; path++)
        write_to(*path, "1");
    for (const char *const *path = (const char *const[]){"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/latency_stats", "/proc/sched_debug",
             "/sys/firmware/acpi/tables/DSDT", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", NULL}; *path; path++)
        read_from(*path);
}

static void node(const char *name, mode_t kind, int major, int minor)
{
    char path[64], attempt[64];
    snprintf(path, sizeof path, "/tmp/%s", name);
    snprintf(attempt, sizeof attempt, "node %s", name);
    unlink(path);
    int fd = mknod(path, kind | 0666, makedev(major, minor)) < 0 ? -1 : open(path, O_RDONLY | O_NONBLOCK);
    told(attempt, fd);
    if (fd >= 0)
        close(fd);
    unlink(path);
}

static void descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int others = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        others += entry->d_name[0] != '.' && atoi(entry->d_name) > 2 && atoi(entry->d_name) != dirfd(dir);
    closedir(dir);
    errno = EBADF;
    told("inherited descriptor", others ? 0 : -1);
}

static void processes(pid_t outside)
{
    char path[64], byte;
    struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
    told("kill a process outside", kill(outside, 0));
    told("trace a process outside", ptrace(PTRACE_SEIZE, outside, NULL, NULL));
    snprintf(path, sizeof path, "/proc/%d/root/etc", outside);
    told("root of a process outside", open(path, O_RDONLY));
    told("memory of a process outside", process_vm_readv(outside, &here, 1, &there, 1, 0));
    told("descriptor of a process outside", syscall(SYS_pidfd_open, outside, 0));
}

/* Opened for reading alone first, as in CVE-2019-5736: what runs cannot be written to, but afterwards it could. */
static void try_program(const char *pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char name[256];
    ssize_t length = readlink(path, name, sizeof name - 1);
    name[length > 0 ? length : 0] = '\0';
    int foreign = strncmp(name, "/bin/", 5) != 0;
    for (int i = 0, out; foreign && i < 2000; i++)
        if ((out = open(path, O_WRONLY | O_TRUNC)) >= 0) {
            printf("ESCAPED program %s\n", name);
            close(out);
        }
    if (foreign)
        printf("seen %s\n", name);
    fflush(stdout);
    close(fd);
}

static void watch(void)
{
    printf("watching\n");
    fflush(stdout);
    for (;;) {
        DIR *dir = opendir("/proc");
        for (struct dirent *entry; dir && (entry = readdir(dir));)
            if (atoi(entry->d_name) > 1)
                try_program(entry->d_name);
        closedir(dir);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    if (strcmp(argv[1], "watch") == 0)
        watch();
    if (strcmp(argv[1], "user") == 0)
        return printf("%d\n", geteuid()) < 0;
    descriptors();
    system_calls();
    cgroups();
    files();
    node("memory", S_IFCHR, 1, 1);
    node("kmsg", S_IFCHR, 1, 11);
    node("disk", S_IFBLK, 8, 0);
    node("virtio-disk", S_IFBLK, 254, 0);
    node("loop", S_IFBLK, 7, 0);
    node("fuse", S_IFCHR, 10, 229);
    node("tun", S_IFCHR, 10, 200);
    processes(atoi(argv[1]));
    return 0;
}
