/* The reader and writer of DNS messages: what it answers, and that no bytes whatsoever make it read or write out of bounds. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns_message.h"

enum { ROUNDS = 300000 };

static int failed;

#define check(condition) \
    do { \
        if (!(condition)) { \
            printf("%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition); \
            failed = 1; \
        } \
    } while (0)

struct message {
    uint8_t bytes[1024];
    size_t size;
};

static void append(struct message *m, const void *bytes, size_t size)
{
    memcpy(m->bytes + m->size, bytes, size);
    m->size += size;
}

static void append16(struct message *m, unsigned value)
{
    append(m, (const uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void append_name(struct message *m, const char *name)
{
    while (*name != 0) {
        size_t label = strcspn(name, ".");
        append(m, (const uint8_t[]){(uint8_t)label}, 1);
        append(m, name, label);
        name += label + (name[label] == '.');
    }
    append(m, "", 1);
}

static struct message question(const char *name, unsigned type, unsigned edns)
{
    struct message m = {.size = 0};
    append16(&m, 0x1234);
    append16(&m, 0x0100);
    append16(&m, 1);
    append16(&m, 0);
    append16(&m, 0);
    append16(&m, edns > 0);
    append_name(&m, name);
    append16(&m, type);
    append16(&m, DNS_IN);
    if (edns > 0) {
        append(&m, "", 1);
        append16(&m, DNS_OPT);
        append16(&m, edns);
        append(&m, "\0\0\0\0\0\0", 6);
    }
    return m;
}

static int parse(const struct message *m, struct dns_question *q)
{
    uint8_t *exact = malloc(m->size > 0 ? m->size : 1); /* so that the sanitizer sees every byte too many */
    memcpy(exact, m->bytes, m->size);
    int code = dns_parse(exact, m->size, q);
    free(exact);
    return code;
}

static unsigned at16(const uint8_t *at)
{
    return (unsigned)(at[0] << 8 | at[1]);
}

static void a_question_is_read(void)
{
    struct dns_question q;
    struct message m = question("Web.Example", DNS_A, 0);
    check(parse(&m, &q) == DNS_NOERROR);
    check(strcmp(q.name, "web.example") == 0);
    check(q.type == DNS_A && q.class == DNS_IN && q.end == m.size && !q.edns && q.limit == 512);
    m = question("web", 28, 1400);
    check(parse(&m, &q) == DNS_NOERROR && q.edns && q.limit == 1400);
    m = question("web", 28, 100);
    check(parse(&m, &q) == DNS_NOERROR && q.limit == 512);
    m = question("", DNS_A, 0);
    check(parse(&m, &q) == DNS_NOERROR && q.name[0] == 0);
}

static void bad_questions_get_a_code_or_nothing(void)
{
    struct dns_question q;
    struct message m = question("web", DNS_A, 0);
    m.bytes[2] |= 0x80;
    check(parse(&m, &q) == -1);
    m = question("web", DNS_A, 0);
    m.bytes[2] |= 0x10;
    check(parse(&m, &q) == DNS_NOTIMP);
    m = question("web", DNS_A, 0);
    m.bytes[5] = 2;
    check(parse(&m, &q) == DNS_FORMERR);
    m = question("web", DNS_A, 0);
    m.bytes[12] = 0xc0; /* a pointer in the question */
    check(parse(&m, &q) == DNS_FORMERR);
    m = question("web", DNS_A, 0);
    m.size -= 3;
    check(parse(&m, &q) == DNS_FORMERR);
    m.size = 11;
    check(parse(&m, &q) == -1);
    m = question("web", DNS_A, 512);
    m.bytes[m.size - 5] = 1; /* a later version of EDNS */
    check(parse(&m, &q) == DNS_BADVERS);
}

static void names_that_are_no_host_names_have_no_text(void)
{
    struct dns_question q;
    struct message m = question("a b", DNS_A, 0);
    check(parse(&m, &q) == DNS_NOERROR && q.name[0] == 0);
    m = question("abc", DNS_A, 0);
    m.bytes[14] = '.';
    check(parse(&m, &q) == DNS_NOERROR && q.name[0] == 0);
}

static void names_may_have_255_bytes_and_no_more(void)
{
    char name[300] = "";
    struct dns_question q;
    for (int i = 0; i < 127; i++)
        strcat(name, i == 0 ? "a" : ".a");
    struct message m = question(name, DNS_A, 0);
    check(parse(&m, &q) == DNS_NOERROR && strcmp(q.name, name) == 0);
    strcat(name, ".a");
    m = question(name, DNS_A, 0);
    check(parse(&m, &q) == DNS_FORMERR);
}

static void addresses_keep_the_questions_case_and_take_turns(void)
{
    uint8_t out[DNS_PLAIN_LIMIT];
    struct zone_address addresses[] = {{.v4 = 0x0a000001}, {.v4 = 0x0a000002}, {.v4 = 0x0a000003}};
    struct dns_question q;
    struct message m = question("WeB", DNS_A, 0);
    parse(&m, &q);
    size_t size = dns_addresses(out, sizeof out, m.bytes, &q, addresses, 3, 4);
    check(size == q.end + 3 * 16);
    check(at16(out) == 0x1234 && (out[2] & 0x80) && at16(out + 6) == 3 && dns_code(out) == DNS_NOERROR);
    check(memcmp(out + 12, m.bytes + 12, q.end - 12) == 0);
    check(memcmp(out + q.end + 12, "\x0a\0\0\2", 4) == 0);
    check(dns_answers(out, size, m.bytes, m.size, &q));
}

static void answers_never_exceed_the_limit(void)
{
    uint8_t *out;
    static struct zone_address addresses[500];
    struct dns_question q;
    for (unsigned edns = 0; edns <= 2000; edns += 500) {
        struct message m = question("a-rather-long-name.with.some.labels", DNS_A, edns);
        parse(&m, &q);
        out = malloc(q.limit);
        size_t size = dns_addresses(out, q.limit, m.bytes, &q, addresses, 500, 0);
        check(size <= q.limit && size > q.limit - 16 - 11 && dns_truncated(out));
        free(out);
    }
}

static void reverse_names_are_read(void)
{
    uint32_t address = 0;
    check(dns_reverse("4.3.2.1.in-addr.arpa", &address) && address == 0x01020304);
    check(!dns_reverse("4.3.2.256.in-addr.arpa", &address));
    check(!dns_reverse("3.2.1.in-addr.arpa", &address));
    check(!dns_reverse("4.3.2.1.in-addr.arpa.x", &address));
    check(!dns_reverse("x4.3.2.1.in-addr.arpa", &address));
    uint8_t v6[16];
    check(dns_reverse6("b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa", v6) && v6[15] == 0xab && v6[0] == 0x43);
    check(!dns_reverse6("b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.ip6.arpa", v6));
    check(!dns_reverse6("ip6.arpa", v6) && !dns_reverse6("", v6));
}

static void foreign_answers_are_told_apart(void)
{
    struct dns_question q;
    struct message m = question("web", DNS_A, 0), other = question("wex", DNS_A, 0);
    parse(&m, &q);
    struct message answer = m;
    check(!dns_answers(answer.bytes, answer.size, m.bytes, m.size, &q));
    answer.bytes[2] |= 0x80;
    check(dns_answers(answer.bytes, answer.size, m.bytes, m.size, &q));
    answer.bytes[13] = 'W';
    check(dns_answers(answer.bytes, answer.size, m.bytes, m.size, &q));
    answer.bytes[0] ^= 1;
    check(!dns_answers(answer.bytes, answer.size, m.bytes, m.size, &q));
    other.bytes[2] |= 0x80;
    check(!dns_answers(other.bytes, other.size, m.bytes, m.size, &q));
    check(!dns_answers(other.bytes, 12, m.bytes, m.size, &q));
}

/* Takes any bytes through all of it. */
static void dns_fuzz(const uint8_t *bytes, size_t size)
{
    static const struct zone_address addresses[300];
    struct dns_question q;
    uint32_t address;
    int code = dns_parse(bytes, size, &q);
    if (code < 0)
        return;
    check(q.end <= size && q.limit >= 512 && q.limit <= 4096 && strlen(q.name) < 255);
    uint8_t *out = malloc(q.limit);
    check(dns_refusal(out, bytes, &q, code) <= DNS_PLAIN_LIMIT);
    if (code == DNS_NOERROR) {
        check(dns_addresses(out, q.limit, bytes, &q, addresses, q.type % 300, q.class) <= q.limit);
        check(dns_pointer(out, bytes, &q, q.name) <= DNS_PLAIN_LIMIT);
        check(dns_pointer(out, bytes, &q, "a-name.that..is-odd.") <= DNS_PLAIN_LIMIT);
        dns_reverse(q.name, &address);
        dns_reverse6(q.name, (uint8_t[16]){0});
        dns_answers(bytes, size, bytes, size, &q);
    }
    free(out);
}

static void no_bytes_do_harm(void)
{
    srand(7);
    for (int i = 0; i < ROUNDS && !failed; i++) {
        struct message m = question("one.two-three.four", i % 3 ? DNS_A : DNS_PTR, i % 2 ? 4096 : 0);
        for (int n = rand() % 6; n > 0; n--)
            m.bytes[(size_t)rand() % m.size] = (uint8_t)rand();
        size_t size = rand() % 4 ? m.size : (size_t)rand() % (m.size + 1);
        uint8_t *exact = malloc(size > 0 ? size : 1);
        memcpy(exact, m.bytes, size);
        dns_fuzz(exact, size);
        free(exact);
    }
}

int main(void)
{
    a_question_is_read();
    bad_questions_get_a_code_or_nothing();
    names_that_are_no_host_names_have_no_text();
    names_may_have_255_bytes_and_no_more();
    addresses_keep_the_questions_case_and_take_turns();
    answers_never_exceed_the_limit();
    reverse_names_are_read();
    foreign_answers_are_told_apart();
    no_bytes_do_harm();
    return failed;
}
