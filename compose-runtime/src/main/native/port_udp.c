#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port.h"

enum { FLOWS = 4096, FLOWS_EACH = 2048, BUCKETS = 1024, IDLE_MS = 60000, DATAGRAMS_AT_ONCE = 64, DATAGRAM_MAX = 65535 };

/* One client of one port; it has a socket of its own towards the container. */
struct flow {
    struct source source; /* first: releasing it frees the flow */
    struct flow *next;    /* in its bucket */
    struct port *port;
    struct sockaddr_in6 client; /* large enough for both families */
    socklen_t client_size;
    char control[64];     /* makes answers come from the address the client has sent to */
    size_t control_size;
    int64_t deadline;
};

static struct flow *buckets[BUCKETS];
static int count;
static char datagram[DATAGRAM_MAX];

static unsigned bucket(const struct port *p, const struct sockaddr_in6 *client, socklen_t size)
{
    unsigned h = (unsigned)((uintptr_t)p >> 4);
    for (socklen_t i = 0; i < size; i++)
        h = (h ^ ((const uint8_t *)client)[i]) * 16777619u;
    return h % BUCKETS;
}

static void free_flow(struct source *s)
{
    free(s);
    count--;
}

static void end(struct flow *f)
{
    struct flow **at = &buckets[bucket(f->port, &f->client, f->client_size)];
    while (*at != NULL && *at != f)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = f->next;
    loop_close(&f->source);
}

/* The container's answers, back to the client. */
static void answer(struct source *s, uint32_t events)
{
    struct flow *f = (struct flow *)(void *)s;
    (void)events;
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        ssize_t got = recv(f->source.fd, datagram, sizeof datagram, MSG_DONTWAIT);
        if (got < 0) {
            if (errno != EAGAIN && errno != EINTR)
                end(f); /* nobody listens there */
            return;
        }
        struct iovec bytes = {datagram, (size_t)got};
        struct msghdr m = {.msg_name = &f->client, .msg_namelen = f->client_size, .msg_iov = &bytes, .msg_iovlen = 1};
        if (f->control_size > 0) {
            m.msg_control = f->control;
            m.msg_controllen = f->control_size;
        }
        sendmsg(f->port->source.fd, &m, MSG_DONTWAIT);
        f->deadline = loop_now() + IDLE_MS;
    }
}

/* Turns what came with a datagram into what sends its answer from the same address. */
static void remember_address(struct flow *f, struct msghdr *m)
{
    struct msghdr out = {.msg_control = f->control, .msg_controllen = sizeof f->control};
    struct cmsghdr *to = CMSG_FIRSTHDR(&out);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info, from = {0};
            memcpy(&info, CMSG_DATA(c), sizeof info);
            from.ipi_spec_dst = info.ipi_addr;
            *to = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof from)};
            memcpy(CMSG_DATA(to), &from, sizeof from);
            f->control_size = CMSG_SPACE(sizeof from);
        } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            memcpy(to, c, CMSG_LEN(sizeof(struct in6_pktinfo)));
            f->control_size = CMSG_SPACE(sizeof(struct in6_pktinfo));
        }
    }
}

static int busy(const struct port *p)
{
    int flows = 0;
    for (int i = 0; i < BUCKETS; i++) {
        for (const struct flow *f = buckets[i]; f != NULL; f = f->next)
            flows += f->port == p;
    }
    return flows >= FLOWS_EACH;
}

static struct flow *make_flow(struct port *p, struct msghdr *m)
{
    struct flow *f = count < FLOWS && !busy(p) ? calloc(1, sizeof *f) : NULL;
    int fd = f != NULL ? socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
    if (fd < 0 || connect(fd, (const struct sockaddr *)&p->target, sizeof p->target) != 0) {
        if (fd >= 0)
            close(fd);
        free(f);
        return NULL;
    }
    f->source = (struct source){.fd = fd, .ready = answer, .release = free_flow};
    f->port = p;
    memcpy(&f->client, m->msg_name, m->msg_namelen);
    f->client_size = m->msg_namelen;
    remember_address(f, m);
    struct flow **head = &buckets[bucket(p, &f->client, f->client_size)];
    f->next = *head;
    *head = f;
    count++;
    if (loop_add(&f->source, EPOLLIN) == 0)
        return f;
    end(f);
    return NULL;
}

static struct flow *find_flow(struct port *p, struct msghdr *m)
{
    for (struct flow *f = buckets[bucket(p, m->msg_name, m->msg_namelen)]; f != NULL; f = f->next) {
        if (f->port == p && f->client_size == m->msg_namelen && memcmp(&f->client, m->msg_name, m->msg_namelen) == 0)
            return f;
    }
    return make_flow(p, m);
}

void port_receive(struct port *p)
{
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        struct sockaddr_in6 client = {0};
        _Alignas(struct cmsghdr) char control[256];
        struct iovec bytes = {datagram, sizeof datagram};
        struct msghdr m = {.msg_name = &client,
                           .msg_namelen = sizeof client,
                           .msg_iov = &bytes,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof control};
        ssize_t got = recvmsg(p->source.fd, &m, MSG_DONTWAIT);
        if (got < 0 && errno != ECONNREFUSED)
            return;
        struct flow *f = got >= 0 ? find_flow(p, &m) : NULL;
        if (f == NULL)
            continue;
        f->deadline = loop_now() + IDLE_MS;
        if (send(f->source.fd, datagram, (size_t)got, MSG_DONTWAIT) < 0 && errno == ECONNREFUSED)
            send(f->source.fd, datagram, (size_t)got, MSG_DONTWAIT); /* that was the echo of an earlier one */
    }
}

int port_tick_udp(const struct port *gone)
{
    for (int i = 0; count > 0 && i < BUCKETS; i++) {
        struct flow *next;
        for (struct flow *f = buckets[i]; f != NULL; f = next) {
            next = f->next;
            if (f->port == gone || f->deadline <= loop_now())
                end(f);
        }
    }
    return count > 0;
}
