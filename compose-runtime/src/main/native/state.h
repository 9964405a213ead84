/* What is known of a container, as in RUN/projects/<project>/<id12>/state. */
#ifndef JCR_STATE_H
#define JCR_STATE_H

#include <sys/types.h>

struct state {
    int gen, exit, oom, restarts, streak;
    char status[12];            /* starting running paused restarting stopping exited */
    char want[8];               /* running stopped */
    char health[12];            /* none starting healthy unhealthy */
    pid_t pid, mon;
    unsigned long long pidstart, monstart;
    long long started, finished;
    char error[400];
};

/* -1 when there is none of this boot. */
int state_load(int dir_fd, struct state *s);
int state_save(int dir_fd, const struct state *s);
int state_is(const struct state *s, const char *status);

#endif
