/* One container as its supervisor keeps it: descriptors that must survive a monitor, the way to the monitor, what has been asked of it. */
#ifndef JCR_SUPERVISED_H
#define JCR_SUPERVISED_H

#include "conn.h"
#include "mon.h"
#include "place.h"
#include "state.h"
#include "wiring.h"

enum { ID12 = 12, CRASHES_MAX = 5 };

struct supervised {
    struct supervised *next;
    char id12[ID12 + 1];
    int run_dir, state_dir, in, out, err, terminal, net_ns;
    struct conn mon;            /* fd -1: no monitor (yet, or any more) */
    pid_t mon_pid, payload;
    unsigned long long mon_start;   /* of a monitor that has yet to come back to us */
    int last_status;            /* of a payload that we reaped; -1: none */
    int has_ended, exit, crashes;
    long long wire_at;          /* of now_ms: when to try again to publish its ports and answer its names; 0: all is well */
};

struct supervision {
    struct place place;
    int dir;                    /* RUN/projects/<project> */
    struct networks networks;
    struct supervised *containers;
};

struct supervised *supervised_find(struct supervision *s, const char *id12);
/* Everything of a start that needs the supervisor, then a monitor that does the rest; `number` is the request it answers, "" for none. */
struct supervised *supervised_start(struct supervision *s, const char *id12, const char *number, struct error *e);
/* Another monitor for a container whose last one died. */
int supervised_adopt(struct supervision *s, struct supervised *c, struct error *e);
/* Its monitor, whose descriptor `ns` is the network namespace, has come back to a supervisor that did not know it. */
void supervised_rewire(struct supervision *s, struct supervised *c, int ns);
/* What could not be wired of a container that runs, when it is time; 1 when there is some still. */
int supervised_wire_again(struct supervision *s, struct supervised *c);
/* Takes back what a start has made, and forgets the container. */
void supervised_end(struct supervision *s, struct supervised *c);
/* Containers that an earlier supervisor left running. */
void supervised_scan(struct supervision *s);
/* Removes what is left of a container that does not run. */
int supervised_forget(struct supervision *s, const char *id12, struct error *e);
int is_id12(const char *text);

#endif
