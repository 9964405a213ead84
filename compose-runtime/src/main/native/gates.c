#define _GNU_SOURCE
#include "gates.h"

#include <arpa/inet.h>
#include <endian.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "netns.h"
#include "nft.h"

enum { GATES = 32, NAME_SIZE = 128 };

/* A chain, or a rule in it. */
struct gate {
    int family;
    char table[NAME_SIZE], chain[NAME_SIZE];
    uint64_t handle;
};

struct gates {
    struct gate all[GATES];
    int count;
    const char *mark;
    int ipv6; /* chains of IPv6 as well */
};

/* The attribute of this type among those in `size` bytes, or NULL. */
static const struct nlattr *find(const void *attributes, size_t size, int type)
{
    const char *at = attributes;
    while (size >= NLA_HDRLEN) {
        const struct nlattr *a = (const void *)at;
        if (a->nla_len < NLA_HDRLEN || a->nla_len > size)
            return NULL;
        if ((a->nla_type & NLA_TYPE_MASK) == type)
            return a;
        size_t step = NLA_ALIGN(a->nla_len);
        if (step >= size)
            return NULL;
        at += step;
        size -= step;
    }
    return NULL;
}

static const struct nlattr *find_in(const struct nlmsghdr *h, int type)
{
    size_t header = NLMSG_SPACE(sizeof(struct nfgenmsg));
    return h->nlmsg_len > header ? find((const char *)h + header, h->nlmsg_len - header, type) : NULL;
}

static const void *data(const struct nlattr *a)
{
    return (const char *)a + NLA_HDRLEN;
}

static uint32_t number(const struct nlattr *a)
{
    uint32_t wire;
    if (a == NULL || a->nla_len < NLA_HDRLEN + sizeof wire)
        return UINT32_MAX;
    memcpy(&wire, data(a), sizeof wire);
    return ntohl(wire);
}

static void remember(struct gates *g, const struct nlmsghdr *h, const struct nlattr *table, const struct nlattr *chain, uint64_t handle)
{
    const struct nfgenmsg *m = NLMSG_DATA(h);
    int known = m->nfgen_family == NFPROTO_IPV4 || m->nfgen_family == NFPROTO_INET || (g->ipv6 && m->nfgen_family == NFPROTO_IPV6);
    if (!known || g->count == GATES || table == NULL || chain == NULL)
        return;
    struct gate *gate = &g->all[g->count++];
    gate->family = m->nfgen_family;
    gate->handle = handle;
    snprintf(gate->table, sizeof gate->table, "%s", (const char *)data(table));
    snprintf(gate->chain, sizeof gate->chain, "%s", (const char *)data(chain));
}

static int remember_closed_chain(const void *message, void *context)
{
    const struct nlmsghdr *h = message;
    const struct nlattr *hook = find_in(h, NFTA_CHAIN_HOOK);
    if (hook == NULL || number(find_in(h, NFTA_CHAIN_POLICY)) != NF_DROP)
        return 0;
    if (number(find(data(hook), hook->nla_len - NLA_HDRLEN, NFTA_HOOK_HOOKNUM)) == NF_INET_FORWARD)
        remember(context, h, find_in(h, NFTA_CHAIN_TABLE), find_in(h, NFTA_CHAIN_NAME), 0);
    return 0;
}

/* A chain that packets for the host itself pass, and that may stop some. */
static int filters_input(const void *message, void *context)
{
    const struct nlmsghdr *h = message;
    const struct nfgenmsg *m = NLMSG_DATA(h);
    const struct nlattr *hook = find_in(h, NFTA_CHAIN_HOOK), *use = find_in(h, NFTA_CHAIN_USE);
    (void)context;
    if (hook == NULL || (m->nfgen_family != NFPROTO_IPV4 && m->nfgen_family != NFPROTO_INET))
        return 0;
    if (number(find(data(hook), hook->nla_len - NLA_HDRLEN, NFTA_HOOK_HOOKNUM)) != NF_INET_LOCAL_IN)
        return 0;
    return number(find_in(h, NFTA_CHAIN_POLICY)) == NF_DROP || number(use) > 0;
}

static int remember_marked_rule(const void *message, void *context)
{
    const struct nlmsghdr *h = message;
    struct gates *g = context;
    const struct nlattr *mark = find_in(h, NFTA_RULE_USERDATA), *handle = find_in(h, NFTA_RULE_HANDLE);
    uint64_t wire;
    if (mark == NULL || handle == NULL || !nft_has_comment(data(mark), mark->nla_len - NLA_HDRLEN, g->mark))
        return 0;
    memcpy(&wire, data(handle), sizeof wire);
    remember(g, h, find_in(h, NFTA_RULE_TABLE), find_in(h, NFTA_RULE_CHAIN), be64toh(wire));
    return 0;
}

static int list(int ns, int type, netlink_visitor *each, struct gates *g, struct error *e)
{
    cleanup_nft struct nft b;
    if (netlink_open(&b.netlink, ns, NETLINK_NETFILTER, e) != 0)
        return -1;
    b.family = NFPROTO_UNSPEC;
    nft_list(&b, type);
    return netlink_dump(&b.netlink, each, g, e);
}

static int is_marked(const struct gates *marked, const struct gate *chain)
{
    for (int i = 0; i < marked->count; i++) {
        const struct gate *m = &marked->all[i];
        if (m->family == chain->family && strcmp(m->table, chain->table) == 0 && strcmp(m->chain, chain->chain) == 0)
            return 1;
    }
    return 0;
}

static int open_one(int ns, const struct gate *g, const char *link, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, g->table, e) != 0)
        return -1;
    b.family = g->family;
    nft_first_rule(&b, g->chain, link);
    nft_from_link(&b, link);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_first_rule(&b, g->chain, link);
    nft_to_link(&b, link, 0); /* our own table lets only answers through to it */
    nft_accept(&b);
    nft_rule_end(&b);
    return nft_commit(&b, e, "accept packets of the uplink in table");
}

int gates_open(int ns, const char *link, int ipv6, struct error *e)
{
    struct gates closed = {.mark = link, .ipv6 = ipv6}, marked = {.mark = link, .ipv6 = ipv6};
    if (list(ns, NFT_MSG_GETCHAIN, remember_closed_chain, &closed, e) != 0)
        return -1;
    if (closed.count == 0)
        return 0;
    if (list(ns, NFT_MSG_GETRULE, remember_marked_rule, &marked, e) != 0)
        return -1;
    for (int i = 0; i < closed.count; i++) {
        if (!is_marked(&marked, &closed.all[i]) && open_one(ns, &closed.all[i], link, e) != 0)
            return -1;
    }
    return 0;
}

void gates_close(int ns, const char *link)
{
    struct error ignored;
    struct gates marked = {.mark = link, .ipv6 = 1};
    list(ns, NFT_MSG_GETRULE, remember_marked_rule, &marked, &ignored);
    for (int i = 0; i < marked.count; i++) {
        cleanup_nft struct nft b;
        if (nft_begin(&b, ns, marked.all[i].table, &ignored) != 0)
            return;
        b.family = marked.all[i].family;
        nft_delete_rule(&b, marked.all[i].chain, marked.all[i].handle);
        nft_commit(&b, &ignored, "delete rule");
    }
}

/* Rules of the older iptables are nothing that nf_tables could list. */
static int has_old_tables(int ns)
{
    struct error ignored;
    int back;
    char c;
    if (netns_enter(ns, &back, &ignored) != 0)
        return 1;
    cleanup_close int fd = open("/proc/thread-self/net/ip_tables_names", O_RDONLY | O_CLOEXEC);
    netns_leave(back);
    return fd >= 0 && read(fd, &c, 1) == 1;
}

int gates_filter_input(int ns)
{
    struct error ignored;
    return list(ns, NFT_MSG_GETCHAIN, filters_input, NULL, &ignored) != 0 || has_old_tables(ns);
}
