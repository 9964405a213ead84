/* The first process of a container as its monitor sees it: its own child, or adopted from a monitor that died. */
#ifndef JCR_PAYLOAD_H
#define JCR_PAYLOAD_H

#include "launch.h"

enum { UNKNOWN_CODE = 255 };

struct payload {
    pid_t pid;
    int pidfd;                  /* -1: none */
    int is_child, has_ended;
    int status;                 /* of wait, told by the supervisor; -1: not yet */
    long long give_up_at;       /* until then somebody may still tell the exit code */
};

void payload_of_launch(struct payload *p, const struct launch *l);
/* -1 when there is no such process any more. */
int payload_adopt(struct payload *p, pid_t pid, unsigned long long start);
/* What to poll its descriptor for. */
int payload_events(const struct payload *p);
/* The supervisor, which has inherited it, reaped it. */
void payload_reaped(struct payload *p, pid_t pid, int status);
/* 1 once it has ended, with its exit code: 255 when nobody knows. */
int payload_ended(struct payload *p, int events, int *code);
int payload_code(int status);
/* It has a process namespace of its own: nothing can outlive it. */
int payload_is_alone(const struct plan *p);

#endif
