/* System calls and constants that not every C library declares. */
#ifndef JCR_SYS_H
#define JCR_SYS_H

#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

#define JCR_CLONE_NEWTIME 0x00000080
#define JCR_CLONE_PIDFD 0x00001000
#define JCR_CLONE_INTO_CGROUP 0x200000000ULL
#define JCR_CLOSE_RANGE_CLOEXEC 4

#define JCR_OPEN_TREE_CLONE 1
#define JCR_MOVE_MOUNT_F_EMPTY_PATH 4
#define JCR_MOVE_MOUNT_T_EMPTY_PATH 0x40
#define JCR_AT_RECURSIVE 0x8000

#define JCR_FSCONFIG_SET_FLAG 0
#define JCR_FSCONFIG_SET_STRING 1
#define JCR_FSCONFIG_CMD_CREATE 6

#define JCR_MOUNT_RDONLY 1
#define JCR_MOUNT_NOSUID 2
#define JCR_MOUNT_NODEV 4
#define JCR_MOUNT_NOEXEC 8
#define JCR_MOUNT_IDMAP 0x00100000

struct sys_clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

struct sys_mount_attr {
    uint64_t attr_set, attr_clr, propagation, userns_fd;
};

/* In the cgroup that is open as `cgroup`, -1: the caller's. */
static inline pid_t sys_clone3(struct sys_clone_args *args, int cgroup)
{
    args->flags |= cgroup >= 0 ? JCR_CLONE_INTO_CGROUP : 0;
    args->cgroup = cgroup >= 0 ? cgroup : 0;
    return syscall(SYS_clone3, args, sizeof *args);
}

static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return syscall(SYS_openat2, dir, path, &how, sizeof how);
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
    return syscall(SYS_open_tree, dir, path, flags | O_CLOEXEC);
}

/* Puts the detached mount `from` on the file `to`. */
static inline int sys_move_mount(int from, int to)
{
    return syscall(SYS_move_mount, from, "", to, "", JCR_MOVE_MOUNT_F_EMPTY_PATH | JCR_MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int sys_fsopen(const char *type)
{
    return syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */);
}

static inline int sys_fsconfig(int fs, unsigned command, const char *key, const char *value)
{
    return syscall(SYS_fsconfig, fs, command, key, value, 0);
}

static inline int sys_fsmount(int fs, unsigned attributes)
{
    return syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, attributes);
}

static inline int sys_mount_setattr(int mount, unsigned flags, struct sys_mount_attr *attributes)
{
    return syscall(SYS_mount_setattr, mount, "", flags | 0x1000 /* AT_EMPTY_PATH */, attributes, sizeof *attributes);
}

static inline int sys_pidfd_open(pid_t pid)
{
    return syscall(SYS_pidfd_open, pid, 0);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
    return syscall(SYS_close_range, first, last, flags);
}

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
    return syscall(SYS_pivot_root, new_root, put_old);
}

#endif
