#include "mounts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cgroup.h"
#include "cleanup.h"
#include "devices.h"
#include "inroot.h"
#include "keeper.h"
#include "sources.h"
#include "sys.h"

static unsigned attributes_of(const char *options)
{
    return (has_option(options, "ro") ? JCR_MOUNT_RDONLY : 0) | (has_option(options, "nosuid") ? JCR_MOUNT_NOSUID : 0)
           | (has_option(options, "nodev") ? JCR_MOUNT_NODEV : 0) | (has_option(options, "noexec") ? JCR_MOUNT_NOEXEC : 0);
}

static int attach(int root, int mount, const char *target, struct error *e)
{
    struct stat st;
    if (fstat(mount, &st) < 0)
        return fail(e, "mount", "%s", target);
    cleanup_close int to = inroot_make(root, target, !S_ISDIR(st.st_mode));
    if (to < 0)
        return fail(e, "make mount point", "%s", target);
    return sys_move_mount(mount, to) < 0 ? fail(e, "mount", "%s", target) : 0;
}

static uint64_t propagation_of(const char *options)
{
    if (has_option(options, "shared") || has_option(options, "rshared"))
        return 0;
    return has_option(options, "slave") || has_option(options, "rslave") ? MS_SLAVE : MS_PRIVATE;
}

/* The source is a single device that may be used. */
static int is_allowed_device(const struct plan *p, int source)
{
    struct stat st;
    char wanted[32];
    if (fstat(source, &st) < 0 || (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)))
        return 0;
    int length = snprintf(wanted, sizeof wanted, "%c %u:%u ", S_ISBLK(st.st_mode) ? 'b' : 'c', major(st.st_rdev), minor(st.st_rdev));
    for (const struct frame *f = NULL; (f = plan_next(p, "device-rule", f));)
        if (strncmp(frame_field(f, 1), wanted, length) == 0)
            return 1;
    return 0;
}

static int mount_bind(const struct plan *p, int root, int source, const struct frame *f, struct error *e)
{
    const char *target = frame_field(f, 3), *options = frame_field(f, 4);
    struct sys_mount_attr propagation = {.propagation = propagation_of(options)};
    struct sys_mount_attr attributes = {.attr_set = attributes_of(options)};
    if (cgroup_lacks_device_rules(p) && !is_allowed_device(p, source))
        attributes.attr_set |= JCR_MOUNT_NODEV;
    unsigned depth = has_option(options, "recursive") && !has_option(options, "top") ? JCR_AT_RECURSIVE : 0;
    if (propagation.propagation && sys_mount_setattr(source, JCR_AT_RECURSIVE, &propagation) < 0)
        return fail(e, "set propagation", "%s", target);
    if (attributes.attr_set && sys_mount_setattr(source, depth, &attributes) < 0)
        return fail(e, "set mount options", "%s", target);
    return attach(root, source, target, e);
}

/* `data`: key=value or flags, comma separated. */
static int configure(int fs, const char *data)
{
    char text[1024], *rest = text;
    snprintf(text, sizeof text, "%s", data);
    for (char *key; (key = strsep(&rest, ","));) {
        char *value = strchr(key, '=');
        if (value)
            *value++ = '\0';
        if (*key && sys_fsconfig(fs, value ? JCR_FSCONFIG_SET_STRING : JCR_FSCONFIG_SET_FLAG, key, value) < 0)
            return -1;
    }
    return 0;
}

/* A new, detached file system. */
static int new_file_system(const char *type, const char *source, const char *data, unsigned attributes)
{
    cleanup_close int fs = sys_fsopen(type);
    if (fs < 0 || (*source && sys_fsconfig(fs, JCR_FSCONFIG_SET_STRING, "source", source) < 0) || configure(fs, data) < 0)
        return -1;
    return sys_fsconfig(fs, JCR_FSCONFIG_CMD_CREATE, NULL, NULL) < 0 ? -1 : sys_fsmount(fs, attributes);
}

static int mount_new(int root, const char *type, const struct frame *f, struct error *e)
{
    cleanup_close int mount = new_file_system(type, frame_field(f, 2), frame_field(f, 5), attributes_of(frame_field(f, 4)));
    if (mount < 0)
        return fail(e, "make file system", "%s for %s", type, frame_field(f, 3));
    return attach(root, mount, frame_field(f, 3), e);
}

/* The unified hierarchy, or a directory of version 1 hierarchies; all as the container's own cgroup namespace shows them. */
static int mount_cgroups(const struct plan *p, int root, const struct frame *f, struct error *e)
{
    const char *target = frame_field(f, 3);
    unsigned attributes = attributes_of(frame_field(f, 4));
    int unified_only = 1;
    for (const struct frame *c = NULL; (c = plan_next(p, "cgroup", c));)
        unified_only &= strcmp(frame_field(c, 1), "unified") == 0;
    if (unified_only)
        return mount_new(root, "cgroup2", f, e);
    cleanup_close int top = new_file_system("tmpfs", "cgroup", "mode=755", attributes & ~JCR_MOUNT_RDONLY);
    if (top < 0 || attach(root, top, target, e) < 0)
        return fail(e, "mount", "%s", target);
    for (const struct frame *c = NULL; (c = plan_next(p, "cgroup", c));) {
        const char *controller = frame_field(c, 1);
        int unified = strcmp(controller, "unified") == 0;
        char place[PATH_MAX];
        cleanup_close int mount = new_file_system(unified ? "cgroup2" : "cgroup", "cgroup", unified ? "" : controller, attributes);
        snprintf(place, sizeof place, "%s/%s", target, controller);
        if (mount >= 0 && attach(root, mount, place, e) < 0)
            return -1;
    }
    struct sys_mount_attr read_only = {.attr_set = attributes & JCR_MOUNT_RDONLY};
    return read_only.attr_set && sys_mount_setattr(top, 0, &read_only) < 0 ? fail(e, "protect", "%s", target) : 0;
}

static int mount_all(const struct plan *p, struct sources *s, int root, int *next, struct error *e)
{
    int devices_made = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "mount", f));) {
        const char *type = frame_field(f, 1);
        int result;
        if (has_source(type))
            result = mount_bind(p, root, s->mounts[(*next)++], f, e);
        else if (strcmp(type, "cgroup") == 0)
            result = mount_cgroups(p, root, f, e);
        else
            result = mount_new(root, type, f, e);
        if (result < 0)
            return -1;
        if (strcmp(frame_field(f, 3), "/dev") == 0) {
            devices_made = 1;
            if (devices_make(p, root, e) < 0)
                return -1;
        }
    }
    return devices_made ? 0 : devices_make(p, root, e);
}

static int mount_files(const struct plan *p, struct sources *s, int root, int next, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "file", f));) {
        struct sys_mount_attr attributes = {.attr_set = JCR_MOUNT_NOSUID | JCR_MOUNT_NODEV, .propagation = MS_PRIVATE};
        int mount = s->mounts[next++];
        if (sys_mount_setattr(mount, 0, &attributes) < 0)
            return fail(e, "set mount options", "%s", frame_field(f, 1));
        if (attach(root, mount, frame_field(f, 1), e) < 0)
            return -1;
    }
    return 0;
}

/* What does not exist needs no hiding. */
static int hide(const struct plan *p, struct sources *s, int root, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "mask", f));) {
        struct stat st;
        cleanup_close int target = inroot_open(root, frame_field(f, 1), O_PATH);
        if (target < 0 || fstat(target, &st) < 0)
            continue;
        cleanup_close int cover = S_ISDIR(st.st_mode) ? new_file_system("tmpfs", "tmpfs", "size=0,mode=555", JCR_MOUNT_RDONLY)
                                                      : sys_open_tree(s->null_device, "", JCR_OPEN_TREE_CLONE | AT_EMPTY_PATH);
        if (cover < 0 || sys_move_mount(cover, target) < 0)
            return fail(e, "mask", "%s", frame_field(f, 1));
    }
    return 0;
}

static int protect(const struct plan *p, int root, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "protect", f));) {
        struct sys_mount_attr read_only = {.attr_set = JCR_MOUNT_RDONLY};
        cleanup_close int target = inroot_open(root, frame_field(f, 1), O_PATH);
        if (target < 0)
            continue;
        cleanup_close int copy = sys_open_tree(target, "", JCR_OPEN_TREE_CLONE | JCR_AT_RECURSIVE | AT_EMPTY_PATH);
        if (copy < 0 || sys_mount_setattr(copy, JCR_AT_RECURSIVE, &read_only) < 0 || sys_move_mount(copy, target) < 0)
            return fail(e, "protect", "%s", frame_field(f, 1));
    }
    return 0;
}

/* Through a /proc of our own, which nothing in the container's tree can have replaced. */
static int set_sysctls(const struct plan *p, struct error *e)
{
    if (!plan_has(p, "sysctl"))
        return 0;
    cleanup_close int proc = new_file_system("proc", "proc", "", 0);
    if (proc < 0)
        return fail(e, "mount", "proc");
    for (const struct frame *f = NULL; (f = plan_next(p, "sysctl", f));) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "sys/%s", frame_field(f, 1));
        cleanup_close int fd = inroot_open(proc, path, O_WRONLY);
        const char *value = frame_field(f, 2);
        if (fd < 0 || write(fd, value, strlen(value)) < 0)
            return fail(e, "set sysctl", "%s to %s", frame_field(f, 1), value);
    }
    return 0;
}

/* Overlay splits its options at commas and its layers at colons. */
static int append_escaped(char *options, int size, int at, const char *path)
{
    for (; *path && at < size - 2; path++) {
        if (*path == ',' || *path == ':' || *path == '\\')
            options[at++] = '\\';
        options[at++] = *path;
    }
    options[at] = '\0';
    return at;
}

/* Layers are named relative to the working directory: the kernel takes one page of options. */
static int mount_overlay(const struct plan *p, const struct frame *rootfs, struct error *e)
{
    static char options[4096];
    const char *merged = frame_field(rootfs, 4);
    int at = snprintf(options, sizeof options, "index=off,%slowerdir=", keeper_directory() ? "userxattr," : "");
    for (const struct frame *f = NULL; (f = plan_next(p, "layer", f));)
        at += snprintf(options + at, at < (int)sizeof options ? sizeof options - at : 0, "%s%s", options[at - 1] == '=' ? "" : ":",
                       frame_field(f, 1));
    at += snprintf(options + at, at < (int)sizeof options ? sizeof options - at : 0, ",upperdir=");
    if (at < (int)sizeof options)
        at = append_escaped(options, sizeof options, at, frame_field(rootfs, 2));
    at += snprintf(options + at, at < (int)sizeof options ? sizeof options - at : 0, ",workdir=");
    if (at < (int)sizeof options)
        at = append_escaped(options, sizeof options, at, frame_field(rootfs, 3));
    if (at >= (int)sizeof options - 2) {
        errno = E2BIG;
        return fail(e, "mount overlay", "%s: too many layers", merged);
    }
    if (chdir(frame_field(rootfs, 1)) < 0)
        return fail(e, "enter layers", "%s", frame_field(rootfs, 1));
    return mount("overlay", merged, "overlay", 0, options) < 0 ? fail(e, "mount overlay", "%s", merged) : 0;
}

int root_assemble(const struct plan *p, struct sources *s, struct error *e)
{
    const struct frame *rootfs = plan_next(p, "rootfs", NULL);
    const char *upper = frame_field(rootfs, 2), *merged = frame_field(rootfs, 4);
    int next = 0;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return fail(e, "make private", "/");
    if (sources_of_images(s, p, merged, e) < 0)
        return -1;
    if (!plan_has(p, "layer") && mount(upper, merged, NULL, MS_BIND, NULL) < 0)
        return fail(e, "mount", "%s", merged);
    if (plan_has(p, "layer") && mount_overlay(p, rootfs, e) < 0)
        return -1;
    cleanup_close int root = open(merged, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return fail(e, "open", "%s", merged);
    struct sys_mount_attr nodev = {.attr_set = JCR_MOUNT_NODEV};
    if (cgroup_lacks_device_rules(p) && sys_mount_setattr(root, 0, &nodev) < 0)
        return fail(e, "forbid devices", "%s", merged);
    if (mount_all(p, s, root, &next, e) < 0 || mount_files(p, s, root, next, e) < 0 || set_sysctls(p, e) < 0
        || hide(p, s, root, e) < 0 || protect(p, root, e) < 0)
        return -1;
    return take_fd(&root);
}

int root_enter(const struct plan *p, int root, struct error *e)
{
    struct sys_mount_attr read_only = {.attr_set = JCR_MOUNT_RDONLY};
    if (fchdir(root) < 0 || sys_pivot_root(".", ".") < 0)
        return fail(e, "pivot root", "%s", plan_text(p, "rootfs", 4, ""));
    if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        return fail(e, "detach host root", "%s", "");
    if (!plan_has(p, "readonly"))
        return 0;
    cleanup_close int cwd = inroot_make(root, plan_text(p, "cwd", 1, "/"), 0); /* while it can be made */
    cleanup_close int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return sys_mount_setattr(top, 0, &read_only) < 0 ? fail(e, "make read-only", "/") : 0;
}

int enter_directory(const char *path, struct error *e)
{
    char real[PATH_MAX];
    cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    cleanup_close int directory = root < 0 ? -1 : inroot_make(root, path, 0);
    if (directory < 0 || fchdir(directory) < 0)
        return fail(e, "enter working directory", "%s", path);
    if (!getcwd(real, sizeof real) || *real != '/') {
        errno = EXDEV;
        return fail(e, "enter working directory", "%s is outside of the container", path);
    }
    return 0;
}
