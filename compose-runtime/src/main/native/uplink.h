/* The veth pair that joins the holder's namespace to the host, and the host's rules for it. */
#ifndef JCR_UPLINK_H
#define JCR_UPLINK_H

#include <stdint.h>

#include "error.h"

#define UPLINK_INSIDE "uplink"   /* the link's name in the holder's namespace */
#define UPLINK_RULES "jcompose"  /* the table in the holder's namespace */
#define UPLINK_ALLOWED "allowed" /* its set of (from, to) links between which packets are forwarded */

struct uplink {
    char run_dir[4096]; /* canonical */
    char link[16];      /* the host's end */
    char table[32];     /* the host's nf_tables table */
    uint32_t gateway;   /* the host's address on it; the namespace has the next one */
    int index;          /* of the host's end; 0: not known */
    int forwarding_was_off; /* we have switched it on; also noted in the directory, for whoever cleans up after a crash */
};

/* Derives the names from the directory, so that several can live side by side. */
int uplink_name(struct uplink *u, const char *run_dir, struct error *e);
/* Makes link, addresses and the namespace's default route, with a free range of addresses. */
int uplink_make(struct uplink *u, int host_ns, int ns, struct error *e);
/* A number that depends on the text. */
uint32_t uplink_hash(const char *text);
/* The rules of either side, of one family; `source6` is the address of the inner end for IPv6. */
int uplink_rules_inside(int ns, int family, struct error *e);
int uplink_rules_outside(const struct uplink *u, int host_ns, int family, const uint8_t *source6, struct error *e);
/* Makes the rules and lets packets pass. Without nf_tables there is no way out: -1, with both sides left closed. */
int uplink_open(struct uplink *u, int host_ns, int ns, struct error *e);
/* Remembers which link it is, of a namespace that is adopted. */
void uplink_adopt(struct uplink *u, int host_ns);
/* Takes everything back from the host; whatever is gone already is fine. Nothing when the link is another's meanwhile, which happens when
 * the directory was removed and made again. */
void uplink_undo(const struct uplink *u, int host_ns);

#endif
