#include "dns_message.h"

#include <stdio.h>
#include <string.h>

enum {
    RESPONSE = 0x80,      /* byte 2 of the header */
    OPCODE = 0x78,
    AUTHORITATIVE = 0x04,
    TRUNCATED = 0x02,
    RECURSION_DESIRED = 0x01,
    RECURSION_AVAILABLE = 0x80, /* byte 3 */
    CODE = 0x0f,
    LABEL_MAX = 63,
    POINTER = 0xc0,
    TTL = 5,
    OPT_SIZE = 11,
    ADDRESS_RECORD = 16,
    ADDRESS_RECORD_6 = 28,
    NIBBLES = 32
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint8_t *put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
    return put16(put16(at, value >> 16), value & 0xffff);
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* Reads the uncompressed name at `at` into text. Returns where it ends, or 0 when it is malformed. */
static size_t read_name(const uint8_t *message, size_t size, size_t at, char text[DNS_NAME])
{
    size_t length = 0, start = at;
    int strange = 0;
    while (at < size && message[at] != 0) {
        size_t label = message[at++];
        if (label > LABEL_MAX || at + label >= size || at + label - start > DNS_NAME - 2)
            return 0;
        if (length > 0)
            text[length++] = '.';
        for (size_t i = 0; i < label; i++) {
            int c = message[at + i];
            strange |= c <= ' ' || c == '.' || c >= 127;
            text[length++] = (char)lower(c);
        }
        at += label;
    }
    text[strange ? 0 : length] = 0;
    return at < size ? at + 1 : 0;
}

/* Skips a name that may be compressed. Returns where it ends, or 0. */
static size_t skip_name(const uint8_t *message, size_t size, size_t at)
{
    while (at < size) {
        size_t label = message[at];
        if (label == 0)
            return at + 1;
        if ((label & POINTER) == POINTER)
            return at + 2 <= size ? at + 2 : 0;
        if (label > LABEL_MAX)
            return 0;
        at += label + 1;
    }
    return 0;
}

/* Looks for EDNS in the records behind the question. */
static int read_options(const uint8_t *message, size_t size, struct dns_question *q)
{
    unsigned records = (unsigned)get16(message + 6) + get16(message + 8) + get16(message + 10);
    size_t at = q->end;
    for (unsigned i = 0; i < records; i++) {
        size_t body = skip_name(message, size, at);
        if (body == 0 || body + 10 > size || body + 10 + get16(message + body + 8) > size)
            return DNS_FORMERR;
        if (get16(message + body) == DNS_OPT) {
            if (q->edns || message[at] != 0)
                return DNS_FORMERR;
            size_t limit = get16(message + body + 2);
            q->edns = 1;
            q->limit = limit < DNS_PLAIN_LIMIT ? DNS_PLAIN_LIMIT : limit > DNS_UDP_LIMIT ? DNS_UDP_LIMIT : limit;
            if (message[body + 5] != 0)
                return DNS_BADVERS;
        }
        at = body + 10 + get16(message + body + 8);
    }
    return DNS_NOERROR;
}

int dns_parse(const uint8_t *message, size_t size, struct dns_question *q)
{
    memset(q, 0, sizeof *q);
    q->end = DNS_HEADER;
    q->limit = DNS_PLAIN_LIMIT;
    if (size < DNS_HEADER || (message[2] & RESPONSE) != 0)
        return -1;
    if ((message[2] & OPCODE) != 0)
        return DNS_NOTIMP;
    if (get16(message + 4) != 1)
        return DNS_FORMERR;
    size_t end = read_name(message, size, DNS_HEADER, q->name);
    if (end == 0 || end + 4 > size)
        return DNS_FORMERR;
    q->type = get16(message + end);
    q->class = get16(message + end + 2);
    q->end = end + 4;
    return read_options(message, size, q);
}

int dns_answers(const uint8_t *answer, size_t size, const uint8_t *query, size_t query_size, const struct dns_question *q)
{
    if (size < DNS_HEADER || q->end > query_size || (answer[2] & RESPONSE) == 0 || get16(answer) != get16(query))
        return 0;
    if (get16(answer + 4) == 0)
        return dns_code(answer) != DNS_NOERROR; /* some servers refuse without repeating the question */
    if (get16(answer + 4) != 1 || size < q->end)
        return 0;
    for (size_t i = DNS_HEADER; i < q->end; i++) {
        if (lower(answer[i]) != lower(query[i]))
            return 0;
    }
    return 1;
}

int dns_truncated(const uint8_t *message)
{
    return (message[2] & TRUNCATED) != 0;
}

int dns_code(const uint8_t *message)
{
    return message[3] & CODE;
}

uint16_t dns_id(const uint8_t *message)
{
    return get16(message);
}

void dns_set_id(uint8_t *message, uint16_t id)
{
    put16(message, id);
}

/* Header and question of the answer. Returns where the records go. */
static uint8_t *begin(uint8_t *out, const uint8_t *query, const struct dns_question *q, int code)
{
    memcpy(out, query, q->end);
    out[2] = (uint8_t)(RESPONSE | (query[2] & (OPCODE | RECURSION_DESIRED)) | (code == DNS_NOERROR ? AUTHORITATIVE : 0));
    out[3] = (uint8_t)(RECURSION_AVAILABLE | (code & CODE));
    memset(out + 4, 0, 8);
    put16(out + 4, q->end > DNS_HEADER ? 1 : 0);
    return out + q->end;
}

static size_t finish(uint8_t *out, uint8_t *at, const struct dns_question *q, unsigned answers, int code)
{
    put16(out + 6, answers);
    if (q->edns) {
        put16(out + 10, 1);
        *at++ = 0;
        at = put16(put16(at, DNS_OPT), DNS_UDP_LIMIT);
        at = put16(put32(at, (uint32_t)(code >> 4) << 24), 0);
    }
    return (size_t)(at - out);
}

size_t dns_refusal(uint8_t *out, const uint8_t *query, const struct dns_question *q, int code)
{
    return finish(out, begin(out, query, q, code), q, 0, code);
}

static uint8_t *record(uint8_t *at, unsigned type, unsigned length)
{
    at = put16(at, POINTER << 8 | DNS_HEADER);
    at = put16(put16(at, type), DNS_IN);
    return put16(put32(at, TTL), length);
}

size_t dns_addresses(uint8_t *out, size_t limit, const uint8_t *query, const struct dns_question *q, const struct zone_address *addresses,
                     size_t count, size_t first)
{
    uint8_t *at = begin(out, query, q, DNS_NOERROR);
    size_t space = limit - q->end - (q->edns ? OPT_SIZE : 0);
    size_t size = q->type == DNS_AAAA ? ADDRESS_RECORD_6 : ADDRESS_RECORD;
    size_t fitting = count * size <= space ? count : space / size;
    for (size_t i = 0; i < fitting; i++) {
        const struct zone_address *a = &addresses[(first + i) % count];
        if (q->type == DNS_AAAA)
            at = (uint8_t *)memcpy(record(at, DNS_AAAA, sizeof a->v6), a->v6, sizeof a->v6) + sizeof a->v6;
        else
            at = put32(record(at, DNS_A, 4), a->v4);
    }
    if (fitting < count)
        out[2] |= TRUNCATED;
    return finish(out, at, q, (unsigned)fitting, DNS_NOERROR);
}

/* Writes a name's labels; "" when it is not fit to be one. */
static uint8_t *put_name(uint8_t *at, const char *name)
{
    while (*name != 0) {
        size_t label = strcspn(name, ".");
        if (label == 0 || label > LABEL_MAX)
            break;
        *at++ = (uint8_t)label;
        memcpy(at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    *at++ = 0;
    return at;
}

size_t dns_pointer(uint8_t *out, const uint8_t *query, const struct dns_question *q, const char *name)
{
    uint8_t wire[DNS_NAME + 2];
    if (strlen(name) > DNS_NAME - 3)
        return dns_refusal(out, query, q, DNS_SERVFAIL);
    size_t length = (size_t)(put_name(wire, name) - wire);
    if (q->end + ADDRESS_RECORD - 4 + length + OPT_SIZE > DNS_PLAIN_LIMIT)
        return dns_refusal(out, query, q, DNS_SERVFAIL);
    uint8_t *at = record(begin(out, query, q, DNS_NOERROR), DNS_PTR, (unsigned)length);
    memcpy(at, wire, length);
    return finish(out, at + length, q, 1, DNS_NOERROR);
}

int dns_reverse(const char *name, uint32_t *address)
{
    unsigned a, b, c, d;
    int end = 0;
    if (sscanf(name, "%3u.%3u.%3u.%3u.in-addr.arpa%n", &a, &b, &c, &d, &end) != 4 || end == 0 || name[end] != 0)
        return 0;
    if (a > 255 || b > 255 || c > 255 || d > 255)
        return 0;
    *address = d << 24 | c << 16 | b << 8 | a;
    return 1;
}

int dns_reverse6(const char *name, uint8_t address[16])
{
    static const char digits[] = "0123456789abcdef";
    memset(address, 0, 16);
    for (int i = 0; i < NIBBLES; i++, name += 2) {
        const char *digit = name[0] != 0 ? strchr(digits, name[0]) : NULL;
        if (digit == NULL || name[1] != '.')
            return 0;
        address[15 - i / 2] |= (uint8_t)((digit - digits) << (i % 2 * 4));
    }
    return strcmp(name, "ip6.arpa") == 0;
}
