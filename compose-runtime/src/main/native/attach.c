#include "attach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "files.h"
#include "sys.h"

enum { BACKLOG = 256 << 10, FIRST_CLIENT = 10000, LAST_WORDS = 5000, END_OF_INPUT = 4 };

static int is_foreground(const struct attach *a)
{
    return plan_has(a->plan, "foreground");
}

void attach_open(struct attach *a, const struct plan *p, int run_dir)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    *a = (struct attach){.plan = p, .run_dir = run_dir, .input = -1};
    for (int i = 0; i < ATTACHED_MAX; i++)
        a->clients[i] = (struct conn){.fd = -1, .passed = -1};
    snprintf(name.sun_path, sizeof name.sun_path, "/proc/self/fd/%d/attach", run_dir);
    unlinkat(run_dir, "attach", 0);
    a->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    if (bind(a->listener, (struct sockaddr *)&name, sizeof name) < 0 || listen(a->listener, ATTACHED_MAX) < 0) {
        close(a->listener);
        a->listener = -1;
    }
    umask(before);
}

static void accept_client(struct attach *a)
{
    int fd = accept4(a->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    for (int i = 0; fd >= 0 && i < ATTACHED_MAX; i++)
        if (a->clients[i].fd < 0) {
            a->clients[i] = (struct conn){.fd = fd, .passed = -1};
            return;
        }
    if (fd >= 0)
        close(fd);
}

/* The container's own FIFO, which never ends, unless there is a pipe. */
static void open_input(struct attach *a)
{
    if (a->input < 0 && !is_foreground(a) && plan_has(a->plan, "stdin"))
        a->input = openat(a->run_dir, "in", O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
}

static void close_input(struct attach *a)
{
    if (a->input >= 0)
        close(a->input);
    a->input = -1;
    a->input_ends = 0;
    buffer_free(&a->typed);
}

int attach_input(struct attach *a)
{
    int ends[2];
    if (!is_foreground(a) || !plan_has(a->plan, "stdin") || plan_has(a->plan, "tty") || pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    a->input = ends[1];
    return ends[0];
}

void attach_size(const struct attach *a, int terminal)
{
    struct winsize size = {.ws_row = a->rows, .ws_col = a->columns};
    if (terminal >= 0 && a->rows > 0 && a->columns > 0)
        ioctl(terminal, TIOCSWINSZ, &size);
}

static void end_input(struct attach *a, int terminal)
{
    const char end = END_OF_INPUT;
    if (terminal >= 0)
        buffer_add(&a->typed, &end, 1);
    else if (is_foreground(a))
        a->input_ends = 1;
}

static void take(struct attach *a, const struct frame *f, int terminal)
{
    size_t length;
    const char *bytes = frame_bytes(f, 1, &length);
    if (frame_is(f, "size") && frame_field(f, 2)) {
        a->rows = atoi(frame_field(f, 1));
        a->columns = atoi(frame_field(f, 2));
        a->sized = 1;
        attach_size(a, terminal);
    } else if (frame_is(f, "input") && bytes && plan_has(a->plan, "stdin")) {
        open_input(a);
        buffer_add(&a->typed, bytes, length);
    } else if (frame_is(f, "close")) {
        end_input(a, terminal);
    }
}

static void receive(struct attach *a, struct conn *c, int terminal)
{
    struct frame f;
    int gone = conn_receive(c) < 0, next;
    while ((next = conn_next(c, &f)) == 1)
        take(a, &f, terminal);
    if (gone || next < 0)
        conn_close(c);
}

/* What cannot be written now waits; what nobody will read is thrown away. */
static void type(struct attach *a, int to)
{
    if (to < 0)
        return;
    while (a->typed.end > a->typed.start) {
        ssize_t n = write(to, a->typed.data + a->typed.start, a->typed.end - a->typed.start);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0)
            buffer_free(&a->typed);
        else
            a->typed.start += n;
    }
    if (a->input_ends)
        close_input(a);
}

void attach_await(struct attach *a)
{
    long long deadline = now_ms() + FIRST_CLIENT;
    if (!is_foreground(a) || a->listener < 0)
        return;
    while (!a->sized && now_ms() < deadline) {
        struct pollfd fds[ATTACH_POLLED];
        attach_poll(a, fds, -1);
        poll(fds, ATTACH_POLLED, (int)(deadline - now_ms()));
        attach_serve(a, fds, -1);
    }
}

void attach_poll(const struct attach *a, struct pollfd *fds, int terminal)
{
    int waiting = a->typed.end > a->typed.start || a->input_ends, to = terminal >= 0 ? terminal : a->input;
    int hungry = a->typed.end - a->typed.start < BACKLOG;
    fds[0] = (struct pollfd){a->listener, POLLIN, 0};
    fds[1] = (struct pollfd){waiting ? to : -1, POLLOUT, 0};
    for (int i = 0; i < ATTACHED_MAX; i++) {
        const struct buffer *out = &a->clients[i].out;
        fds[2 + i] = (struct pollfd){a->clients[i].fd, (hungry ? POLLIN : 0) | (out->end > out->start ? POLLOUT : 0), 0};
    }
}

void attach_serve(struct attach *a, const struct pollfd *fds, int terminal)
{
    for (int i = 0; i < ATTACHED_MAX; i++) {
        struct conn *c = &a->clients[i];
        if (c->fd >= 0 && fds[2 + i].fd == c->fd && (fds[2 + i].revents & (POLLIN | POLLHUP | POLLERR)))
            receive(a, c, terminal);
        if (c->fd >= 0 && c->out.end > c->out.start && conn_flush(c) < 0)
            conn_close(c);
    }
    if (fds[0].revents)
        accept_client(a);
    if (a->typed.end > a->typed.start || a->input_ends)
        type(a, terminal >= 0 ? terminal : a->input);
}

void attach_output(void *to, char stream, const char *bytes, size_t length)
{
    struct attach *a = to;
    const char name[] = {stream, '\0'};
    for (int i = 0; i < ATTACHED_MAX; i++) {
        struct conn *c = &a->clients[i];
        if (c->fd < 0)
            continue;
        size_t begin = frame_begin(&c->out, "output");
        frame_add(&c->out, name);
        buffer_add(&c->out, bytes, length);
        frame_end(&c->out, begin);
        if (conn_flush(c) < 0)
            conn_close(c);
    }
}

int attach_is_full(const struct attach *a)
{
    for (int i = 0; i < ATTACHED_MAX; i++)
        if (a->clients[i].fd >= 0 && a->clients[i].out.end - a->clients[i].out.start > BACKLOG)
            return 1;
    return 0;
}

void attach_end(struct attach *a, int code)
{
    char text[12];
    snprintf(text, sizeof text, "%d", code);
    for (int i = 0; i < ATTACHED_MAX; i++) {
        struct conn *c = &a->clients[i];
        if (c->fd < 0)
            continue;
        frame_put(&c->out, "exit", text, NULL);
        while (conn_flush(c) == 1 && poll(&(struct pollfd){c->fd, POLLOUT, 0}, 1, LAST_WORDS) > 0)
            continue;
        conn_close(c);
    }
    close_input(a);
}
