#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "dns.h"

enum { CLIENTS = 512, CLIENTS_EACH = 32, IDLE_MS = 10000, QUERY_MAX = 4096 };

/* A connection of a container. One query at a time: the next is read when the answer has been written. */
struct tcp_client {
    struct source source;
    struct tcp_client *next;
    struct asker *asker;
    int64_t deadline;
    int waiting;         /* for the answer */
    size_t got;          /* of length and query */
    uint8_t query[QUERY_MAX + 2];
    uint8_t *answer;     /* what is still to be written, NULL: nothing */
    size_t answer_size, written;
};

static struct tcp_client *clients;
static int client_count;

static void free_client(struct source *s)
{
    struct tcp_client *c = (struct tcp_client *)(void *)s;
    free(c->answer);
    free(c);
    client_count--;
}

static void end(struct tcp_client *c)
{
    struct tcp_client **at = &clients;
    while (*at != NULL && *at != c)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = c->next;
    c->asker->clients--;
    dns_unwanted(c);
    loop_close(&c->source);
}

/* Hands over the query once it is complete. Returns whether it was. */
static int take_query(struct tcp_client *c)
{
    if (c->got < 2)
        return 0;
    size_t length = (size_t)(c->query[0] << 8 | c->query[1]);
    if (length < DNS_HEADER || length > QUERY_MAX) {
        end(c);
        return 1;
    }
    if (c->got < length + 2)
        return 0;
    c->waiting = 1;
    c->deadline = loop_now() + 2 * IDLE_MS;
    loop_change(&c->source, 0);
    struct way_back back = {.asker = c->asker, .client = c};
    dns_handle(&back, c->query + 2, length);
    return 1;
}

static void read_query(struct tcp_client *c)
{
    size_t wanted = c->got < 2 ? 2 : (size_t)(c->query[0] << 8 | c->query[1]) + 2;
    ssize_t got = recv(c->source.fd, c->query + c->got, wanted - c->got, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        end(c);
        return;
    }
    c->got += (size_t)got;
    if (!take_query(c) && c->got == 2)
        read_query(c); /* the length is known now */
}

static void write_answer(struct tcp_client *c)
{
    ssize_t sent = send(c->source.fd, c->answer + c->written, c->answer_size - c->written, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        end(c);
        return;
    }
    c->written += sent > 0 ? (size_t)sent : 0;
    if (c->written < c->answer_size) {
        loop_change(&c->source, EPOLLOUT);
        return;
    }
    free(c->answer);
    c->answer = NULL;
    c->got = 0;
    c->waiting = 0;
    c->deadline = loop_now() + IDLE_MS;
    loop_change(&c->source, EPOLLIN);
}

void dns_respond_tcp(struct tcp_client *c, const uint8_t *answer, size_t size)
{
    c->answer = malloc(size + 2);
    if (c->answer == NULL) {
        end(c);
        return;
    }
    c->answer[0] = (uint8_t)(size >> 8);
    c->answer[1] = (uint8_t)size;
    memcpy(c->answer + 2, answer, size);
    c->answer_size = size + 2;
    c->written = 0;
    write_answer(c);
}

static void client_ready(struct source *s, uint32_t events)
{
    struct tcp_client *c = (struct tcp_client *)(void *)s;
    if (c->answer != NULL)
        write_answer(c);
    else if (!c->waiting)
        read_query(c);
    else if (events & (EPOLLERR | EPOLLHUP))
        end(c);
}

void dns_accept(struct asker *a)
{
    int fd = accept4(a->tcp.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct tcp_client *c = a->clients < CLIENTS_EACH && client_count < CLIENTS ? calloc(1, sizeof *c) : NULL;
    if (c == NULL) {
        close(fd);
        return;
    }
    c->source = (struct source){.fd = fd, .ready = client_ready, .release = free_client};
    c->asker = a;
    c->deadline = loop_now() + IDLE_MS;
    c->next = clients;
    clients = c;
    client_count++;
    a->clients++;
    if (loop_add(&c->source, EPOLLIN) != 0)
        end(c);
}

int dns_tick_tcp(const struct asker *gone)
{
    struct tcp_client *next;
    for (struct tcp_client *c = clients; c != NULL; c = next) {
        next = c->next;
        if (c->asker == gone || c->deadline <= loop_now())
            end(c);
    }
    return clients != NULL;
}
