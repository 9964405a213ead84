#include "sources.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "idmap.h"
#include "sys.h"

int has_option(const char *options, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = options; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return 1;
    return 0;
}

static int is_image(const char *type)
{
    return strcmp(type, "image") == 0;
}

int has_source(const char *type)
{
    return strcmp(type, "bind") == 0 || strcmp(type, "volume") == 0 || is_image(type);
}

void etc_name(const struct frame *f, int index, char *name, int size)
{
    const char *target = frame_field(f, 1);
    if (strncmp(target, "/etc/", 5) == 0 && target[5] && !strchr(target + 5, '/'))
        snprintf(name, size, "%s", target + 5);
    else
        snprintf(name, size, "%d", index);
}

/* What follows `key=` in the data of a mount; NULL when it is not that. */
static const char *value_of(const struct frame *f, const char *key)
{
    const char *data = frame_field(f, 5);
    size_t length = strlen(key);
    return strncmp(data, key, length) == 0 && data[length] == '=' ? data + length + 1 : NULL;
}

/* What lies at a path below a directory; a link there may not lead out of it, whoever changes it meanwhile. */
static int open_below(int directory, const char *path, struct error *e)
{
    int fd = -1;
    while (*path == '/')
        path++;
    for (int attempt = 0; attempt < 64 && fd < 0; attempt++) {
        fd = sys_openat2(directory, *path ? path : ".", O_PATH | O_CLOEXEC, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
        if (fd < 0 && errno != EAGAIN)
            break;
    }
    if (fd < 0 && errno == EXDEV) {
        errno = 0;
        return fail(e, "open subpath", "%s, which leads out of its volume", path);
    }
    return fd < 0 ? fail(e, "open subpath", "%s", path) : fd;
}

/* A copy of the mount at `path`, or of what lies at its subpath. */
static int clone_mount(int dir, const char *path, const char *subpath, unsigned flags, struct error *e)
{
    int mount;
    if (subpath) {
        cleanup_close int top = openat(dir, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        cleanup_close int below = top < 0 ? fail(e, "open mount source", "%s", path) : open_below(top, subpath, e);
        if (below < 0)
            return -1;
        mount = sys_open_tree(below, "", JCR_OPEN_TREE_CLONE | AT_EMPTY_PATH | flags);
    } else {
        mount = sys_open_tree(dir, path, JCR_OPEN_TREE_CLONE | flags);
    }
    return mount < 0 ? fail(e, "open mount source", "%s", path) : mount;
}

static int keep(struct sources *s, int mount, struct error *e)
{
    if (s->count < SOURCES_MAX) {
        s->mounts[s->count++] = mount;
        return 0;
    }
    if (mount >= 0)
        close(mount);
    errno = E2BIG;
    return fail(e, "mount", "more than %d sources", SOURCES_MAX);
}

static int open_source(struct sources *s, const struct frame *f, struct error *e)
{
    if (is_image(frame_field(f, 1)))
        return keep(s, -1, e);
    unsigned flags = has_option(frame_field(f, 4), "recursive") ? JCR_AT_RECURSIVE : 0;
    int mount = clone_mount(AT_FDCWD, frame_field(f, 2), value_of(f, "subpath"), flags, e);
    if (mount < 0 || keep(s, mount, e) < 0)
        return -1;
    const char *owner = value_of(f, "owner");
    return owner ? idmap_owner(mount, frame_field(f, 2), owner, e) : 0;
}

int sources_open(struct sources *s, const struct plan *p, int etc_dir, struct error *e)
{
    struct stat st;
    int index = 0;
    char name[NAME_MAX];
    s->count = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "mount", f));)
        if (has_source(frame_field(f, 1)) && open_source(s, f, e) < 0)
            return -1;
    for (const struct frame *f = NULL; (f = plan_next(p, "file", f)); index++) {
        etc_name(f, index, name, sizeof name);
        int mount = clone_mount(etc_dir, name, NULL, 0, e);
        if (mount < 0 || keep(s, mount, e) < 0)
            return -1;
    }
    s->null_device = sys_open_tree(AT_FDCWD, "/dev/null", JCR_OPEN_TREE_CLONE);
    if (s->null_device < 0 || fstat(s->null_device, &st) < 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
        return fail(e, "open", "/dev/null");
    return 0;
}

/* One layer is shown as it is: overlay wants two. */
static int stack(const struct frame *f, const char *layers_dir, const char *scratch, struct error *e)
{
    const char *layers = frame_field(f, 2), *subpath = value_of(f, "subpath");
    char options[4096];
    cleanup_close int dir = open(layers_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return fail(e, "enter layers", "%s", layers_dir);
    if (!strchr(layers, ':'))
        return clone_mount(dir, *layers ? layers : ".", subpath, 0, e);
    if (snprintf(options, sizeof options, "lowerdir=%s", layers) >= (int)sizeof options) {
        errno = E2BIG;
        return fail(e, "mount image", "%s: too many layers", frame_field(f, 3));
    }
    if (fchdir(dir) < 0 || mount("overlay", scratch, "overlay", MS_RDONLY, options) < 0)
        return fail(e, "mount image", "%s", frame_field(f, 3));
    int mount = clone_mount(AT_FDCWD, scratch, subpath, 0, e);
    umount2(scratch, MNT_DETACH);
    return mount;
}

int sources_of_images(struct sources *s, const struct plan *p, const char *scratch, struct error *e)
{
    int next = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "mount", f));) {
        if (is_image(frame_field(f, 1)) && (s->mounts[next] = stack(f, plan_text(p, "rootfs", 1, "/"), scratch, e)) < 0)
            return -1;
        next += has_source(frame_field(f, 1));
    }
    return 0;
}
