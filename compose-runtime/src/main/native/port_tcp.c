#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "port.h"

enum {
    CONNECTIONS = 32768,
    ACCEPTS_AT_ONCE = 64,
    CHUNK = 1 << 16,
    SHARE = 16,     /* chunks a direction moves before others get their turn */
    SPARE_PIPES = 32,
    REST_MS = 100   /* of listeners when descriptors have run out */
};

/* Bytes from one socket to another. It has a pipe only while it has bytes under way, so idle connections cost two descriptors. */
struct direction {
    struct source *from, *to;
    int pipe[2];    /* -1: none */
    size_t held;    /* bytes in the pipe */
    int ended;      /* `from` has said its last, and `to` has been told */
};

struct connection {
    struct source client, server; /* `client` first: releasing it frees the connection */
    struct connection *next, **here;
    struct connection *next_turn;
    const struct port *port;
    struct direction up, down;
    int connected, queued;
};

static struct connection *connections, *turns;
static int count, resting;
static int spare[SPARE_PIPES][2], spares;

static struct connection *of_client(struct source *s)
{
    return (struct connection *)(void *)s;
}

static struct connection *of_server(struct source *s)
{
    return (struct connection *)(void *)((char *)s - offsetof(struct connection, server));
}

static void free_connection(struct source *s)
{
    free(of_client(s));
    count--;
}

/* ---- pipes ---- */

static int take_pipe(struct direction *d)
{
    if (d->pipe[0] >= 0)
        return 0;
    if (spares == 0)
        return pipe2(d->pipe, O_CLOEXEC | O_NONBLOCK);
    spares--;
    d->pipe[0] = spare[spares][0];
    d->pipe[1] = spare[spares][1];
    return 0;
}

static void give_pipe(struct direction *d)
{
    if (d->pipe[0] < 0)
        return;
    if (d->held == 0 && spares < SPARE_PIPES) {
        spare[spares][0] = d->pipe[0];
        spare[spares][1] = d->pipe[1];
        spares++;
    } else {
        close(d->pipe[0]);
        close(d->pipe[1]);
    }
    d->pipe[0] = d->pipe[1] = -1;
    d->held = 0;
}

/* ---- connections ---- */

static void leave_turns(const struct connection *c)
{
    struct connection **at = &turns;
    while (*at != NULL && *at != c)
        at = &(*at)->next_turn;
    if (*at != NULL)
        *at = c->next_turn;
}

/* Ends both sides; with a reset when something went wrong, so that neither takes it for a proper end. */
static void end(struct connection *c, int reset)
{
    struct linger now = {.l_onoff = 1};
    if (c->client.fd < 0)
        return;
    if (reset) {
        setsockopt(c->client.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        setsockopt(c->server.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    if (c->queued)
        leave_turns(c);
    give_pipe(&c->up);
    give_pipe(&c->down);
    *c->here = c->next;
    if (c->next != NULL)
        c->next->here = c->here;
    loop_drop(&c->server);
    loop_close(&c->client);
}

enum outcome { QUIET, MORE, BROKEN };

/* Moves what the pipe holds on. */
static enum outcome drain(struct direction *d)
{
    while (d->held > 0) {
        ssize_t moved = splice(d->pipe[0], NULL, d->to->fd, NULL, d->held, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0)
            return errno == EAGAIN ? QUIET : BROKEN;
        d->held -= (size_t)moved;
    }
    return MORE;
}

static enum outcome fill(struct direction *d)
{
    if (take_pipe(d) != 0)
        return BROKEN;
    ssize_t moved;
    do
        moved = splice(d->from->fd, NULL, d->pipe[1], NULL, CHUNK, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    while (moved < 0 && errno == EINTR);
    if (moved > 0) {
        d->held = (size_t)moved;
        return MORE;
    }
    int code = errno;
    give_pipe(d);
    if (moved < 0)
        return code == EAGAIN ? QUIET : BROKEN;
    d->ended = 1;
    shutdown(d->to->fd, SHUT_WR);
    return QUIET;
}

/* Moves bytes until there are none, the other side is full, or the share is used up. */
static enum outcome pump(struct direction *d)
{
    for (int i = 0; i < SHARE && !d->ended; i++) {
        enum outcome o = drain(d);
        if (o == MORE)
            o = fill(d);
        if (o != MORE)
            return o;
    }
    return d->ended ? QUIET : MORE;
}

static void move(struct connection *c)
{
    enum outcome up = pump(&c->up);
    enum outcome down = up == BROKEN ? BROKEN : pump(&c->down);
    if (down == BROKEN) {
        end(c, 1);
    } else if (c->up.ended && c->down.ended) {
        end(c, 0);
    } else if ((up == MORE || down == MORE) && !c->queued) {
        c->queued = 1;
        c->next_turn = turns;
        turns = c;
    }
}

static void client_ready(struct source *s, uint32_t events)
{
    struct connection *c = of_client(s);
    if (events & EPOLLERR)
        end(c, 1);
    else if (c->connected)
        move(c);
}

static void server_ready(struct source *s, uint32_t events)
{
    struct connection *c = of_server(s);
    if (events & EPOLLERR) {
        end(c, 1);
        return;
    }
    if (events & EPOLLOUT)
        c->connected = 1;
    if (c->connected)
        move(c);
}

/* ---- begin ---- */

static void set_up(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

static void refuse(int fd)
{
    struct linger now = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

/* Begins to connect to the container. Returns the socket, or -1. */
static int call(const struct port *p)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    set_up(fd);
    if (connect(fd, (const struct sockaddr *)&p->target, sizeof p->target) == 0 || errno == EINPROGRESS)
        return fd;
    close(fd);
    return -1;
}

static void join(const struct port *p, int client)
{
    int server = call(p);
    struct connection *c = server >= 0 ? calloc(1, sizeof *c) : NULL;
    if (c == NULL) {
        refuse(client);
        if (server >= 0)
            close(server);
        return;
    }
    set_up(client);
    c->client = (struct source){.fd = client, .ready = client_ready, .release = free_connection};
    c->server = (struct source){.fd = server, .ready = server_ready};
    c->up = (struct direction){.from = &c->client, .to = &c->server, .pipe = {-1, -1}};
    c->down = (struct direction){.from = &c->server, .to = &c->client, .pipe = {-1, -1}};
    c->port = p;
    c->next = connections;
    c->here = &connections;
    if (connections != NULL)
        connections->here = &c->next;
    connections = c;
    count++;
    uint32_t events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    if (loop_add(&c->client, events) != 0 || loop_add(&c->server, events) != 0)
        end(c, 1);
}

static void rest(struct port *p)
{
    loop_change(&p->source, 0);
    resting = 1;
}

void port_accept(struct port *p)
{
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        if (count >= CONNECTIONS) {
            rest(p);
            return;
        }
        int client = accept4(p->source.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (client >= 0) {
            join(p, client);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            rest(p);
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

void port_hang_up(const struct port *p)
{
    struct connection *next;
    for (struct connection *c = connections; c != NULL; c = next) {
        next = c->next;
        if (c->port == p)
            end(c, 1);
    }
}

static void take_turns(void)
{
    struct connection *c = turns, *next;
    turns = NULL;
    for (; c != NULL; c = next) {
        next = c->next_turn;
        c->queued = 0;
        if (c->client.fd >= 0)
            move(c);
    }
}

int port_tick_tcp(struct port *ports)
{
    static int64_t wake;
    take_turns();
    if (resting && wake == 0)
        wake = loop_now() + REST_MS;
    if (resting && loop_now() >= wake) {
        for (struct port *p = ports; p != NULL; p = p->next)
            loop_change(&p->source, EPOLLIN);
        resting = 0;
        wake = 0;
    }
    if (turns != NULL)
        return 0;
    return resting ? REST_MS : -1;
}
