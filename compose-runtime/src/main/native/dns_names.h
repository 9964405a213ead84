/* The names of networks, as published in one directory per network, read again whenever they have changed. */
#ifndef JCR_DNS_NAMES_H
#define JCR_DNS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct zone; /* the names of one network */

/* Of a container in it; IPv6 as well where it has that. */
struct zone_address {
    uint32_t v4;
    uint8_t v6[16];
    int has_v6;
};

/* Begins to watch for changes; before the process is confined. */
int zones_open(void);
/* Notices changes made so far. To be called before looking up. */
void zones_refresh(void);

/* The network's zone, shared by all who ask for it; NULL when memory is out. */
struct zone *zone_get(const char *network);
void zone_put(struct zone *z);
/* Addresses of `name` (lower case), which may end in ".<network>". Adds to `addresses`, at most `max`; returns how many it has added,
 * or -1 when there is no such name. */
int zone_find(struct zone *z, const char *name, struct zone_address *addresses, int max);
/* The name of an address (of `v6` if it has one, else of `v4`): `<first name>.<network>`. Returns 1, or 0 when it is nobody's. */
int zone_reverse(struct zone *z, const struct zone_address *address, char *name, size_t size);

#endif
