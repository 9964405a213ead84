/* Shared by the parts of the dns process: who asks, and the way back to them. */
#ifndef JCR_DNS_H
#define JCR_DNS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "dns_message.h"
#include "dns_names.h"
#include "loop.h"

enum { DNS_NETWORKS = 32, DNS_SERVERS = 8, DNS_TIMEOUT_MS = 2000 };

struct dns_servers {
    struct sockaddr_storage address[DNS_SERVERS];
    int count;
};

/* A container whose names we answer. */
struct asker {
    struct source udp, tcp; /* `udp` first: releasing it frees the asker, so that `tcp` is only dropped */
    struct asker *next;
    char id[16];
    struct zone *zones[DNS_NETWORKS];
    int zone_count;
    char *aliases; /* pairs of words, lower case: a name for this asker only, and what it stands for */
    struct dns_servers own; /* instead of the host's, when there are any */
    int internal;
    int forwarding, clients; /* how much it has in flight */
};

struct tcp_client;

/* Where one answer goes: back over UDP, or to a TCP connection. */
struct way_back {
    struct asker *asker;
    struct sockaddr_in address;
    struct tcp_client *client; /* NULL: UDP */
};

void dns_respond(const struct way_back *back, const uint8_t *answer, size_t size);

/* ---- tcp clients (dns_tcp.c) ---- */

/* To be called when the asker's TCP socket is ready. */
void dns_accept(struct asker *a);
void dns_respond_tcp(struct tcp_client *c, const uint8_t *answer, size_t size);
/* Ends idle connections, and all of `gone` unless NULL. Returns whether there are any left. */
int dns_tick_tcp(const struct asker *gone);
/* Answers or forwards one query (dns.c). */
void dns_handle(const struct way_back *back, uint8_t *message, size_t size);

/* ---- forwarding (dns_forward.c) ---- */

void dns_parse_servers(const char *text, struct dns_servers *servers);
/* Asks these servers in turn; the answer, or a failure, goes the way back. */
void dns_forward(const struct way_back *back, const struct dns_servers *servers, const uint8_t *query, size_t size, const struct dns_question *q);
/* Moves on where a server has been silent for too long; drops all of `gone` unless NULL. Returns whether there are any left. */
int dns_tick_forward(const struct asker *gone);
/* The connection is gone: its answers are not wanted any more. */
void dns_unwanted(const struct tcp_client *c);

#endif
