/* Chains of other programs that drop forwarded packets they do not know, such as those of a firewall or another container engine: packets
 * of our link have to be accepted there, too. */
#ifndef JCR_GATES_H
#define JCR_GATES_H

#include "error.h"

/* Puts rules for `link` in front of every such chain that has none yet. */
int gates_open(int ns, const char *link, struct error *e);
/* Removes all of them. */
void gates_close(int ns, const char *link);

#endif
