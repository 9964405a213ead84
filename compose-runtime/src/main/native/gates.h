/* Chains of other programs that drop forwarded packets they do not know, such as those of a firewall or another container engine: packets
 * of our link have to be accepted there, too. */
#ifndef JCR_GATES_H
#define JCR_GATES_H

#include "error.h"

/* Puts rules for `link` in front of every such chain that has none yet; those of IPv6 only when asked for. */
int gates_open(int ns, const char *link, int ipv6, struct error *e);
/* Removes all of them. */
void gates_close(int ns, const char *link);
/* Does the host filter what comes in for itself? 1 also when that cannot be known. */
int gates_filter_input(int ns);

#endif
