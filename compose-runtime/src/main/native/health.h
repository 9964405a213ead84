/* The healthcheck of a running container: when to probe, what a result means, the last five results in RUN's `health`. */
#ifndef JCR_HEALTH_H
#define JCR_HEALTH_H

#include "plan.h"
#include "state.h"

enum { HEALTH_OUTPUT = 4096 };

struct health {
    const struct plan *plan;
    int run_dir, payload;
    long long start_period_end, next, timeout;  /* milliseconds of now_ms; 0: none */
    long long reap_at;          /* when health_event wants to be called though nothing has happened; 0: never */
    long long began_ns;
    int pidfd, pid, output, length, started;
    int killed;                 /* its result is out, its end is not */
    char text[HEALTH_OUTPUT];
};

/* A new run has begun. `pidfd` is -1 before the first one. */
void health_begin(struct health *h, const struct plan *p, int run_dir, int payload, struct state *s);
/* A run goes on with what the state says of it. */
void health_resume(struct health *h, const struct plan *p, int run_dir, int payload, const struct state *s);
/* No more probes; kills the one under way. */
void health_end(struct health *h);
/* When health_tick wants to be called; 0: never. */
long long health_deadline(const struct health *h);
/* What to poll for the probe's end, or -1. */
int health_descriptor(const struct health *h);
/* Starts a probe or ends one whose time is over. 1 when the state has changed. */
int health_tick(struct health *h, struct state *s);
/* There is output, or the probe has ended. 1 when the state has changed. */
int health_event(struct health *h, struct state *s);

#endif
