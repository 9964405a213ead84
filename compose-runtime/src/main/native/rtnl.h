/* Links, addresses and routes by raw rtnetlink. Sockets are opened with rtnl_open inside the namespace they are to work on. */
#ifndef JCR_RTNL_H
#define JCR_RTNL_H

#include <stdint.h>

#include "netlink.h"

enum { RTNL_LABEL = 256 }; /* the longest label of a link, with its NUL */

/* An IPv4 interface address, in host order. */
struct ipv4 {
    uint32_t address;
    int bits;
};

int ipv4_parse(const char *text, struct ipv4 *a, struct error *e); /* "10.0.0.1/24"; without a slash: /32 */
void ipv4_text(uint32_t address, char text[16]);
uint32_t ipv4_mask(int bits);

int rtnl_open(struct netlink *n, int ns, struct error *e);
/* The link's index; -1 with errno ENODEV in `e` when there is none. */
int rtnl_index(struct netlink *n, const char *link, struct error *e);
int rtnl_is_up(struct netlink *n, const char *link);      /* 1 or 0 */
int rtnl_is_running(struct netlink *n, const char *link); /* up, and so is the other end */
int rtnl_up(struct netlink *n, const char *link, struct error *e);
int rtnl_delete(struct netlink *n, const char *link, struct error *e); /* gone already: fine */
/* Visits all links; rtnl_link_alias tells of a visited one whether it begins with `prefix`, is not `except`, and has a label. */
int rtnl_links(struct netlink *n, netlink_visitor *each, void *context, struct error *e);
int rtnl_link_alias(const void *message, const char *prefix, const char *except, char *alias, size_t size);
int rtnl_alias(struct netlink *n, const char *link, const char *alias, struct error *e);
/* A bridge without spanning tree, still down; exists already: fine. */
int rtnl_bridge(struct netlink *n, const char *bridge, const uint8_t mac[6], struct error *e);

struct veth {
    const char *link, *peer;
    int master;           /* index of the bridge `link` joins, or 0 */
    int peer_ns;          /* where `peer` lives */
    const uint8_t *mac;   /* of `peer`; NULL: any */
};
/* Both ends come up: `link` at once, `peer` through rtnl_up once it has its address. */
int rtnl_veth(struct netlink *n, const struct veth *v, struct error *e);
int rtnl_address(struct netlink *n, int index, const struct ipv4 *a, struct error *e); /* exists already: fine */
/* `gateway` 0: everything is to be found on the link itself. */
int rtnl_default_route(struct netlink *n, int index, uint32_t gateway, struct error *e);
/* Is any address or narrow route (/24 or longer) of the namespace inside this range? 1, 0, or -1. */
int rtnl_in_use(struct netlink *n, const struct ipv4 *range, struct error *e);

#endif
