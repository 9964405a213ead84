/* A small event loop over epoll for the dns and port processes. */
#ifndef JCR_LOOP_H
#define JCR_LOOP_H

#include <stdint.h>

/* Something that can become ready; to be embedded in what it stands for. */
struct source {
    int fd; /* -1: not in use */
    void (*ready)(struct source *s, uint32_t events);
    void (*release)(struct source *s); /* called once nothing can refer to it any more; may be NULL */
    struct source *next_dead;
};

int loop_open(void);
/* Watches `s->fd` for these events (EPOLL*). -1: no room; the source is not closed then. */
int loop_add(struct source *s, uint32_t events);
void loop_change(struct source *s, uint32_t events);
/* Closes the descriptor now and releases the source after the events at hand. Twice is fine. */
void loop_close(struct source *s);
/* The two halves of that: the source may be used again after the first, and stray events may then reach it. */
void loop_drop(struct source *s);
void loop_release(struct source *s);
/* Runs until `loop_stop`; `tick` is called after every batch of events, and again as many milliseconds later as it returns (-1: not). */
void loop_run(int (*tick)(void));
void loop_stop(void);
/* Milliseconds of a clock that never goes back, as of the current batch. */
int64_t loop_now(void);

#endif
