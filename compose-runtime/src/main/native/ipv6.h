/* IPv6 of links: addresses that are usable at once, since nobody else has them: no duplicate detection, no router advertisements. */
#ifndef JCR_IPV6_H
#define JCR_IPV6_H

#include <stdint.h>

#include "netlink.h"

struct ipv6 {
    uint8_t address[16];
    int bits;
};

int ipv6_parse(const char *text, struct ipv6 *a, struct error *e); /* "fd00::1/64"; without a slash: /128 */
/* Switches IPv6 on for a link of namespace `ns` (-1: the caller's), whatever new links have there. */
int ipv6_enable(int ns, const char *link, struct error *e);
int ipv6_address(struct netlink *n, int index, const struct ipv6 *a, struct error *e); /* exists already: fine */
int ipv6_default_route(struct netlink *n, int index, const struct ipv6 *gateway, struct error *e);

#endif
