/* Links of containers that lie on a link of the host (macvlan, ipvlan), and what can be set of bridges' ports. */
#ifndef JCR_HOSTLINK_H
#define JCR_HOSTLINK_H

#include <stdint.h>

#include "netlink.h"

struct hostlink {
    const char *kind, *mode;      /* "macvlan" or "ipvlan"; mode as the plan has it, "" for the usual one */
    const char *parent, *link;    /* the host's link; the name inside */
    int ns, mtu;                  /* where it lives; 0: the parent's */
    const uint8_t *mac;           /* macvlan only; NULL: any */
};

/* `host` works on the host's namespace. */
int hostlink_make(struct netlink *host, const struct hostlink *l, struct error *e);
/* Containers behind isolated ports reach the bridge, but not each other. */
int hostlink_isolate(struct netlink *n, const char *port, struct error *e);
int hostlink_mtu(struct netlink *n, const char *link, int mtu, struct error *e);

#endif
