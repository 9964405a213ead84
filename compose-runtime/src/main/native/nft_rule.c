#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "nft.h"

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

void nft_not_from_link(struct nft *b, const char *link)
{
    compare_link(b, NFT_META_IIFNAME, link, NFT_CMP_NEQ);
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

static void compare_address(struct nft *b, size_t offset, const void *wire, size_t size)
{
    payload(b, NFT_PAYLOAD_NETWORK_HEADER, offset, size);
    compare(b, NFT_CMP_EQ, wire, size);
}

void nft_source(struct nft *b, uint32_t address)
{
    uint32_t wire = htonl(address);
    compare_address(b, 12, &wire, sizeof wire);
}

void nft_source6(struct nft *b, const uint8_t address[16])
{
    compare_address(b, 8, address, 16);
}

void nft_destination(struct nft *b, uint32_t address)
{
    uint32_t wire = htonl(address);
    compare_address(b, 16, &wire, sizeof wire);
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

/* Any of these bits of what connection tracking knows. */
static void connection(struct nft *b, int key, uint32_t bits)
{
    uint32_t zero = 0;
    struct netlink *n = expression(b, "ct");
    netlink_put_be32(n, NFTA_CT_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_CT_KEY, (uint32_t)key);
    expression_end(b);
    n = expression(b, "bitwise");
    netlink_put_be32(n, NFTA_BITWISE_SREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_BITWISE_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_BITWISE_LEN, sizeof bits);
    value(n, NFTA_BITWISE_MASK, &bits, sizeof bits);
    value(n, NFTA_BITWISE_XOR, &zero, sizeof zero);
    expression_end(b);
    compare(b, NFT_CMP_NEQ, &zero, sizeof zero);
}

void nft_established(struct nft *b)
{
    connection(b, NFT_CT_STATE, NF_CT_STATE_BIT(IP_CT_ESTABLISHED) | NF_CT_STATE_BIT(IP_CT_RELATED));
}

void nft_redirected(struct nft *b)
{
    connection(b, NFT_CT_STATUS, IPS_DST_NAT);
}

void nft_to_this_host(struct nft *b)
{
    uint32_t local = RTN_LOCAL;
    struct netlink *n = expression(b, "fib");
    netlink_put_be32(n, NFTA_FIB_DREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
    netlink_put_be32(n, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
    expression_end(b);
    compare(b, NFT_CMP_EQ, &local, sizeof local);
}

/* Loads protocol and destination port, which are the key of maps of ports. */
static void load_port(struct nft *b)
{
    meta(b, NFT_META_L4PROTO, NFT_REG_1);
    struct netlink *n = expression(b, "payload");
    netlink_put_be32(n, NFTA_PAYLOAD_DREG, NFT_REG32_01);
    netlink_put_be32(n, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
    netlink_put_be32(n, NFTA_PAYLOAD_OFFSET, 2);
    netlink_put_be32(n, NFTA_PAYLOAD_LEN, 2);
    expression_end(b);
}

void nft_redirect_by_port(struct nft *b, const char *map)
{
    load_port(b);
    struct netlink *n = expression(b, "lookup");
    netlink_put_text(n, NFTA_LOOKUP_SET, map);
    netlink_put_be32(n, NFTA_LOOKUP_SREG, NFT_REG_1);
    netlink_put_be32(n, NFTA_LOOKUP_DREG, NFT_REG_1);
    expression_end(b);
    n = expression(b, "nat");
    netlink_put_be32(n, NFTA_NAT_TYPE, NFT_NAT_DNAT);
    netlink_put_be32(n, NFTA_NAT_FAMILY, NFPROTO_IPV4);
    netlink_put_be32(n, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
    netlink_put_be32(n, NFTA_NAT_REG_PROTO_MIN, NFT_REG32_01);
    expression_end(b);
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
