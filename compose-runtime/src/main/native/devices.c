#include "devices.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "inroot.h"
#include "keeper.h"
#include "sys.h"

/* Devices cannot be made in a user namespace: the host's own takes the place. */
static int bind_node(int parent, const char *name, const struct frame *f, struct error *e)
{
    struct stat st;
    const char *path = frame_field(f, 1);
    cleanup_close int host = sys_open_tree(AT_FDCWD, path, JCR_OPEN_TREE_CLONE);
    if (host < 0 || fstat(host, &st) < 0)
        return fail(e, "open device", "%s", path);
    errno = ENODEV;
    if (st.st_rdev != makedev(frame_number(f, 3), frame_number(f, 4)))
        return fail(e, "bind device", "%s: without root a device has the same path as on the host", path);
    cleanup_close int place = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return place < 0 || sys_move_mount(host, place) < 0 ? fail(e, "bind device", "%s", path) : 0;
}

static int make_node(int root, const struct frame *f, struct error *e)
{
    const char *path = frame_field(f, 1), *name;
    mode_t mode = strtoul(frame_field(f, 5), NULL, 8);
    mode_t type = *frame_field(f, 2) == 'b' ? S_IFBLK : S_IFCHR;
    cleanup_close int parent = inroot_parent(root, path, &name);
    if (parent < 0)
        return fail(e, "make directory of device", "%s", path);
    unlinkat(parent, name, 0);
    if (keeper_directory())
        return bind_node(parent, name, f, e);
    if (mknodat(parent, name, type | mode, makedev(frame_number(f, 3), frame_number(f, 4))) < 0)
        return fail(e, "make device", "%s", path);
    if (fchmodat(parent, name, mode, 0) < 0 || fchownat(parent, name, frame_number(f, 6), frame_number(f, 7), AT_SYMLINK_NOFOLLOW) < 0)
        return fail(e, "set owner of device", "%s", path);
    return 0;
}

static int make_link(int root, const struct frame *f, struct error *e)
{
    const char *path = frame_field(f, 1), *name;
    cleanup_close int parent = inroot_parent(root, path, &name);
    if (parent < 0 || (symlinkat(frame_field(f, 2), parent, name) < 0 && errno != EEXIST))
        return fail(e, "make link", "%s", path);
    return 0;
}

int devices_make(const struct plan *p, int root, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "device", f));)
        if (make_node(root, f, e) < 0)
            return -1;
    for (const struct frame *f = NULL; (f = plan_next(p, "link", f));)
        if (make_link(root, f, e) < 0)
            return -1;
    return 0;
}
