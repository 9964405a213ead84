/* Device rules of the unified hierarchy, shown by opening devices in a group that has them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device_bpf.h"
#include "testing.h"

/* Where version 2 is mounted and a group can be made; "" when nowhere. */
static const char *group(void)
{
    static char path[128];
    for (const char *const *root = (const char *const[]){"/sys/fs/cgroup/unified", "/sys/fs/cgroup", NULL}; *root; root++) {
        snprintf(path, sizeof path, "%s/cgroup.subtree_control", *root);
        if (access(path, F_OK) != 0)
            continue;
        snprintf(path, sizeof path, "%s/jcr-test-%d", *root, (int)getpid());
        if (mkdir(path, 0755) == 0)
            return path;
    }
    return "";
}

static void enter(const char *path)
{
    char procs[160];
    snprintf(procs, sizeof procs, "%s/cgroup.procs", path);
    int fd = open(procs, O_WRONLY);
    _exit(fd >= 0 && write(fd, "0", 1) == 1 && open("/dev/null", O_RDWR) >= 0 && open("/dev/zero", O_RDONLY) >= 0
                  && open("/dev/zero", O_RDWR) < 0 && errno == EPERM && open("/dev/full", O_RDONLY) < 0 && errno == EPERM
                  && mknod("/tmp/jcr-test-node", S_IFBLK | 0600, makedev(7, 200)) == 0 && unlink("/tmp/jcr-test-node") == 0
                  && mknod("/tmp/jcr-test-node", S_IFBLK | 0600, makedev(8, 0)) < 0 && errno == EPERM
              ? 0
              : 1);
}

int main(void)
{
    static const char *const rules[] = {"c 1:3 rwm", "c 1:5 r", "b 7:* m", "c *:200 rwm"};
    struct frame frames[4];
    struct plan p = {.frames = frames};
    struct error e;
    const char *path = geteuid() == 0 ? group() : "";
    if (*path == 0) {
        printf("skipped: needs root and a unified control group\n");
        return 0;
    }
    struct buffer texts[4] = {{0}};
    for (size_t i = 0; i < 4; i++) {
        frame_put(&texts[i], "device-rule", rules[i], NULL);
        frames[p.count++] = (struct frame){texts[i].data + FRAME_HEAD, (uint32_t)(texts[i].end - FRAME_HEAD)};
    }
    CHECK(!device_bpf_attached(path));
    if (device_bpf_attach(&p, path, &e) != 0) {
        CHECK(e.code == EPERM || e.code == EINVAL); /* a kernel without it, or a host that allows it to nobody */
    } else {
        int status = -1;
        CHECK(device_bpf_attached(path));
        pid_t pid = fork();
        if (pid == 0)
            enter(path);
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    CHECK(rmdir(path) == 0);
    for (size_t i = 0; i < 4; i++)
        buffer_free(&texts[i]);
    return 0;
}
