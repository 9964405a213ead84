#define _GNU_SOURCE
#include "uplink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "gates.h"
#include "netns.h"
#include "nft.h"
#include "rtnl.h"
#include "uplink6.h"

#define RANGE 0xa9fe4000u /* 169.254.64.0/18, cut into pieces of 4 addresses */
enum { PIECES = 1 << 12, PIECE_BITS = 30 };

#define FORWARDING "ipv4/ip_forward"
#define FORWARDING_WAS_OFF "holder.ip_forward"

uint32_t uplink_hash(const char *text)
{
    uint32_t h = 2166136261u;
    for (; *text != 0; text++)
        h = (h ^ (uint8_t)*text) * 16777619u;
    return h;
}

int uplink_name(struct uplink *u, const char *run_dir, struct error *e)
{
    memset(u, 0, sizeof *u);
    if (realpath(run_dir, u->run_dir) == NULL)
        return fail(e, "find directory", "%s", run_dir);
    unsigned h = uplink_hash(u->run_dir) & 0xffffff;
    snprintf(u->link, sizeof u->link, "jc%06x", h);
    snprintf(u->table, sizeof u->table, "jcompose_%06x", h);
    return 0;
}

/* Picks a free piece, the first tried being one that depends on the directory. */
static int choose(struct uplink *u, struct netlink *host, struct error *e)
{
    uint32_t start = uplink_hash(u->run_dir);
    for (uint32_t i = 0; i < PIECES; i++) {
        struct ipv4 piece = {RANGE + ((start + i) % PIECES << 2), PIECE_BITS};
        int used = rtnl_in_use(host, &piece, e);
        if (used < 0)
            return -1;
        if (used)
            continue;
        u->gateway = piece.address + 1;
        return 0;
    }
    errno = EADDRNOTAVAIL;
    return fail(e, "find a free address for the uplink", "169.254.64.0/18");
}

/* Address and label of the host's end; its IPv6 is switched off. */
static int make_outside(struct uplink *u, struct netlink *host, struct error *e)
{
    struct error ignored;
    char ipv6[64];
    snprintf(ipv6, sizeof ipv6, "ipv6/conf/%s/disable_ipv6", u->link);
    netns_set(ipv6, "1", &ignored);
    struct ipv4 address = {u->gateway, PIECE_BITS};
    int index = rtnl_index(host, u->link, e);
    if (index < 0 || rtnl_address(host, index, &address, e) != 0)
        return -1;
    u->index = index;
    if (strlen(u->run_dir) < RTNL_LABEL)
        rtnl_alias(host, u->link, u->run_dir, &ignored);
    return 0;
}

static int make_inside(const struct uplink *u, int ns, struct error *e)
{
    cleanup_netlink struct netlink n;
    if (rtnl_open(&n, ns, e) != 0)
        return -1;
    struct ipv4 address = {u->gateway + 1, PIECE_BITS};
    int index = rtnl_index(&n, UPLINK_INSIDE, e);
    if (index < 0 || rtnl_address(&n, index, &address, e) != 0 || rtnl_up(&n, UPLINK_INSIDE, e) != 0)
        return -1;
    return rtnl_default_route(&n, index, u->gateway, e);
}

int uplink_make(struct uplink *u, int host_ns, int ns, struct error *e)
{
    cleanup_netlink struct netlink host;
    struct veth pair = {.link = u->link, .peer = UPLINK_INSIDE, .peer_ns = ns};
    int back;
    if (rtnl_open(&host, host_ns, e) != 0 || choose(u, &host, e) != 0)
        return -1;
    if (rtnl_delete(&host, u->link, e) != 0 || rtnl_veth(&host, &pair, e) != 0)
        return -1;
    if (netns_enter(host_ns, &back, e) != 0)
        return -1;
    int result = make_outside(u, &host, e);
    netns_leave(back);
    return result == 0 ? make_inside(u, ns, e) : -1;
}

/* Containers may go out through the uplink (unless their network is internal) and talk within their own bridge; nothing else. */
int uplink_rules_inside(int ns, int family, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, UPLINK_RULES, e) != 0)
        return -1;
    b.family = family;
    nft_table(&b, 0);
    nft_pairs(&b, UPLINK_ALLOWED);
    nft_chain(&b, "forward", NFT_FORWARD, 1);
    nft_rule(&b, "forward");
    nft_established(&b);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_rule(&b, "forward");
    nft_links_in(&b, UPLINK_ALLOWED);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_rule(&b, "forward");
    nft_from_link(&b, UPLINK_INSIDE);
    nft_redirected(&b);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_chain(&b, "postrouting", NFT_POSTROUTING, 0);
    nft_rule(&b, "postrouting");
    nft_to_link(&b, UPLINK_INSIDE, 0);
    nft_masquerade(&b);
    nft_rule_end(&b);
    return nft_commit(&b, e, "create nf_tables table");
}

/* The host forwards what comes from the uplink, and to it only what belongs to that or goes to a published port. */
int uplink_rules_outside(const struct uplink *u, int host_ns, int family, const uint8_t *source6, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, host_ns, u->table, e) != 0)
        return -1;
    b.family = family;
    nft_table(&b, 0);
    nft_chain(&b, "forward", NFT_FORWARD, 0);
    nft_rule(&b, "forward");
    nft_from_link(&b, u->link);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_rule(&b, "forward");
    nft_to_link(&b, u->link, 0);
    nft_established(&b);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_rule(&b, "forward");
    nft_to_link(&b, u->link, 0);
    nft_redirected(&b);
    nft_accept(&b);
    nft_rule_end(&b);
    nft_rule(&b, "forward");
    nft_to_link(&b, u->link, 0);
    nft_drop(&b);
    nft_rule_end(&b);
    nft_chain(&b, "postrouting", NFT_POSTROUTING, 0);
    nft_rule(&b, "postrouting");
    if (family == NFPROTO_IPV6)
        nft_source6(&b, source6);
    else
        nft_source(&b, u->gateway + 1);
    nft_to_link(&b, u->link, 1);
    nft_masquerade(&b);
    nft_rule_end(&b);
    return nft_commit(&b, e, "create nf_tables table");
}

static void remember(const char *directory)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/" FORWARDING_WAS_OFF, directory);
    cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && write(fd, "0\n", 2) != 2)
        unlink(path);
}

static int forwarding(int *on, struct error *e)
{
    char c;
    cleanup_close int fd = open("/proc/sys/net/" FORWARDING, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &c, 1) != 1)
        return fail(e, "read", "/proc/sys/net/" FORWARDING);
    *on = c != '0';
    return 0;
}

/* Forwarding on; it is remembered when that was our doing. */
static int forward_outside(struct uplink *u, int host_ns, struct error *e)
{
    int back, on = 1;
    if (netns_enter(host_ns, &back, e) != 0)
        return -1;
    int result = forwarding(&on, e);
    if (result == 0 && !on) {
        remember(u->run_dir);
        u->forwarding_was_off = 1;
        result = netns_set(FORWARDING, "1", e);
    }
    netns_leave(back);
    return result;
}

static int forward_inside(int ns, struct error *e)
{
    int back;
    if (netns_enter(ns, &back, e) != 0)
        return -1;
    int result = netns_set(FORWARDING, "1", e);
    netns_leave(back);
    return result;
}

int uplink_open(struct uplink *u, int host_ns, int ns, struct error *e)
{
    if (uplink_rules_inside(ns, NFPROTO_IPV4, e) != 0 || uplink_rules_outside(u, host_ns, NFPROTO_IPV4, NULL, e) != 0 || gates_open(host_ns, u->link, 0, e) != 0)
        return -1;
    return forward_outside(u, host_ns, e) != 0 ? -1 : forward_inside(ns, e);
}

/* The directory of another holder that lives on this host: the label of its uplink. */
static int find_other(const void *message, void *context)
{
    struct uplink *other = context;
    return rtnl_link_alias(message, "jc", other->link, other->run_dir, RTNL_LABEL);
}

/* Switches forwarding off if we had switched it on; while another holder needs it, that becomes its duty. */
static void forward_no_more(const struct uplink *u, int host_ns)
{
    char path[PATH_MAX + 32];
    int back;
    struct error ignored;
    struct uplink other = *u; /* link: the one to skip; run_dir: what is found */
    snprintf(path, sizeof path, "%s/" FORWARDING_WAS_OFF, u->run_dir);
    cleanup_netlink struct netlink host;
    if (rtnl_open(&host, host_ns, &ignored) != 0)
        return;
    int others = rtnl_links(&host, find_other, &other, &ignored) == 1;
    uplink6_undo(u, host_ns, others ? other.run_dir : NULL);
    if (!u->forwarding_was_off && access(path, F_OK) != 0)
        return;
    if (others) {
        remember(other.run_dir);
    } else if (netns_enter(host_ns, &back, &ignored) == 0) {
        netns_set(FORWARDING, "0", &ignored);
        netns_leave(back);
    }
    unlink(path);
}

void uplink_adopt(struct uplink *u, int host_ns)
{
    struct error ignored;
    cleanup_netlink struct netlink host;
    u->index = rtnl_open(&host, host_ns, &ignored) == 0 ? rtnl_index(&host, u->link, &ignored) : 0;
}

void uplink_undo(const struct uplink *u, int host_ns)
{
    struct error ignored;
    cleanup_netlink struct netlink host;
    if (rtnl_open(&host, host_ns, &ignored) != 0)
        return;
    int index = rtnl_index(&host, u->link, &ignored);
    if (u->index > 0 && index > 0 && index != u->index) {
        if (u->forwarding_was_off)
            remember(u->run_dir);
        return;
    }
    forward_no_more(u, host_ns);
    gates_close(host_ns, u->link);
    nft_drop_table(host_ns, NFPROTO_IPV4, u->table, &ignored);
    if (index > 0)
        rtnl_delete(&host, u->link, &ignored);
}
