/* The way out for containers' IPv6: unique local addresses on the uplink, translated to the host's. Made with the first network that has
 * IPv6, so that a host without such networks is not touched; undone with the uplink. */
#ifndef JCR_UPLINK6_H
#define JCR_UPLINK6_H

#include "error.h"

struct uplink;

/* Made already: fine. -1: containers reach each other, but nothing outside by IPv6. */
int uplink6_open(const char *run_dir, int host_ns, int ns, struct error *e);
/* Takes back what uplink6_open did to the host; while another holder needs forwarding, `other` (its directory, or NULL) inherits the duty. */
void uplink6_undo(const struct uplink *u, int host_ns, const char *other);

#endif
