#define _GNU_SOURCE
#include "nft.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

enum {
    LINK_NAME_TYPE = 41, /* what `nft list` needs to print names: its own number of the type ifname */
    TYPE_BITS = 6,
    PRIORITY_OUTPUT_NAT = -100,
    PRIORITY_FILTER = 0,
    PRIORITY_SOURCE_NAT = 100
};

static void header(struct nft *b, int type, int flags, int family, int resource)
{
    struct nfgenmsg *m = netlink_message(&b->netlink, type, flags, sizeof *m);
    m->nfgen_family = (uint8_t)family;
    m->version = NFNETLINK_V0;
    m->res_id = htons((uint16_t)resource);
}

static void request(struct nft *b, int type, int flags)
{
    header(b, NFNL_SUBSYS_NFTABLES << 8 | type, flags, b->family, 0);
}

int nft_begin(struct nft *b, int ns, const char *table, struct error *e)
{
    b->table = table;
    b->family = NFPROTO_IPV4;
    if (netlink_open(&b->netlink, ns, NETLINK_NETFILTER, e) != 0)
        return -1;
    header(b, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    return 0;
}

int nft_commit(struct nft *b, struct error *e, const char *what)
{
    struct netlink *n = &b->netlink;
    struct nlmsghdr *last = (void *)(n->space + n->last);
    last->nlmsg_flags |= NLM_F_ACK;
    uint32_t sequence = n->sequence;
    header(b, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    n->sequence = sequence; /* the batch's end is never answered: the change before it is */
    return netlink_send(n, e, what, b->table);
}

void nft_end(struct nft *b)
{
    netlink_close(&b->netlink);
}

static void table_message(struct nft *b, int type, int flags)
{
    request(b, type, flags);
    netlink_put_text(&b->netlink, NFTA_TABLE_NAME, b->table);
}

void nft_table(struct nft *b, int replace)
{
    if (replace) {
        table_message(b, NFT_MSG_NEWTABLE, NLM_F_CREATE);
        table_message(b, NFT_MSG_DELTABLE, 0);
    }
    table_message(b, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);
}

/* Looking first is cheap; a failed change makes the kernel wait as long as a successful one. */
static int has_table(int ns, const char *table, struct error *e)
{
    cleanup_nft struct nft b = {.family = NFPROTO_IPV4, .table = table};
    if (netlink_open(&b.netlink, ns, NETLINK_NETFILTER, e) != 0)
        return -1;
    table_message(&b, NFT_MSG_GETTABLE, NLM_F_ACK);
    if (netlink_send(&b.netlink, e, "look for nf_tables table", table) == 0)
        return 1;
    return e->code == ENOENT ? 0 : -1;
}

int nft_drop_table(int ns, const char *table, struct error *e)
{
    int has = has_table(ns, table, e);
    if (has <= 0)
        return has;
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, table, e) != 0)
        return -1;
    table_message(&b, NFT_MSG_DELTABLE, 0);
    if (nft_commit(&b, e, "delete nf_tables table") == 0 || e->code == ENOENT)
        return 0;
    return -1;
}

void nft_chain(struct nft *b, const char *chain, enum nft_place place, int drop)
{
    static const struct {
        int hook, priority;
        const char *type;
    } places[] = {
        [NFT_FORWARD] = {NF_INET_FORWARD, PRIORITY_FILTER, "filter"},
        [NFT_POSTROUTING] = {NF_INET_POST_ROUTING, PRIORITY_SOURCE_NAT, "nat"},
        [NFT_OUTPUT] = {NF_INET_LOCAL_OUT, PRIORITY_OUTPUT_NAT, "nat"},
    };
    struct netlink *n = &b->netlink;
    request(b, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    netlink_put_text(n, NFTA_CHAIN_TABLE, b->table);
    netlink_put_text(n, NFTA_CHAIN_NAME, chain);
    size_t hook = netlink_nest(n, NFTA_CHAIN_HOOK);
    netlink_put_be32(n, NFTA_HOOK_HOOKNUM, (uint32_t)places[place].hook);
    netlink_put_be32(n, NFTA_HOOK_PRIORITY, (uint32_t)places[place].priority);
    netlink_end(n, hook);
    netlink_put_be32(n, NFTA_CHAIN_POLICY, drop ? NF_DROP : NF_ACCEPT);
    netlink_put_text(n, NFTA_CHAIN_TYPE, places[place].type);
}

void nft_pairs(struct nft *b, const char *set)
{
    struct netlink *n = &b->netlink;
    request(b, NFT_MSG_NEWSET, NLM_F_CREATE);
    netlink_put_text(n, NFTA_SET_TABLE, b->table);
    netlink_put_text(n, NFTA_SET_NAME, set);
    netlink_put_be32(n, NFTA_SET_KEY_TYPE, LINK_NAME_TYPE << TYPE_BITS | LINK_NAME_TYPE);
    netlink_put_be32(n, NFTA_SET_KEY_LEN, 2 * IFNAMSIZ);
    netlink_put_be32(n, NFTA_SET_ID, 1);
}

void nft_pair(struct nft *b, const char *set, const char *from, const char *to, int remove)
{
    struct netlink *n = &b->netlink;
    char key[2 * IFNAMSIZ] = "";
    strncpy(key, from, IFNAMSIZ - 1);
    strncpy(key + IFNAMSIZ, to, IFNAMSIZ - 1);
    request(b, remove ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM, remove ? 0 : NLM_F_CREATE);
    netlink_put_text(n, NFTA_SET_ELEM_LIST_TABLE, b->table);
    netlink_put_text(n, NFTA_SET_ELEM_LIST_SET, set);
    size_t list = netlink_nest(n, NFTA_SET_ELEM_LIST_ELEMENTS);
    size_t element = netlink_nest(n, NFTA_LIST_ELEM);
    size_t value = netlink_nest(n, NFTA_SET_ELEM_KEY);
    netlink_put(n, NFTA_DATA_VALUE, key, sizeof key);
    netlink_end(n, value);
    netlink_end(n, element);
    netlink_end(n, list);
}

static struct netlink *rule_message(struct nft *b, int type, int flags, const char *chain)
{
    struct netlink *n = &b->netlink;
    request(b, type, flags);
    netlink_put_text(n, NFTA_RULE_TABLE, b->table);
    netlink_put_text(n, NFTA_RULE_CHAIN, chain);
    return n;
}

void nft_rule(struct nft *b, const char *chain)
{
    struct netlink *n = rule_message(b, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, chain);
    b->list = netlink_nest(n, NFTA_RULE_EXPRESSIONS);
}

enum { USER_DATA_COMMENT = 0, USER_DATA_HEADER = 2, COMMENT_MAX = 64 }; /* as `nft` reads it: type, length, text */

void nft_first_rule(struct nft *b, const char *chain, const char *comment)
{
    struct netlink *n = rule_message(b, NFT_MSG_NEWRULE, NLM_F_CREATE, chain);
    size_t length = strnlen(comment, COMMENT_MAX - 1) + 1;
    uint8_t user_data[USER_DATA_HEADER + COMMENT_MAX] = {USER_DATA_COMMENT, (uint8_t)length};
    memcpy(user_data + USER_DATA_HEADER, comment, length);
    netlink_put(n, NFTA_RULE_USERDATA, user_data, USER_DATA_HEADER + length);
    b->list = netlink_nest(n, NFTA_RULE_EXPRESSIONS);
}

int nft_has_comment(const void *user_data, size_t size, const char *comment)
{
    const uint8_t *at = user_data;
    size_t length = strlen(comment) + 1;
    return size == USER_DATA_HEADER + length && at[0] == USER_DATA_COMMENT && memcmp(at + USER_DATA_HEADER, comment, length) == 0;
}

void nft_list(struct nft *b, int type)
{
    request(b, type, NLM_F_DUMP);
}

void nft_delete_rule(struct nft *b, const char *chain, uint64_t handle)
{
    struct netlink *n = rule_message(b, NFT_MSG_DELRULE, 0, chain);
    uint64_t wire = htobe64(handle);
    netlink_put(n, NFTA_RULE_HANDLE, &wire, sizeof wire);
}

void nft_rule_end(struct nft *b)
{
    netlink_end(&b->netlink, b->list);
}

static struct netlink *expression(struct nft *b, const char *name)
{
    struct netlink *n = &b->netlink;
    b->element = netlink_nest(n, NFTA_LIST_ELEM);
    netlink_put_text(n, NFTA_EXPR_NAME, name);
    b->data = netlink_nest(n, NFTA_EXPR_DATA);
    return n;
}

static void expression_end(struct nft *b)
{
    netlink_end(&b->netlink, b->data);
    netlink_end(&b->netlink, b->element);
}

static void value(struct netlink *n, int attribute, const void *bytes, size_t size)
{
    size_t nest = netlink_nest(n, attribute);
    netlink_put(n, NFTA_DATA_VALUE, bytes, size);
    netlink_end(n, nest);
}

static void meta(struct nft *b, int key, int reg)
{
    struct netlink *n = expression(b, "meta");
    netlink_put_be32(n, NFTA_META_DREG, (uint32_t)reg);
    netlink_put_be32(n, NFTA_META_KEY, (uint32_t)key);
    expression_end(b);
}

static void payload(struct nft *b, int base, size_t offset, size_t size)
{
    struct netlink *n = expression(b, "payload");
    netlink_put_be32(n, NFTA_PAYLOAD_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_PAYLOAD_BASE, (uint32_t)base);
    netlink_put_be32(n, NFTA_PAYLOAD_OFFSET, (uint32_t)offset);
    netlink_put_be32(n, NFTA_PAYLOAD_LEN, (uint32_t)size);
    expression_end(b);
}

static void compare(struct nft *b, int operation, const void *bytes, size_t size)
{
    struct netlink *n = expression(b, "cmp");
    netlink_put_be32(n, NFTA_CMP_SREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_CMP_OP, (uint32_t)operation);
    value(n, NFTA_CMP_DATA, bytes, size);
    expression_end(b);
}

static void compare_link(struct nft *b, int key, const char *link, int operation)
{
    meta(b, key, NFT_REG_1);
    compare(b, operation, link, strlen(link) + 1); /* as iptables does it, which also reads chains we add to */
}

void nft_from_link(struct nft *b, const char *link)
{
    compare_link(b, NFT_META_IIFNAME, link, NFT_CMP_EQ);
}

void nft_to_link(struct nft *b, const char *link, int negated)
{
    compare_link(b, NFT_META_OIFNAME, link, negated ? NFT_CMP_NEQ : NFT_CMP_EQ);
}

void nft_links_in(struct nft *b, const char *set)
{
    meta(b, NFT_META_IIFNAME, NFT_REG_1);
    meta(b, NFT_META_OIFNAME, NFT_REG_2);
    struct netlink *n = expression(b, "lookup");
    netlink_put_text(n, NFTA_LOOKUP_SET, set);
    netlink_put_be32(n, NFTA_LOOKUP_SREG, NFT_REG_1);
    expression_end(b);
}

static void compare_address(struct nft *b, size_t offset, uint32_t address)
{
    uint32_t wire = htonl(address);
    payload(b, NFT_PAYLOAD_NETWORK_HEADER, offset, sizeof wire);
    compare(b, NFT_CMP_EQ, &wire, sizeof wire);
}

void nft_source(struct nft *b, uint32_t address)
{
    compare_address(b, 12, address);
}

void nft_destination(struct nft *b, uint32_t address)
{
    compare_address(b, 16, address);
}

void nft_protocol_port(struct nft *b, int protocol, int port)
{
    uint8_t number = (uint8_t)protocol;
    uint16_t wire = htons((uint16_t)port);
    meta(b, NFT_META_L4PROTO, NFT_REG_1);
    compare(b, NFT_CMP_EQ, &number, sizeof number);
    payload(b, NFT_PAYLOAD_TRANSPORT_HEADER, 2, sizeof wire);
    compare(b, NFT_CMP_EQ, &wire, sizeof wire);
}

void nft_established(struct nft *b)
{
    uint32_t states = NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED), zero = 0;
    struct netlink *n = expression(b, "ct");
    netlink_put_be32(n, NFTA_CT_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_CT_KEY, NFT_CT_STATE);
    expression_end(b);
    n = expression(b, "bitwise");
    netlink_put_be32(n, NFTA_BITWISE_SREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_BITWISE_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_BITWISE_LEN, sizeof states);
    value(n, NFTA_BITWISE_MASK, &states, sizeof states);
    value(n, NFTA_BITWISE_XOR, &zero, sizeof zero);
    expression_end(b);
    compare(b, NFT_CMP_NEQ, &zero, sizeof zero);
}

static void immediate(struct nft *b, int reg, const void *bytes, size_t size)
{
    struct netlink *n = expression(b, "immediate");
    netlink_put_be32(n, NFTA_IMMEDIATE_DREG, (uint32_t)reg);
    value(n, NFTA_IMMEDIATE_DATA, bytes, size);
    expression_end(b);
}

static void verdict(struct nft *b, int code)
{
    struct netlink *n = expression(b, "immediate");
    netlink_put_be32(n, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    size_t data = netlink_nest(n, NFTA_IMMEDIATE_DATA);
    size_t nest = netlink_nest(n, NFTA_DATA_VERDICT);
    netlink_put_be32(n, NFTA_VERDICT_CODE, (uint32_t)code);
    netlink_end(n, nest);
    netlink_end(n, data);
    expression_end(b);
}

void nft_accept(struct nft *b)
{
    verdict(b, NF_ACCEPT);
}

void nft_drop(struct nft *b)
{
    verdict(b, NF_DROP);
}

void nft_masquerade(struct nft *b)
{
    expression(b, "masq");
    expression_end(b);
}

void nft_redirect(struct nft *b, uint32_t address, int port)
{
    uint32_t to = htonl(address);
    uint16_t wire = htons((uint16_t)port);
    immediate(b, NFT_REG_1, &to, sizeof to);
    immediate(b, NFT_REG_2, &wire, sizeof wire);
    struct netlink *n = expression(b, "nat");
    netlink_put_be32(n, NFTA_NAT_TYPE, NFT_NAT_DNAT);
    netlink_put_be32(n, NFTA_NAT_FAMILY, NFPROTO_IPV4);
    netlink_put_be32(n, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
    netlink_put_be32(n, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
    expression_end(b);
}
