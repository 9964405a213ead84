#include "inroot.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "sys.h"

enum { LINKS_MAX = 16, PROC_MAGIC = 0x9fa0 };

int inroot_open(int root, const char *path, int flags)
{
    int fd;
    /* EAGAIN: something was renamed meanwhile, the kernel could not tell whether `..` stayed inside */
    for (int attempt = 0; attempt < 64; attempt++) {
        fd = sys_openat2(root, path, flags | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
        if (fd >= 0 || errno != EAGAIN)
            break;
    }
    return fd;
}

/* Opens the directory that is the first `length` bytes of path, making it in its parent when missing. */
static int make_directory(int root, const char *path, size_t length)
{
    char part[PATH_MAX];
    if (length >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(part, path, length);
    part[length] = '\0';
    int fd = inroot_open(root, *part ? part : "/", O_PATH | O_DIRECTORY);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    while (length > 0 && path[length - 1] == '/')
        length--;
    size_t parent_length = length;
    while (parent_length > 0 && path[parent_length - 1] != '/')
        parent_length--;
    cleanup_close int parent = make_directory(root, path, parent_length);
    if (parent < 0)
        return -1;
    part[length] = '\0';
    if (mkdirat(parent, part + parent_length, 0755) < 0 && errno != EEXIST)
        return -1;
    return inroot_open(root, part, O_PATH | O_DIRECTORY);
}

int inroot_parent(int root, const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    return make_directory(root, path, slash ? slash - path : 0);
}

/* There nothing can be made, and what was missing a moment ago may be a descriptor of ours by now. */
static int is_proc(int fd)
{
    struct statfs fs;
    int result = fstatfs(fd, &fs) < 0 || fs.f_type == PROC_MAGIC;
    errno = ENOENT;
    return result;
}

static int make(int root, const char *path, int file, int links);

/* `path` is a link to something that does not exist yet: inside the root, that is made. */
static int make_target(int root, int parent, const char *path, const char *name, int file, int links)
{
    char text[PATH_MAX], target[PATH_MAX];
    ssize_t n = readlinkat(parent, name, text, sizeof text - 1);
    if (n <= 0 || links == 0) {
        errno = ELOOP;
        return -1;
    }
    text[n] = '\0';
    snprintf(target, sizeof target, "%.*s%s", *text == '/' ? 0 : (int)(name - path), path, text);
    return make(root, target, file, links - 1);
}

static int make(int root, const char *path, int file, int links)
{
    const char *name;
    struct stat st;
    int fd = inroot_open(root, path, O_PATH);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    cleanup_close int parent = inroot_parent(root, path, &name);
    if (parent < 0 || is_proc(parent))
        return -1;
    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
        return make_target(root, parent, path, name, file, links);
    if (!file)
        return make_directory(root, path, strlen(path));
    cleanup_close int made = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (made < 0 && errno != EEXIST)
        return -1;
    return inroot_open(root, path, O_PATH);
}

int inroot_make(int root, const char *path, int file)
{
    return make(root, path, file, LINKS_MAX);
}
