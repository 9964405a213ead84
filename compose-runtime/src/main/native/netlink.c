#define _GNU_SOURCE
#include "netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cleanup.h"
#include "netns.h"

static int configure(struct netlink *n, int protocol, struct error *e)
{
    n->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (n->fd < 0)
        return fail(e, "open netlink socket", "protocol %d", protocol);
    struct timeval limit = {.tv_sec = 10};
    setsockopt(n->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    int on = 1;
    setsockopt(n->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
    setsockopt(n->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
    struct sockaddr_nl any = {.nl_family = AF_NETLINK};
    if (bind(n->fd, (struct sockaddr *)&any, sizeof any) == 0)
        return 0;
    fail(e, "bind netlink socket", "protocol %d", protocol);
    netlink_close(n);
    return -1;
}

int netlink_open(struct netlink *n, int ns, int protocol, struct error *e)
{
    n->fd = -1;
    n->sequence = 0;
    n->length = n->last = 0;
    n->full = 0;
    if (ns < 0)
        return configure(n, protocol, e);
    int back;
    if (netns_enter(ns, &back, e) != 0)
        return -1;
    int result = configure(n, protocol, e);
    netns_leave(back);
    return result;
}

void netlink_close(struct netlink *n)
{
    close_at_exit(&n->fd);
    n->fd = -1;
}

void *netlink_raw(struct netlink *n, size_t size)
{
    static _Alignas(8) char overflow[64];
    size_t padded = NLMSG_ALIGN(size);
    if (n->length + padded > sizeof n->space) {
        n->full = 1;
        return padded <= sizeof overflow ? overflow : n->space;
    }
    void *at = n->space + n->length;
    memset(at, 0, padded);
    n->length += padded;
    if (n->length > n->last)
        ((struct nlmsghdr *)(void *)(n->space + n->last))->nlmsg_len = (uint32_t)(n->length - n->last);
    return at;
}

void *netlink_message(struct netlink *n, int type, int flags, size_t size)
{
    n->last = n->length;
    struct nlmsghdr *h = netlink_raw(n, sizeof *h);
    h->nlmsg_type = (uint16_t)type;
    h->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    h->nlmsg_seq = ++n->sequence;
    return netlink_raw(n, size);
}

void netlink_put(struct netlink *n, int attribute, const void *data, size_t size)
{
    if (n->full || n->length + NLA_HDRLEN + NLA_ALIGN(size) > sizeof n->space) {
        n->full = 1;
        return;
    }
    struct nlattr *a = netlink_raw(n, NLA_HDRLEN + size);
    a->nla_type = (uint16_t)attribute;
    a->nla_len = (uint16_t)(NLA_HDRLEN + size);
    if (size > 0)
        memcpy((char *)a + NLA_HDRLEN, data, size);
}

void netlink_put_text(struct netlink *n, int attribute, const char *text)
{
    netlink_put(n, attribute, text, strlen(text) + 1);
}

void netlink_put_u32(struct netlink *n, int attribute, uint32_t value)
{
    netlink_put(n, attribute, &value, sizeof value);
}

void netlink_put_be32(struct netlink *n, int attribute, uint32_t value)
{
    netlink_put_u32(n, attribute, htonl(value));
}

size_t netlink_nest(struct netlink *n, int attribute)
{
    size_t at = n->length;
    netlink_put(n, attribute | NLA_F_NESTED, NULL, 0);
    return at;
}

void netlink_end(struct netlink *n, size_t nest)
{
    if (!n->full)
        ((struct nlattr *)(void *)(n->space + nest))->nla_len = (uint16_t)(n->length - nest);
}

/* The kernel's own words about an error, "" when it has none. */
static void words(const struct nlmsghdr *h, char *text, size_t size)
{
    text[0] = 0;
    if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
        return;
    const struct nlmsgerr *answer = NLMSG_DATA(h);
    size_t skip = NLMSG_HDRLEN + sizeof *answer;
    if (!(h->nlmsg_flags & NLM_F_CAPPED) && answer->msg.nlmsg_len > NLMSG_HDRLEN)
        skip += answer->msg.nlmsg_len - NLMSG_HDRLEN;
    while (skip + NLA_HDRLEN <= h->nlmsg_len) {
        const struct nlattr *a = (const void *)((const char *)h + skip);
        if (a->nla_len < NLA_HDRLEN || skip + a->nla_len > h->nlmsg_len)
            return;
        if (a->nla_type == NLMSGERR_ATTR_MSG)
            snprintf(text, size, " (%.*s)", a->nla_len - NLA_HDRLEN, (const char *)a + NLA_HDRLEN);
        skip += NLA_ALIGN(a->nla_len);
    }
}

static int refused(const struct nlmsghdr *h, int code, struct error *e, const char *what, const char *path)
{
    char text[100];
    words(h, text, sizeof text);
    errno = code;
    char attempt[128];
    snprintf(attempt, sizeof attempt, "%.24s%.99s", what, text);
    return fail(e, attempt, "%s", path);
}

static ssize_t receive(struct netlink *n, struct error *e, const char *what, const char *path)
{
    ssize_t got;
    do
        got = recv(n->fd, n->space, sizeof n->space, 0);
    while (got < 0 && errno == EINTR);
    return got > 0 ? got : fail(e, what, "%s", path);
}

static int transmit(struct netlink *n, struct error *e, const char *what, const char *path)
{
    size_t length = n->length;
    int full = n->full;
    n->length = n->last = 0;
    n->full = 0;
    if (full) {
        errno = EMSGSIZE;
        return fail(e, what, "%s", path);
    }
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent = sendto(n->fd, n->space, length, 0, (struct sockaddr *)&kernel, sizeof kernel);
    return sent == (ssize_t)length ? 0 : fail(e, what, "%s", path);
}

int netlink_answer(struct netlink *n, netlink_visitor *each, void *context, struct error *e, const char *what, const char *path)
{
    uint32_t last = n->sequence;
    if (transmit(n, e, what, path) != 0)
        return -1;
    for (;;) {
        ssize_t got = receive(n, e, what, path);
        if (got < 0)
            return -1;
        for (const struct nlmsghdr *h = (const void *)n->space; NLMSG_OK(h, (size_t)got); h = NLMSG_NEXT(h, got)) {
            if (h->nlmsg_type != NLMSG_ERROR) {
                if (each != NULL)
                    each(h, context);
                continue;
            }
            const struct nlmsgerr *answer = NLMSG_DATA(h);
            if (answer->error != 0)
                return refused(h, -answer->error, e, what, path);
            if (h->nlmsg_seq == last)
                return 0;
        }
    }
}

int netlink_send(struct netlink *n, struct error *e, const char *what, const char *path)
{
    return netlink_answer(n, NULL, NULL, e, what, path);
}

int netlink_dump(struct netlink *n, netlink_visitor *each, void *context, struct error *e)
{
    int result = 0;
    if (transmit(n, e, "list", "network") != 0)
        return -1;
    for (;;) {
        ssize_t got = receive(n, e, "list", "network");
        if (got < 0)
            return -1;
        for (const struct nlmsghdr *h = (const void *)n->space; NLMSG_OK(h, (size_t)got); h = NLMSG_NEXT(h, got)) {
            if (h->nlmsg_type == NLMSG_DONE)
                return result;
            if (h->nlmsg_type == NLMSG_ERROR)
                return refused(h, -((const struct nlmsgerr *)NLMSG_DATA(h))->error, e, "list", "network");
            if (result == 0)
                result = each(h, context);
        }
    }
}
