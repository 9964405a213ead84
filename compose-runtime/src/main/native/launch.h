/* One run of a container: namespaces, root, terminal, rights, exec. */
#ifndef JCR_LAUNCH_H
#define JCR_LAUNCH_H

#include <sys/types.h>

#include "plan.h"

enum { NAMESPACES = 5 };

struct launch {
    const struct plan *plan;
    int run_dir;            /* RUN/projects/<project>/<id12> */
    const char *run_path;   /* the same as a path: a mount source has to be found from inside a new mount namespace */
    int net_ns;             /* joined when not -1 */
    int is_step;            /* runs with our own output, and ends with us */
    int input;              /* taken as standard input when not -1 */
    const char *gateway;    /* what `host-gateway` in /etc/hosts stands for */
    /* filled: */
    pid_t pid;
    int pidfd;
    int terminal;           /* the master side, -1 without tty */
    int talk;               /* to the child until it has executed */
    int donors[NAMESPACES]; /* whose namespaces are shared, by kind: their first processes, -1: nobody's */
};

/* Makes the process; it waits to be told to go on, and ends when we do before that. */
int launch_begin(struct launch *l, struct error *e);
/* Lets it go on; 0 once the payload has been executed. */
int launch_finish(struct launch *l, struct error *e);
/* Ends a process that is not to go on. */
void launch_abandon(struct launch *l);

/* Signals and descriptors as a fresh process has them. */
void reset_signals(void);
/* Sends or takes a descriptor together with bytes over a socket. */
int send_with_fd(int socket, const void *bytes, size_t length, int fd);
ssize_t receive_with_fd(int socket, void *bytes, size_t length, int *fd, int flags);

#endif
