#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "net.h"

enum { BACKLOG = 1024 };

union host_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Returns the address's length, or 0 when the text is none. */
static socklen_t host_address(const char *text, int port, union host_address *a)
{
    memset(a, 0, sizeof *a);
    if (inet_pton(AF_INET, text[0] != 0 ? text : "0.0.0.0", &a->v4.sin_addr) == 1) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = htons((uint16_t)port);
        return sizeof a->v4;
    }
    if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) != 1)
        return 0;
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_port = htons((uint16_t)port);
    return sizeof a->v6;
}

static void set_up_listener(int fd, int family, int stream)
{
    int on = 1;
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (stream)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    else if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    else
        setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

int net_listen(const char *host_ip, int *port, const char *protocol, int *fd, struct error *e)
{
    union host_address a;
    char name[80];
    int stream = strcmp(protocol, "tcp") == 0;
    snprintf(name, sizeof name, strchr(host_ip, ':') != NULL ? "[%s]:%d/%s" : "%s:%d/%s", host_ip, *port, protocol);
    socklen_t length = host_address(host_ip, *port, &a);
    errno = EINVAL;
    if (length == 0 || *port < 0 || *port > 65535 || (!stream && strcmp(protocol, "udp") != 0))
        return fail(e, "listen on", "%s", name);
    cleanup_close int s = socket(a.any.sa_family, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return fail(e, "listen on", "%s", name);
    set_up_listener(s, a.any.sa_family, stream);
    if (bind(s, &a.any, length) != 0 || (stream && listen(s, BACKLOG) != 0))
        return fail_as(e, errno == EADDRINUSE ? "port-in-use" : "failed", "listen on", "%s", name);
    if (getsockname(s, &a.any, &length) != 0)
        return fail(e, "listen on", "%s", name);
    *port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
    *fd = take_fd(&s);
    return 0;
}
