/* Whether a container whose process has ended is started again, and when. */
#ifndef JCR_RESTART_H
#define JCR_RESTART_H

#include "plan.h"
#include "state.h"

struct restart {
    int backoff;                /* milliseconds; 0: the next restart is the first of a series */
    long long began;            /* of now_ms, when the last run began; 0: not yet */
    int forced;                 /* the run was ended so that another begins */
};

int restart_is_wanted(const struct restart *r, const struct plan *p, const struct state *s);
/* When the next run is to begin, in milliseconds of now_ms. */
long long restart_time(struct restart *r, const struct plan *p);

#endif
