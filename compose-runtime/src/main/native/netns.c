#define _GNU_SOURCE
#include "netns.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

int netns_here(struct error *e)
{
    int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    return fd >= 0 ? fd : fail(e, "open", "/proc/self/ns/net");
}

int netns_enter(int ns, int *back, struct error *e)
{
    *back = netns_here(e);
    if (*back < 0)
        return -1;
    if (setns(ns, CLONE_NEWNET) == 0)
        return 0;
    fail(e, "enter network namespace", "descriptor %d", ns);
    close(*back);
    *back = -1;
    return -1;
}

void netns_leave(int back)
{
    if (setns(back, CLONE_NEWNET) != 0)
        abort();
    close(back);
}

int netns_set(const char *name, const char *value, struct error *e)
{
    char path[256];
    snprintf(path, sizeof path, "/proc/sys/net/%s", name);
    cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(e, "open", "%s", path);
    ssize_t length = (ssize_t)strlen(value);
    return write(fd, value, (size_t)length) == length ? 0 : fail(e, "write", "%s", path);
}
