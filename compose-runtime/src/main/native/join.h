/* Another process inside a running container: probes and `exec`. */
#ifndef JCR_JOIN_H
#define JCR_JOIN_H

#include <sys/types.h>

#include "command.h"

struct join {
    const struct plan *plan;
    const struct command *command;
    int payload;            /* the container's first process, as a pidfd */
    int streams[3];         /* standard streams of the new process; -1: /dev/null */
    int terminal;           /* wants one; gets the master side, else -1 */
    /* filled: a child of the caller */
    pid_t pid;
    int pidfd;
};

/* 0 once the command has been executed. */
int join_run(struct join *j, struct error *e);

#endif
