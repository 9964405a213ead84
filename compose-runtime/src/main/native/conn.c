#include "conn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launch.h"

enum { CHUNK = 4096 };

int conn_receive(struct conn *c)
{
    for (;;) {
        if (buffer_room(&c->in, CHUNK) < 0)
            return -1;
        ssize_t n = receive_with_fd(c->fd, c->in.data + c->in.end, CHUNK, &c->passed, MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n <= 0)
            return -1;
        c->in.end += n;
        if (n < CHUNK)
            return 0;
    }
}

int conn_next(struct conn *c, struct frame *f)
{
    size_t used;
    int result = frame_take(c->in.data + c->in.start, c->in.end - c->in.start, f, &used);
    if (result == 1)
        c->in.start += used;
    return result;
}

int conn_flush(struct conn *c)
{
    while (c->out.start < c->out.end) {
        ssize_t n = send(c->fd, c->out.data + c->out.start, c->out.end - c->out.start, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 1 : -1;
        c->out.start += n;
    }
    buffer_free(&c->out);
    return 0;
}

void conn_close(struct conn *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    buffer_free(&c->in);
    buffer_free(&c->out);
}

void conn_error(struct conn *c, const char *number, const struct error *e)
{
    char code[12];
    snprintf(code, sizeof code, "%d", e->code);
    frame_put(&c->out, "error", number, e->kind, e->what, e->path, code, e->code ? strerror(e->code) : "", NULL);
}
