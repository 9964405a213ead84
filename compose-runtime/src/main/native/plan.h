/* The plan of one container, checked as a whole when it is read: later code may take keys, counts and number formats for granted. */
#ifndef JCR_PLAN_H
#define JCR_PLAN_H

#include "error.h"
#include "frame.h"

struct plan {
    char *bytes;
    struct frame *frames;
    int count;
};

/* Reads `dir_fd`/name. */
int plan_read(struct plan *p, int dir_fd, const char *name, struct error *e);
/* Takes over `bytes` (from malloc), also on failure. */
int plan_parse(struct plan *p, char *bytes, size_t length, struct error *e);
void plan_free(struct plan *p);

/* The next frame of that key after `after` (NULL: the first); NULL when there is none. */
const struct frame *plan_next(const struct plan *p, const char *key, const struct frame *after);
int plan_count(const struct plan *p, const char *key);
int plan_has(const struct plan *p, const char *key);
/* Field i of the only frame of that key, or `otherwise`. */
const char *plan_text(const struct plan *p, const char *key, int i, const char *otherwise);
long plan_number(const struct plan *p, const char *key, int i, long otherwise);
/* Fields 1 of all frames of that key, as a NULL-terminated vector (from malloc). */
const char **plan_vector(const struct plan *p, const char *key);

long frame_number(const struct frame *f, int i);

#endif
