#define _GNU_SOURCE
#include "redirect.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates.h"
#include "keeper.h"
#include "nft.h"
#include "rtnl.h"
#include "uplink.h"

#define PORTS "ports"

/* One table on the host, which leads to the uplink's inner end, and one in the holder's namespace, which leads on to the container. */
enum { HOST, HOLDER, SIDES };

struct redirected {
    struct redirected *next;
    char id[16];
    int protocol, port;
};

struct redirect {
    struct nft sides[SIDES];
    char table[48];
    uint32_t inside; /* the uplink's inner end */
    int is_open;
    struct redirected *all;
};

struct redirect *redirect_new(void)
{
    struct redirect *r = calloc(1, sizeof *r);
    for (int i = 0; r != NULL && i < SIDES; i++)
        r->sides[i].netlink.fd = -1;
    return r;
}

static int make_side(struct redirect *r, int side, int ns, const char *link, struct error *e)
{
    struct nft *b = &r->sides[side];
    if (nft_begin(b, ns, r->table, e) != 0)
        return -1;
    nft_own_table(b);
    nft_ports(b, PORTS);
    nft_chain(b, "prerouting", NFT_PREROUTING, 0);
    nft_rule(b, "prerouting");
    if (side == HOST) {
        nft_not_from_link(b, link); /* containers reach ports through the proxy */
        nft_to_this_host(b);
    } else {
        nft_from_link(b, UPLINK_INSIDE);
    }
    nft_redirect_by_port(b, PORTS);
    nft_rule_end(b);
    return nft_commit(b, e, "redirect ports in table");
}

static int open_sides(struct redirect *r, struct net *n, struct error *e)
{
    struct uplink u;
    struct ipv4 gateway;
    if (uplink_name(&u, n->run_dir, e) != 0 || ipv4_parse(n->gateway, &gateway, e) != 0)
        return -1;
    snprintf(r->table, sizeof r->table, "%.24s_%d", u.table, (int)getpid());
    r->inside = gateway.address + 1;
    if (make_side(r, HOST, n->host_ns, u.link, e) != 0 || make_side(r, HOLDER, n->holder_ns, u.link, e) != 0)
        return -1;
    r->is_open = 1;
    return 0;
}

static void close_sides(struct redirect *r)
{
    for (int i = 0; i < SIDES; i++)
        nft_end(&r->sides[i]);
    r->is_open = 0;
}

static int change(struct redirect *r, int side, const struct redirected *p, uint32_t to, int to_port, int remove)
{
    struct error ignored;
    nft_again(&r->sides[side]);
    nft_port(&r->sides[side], PORTS, p->protocol, p->port, to, to_port, remove);
    return nft_commit(&r->sides[side], &ignored, "redirect port");
}

static int is_known(const struct redirect *r, int protocol, int port)
{
    for (const struct redirected *p = r->all; p != NULL; p = p->next)
        if (p->protocol == protocol && p->port == port)
            return 1;
    return 0;
}

void redirect_add(struct redirect *r, struct net *n, const char *id12, const char *protocol, int port, const char *target, int target_port)
{
    struct error ignored;
    struct in_addr to;
    int number = strcmp(protocol, "tcp") == 0 ? IPPROTO_TCP : IPPROTO_UDP;
    if (keeper_directory() != NULL || inet_pton(AF_INET, target, &to) != 1 || is_known(r, number, port) || gates_filter_input(n->host_ns))
        return;
    struct redirected *p = calloc(1, sizeof *p);
    if (p == NULL)
        return;
    snprintf(p->id, sizeof p->id, "%.15s", id12);
    p->protocol = number;
    p->port = port;
    if (!r->is_open && open_sides(r, n, &ignored) != 0) {
        close_sides(r);
        free(p);
        return;
    }
    /* the host's part last: until then the proxy does it */
    if (change(r, HOLDER, p, ntohl(to.s_addr), target_port, 0) != 0 || change(r, HOST, p, r->inside, port, 0) != 0) {
        close_sides(r); /* all of them through the proxy rather than some into nothing */
        free(p);
        return;
    }
    p->next = r->all;
    r->all = p;
}

void redirect_remove(struct redirect *r, const char *id12)
{
    for (struct redirected **at = &r->all; *at != NULL;) {
        struct redirected *p = *at;
        if (strcmp(p->id, id12) != 0) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        if (r->is_open && (change(r, HOST, p, 0, 0, 1) != 0 || change(r, HOLDER, p, 0, 0, 1) != 0))
            close_sides(r);
        free(p);
    }
    if (r->all == NULL && r->is_open)
        close_sides(r);
}

void redirect_free(struct redirect *r)
{
    close_sides(r);
    while (r->all != NULL) {
        struct redirected *p = r->all;
        r->all = p->next;
        free(p);
    }
    free(r);
}
