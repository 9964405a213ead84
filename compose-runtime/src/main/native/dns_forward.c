#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "dns.h"

enum { QUERIES = 2048, QUERIES_EACH = 256, ROUNDS = 2, SERVER_PORT = 53 };

/* A query on its way through the servers. Each attempt has a socket, and so a source port, of its own. */
struct query {
    struct source source;
    struct query *next;
    struct way_back back;
    struct dns_servers servers;
    int attempt;          /* servers asked so far */
    int64_t deadline;
    uint16_t id;          /* the asker's */
    struct dns_question question;
    size_t size;
    uint8_t *message;     /* two bytes of length, as TCP wants, then the query with an id of our own */
    uint8_t *answer;      /* TCP only: what has come so far */
    size_t answer_got;
};

static struct query *queries;
static int query_count;

void dns_parse_servers(const char *text, struct dns_servers *servers)
{
    char address[64];
    memset(servers, 0, sizeof *servers);
    for (const char *at = text; *at != 0 && servers->count < DNS_SERVERS;) {
        size_t length = strcspn(at, " ");
        struct sockaddr_in *v4 = (void *)&servers->address[servers->count];
        struct sockaddr_in6 *v6 = (void *)v4;
        if (length > 0 && length < sizeof address) {
            memcpy(address, at, length);
            address[length] = 0;
            if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
                v4->sin_family = AF_INET;
                v4->sin_port = htons(SERVER_PORT);
                servers->count++;
            } else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
                v6->sin6_family = AF_INET6;
                v6->sin6_port = htons(SERVER_PORT);
                servers->count++;
            }
        }
        at += length + (at[length] == ' ');
    }
}

/* ---- ends ---- */

static void free_query(struct source *s)
{
    struct query *r = (struct query *)(void *)s;
    free(r->message);
    free(r->answer);
    free(r);
    query_count--;
}

static void end(struct query *r)
{
    struct query **at = &queries;
    while (*at != NULL && *at != r)
        at = &(*at)->next;
    if (*at == NULL)
        return;
    *at = r->next;
    r->back.asker->forwarding--;
    loop_drop(&r->source);
    loop_release(&r->source);
}

static void succeed(struct query *r, uint8_t *answer, size_t size)
{
    dns_set_id(answer, r->id);
    struct way_back back = r->back;
    dns_respond(&back, answer, size);
    end(r);
}

static void give_up(struct query *r)
{
    uint8_t answer[DNS_PLAIN_LIMIT];
    dns_set_id(r->message + 2, r->id);
    size_t size = dns_refusal(answer, r->message + 2, &r->question, DNS_SERVFAIL);
    struct way_back back = r->back;
    dns_respond(&back, answer, size);
    end(r);
}

/* ---- attempts ---- */

static void query_ready(struct source *s, uint32_t events);

static int over_tcp(const struct query *r)
{
    return r->back.client != NULL;
}

static int last_attempt(const struct query *r)
{
    int limit = r->servers.count > ROUNDS ? r->servers.count : ROUNDS;
    return r->attempt >= limit;
}

/* Opens a socket to the server whose turn it is. */
static int contact(struct query *r)
{
    const struct sockaddr_storage *server = &r->servers.address[r->attempt % r->servers.count];
    int type = over_tcp(r) ? SOCK_STREAM : SOCK_DGRAM;
    int fd = socket(server->ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t length = server->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    uint16_t id;
    r->attempt++;
    if (fd < 0)
        return -1;
    r->source.fd = fd;
    if ((connect(fd, (const struct sockaddr *)server, length) != 0 && errno != EINPROGRESS)
        || getrandom(&id, sizeof id, 0) != sizeof id || loop_add(&r->source, over_tcp(r) ? EPOLLOUT : EPOLLIN) != 0) {
        close(fd);
        r->source.fd = -1;
        return -1;
    }
    dns_set_id(r->message + 2, id);
    r->answer_got = 0;
    r->deadline = loop_now() + DNS_TIMEOUT_MS;
    if (!over_tcp(r))
        send(fd, r->message + 2, r->size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return 0;
}

/* The next server that can be contacted, or the end. */
static void next_server(struct query *r)
{
    loop_drop(&r->source);
    while (!last_attempt(r)) {
        if (contact(r) == 0)
            return;
    }
    give_up(r);
}

/* An answer that another server may know better. */
static int unhelpful(const uint8_t *answer)
{
    return dns_code(answer) != DNS_NOERROR && dns_code(answer) != DNS_NXDOMAIN;
}

static void take_answer(struct query *r, uint8_t *answer, size_t size)
{
    if (!dns_answers(answer, size, r->message + 2, r->size, &r->question))
        return;
    if (unhelpful(answer) && r->attempt < r->servers.count)
        next_server(r);
    else
        succeed(r, answer, size);
}

static void receive_udp(struct query *r)
{
    static uint8_t answer[DNS_MESSAGE_MAX];
    ssize_t got = recv(r->source.fd, answer, sizeof answer, MSG_DONTWAIT);
    if (got >= 0)
        take_answer(r, answer, (size_t)got);
    else if (errno != EAGAIN && errno != EINTR)
        next_server(r);
}

static void send_tcp(struct query *r)
{
    r->message[0] = (uint8_t)(r->size >> 8);
    r->message[1] = (uint8_t)r->size;
    if (send(r->source.fd, r->message, r->size + 2, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)r->size + 2)
        loop_change(&r->source, EPOLLIN);
    else if (errno != EAGAIN)
        next_server(r);
}

static void receive_tcp(struct query *r)
{
    if (r->answer == NULL)
        r->answer = malloc(DNS_MESSAGE_MAX + 2);
    if (r->answer == NULL) {
        give_up(r);
        return;
    }
    ssize_t got = recv(r->source.fd, r->answer + r->answer_got, DNS_MESSAGE_MAX + 2 - r->answer_got, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        next_server(r);
        return;
    }
    r->answer_got += (size_t)got;
    size_t size = r->answer_got < 2 ? DNS_MESSAGE_MAX : (size_t)(r->answer[0] << 8 | r->answer[1]);
    if (r->answer_got < size + 2)
        return;
    if (dns_answers(r->answer + 2, size, r->message + 2, r->size, &r->question))
        take_answer(r, r->answer + 2, size);
    else
        next_server(r);
}

static void query_ready(struct source *s, uint32_t events)
{
    struct query *r = (struct query *)(void *)s;
    if (!over_tcp(r))
        receive_udp(r);
    else if (events & EPOLLIN)
        receive_tcp(r);
    else if (events & (EPOLLERR | EPOLLHUP))
        next_server(r);
    else
        send_tcp(r);
}

/* ---- begin ---- */

static struct query *make_query(const struct way_back *back, const struct dns_servers *servers, const uint8_t *query, size_t size)
{
    struct query *r = calloc(1, sizeof *r);
    uint8_t *message = malloc(size + 2);
    if (r == NULL || message == NULL) {
        free(r);
        free(message);
        return NULL;
    }
    memcpy(message + 2, query, size);
    *r = (struct query){.source = {.fd = -1, .ready = query_ready, .release = free_query},
                        .next = queries,
                        .back = *back,
                        .servers = *servers,
                        .id = dns_id(query),
                        .size = size,
                        .message = message};
    return r;
}

void dns_forward(const struct way_back *back, const struct dns_servers *servers, const uint8_t *query, size_t size, const struct dns_question *q)
{
    uint8_t answer[DNS_PLAIN_LIMIT];
    int room = query_count < QUERIES && back->asker->forwarding < QUERIES_EACH;
    struct query *r = room ? make_query(back, servers, query, size) : NULL;
    if (r == NULL) {
        dns_respond(back, answer, dns_refusal(answer, query, q, DNS_SERVFAIL));
        return;
    }
    r->question = *q;
    queries = r;
    query_count++;
    back->asker->forwarding++;
    next_server(r);
}

int dns_tick_forward(const struct asker *gone)
{
    struct query *next;
    for (struct query *r = queries; r != NULL; r = next) {
        next = r->next;
        if (r->back.asker == gone)
            end(r);
        else if (r->deadline <= loop_now())
            next_server(r);
    }
    return queries != NULL;
}

void dns_unwanted(const struct tcp_client *c)
{
    struct query *next;
    for (struct query *r = queries; r != NULL; r = next) {
        next = r->next;
        if (r->back.client == c)
            end(r);
    }
}
