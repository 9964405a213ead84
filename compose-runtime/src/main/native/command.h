/* What runs inside a container, and with which rights: shared by a container's first process, its probes and `exec`. */
#ifndef JCR_COMMAND_H
#define JCR_COMMAND_H

#include <sys/types.h>

#include "plan.h"

enum { GROUPS_MAX = 64 };

struct command {
    const char **argv, **env;
    const char *cwd;
    uid_t uid;
    gid_t gid, groups[GROUPS_MAX];
    int group_count;
    int privileged;     /* keeps all capabilities, no filter */
    int init;           /* a process of ours stays in front: reaps, passes signals on */
    int tty;
    int ends_with_parent;
};

/* The payload as the plan has it; strings stay the plan's, vectors are given back by command_free. */
int command_of_plan(struct command *c, const struct plan *p, struct error *e);
void command_free(struct command *c);
/* Becomes the command. Everything from 3 on is closed when it succeeds; returns only to report a failure. */
int command_run(const struct command *c, const struct plan *p, struct error *e);

#endif
