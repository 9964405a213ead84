/* Who is attached to a container: gets what it writes as it comes, gives it input, sizes its terminal. Over the socket RUN/.../attach
 * go frames. To the client: `output <o|e> <bytes>`, last `exit <code>`. From it: `size <rows> <columns>` first (0 0: no terminal),
 * `input <bytes>`, `close` when its input has ended. */
#ifndef JCR_ATTACH_H
#define JCR_ATTACH_H

#include <poll.h>

#include "conn.h"
#include "plan.h"

enum { ATTACHED_MAX = 8, ATTACH_POLLED = ATTACHED_MAX + 2 };

struct attach {
    const struct plan *plan;
    int run_dir, listener;
    int input;                      /* where the payload reads what is not typed at a terminal; -1: not open */
    int input_ends;                 /* to be closed once all is written */
    int sized;                      /* somebody has said how large the terminal is */
    unsigned short rows, columns;
    struct buffer typed;            /* on its way to the payload */
    struct conn clients[ATTACHED_MAX];
};

void attach_open(struct attach *a, const struct plan *p, int run_dir);
/* Of a container in the foreground: waits for its first client. */
void attach_await(struct attach *a);
/* A pipe as the payload's input, for a container in the foreground: its reading end, or -1. */
int attach_input(struct attach *a);
/* The terminal gets the size that a client has. */
void attach_size(const struct attach *a, int terminal);
/* Fills ATTACH_POLLED places. */
void attach_poll(const struct attach *a, struct pollfd *fds, int terminal);
void attach_serve(struct attach *a, const struct pollfd *fds, int terminal);
/* The payload wrote something: a sink of log_pump. */
void attach_output(void *a, char stream, const char *bytes, size_t length);
/* A client takes its time: the payload has to wait too. */
int attach_is_full(const struct attach *a);
/* A run has ended. */
void attach_end(struct attach *a, int code);

/* `jcr attach DIRECTORY [tty] [stdin] [keys=<bytes, decimal, comma separated>]`: ends as the container does. */
int attach_main(int argc, char **argv);

#endif
