#define _GNU_SOURCE
#include "pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int pass_send(int socket, const void *data, size_t size, const int *fds, int count)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(PASS_MAX * sizeof(int))];
    } control = {0};
    struct iovec bytes = {(void *)data, size};
    struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (count > 0) {
        m.msg_control = &control;
        m.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
        memcpy(CMSG_DATA(c), fds, (size_t)count * sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &m, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : -1;
}

ssize_t pass_receive(int socket, void *data, size_t size, int *fds, int *count, int flags)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(PASS_MAX * sizeof(int))];
    } control;
    struct iovec bytes = {data, size};
    struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int wanted = *count;
    *count = 0;
    errno = 0;
    ssize_t got;
    do
        got = recvmsg(socket, &m, MSG_CMSG_CLOEXEC | flags);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (c == NULL || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
        return got;
    size_t came = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < came; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
        if (*count < wanted)
            fds[(*count)++] = fd;
        else
            close(fd);
    }
    return got;
}
