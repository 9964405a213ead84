/* Published ports without the proxy: nf_tables leads packets of other hosts to containers directly, which so see where they come from. The
 * rules are this process's own: the kernel removes them when it ends, however that happens. The proxy keeps listening beside them: for the
 * host itself, for containers, and where there are no such rules. */
#ifndef JCR_REDIRECT_H
#define JCR_REDIRECT_H

#include "net.h"

struct redirect; /* of one project */

struct redirect *redirect_new(void);
/* Nothing when the host filters what comes in (its rules could not see such packets), has no nf_tables, or is not root's. */
void redirect_add(struct redirect *r, struct net *n, const char *id12, const char *protocol, int port, const char *target, int target_port);
void redirect_remove(struct redirect *r, const char *id12);
void redirect_free(struct redirect *r);

#endif
