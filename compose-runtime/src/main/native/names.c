#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "net.h"

/* One component of a path that does not lead elsewhere. */
static int plain(const char *name)
{
    return name[0] != 0 && name[0] != '.' && strlen(name) < NAME_MAX && strchr(name, '/') == NULL;
}

/* Readable by the unprivileged process that answers. */
static int make_directory(const char *path, struct error *e)
{
    if (mkdir(path, 0755) == 0)
        return chmod(path, 0755) == 0 ? 0 : fail(e, "make directory", "%s", path);
    return errno == EEXIST ? 0 : fail(e, "make directory", "%s", path);
}

static int write_line(const char *path, const char *address, const char *names, struct error *e)
{
    unlink(path);
    cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0 || fchmod(fd, 0644) != 0)
        return fail(e, "write", "%s", path);
    return dprintf(fd, "%s %s\n", address, names) > 0 ? 0 : fail(e, "write", "%s", path);
}

int names_publish(const char *run_dir, const char *network, const char *id12, const char *address, const char *names, struct error *e)
{
    char directory[PATH_MAX], temporary[PATH_MAX], path[PATH_MAX];
    errno = EINVAL;
    if (!plain(network) || !plain(id12))
        return fail(e, "publish names", "%s/%s", network, id12);
    snprintf(directory, sizeof directory, "%s/net", run_dir);
    if (make_directory(directory, e) != 0)
        return -1;
    snprintf(directory, sizeof directory, "%s/net/%s", run_dir, network);
    snprintf(temporary, sizeof temporary, "%s/net/%s/.%s", run_dir, network, id12);
    snprintf(path, sizeof path, "%s/net/%s/%s", run_dir, network, id12);
    if (make_directory(directory, e) != 0 || write_line(temporary, address, names, e) != 0)
        return -1;
    return rename(temporary, path) == 0 ? 0 : fail(e, "write", "%s", path);
}

void names_withdraw(const char *run_dir, const char *network, const char *id12)
{
    char path[PATH_MAX];
    if (!plain(network) || !plain(id12))
        return;
    snprintf(path, sizeof path, "%s/net/%s/%s", run_dir, network, id12);
    unlink(path);
}
