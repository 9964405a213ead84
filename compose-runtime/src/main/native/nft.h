/* Tables, chains and sets (nft.c) and rules (nft_rule.c) of nf_tables, spoken directly over netlink; one batch is one transaction. */
#ifndef JCR_NFT_H
#define JCR_NFT_H

#include <stdint.h>

#include "netlink.h"

struct nft {
    struct netlink netlink;
    int family; /* NFPROTO_*, ip unless changed */
    const char *table;
    size_t rule, list, element, data; /* open nests of the rule being written */
};

/* A batch about `table` in namespace `ns`; nothing happens before nft_commit. */
int nft_begin(struct nft *b, int ns, const char *table, struct error *e);
/* Another batch over the same socket. */
void nft_again(struct nft *b);
int nft_commit(struct nft *b, struct error *e, const char *what);
void nft_end(struct nft *b);
#define cleanup_nft __attribute__((cleanup(nft_end)))

/* Makes the table: empty even if it existed, or (much faster) refusing when it exists. */
void nft_table(struct nft *b, int replace);
/* Makes a table that the kernel removes when the batch's socket is closed, also by the end of the process. */
void nft_own_table(struct nft *b);
/* 1, 0 or -1. */
int nft_has_table(int ns, int family, const char *table, struct error *e);
/* Removes the table with all that is in it. Gone already: fine. */
int nft_drop_table(int ns, int family, const char *table, struct error *e);

enum nft_place { NFT_FORWARD, NFT_POSTROUTING, NFT_OUTPUT, NFT_PREROUTING };
/* A base chain: a filter for NFT_FORWARD, else address translation. */
void nft_chain(struct nft *b, const char *chain, enum nft_place place, int drop);
/* A set of pairs of interface names, and one element of it. */
void nft_pairs(struct nft *b, const char *set);
void nft_pair(struct nft *b, const char *set, const char *from, const char *to, int remove);
/* A map from protocol and port to address and port, and one element of it. */
void nft_ports(struct nft *b, const char *map);
void nft_port(struct nft *b, const char *map, int protocol, int port, uint32_t address, int target, int remove);

void nft_rule(struct nft *b, const char *chain);
/* In front of all others, with a comment to find it again by. */
void nft_first_rule(struct nft *b, const char *chain, const char *comment);
int nft_has_comment(const void *user_data, size_t size, const char *comment);
void nft_rule_end(struct nft *b);
/* Not part of a batch: a request for all objects of a kind, to be followed by netlink_dump. */
void nft_list(struct nft *b, int type);
void nft_delete_rule(struct nft *b, const char *chain, uint64_t handle);
/* Matches, to be followed by one verdict. */
void nft_from_link(struct nft *b, const char *link);
void nft_not_from_link(struct nft *b, const char *link);
void nft_to_link(struct nft *b, const char *link, int negated);
void nft_links_in(struct nft *b, const char *set);
void nft_source(struct nft *b, uint32_t address);
void nft_source6(struct nft *b, const uint8_t address[16]);
void nft_destination(struct nft *b, uint32_t address);
void nft_protocol_port(struct nft *b, int protocol, int port);
void nft_established(struct nft *b);
void nft_redirected(struct nft *b); /* its destination has been translated */
void nft_to_this_host(struct nft *b);
/* Verdicts. */
void nft_accept(struct nft *b);
void nft_drop(struct nft *b);
void nft_masquerade(struct nft *b);
void nft_redirect_by_port(struct nft *b, const char *map);
void nft_redirect(struct nft *b, uint32_t address, int port);

#endif
