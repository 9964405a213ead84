/* Netlink requests: messages are appended to one buffer, sent together, and answered by an acknowledgement. */
#ifndef JCR_NETLINK_H
#define JCR_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum { NETLINK_SPACE = 8192 };

struct netlink {
    int fd;
    uint32_t sequence;
    size_t length, last; /* bytes used; where the last message begins */
    int full;            /* something did not fit */
    _Alignas(8) char space[NETLINK_SPACE];
};

/* A socket of `protocol` that works on namespace `ns` (-1: the caller's). */
int netlink_open(struct netlink *n, int ns, int protocol, struct error *e);
void netlink_close(struct netlink *n);

/* Begins a message with a zeroed fixed header of `size` bytes, which is returned. */
void *netlink_message(struct netlink *n, int type, int flags, size_t size);
void netlink_put(struct netlink *n, int attribute, const void *data, size_t size);
void netlink_put_text(struct netlink *n, int attribute, const char *text);
void netlink_put_u32(struct netlink *n, int attribute, uint32_t value);
void netlink_put_be32(struct netlink *n, int attribute, uint32_t value);
/* Zeroed bytes that belong to no attribute of their own (a header inside a nest). */
void *netlink_raw(struct netlink *n, size_t size);
size_t netlink_nest(struct netlink *n, int attribute);
void netlink_end(struct netlink *n, size_t nest);

/* Sends what has been appended and waits for the answer to the last message; the first error of any message wins. */
int netlink_send(struct netlink *n, struct error *e, const char *what, const char *path);
/* Called with a message of an answer (struct nlmsghdr). */
typedef int netlink_visitor(const void *message, void *context);
/* As netlink_send, for requests that are answered by data before the acknowledgement. */
int netlink_answer(struct netlink *n, netlink_visitor *each, void *context, struct error *e, const char *what, const char *path);
/* Sends one dump request and calls `each` for every message until one returns non-zero, which is the result. */
int netlink_dump(struct netlink *n, netlink_visitor *each, void *context, struct error *e);

#define cleanup_netlink __attribute__((cleanup(netlink_close)))

#endif
