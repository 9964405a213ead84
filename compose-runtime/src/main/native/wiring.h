/* What a plan says about networks, carried out by the supervisor; and its names, shown while the payload runs. */
#ifndef JCR_WIRING_H
#define JCR_WIRING_H

#include "net.h"
#include "plan.h"

/* The supervisor's side of all networks; opened with the first container that needs it. */
struct networks {
    const char *run;
    struct net net;
    struct netd *processes;
    int is_open;
};

int networks_open(struct networks *n, struct error *e);
void networks_close(struct networks *n);

/* Published ports, namespace, links, DNS. `ns` is -1 for a new namespace, else one that is connected already; gets the namespace,
 * or -1 when the plan wants none of our making. Ports come from `ports` in `run_dir` when it exists, and are written there. A failure
 * takes back what was made; of a namespace that was given, the names that are answered in it and the numbers of its ports stay. */
int wiring_open(struct networks *n, const struct plan *p, const char *id12, int run_dir, int *ns, struct error *e);
void wiring_close(struct networks *n, const char *id12, int run_dir, int ns);

int names_show(const struct plan *p, const char *run, const char *id12, struct error *e);
void names_hide(const struct plan *p, const char *run, const char *id12);

#endif
