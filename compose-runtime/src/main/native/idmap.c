#include "idmap.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "sys.h"

#define LAST_ID 0xfffffffeU

static int add(char *text, int size, int at, unsigned first, unsigned shown, unsigned count)
{
    return count ? at + snprintf(text + at, size - at, "%u %u %u\n", first, shown, count) : at;
}

/* All numbers stay what they are, but these two change places. */
static void swap_map(char *text, int size, unsigned one, unsigned other)
{
    unsigned low = one < other ? one : other, high = one < other ? other : one;
    int at = add(text, size, 0, 0, 0, low);
    at = add(text, size, at, low, high, 1);
    if (high > low) {
        at = add(text, size, at, low + 1, low + 1, high - low - 1);
        at = add(text, size, at, high, low, 1);
    }
    add(text, size, at, high + 1, high + 1, LAST_ID - high);
}

/* Holds a user namespace until it is killed; says which process of the mounted /proc it is. */
static _Noreturn void hold(int out)
{
    char pid[16] = {0};
    if (readlink("/proc/self", pid, sizeof pid - 1) > 0 && unshare(CLONE_NEWUSER) == 0)
        write_all(out, pid, sizeof pid);
    close(out);
    for (;;)
        pause();
}

static int write_map(const char *pid, const char *file, unsigned one, unsigned other)
{
    char path[64], map[256] = "";
    snprintf(path, sizeof path, "/proc/%.15s/%s", pid, file);
    swap_map(map, sizeof map, one, other);
    return file_write(AT_FDCWD, path, map);
}

static int map_namespace(int in, const unsigned *ids)
{
    char pid[16], path[64];
    if (read(in, pid, sizeof pid) != sizeof pid)
        return -1;
    if (write_map(pid, "uid_map", ids[0], ids[2]) < 0 || write_map(pid, "gid_map", ids[1], ids[3]) < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/%.15s/ns/user", pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int idmap_owner(int mount, const char *source, const char *owners, struct error *e)
{
    unsigned ids[4];
    int ends[2];
    errno = EINVAL;
    if (sscanf(owners, "%u:%u:%u:%u", &ids[0], &ids[1], &ids[2], &ids[3]) != 4 || pipe2(ends, O_CLOEXEC) < 0)
        return fail(e, "map owners", "%s", source);
    pid_t pid = fork();
    if (pid == 0)
        hold(ends[1]);
    close(ends[1]);
    cleanup_close int in = ends[0];
    cleanup_close int ns = pid < 0 ? -1 : map_namespace(in, ids);
    struct sys_mount_attr mapped = {.attr_set = JCR_MOUNT_IDMAP, .userns_fd = ns};
    int result = ns < 0 ? -1 : sys_mount_setattr(mount, 0, &mapped), code = errno;
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    errno = code;
    if (result < 0 && ns >= 0)
        return fail_as(e, "missing-feature", "map owners", "%s: its file system or this kernel cannot show other owners", source);
    return result < 0 ? fail(e, "map owners", "%s", source) : 0;
}
