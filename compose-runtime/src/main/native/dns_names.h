/* The names of networks, as published in one directory per network, read again whenever they have changed. */
#ifndef JCR_DNS_NAMES_H
#define JCR_DNS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct zone; /* the names of one network */

/* Begins to watch for changes; before the process is confined. */
int zones_open(void);
/* Notices changes made so far. To be called before looking up. */
void zones_refresh(void);

/* The network's zone, shared by all who ask for it; NULL when memory is out. */
struct zone *zone_get(const char *network);
void zone_put(struct zone *z);
/* Addresses of `name` (lower case), which may end in ".<network>". Adds to `addresses`, at most `max`; returns how many it has added,
 * or -1 when there is no such name. */
int zone_find(struct zone *z, const char *name, uint32_t *addresses, int max);
/* The name of an address: `<first name>.<network>`. Returns 1, or 0 when it is nobody's. */
int zone_reverse(struct zone *z, uint32_t address, char *name, size_t size);

#endif
