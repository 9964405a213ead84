/* Frames over a stream socket that never makes us wait. */
#ifndef JCR_CONN_H
#define JCR_CONN_H

#include "error.h"
#include "frame.h"

struct conn {
    int fd;
    int passed;     /* a descriptor that came along, else -1; the caller's to take */
    struct buffer in, out;
};

/* Reads what is there; -1 when the other side has gone. */
int conn_receive(struct conn *c);
/* The next complete frame, valid until the next conn_receive. 1, 0 for none, -1 when it is none. */
int conn_next(struct conn *c, struct frame *f);
/* Writes what can be written; 1 when something is left, -1 when the other side has gone. */
int conn_flush(struct conn *c);
void conn_close(struct conn *c);
/* `error <n> <kind> <what> <path> <errno> <text>` */
void conn_error(struct conn *c, const char *number, const struct error *e);

#endif
