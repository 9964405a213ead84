#define _GNU_SOURCE
#include "dns.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "netd.h"

enum { ADDRESSES = 4096, DATAGRAMS_AT_ONCE = 64, TICK_MS = 250, ASKERS = 4096 };

static struct source supervisor;
static struct asker *askers;
static int asker_count;
static struct dns_servers host;
static unsigned rotation;

/* ---- answers ---- */

void dns_respond(const struct way_back *back, const uint8_t *answer, size_t size)
{
    if (back->client != NULL)
        dns_respond_tcp(back->client, answer, size);
    else if (back->asker->udp.fd >= 0)
        sendto(back->asker->udp.fd, answer, size, MSG_DONTWAIT, (const struct sockaddr *)&back->address, sizeof back->address);
}

static void refuse(const struct way_back *back, const uint8_t *query, const struct dns_question *q, int code)
{
    uint8_t answer[DNS_PLAIN_LIMIT];
    dns_respond(back, answer, dns_refusal(answer, query, q, code));
}

/* What a name of the asker's own stands for, else the name itself. */
static const char *unalias(const struct asker *a, const char *name, char real[DNS_NAME])
{
    size_t length = strlen(name);
    for (const char *at = a->aliases; *at != 0;) {
        const char *meant = at + strcspn(at, " ");
        size_t this = (size_t)(meant - at);
        meant += *meant == ' ';
        size_t size = strcspn(meant, " ");
        if (this == length && memcmp(at, name, length) == 0 && size < DNS_NAME) {
            memcpy(real, meant, size);
            real[size] = 0;
            return real;
        }
        at = meant + size + (meant[size] == ' ');
    }
    return name;
}

/* Keeps the addresses a question of this type is about, and returns how many there are. */
static int of_type(struct zone_address *addresses, int count, int type)
{
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (type == DNS_A || type == DNS_ANY || (type == DNS_AAAA && addresses[i].has_v6))
            addresses[kept++] = addresses[i];
    return kept;
}

/* Answers from the names of the asker's networks. Returns 0 when the name is none of them. */
static int answer_name(const struct way_back *back, const uint8_t *query, const struct dns_question *q)
{
    static struct zone_address addresses[ADDRESSES];
    static uint8_t answer[DNS_MESSAGE_MAX];
    int known = 0, count = 0;
    char real[DNS_NAME];
    const char *name = unalias(back->asker, q->name, real);
    for (int i = 0; i < back->asker->zone_count; i++) {
        int found = zone_find(back->asker->zones[i], name, addresses + count, ADDRESSES - count);
        known |= found >= 0;
        count += found > 0 ? found : 0;
    }
    if (!known)
        return 0;
    count = of_type(addresses, count, q->type);
    size_t limit = back->client != NULL ? sizeof answer : q->limit;
    dns_respond(back, answer, dns_addresses(answer, limit, query, q, addresses, (size_t)count, rotation++));
    return 1;
}

static int answer_address(const struct way_back *back, const uint8_t *query, const struct dns_question *q)
{
    uint8_t answer[DNS_PLAIN_LIMIT + DNS_NAME];
    char name[2 * DNS_NAME];
    struct zone_address address = {0};
    if (!dns_reverse(q->name, &address.v4) && !(address.has_v6 = dns_reverse6(q->name, address.v6)))
        return 0;
    for (int i = 0; i < back->asker->zone_count; i++) {
        if (!zone_reverse(back->asker->zones[i], &address, name, sizeof name))
            continue;
        if (q->type == DNS_PTR || q->type == DNS_ANY)
            dns_respond(back, answer, dns_pointer(answer, query, q, name));
        else
            refuse(back, query, q, DNS_NOERROR);
        return 1;
    }
    return 0;
}

void dns_handle(const struct way_back *back, uint8_t *message, size_t size)
{
    struct dns_question q;
    int code = dns_parse(message, size, &q);
    if (code < 0)
        return;
    if (code != DNS_NOERROR) {
        refuse(back, message, &q, code);
        return;
    }
    if (q.name[0] != 0 && (q.class == DNS_IN || q.class == DNS_ANY)) {
        zones_refresh();
        if (answer_name(back, message, &q) || answer_address(back, message, &q))
            return;
    }
    const struct dns_servers *servers = back->asker->own.count > 0 ? &back->asker->own : &host;
    if (back->asker->internal)
        refuse(back, message, &q, DNS_NXDOMAIN);
    else if (servers->count == 0)
        refuse(back, message, &q, DNS_SERVFAIL);
    else
        dns_forward(back, servers, message, size, &q);
}

static void receive_queries(struct source *s, uint32_t events)
{
    static uint8_t message[DNS_UDP_LIMIT];
    struct way_back back = {.asker = (struct asker *)(void *)s};
    (void)events;
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        socklen_t length = sizeof back.address;
        ssize_t got = recvfrom(s->fd, message, sizeof message, MSG_DONTWAIT, (struct sockaddr *)&back.address, &length);
        if (got < 0 && errno != ECONNREFUSED)
            return;
        if (got >= 0)
            dns_handle(&back, message, (size_t)got);
    }
}

/* ---- askers ---- */

static void free_asker(struct source *s)
{
    struct asker *a = (struct asker *)(void *)s;
    for (int i = 0; i < a->zone_count; i++)
        zone_put(a->zones[i]);
    free(a->aliases);
    free(a);
    asker_count--;
}

static void accept_clients(struct source *s, uint32_t events)
{
    (void)events;
    dns_accept((struct asker *)(void *)((char *)s - offsetof(struct asker, tcp)));
}

static void remove_asker(const char *id)
{
    for (struct asker **at = &askers; *at != NULL;) {
        struct asker *a = *at;
        if (strcmp(a->id, id) != 0) {
            at = &a->next;
            continue;
        }
        *at = a->next;
        dns_tick_tcp(a);
        dns_tick_forward(a);
        loop_drop(&a->tcp);
        loop_close(&a->udp);
    }
}

static void get_zones(struct asker *a, char *networks)
{
    char *rest;
    for (char *n = strtok_r(networks, " ", &rest); n != NULL && a->zone_count < DNS_NETWORKS; n = strtok_r(NULL, " ", &rest)) {
        struct zone *z = zone_get(n);
        if (z != NULL)
            a->zones[a->zone_count++] = z;
    }
}

static void add_asker(struct netd_message *m, const int *fds)
{
    struct asker *a = asker_count < ASKERS ? calloc(1, sizeof *a) : NULL;
    if (a == NULL) {
        close(fds[0]);
        close(fds[1]);
        return;
    }
    asker_count++;
    char *rest = m->text, *networks = strsep(&rest, "\n"), *servers = strsep(&rest, "\n");
    dns_parse_servers(servers != NULL ? servers : "", &a->own);
    for (char *c = rest; c != NULL && *c != 0; c++)
        *c = (char)tolower((unsigned char)*c);
    a->aliases = strdup(rest != NULL ? rest : "");
    get_zones(a, networks);
    a->internal = m->internal;
    snprintf(a->id, sizeof a->id, "%.15s", m->id);
    a->udp = (struct source){.fd = fds[0], .ready = receive_queries, .release = free_asker};
    a->tcp = (struct source){.fd = fds[1], .ready = accept_clients};
    a->next = askers;
    askers = a;
    if (a->aliases == NULL || loop_add(&a->udp, EPOLLIN) != 0 || loop_add(&a->tcp, EPOLLIN) != 0)
        remove_asker(a->id);
}

/* ---- process ---- */

static void obey(struct source *s, uint32_t events)
{
    static struct netd_message m;
    int fds[2], count = 2, got;
    (void)events;
    while ((got = netd_receive(s->fd, &m, fds, &count)) > 0) {
        m.id[sizeof m.id - 1] = 0;
        if (m.operation == NETD_ADD_DNS && count == 2)
            add_asker(&m, fds);
        else if (m.operation == NETD_REMOVE)
            remove_asker(m.id);
        else if (m.operation == NETD_RESOLVERS)
            dns_parse_servers(m.text, &host);
        count = 2;
    }
    if (got < 0)
        loop_stop();
}

static int tick(void)
{
    int clients = dns_tick_tcp(NULL);
    return dns_tick_forward(NULL) || clients ? TICK_MS : -1;
}

int dns_main(int control, const char *root)
{
    static const int allowed[] = {
        SYS_read, SYS_readv, SYS_write, SYS_writev, SYS_close, SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_accept4,
        SYS_connect, SYS_setsockopt, SYS_getsockopt, SYS_epoll_ctl, SYS_epoll_pwait, SYS_openat, SYS_getdents64, SYS_fstat,
        SYS_fcntl, SYS_lseek, SYS_inotify_add_watch, SYS_inotify_rm_watch, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise,
        SYS_clock_gettime, SYS_getrandom, SYS_rt_sigreturn, SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_newfstatat,
#ifdef SYS_open
        SYS_open, SYS_epoll_wait,
#endif
    };
    supervisor = (struct source){.fd = control, .ready = obey};
    if (loop_open() != 0 || loop_add(&supervisor, EPOLLIN) != 0 || zones_open() != 0)
        return -1;
    if (confine(root, allowed, sizeof allowed / sizeof *allowed) != 0)
        return -1;
    loop_run(tick);
    return 0;
}
