#define _GNU_SOURCE
#include "loop.h"

#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64 };

static int epoll = -1, stopped;
static struct source *dead;
static int64_t now;

static void read_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int loop_open(void)
{
    epoll = epoll_create1(EPOLL_CLOEXEC);
    read_clock();
    return epoll >= 0 ? 0 : -1;
}

static int control(struct source *s, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = s};
    return epoll_ctl(epoll, operation, s->fd, &event);
}

int loop_add(struct source *s, uint32_t events)
{
    return control(s, EPOLL_CTL_ADD, events);
}

void loop_change(struct source *s, uint32_t events)
{
    control(s, EPOLL_CTL_MOD, events);
}

void loop_drop(struct source *s)
{
    if (s->fd < 0)
        return;
    control(s, EPOLL_CTL_DEL, 0); /* the supervisor may hold a copy, which would keep it registered */
    close(s->fd);
    s->fd = -1;
}

void loop_release(struct source *s)
{
    s->next_dead = dead;
    dead = s;
}

void loop_close(struct source *s)
{
    if (s->fd < 0)
        return;
    loop_drop(s);
    loop_release(s);
}

static void release_dead(void)
{
    while (dead != NULL) {
        struct source *s = dead;
        dead = s->next_dead;
        if (s->release != NULL)
            s->release(s);
    }
}

void loop_run(int (*tick)(void))
{
    struct epoll_event events[BATCH];
    int again = -1;
    for (stopped = 0; !stopped;) {
        int count = epoll_wait(epoll, events, BATCH, again);
        read_clock();
        for (int i = 0; i < count; i++) {
            struct source *s = events[i].data.ptr;
            if (s->fd >= 0)
                s->ready(s, events[i].events);
        }
        again = tick();
        release_dead();
    }
}

void loop_stop(void)
{
    stopped = 1;
}

int64_t loop_now(void)
{
    return now;
}
