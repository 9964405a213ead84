/* DNS messages: reading a question out of untrusted bytes, writing the few answers we give ourselves. No state, no input or output. */
#ifndef JCR_DNS_MESSAGE_H
#define JCR_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "dns_names.h"

enum { DNS_NOERROR = 0, DNS_FORMERR = 1, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_NOTIMP = 4, DNS_BADVERS = 16 };
enum { DNS_A = 1, DNS_PTR = 12, DNS_AAAA = 28, DNS_OPT = 41, DNS_ANY = 255, DNS_IN = 1 };
enum { DNS_HEADER = 12, DNS_NAME = 256, DNS_PLAIN_LIMIT = 512, DNS_UDP_LIMIT = 4096, DNS_MESSAGE_MAX = 65535 };

struct dns_question {
    char name[DNS_NAME]; /* lower case, dots between labels; "" for the root and for names with bytes no host name has */
    uint16_t type, class;
    size_t end;          /* where the question section ends */
    int edns;            /* the asker understands EDNS */
    size_t limit;        /* the longest answer it takes over UDP */
};

/* Reads a query. Returns DNS_NOERROR, the code to answer a bad one with, or -1 when it deserves no answer. */
int dns_parse(const uint8_t *message, size_t size, struct dns_question *q);

/* Is `answer` one to exactly this query: same id, question, and a response? */
int dns_answers(const uint8_t *answer, size_t size, const uint8_t *query, size_t query_size, const struct dns_question *q);
int dns_truncated(const uint8_t *message);
int dns_code(const uint8_t *message);
uint16_t dns_id(const uint8_t *message);
void dns_set_id(uint8_t *message, uint16_t id);

/* All of these write an answer to `query` into `out` (at least DNS_PLAIN_LIMIT bytes, no more than `limit`) and return its size. */
size_t dns_refusal(uint8_t *out, const uint8_t *query, const struct dns_question *q, int code);
/* Of the type asked for (IPv6 addresses for AAAA), beginning with the one at `first`; those that do not fit are left out and the answer is marked as truncated. */
size_t dns_addresses(uint8_t *out, size_t limit, const uint8_t *query, const struct dns_question *q, const struct zone_address *addresses,
                     size_t count, size_t first);
size_t dns_pointer(uint8_t *out, const uint8_t *query, const struct dns_question *q, const char *name);

/* The address a name such as 4.3.2.1.in-addr.arpa stands for. Returns 1, or 0 when it is no such name. */
int dns_reverse(const char *name, uint32_t *address);
/* The same for ip6.arpa. */
int dns_reverse6(const char *name, uint8_t address[16]);

#endif
