#define _GNU_SOURCE
#include "nft.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

enum {
    LINK_NAME_TYPE = 41, /* what `nft list` needs to print names: its own number of the type ifname */
    TYPE_BITS = 6,
    PORT_TYPE = 13,
    PROTOCOL_TYPE = 12,
    ADDRESS_TYPE = 7,
    PORT_KEY = 8,        /* bytes: protocol and port, each padded to four */
    PRIORITY_OUTPUT_NAT = -100,
    PRIORITY_DESTINATION_NAT = -100,
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

void nft_again(struct nft *b)
{
    header(b, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
}

int nft_begin(struct nft *b, int ns, const char *table, struct error *e)
{
    b->table = table;
    b->family = NFPROTO_IPV4;
    if (netlink_open(&b->netlink, ns, NETLINK_NETFILTER, e) != 0)
        return -1;
    nft_again(b);
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

void nft_own_table(struct nft *b)
{
    table_message(b, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);
    netlink_put_be32(&b->netlink, NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
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
int nft_has_table(int ns, int family, const char *table, struct error *e)
{
    cleanup_nft struct nft b = {.family = family, .table = table};
    if (netlink_open(&b.netlink, ns, NETLINK_NETFILTER, e) != 0)
        return -1;
    table_message(&b, NFT_MSG_GETTABLE, NLM_F_ACK);
    if (netlink_send(&b.netlink, e, "look for nf_tables table", table) == 0)
        return 1;
    return e->code == ENOENT ? 0 : -1;
}

int nft_drop_table(int ns, int family, const char *table, struct error *e)
{
    int has = nft_has_table(ns, family, table, e);
    if (has <= 0)
        return has;
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, table, e) != 0)
        return -1;
    b.family = family;
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
        [NFT_PREROUTING] = {NF_INET_PRE_ROUTING, PRIORITY_DESTINATION_NAT, "nat"},
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

/* An element of a set; of a map when it has data. */
static void element(struct nft *b, const char *set, const void *key, size_t key_size, const void *data, size_t data_size, int remove)
{
    struct netlink *n = &b->netlink;
    request(b, remove ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM, remove ? 0 : NLM_F_CREATE);
    netlink_put_text(n, NFTA_SET_ELEM_LIST_TABLE, b->table);
    netlink_put_text(n, NFTA_SET_ELEM_LIST_SET, set);
    size_t list = netlink_nest(n, NFTA_SET_ELEM_LIST_ELEMENTS);
    size_t one = netlink_nest(n, NFTA_LIST_ELEM);
    size_t value = netlink_nest(n, NFTA_SET_ELEM_KEY);
    netlink_put(n, NFTA_DATA_VALUE, key, key_size);
    netlink_end(n, value);
    if (data_size > 0) {
        value = netlink_nest(n, NFTA_SET_ELEM_DATA);
        netlink_put(n, NFTA_DATA_VALUE, data, data_size);
        netlink_end(n, value);
    }
    netlink_end(n, one);
    netlink_end(n, list);
}

void nft_pair(struct nft *b, const char *set, const char *from, const char *to, int remove)
{
    char key[2 * IFNAMSIZ] = "";
    strncpy(key, from, IFNAMSIZ - 1);
    strncpy(key + IFNAMSIZ, to, IFNAMSIZ - 1);
    element(b, set, key, sizeof key, NULL, 0, remove);
}

void nft_ports(struct nft *b, const char *map)
{
    struct netlink *n = &b->netlink;
    request(b, NFT_MSG_NEWSET, NLM_F_CREATE);
    netlink_put_text(n, NFTA_SET_TABLE, b->table);
    netlink_put_text(n, NFTA_SET_NAME, map);
    netlink_put_be32(n, NFTA_SET_FLAGS, NFT_SET_MAP);
    netlink_put_be32(n, NFTA_SET_KEY_TYPE, PROTOCOL_TYPE << TYPE_BITS | PORT_TYPE);
    netlink_put_be32(n, NFTA_SET_KEY_LEN, PORT_KEY);
    netlink_put_be32(n, NFTA_SET_DATA_TYPE, ADDRESS_TYPE << TYPE_BITS | PORT_TYPE);
    netlink_put_be32(n, NFTA_SET_DATA_LEN, PORT_KEY);
    netlink_put_be32(n, NFTA_SET_ID, 1);
}

void nft_port(struct nft *b, const char *map, int protocol, int port, uint32_t address, int target, int remove)
{
    uint8_t key[PORT_KEY] = {(uint8_t)protocol}, data[PORT_KEY] = {0};
    uint16_t from = htons((uint16_t)port), to = htons((uint16_t)target);
    uint32_t wire = htonl(address);
    memcpy(key + 4, &from, sizeof from);
    memcpy(data, &wire, sizeof wire);
    memcpy(data + 4, &to, sizeof to);
    element(b, map, key, sizeof key, data, remove ? 0 : sizeof data, remove);
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
