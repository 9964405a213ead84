/* What clients ask of a project's supervisor, and what becomes of it. */
#ifndef JCR_REQUESTS_H
#define JCR_REQUESTS_H

#include "supervised.h"

enum { REAPED_KEPT = 256 };

struct client {
    struct client *next;
    struct conn conn;
    int pending, has_gone;      /* requests not answered; it sends no more */
};

/* A request that waits for a container's monitor. */
struct pending {
    struct pending *next;
    struct client *client;      /* NULL: has gone without waiting */
    struct supervised *container;
    unsigned id;
    char key[8], number[16], a[16], b[16];
};

/* All that a supervisor knows. */
struct super {
    struct supervision s;
    struct client *clients;
    struct pending *requests;
    unsigned last_id;
    int listener, signals, had_client;
    struct { pid_t pid; int status; } reaped[REAPED_KEPT];  /* whose they were is not known yet */
    unsigned reaped_count;
};

/* A frame of a client: answered at once, or kept until a monitor has answered. */
void request_take(struct super *s, struct client *c, const struct frame *f);
/* The request of that id, NULL when there is none any more. */
struct pending *request_find(struct super *s, const char *id);
/* Passes it on to the container's monitor. */
void request_forward(struct supervised *c, const struct pending *r);
/* It has been answered. */
void request_finish(struct super *s, struct pending *r);
/* What was asked of a container that has ended: stops are done, starts begin anew. Forgets the container. */
void requests_settle(struct super *s, struct supervised *ended, int code);

#endif
