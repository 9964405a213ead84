/* The monitor of one container: a fork of the supervisor that logs, restarts, probes and stops it. */
#ifndef JCR_MON_H
#define JCR_MON_H

#include "conn.h"
#include "place.h"
#include "plan.h"

struct monitored {
    const struct plan *plan;
    const struct place *place;
    const char *id12;
    int run_dir, state_dir;                 /* this container's directories in both */
    int out, err;                           /* its FIFOs, open for both ways, not blocking */
    int terminal;                           /* kept from an earlier monitor, else -1 */
    int net_ns;                             /* -1: not one of our making */
    int holder;                             /* a connection that keeps the networks' namespace alive without the supervisor, or -1 */
    const char *gateway;
    int channel;                            /* to the supervisor */
    int adopt;                              /* its last monitor died */
    const char *start;                      /* the request that is answered once it runs */
    int last_status;                        /* what wait said of a payload that has ended meanwhile; -1: nothing */
};

/* Between supervisor and monitor, over `channel`. Requests: `start|pause|resume <n>`, `stop <n> <grace or ""> <signal or "">`,
 * `kill <n> <signal>`, `reaped <pid> <wait status>`. The other way: `ok` and `error` as to clients, `running <pid>`, `terminal` with a
 * descriptor, and last `ended <exit code>`; a stop is answered by the supervisor once everything has been cleared away. */
_Noreturn void mon_main(const struct monitored *c);

#endif
