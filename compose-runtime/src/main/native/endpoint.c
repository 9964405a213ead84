#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "hostlink.h"
#include "ipv6.h"
#include "net.h"
#include "netns.h"
#include "nft.h"
#include "rtnl.h"
#include "sys.h"
#include "uplink.h"
#include "uplink6.h"

enum { CARRIER_POLLS = 100, CARRIER_POLL_NS = 200000 };

/* ---- namespace ---- */

static int prepare_namespace(struct error *e)
{
    struct error ignored;
    cleanup_netlink struct netlink n;
    netns_set("ipv6/conf/default/disable_ipv6", "1", &ignored);
    return rtnl_open(&n, -1, e) != 0 ? -1 : rtnl_up(&n, "lo", e);
}

int net_namespace(struct error *e)
{
    int back = netns_here(e);
    if (back < 0)
        return -1;
    if (unshare(CLONE_NEWNET) != 0) {
        fail(e, "create network namespace", "for the container");
        close_at_exit(&back);
        return -1;
    }
    int ns = netns_here(e);
    if (ns >= 0 && prepare_namespace(e) != 0) {
        close_at_exit(&ns);
        ns = -1;
    }
    netns_leave(back);
    return ns;
}

/* ---- bridge ---- */

static void mac_of_address(uint32_t a, uint8_t mac[6])
{
    memcpy(mac, (const uint8_t[]){2, 0x42, (uint8_t)(a >> 24), (uint8_t)(a >> 16), (uint8_t)(a >> 8), (uint8_t)a}, 6);
}

/* Lets packets of the bridge pass: among its own ports always, to the uplink unless it is internal. */
static int allow(int ns, int family, const char *bridge, int internal, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, UPLINK_RULES, e) != 0)
        return -1;
    b.family = family;
    nft_pair(&b, UPLINK_ALLOWED, bridge, bridge, 0);
    if (!internal)
        nft_pair(&b, UPLINK_ALLOWED, bridge, UPLINK_INSIDE, 0);
    return nft_commit(&b, e, "allow packets of bridge");
}

static void disallow(int ns, int family, const char *bridge, const char *to)
{
    struct error ignored;
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, UPLINK_RULES, &ignored) != 0)
        return;
    b.family = family;
    nft_pair(&b, UPLINK_ALLOWED, bridge, to, 1);
    nft_commit(&b, &ignored, "forget bridge");
}

/* The bridge's IPv6: the gateway's address, and with the first such network of the holder the way out. */
static int further_of_bridge(struct net *n, struct netlink *holder, int index, const struct net_endpoint *p, struct error *e)
{
    struct error ignored;
    struct ipv6 gateway;
    for (int i = 0; i < p->further_count; i++) {
        if (strchr(p->further[i].gateway, ':') == NULL)
            continue;
        if (ipv6_parse(p->further[i].gateway, &gateway, e) != 0 || ipv6_enable(n->holder_ns, p->bridge, e) != 0
            || ipv6_address(holder, index, &gateway, e) != 0)
            return -1;
        if (!p->internal && uplink6_open(n->run_dir, n->host_ns, n->holder_ns, &ignored) == 0)
            allow(n->holder_ns, NFPROTO_IPV6, p->bridge, 0, &ignored);
    }
    return 0;
}

/* Every step may find its work done already by someone who does the same at the same time. Returns the bridge's index. */
static int make_bridge(struct net *n, struct netlink *holder, const struct net_endpoint *p, struct error *e)
{
    int ns = n->holder_ns;
    struct ipv4 gateway;
    struct error ignored;
    int index = rtnl_index(holder, p->bridge, e);
    if (index >= 0 && rtnl_is_up(holder, p->bridge))
        return index;
    if (ipv4_parse(p->gateway, &gateway, e) != 0)
        return -1;
    uint8_t mac[6];
    mac_of_address(gateway.address, mac);
    if (rtnl_bridge(holder, p->bridge, mac, e) != 0 || (index = rtnl_index(holder, p->bridge, e)) < 0)
        return -1;
    allow(ns, NFPROTO_IPV4, p->bridge, p->internal, &ignored); /* without nf_tables nothing is forwarded, and the holder has noted it */
    if (p->mtu > 0 && hostlink_mtu(holder, p->bridge, p->mtu, e) != 0)
        return -1;
    if (rtnl_address(holder, index, &gateway, e) != 0 || further_of_bridge(n, holder, index, p, e) != 0 || rtnl_up(holder, p->bridge, e) != 0)
        return -1;
    return index;
}

int net_drop_bridge(struct net *n, const char *bridge, struct error *e)
{
    cleanup_netlink struct netlink holder;
    if (rtnl_open(&holder, n->holder_ns, e) != 0 || rtnl_delete(&holder, bridge, e) != 0)
        return -1;
    for (int family = NFPROTO_IPV4; family != 0; family = family == NFPROTO_IPV4 ? NFPROTO_IPV6 : 0) {
        if (nft_has_table(n->holder_ns, family, UPLINK_RULES, e) != 1)
            continue;
        disallow(n->holder_ns, family, bridge, bridge);
        disallow(n->holder_ns, family, bridge, UPLINK_INSIDE);
    }
    return 0;
}

/* ---- container ---- */

/* The one asked for; else one that a later container at the same address will have, too. */
static int choose_mac(const char *text, uint32_t address, uint8_t mac[6], struct error *e)
{
    char rest;
    unsigned b[6];
    mac_of_address(address, mac);
    if (text[0] == 0)
        return 0;
    if (sscanf(text, "%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &rest) != 6) {
        errno = EINVAL;
        return fail(e, "parse hardware address", "%s", text);
    }
    for (int i = 0; i < 6; i++)
        mac[i] = (uint8_t)b[i];
    return 0;
}

static int connect_bridge(struct net *n, struct netlink *holder, const struct veth *pair, const struct net_endpoint *p, struct error *e)
{
    struct veth joined = *pair;
    joined.master = make_bridge(n, holder, p, e);
    if (joined.master < 0)
        return -1;
    int result = rtnl_veth(holder, &joined, e);
    if (result != 0 && e->code == EEXIST) /* a former namespace of this container is still being taken down */
        result = rtnl_delete(holder, joined.link, e) != 0 ? -1 : rtnl_veth(holder, &joined, e);
    if (result == 0 && p->isolated)
        result = hostlink_isolate(holder, joined.link, e);
    return result != 0 || p->mtu == 0 ? result : hostlink_mtu(holder, joined.link, p->mtu, e);
}

/* A link of the container's own on one of the host. */
static int connect_host(struct net *n, int ns, const uint8_t mac[6], const struct net_endpoint *p, struct error *e)
{
    cleanup_netlink struct netlink host;
    struct hostlink l = {.kind = p->kind, .mode = p->mode, .parent = p->bridge, .link = p->interface, .ns = ns, .mtu = p->mtu, .mac = mac};
    return rtnl_open(&host, n->host_ns, e) != 0 ? -1 : hostlink_make(&host, &l, e);
}

static int further_inside(struct netlink *inside, int ns, int interface, const struct net_endpoint *p, struct error *e)
{
    int enabled = 0;
    for (int i = 0; i < p->further_count; i++) {
        struct ipv4 v4;
        struct ipv6 v6;
        if (strchr(p->further[i].address, ':') == NULL) {
            if (ipv4_parse(p->further[i].address, &v4, e) != 0 || rtnl_address(inside, interface, &v4, e) != 0)
                return -1;
            continue;
        }
        if (!enabled && ipv6_enable(ns, p->interface, e) != 0)
            return -1;
        enabled = 1;
        if (ipv6_parse(p->further[i].address, &v6, e) != 0 || ipv6_address(inside, interface, &v6, e) != 0)
            return -1;
    }
    return 0;
}

/* Once the link is up. */
static int routes6_inside(struct netlink *inside, int interface, const struct net_endpoint *p, struct error *e)
{
    for (int i = 0; i < p->further_count; i++) {
        struct ipv6 gateway;
        if (!p->further[i].default_route || p->internal)
            continue;
        if (ipv6_parse(p->further[i].gateway, &gateway, e) != 0 || ipv6_default_route(inside, interface, &gateway, e) != 0)
            return -1;
    }
    return 0;
}

/* All other addresses are reached through the link itself where it routes. */
static uint32_t next_hop(const struct net_endpoint *p, const struct ipv4 *gateway)
{
    return strncmp(p->mode, "l3", 2) == 0 ? 0 : gateway->address;
}

static int set_up_inside(int ns, const struct net_endpoint *p, const struct ipv4 *address, struct error *e)
{
    struct ipv4 gateway;
    cleanup_netlink struct netlink inside;
    if (rtnl_open(&inside, ns, e) != 0 || ipv4_parse(p->gateway, &gateway, e) != 0)
        return -1;
    int interface = rtnl_index(&inside, p->interface, e);
    if (interface < 0 || (p->mtu > 0 && hostlink_mtu(&inside, p->interface, p->mtu, e) != 0))
        return -1;
    if (rtnl_address(&inside, interface, address, e) != 0 || further_inside(&inside, ns, interface, p, e) != 0 || rtnl_up(&inside, p->interface, e) != 0)
        return -1;
    if (p->default_route && !p->internal && rtnl_default_route(&inside, interface, next_hop(p, &gateway), e) != 0)
        return -1;
    if (routes6_inside(&inside, interface, p, e) != 0)
        return -1;
    return interface;
}

/* The last close of a packet socket waits for every processor (10 ms and more): a child does it, so that the next start need not wait. */
static void close_elsewhere(int fd)
{
    if (fork() == 0) {
        if (fd > 0)
            sys_close_range(0, (unsigned)fd - 1, 0);
        sys_close_range((unsigned)fd + 1, ~0U, 0);
        _exit(0);
    }
    close(fd);
}

/* Tells the neighbours whose address this is now (ARP), and the bridge behind which port it is. */
static void announce(int ns, int interface, uint32_t address, const uint8_t mac[6])
{
    struct error ignored;
    struct ether_arp arp = {.ea_hdr = {htons(ARPHRD_ETHER), htons(ETHERTYPE_IP), 6, 4, htons(ARPOP_REQUEST)}};
    struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ETHERTYPE_ARP), .sll_ifindex = interface, .sll_halen = 6};
    uint32_t wire = htonl(address);
    int back;
    memset(all.sll_addr, 0xff, 6);
    memcpy(arp.arp_sha, mac, 6);
    memcpy(arp.arp_spa, &wire, sizeof wire);
    memcpy(arp.arp_tpa, &wire, sizeof wire);
    if (netns_enter(ns, &back, &ignored) != 0)
        return;
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    netns_leave(back);
    if (fd < 0)
        return;
    sendto(fd, &arp, sizeof arp, 0, (const struct sockaddr *)&all, sizeof all);
    close_elsewhere(fd);
}

int net_attach(struct net *n, int ns, const char *unique, int index, const struct net_endpoint *p, struct error *e)
{
    char link[16];
    uint8_t mac[6];
    struct ipv4 address;
    cleanup_netlink struct netlink holder = {.fd = -1};
    struct veth pair = {.link = link, .peer = p->interface, .peer_ns = ns, .mac = mac};
    snprintf(link, sizeof link, "v%.12s%x", unique, (unsigned)index & 0xff);
    if (ipv4_parse(p->address, &address, e) != 0 || choose_mac(p->mac, address.address, mac, e) != 0)
        return -1;
    int on_bridge = strcmp(p->kind, "bridge") == 0;
    if (on_bridge && (rtnl_open(&holder, n->holder_ns, e) != 0 || connect_bridge(n, &holder, &pair, p, e) != 0))
        return -1;
    if (!on_bridge && connect_host(n, ns, mac, p, e) != 0)
        return -1;
    int interface = set_up_inside(ns, p, &address, e);
    if (interface < 0)
        return -1;
    /* the bridge takes frames from its port once the kernel has noticed that both ends are up */
    for (int i = 0; on_bridge && i < CARRIER_POLLS && !rtnl_is_running(&holder, link); i++)
        nanosleep(&(struct timespec){.tv_nsec = CARRIER_POLL_NS}, NULL);
    announce(ns, interface, address.address, mac);
    return 0;
}
