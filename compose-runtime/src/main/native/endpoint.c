#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
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
#include "net.h"
#include "netns.h"
#include "nft.h"
#include "rtnl.h"
#include "sys.h"
#include "uplink.h"

#define DNS_ADDRESS 0x7f00000bu /* 127.0.0.11 */
#define DNS_RULES "jcompose_dns"
enum { DNS_PORT = 53, BACKLOG = 1024, CARRIER_POLLS = 100, CARRIER_POLL_NS = 200000 };

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
static int allow(int ns, const char *bridge, int internal, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, UPLINK_RULES, e) != 0)
        return -1;
    nft_pair(&b, UPLINK_ALLOWED, bridge, bridge, 0);
    if (!internal)
        nft_pair(&b, UPLINK_ALLOWED, bridge, UPLINK_INSIDE, 0);
    return nft_commit(&b, e, "allow packets of bridge");
}

static void disallow(int ns, const char *bridge, const char *to)
{
    struct error ignored;
    cleanup_nft struct nft b;
    if (nft_begin(&b, ns, UPLINK_RULES, &ignored) != 0)
        return;
    nft_pair(&b, UPLINK_ALLOWED, bridge, to, 1);
    nft_commit(&b, &ignored, "forget bridge");
}

/* Every step may find its work done already by someone who does the same at the same time. Returns the bridge's index. */
static int make_bridge(struct netlink *holder, int ns, const struct net_endpoint *p, struct error *e)
{
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
    allow(ns, p->bridge, p->internal, &ignored); /* without nf_tables nothing is forwarded, and the holder has noted it */
    if (rtnl_address(holder, index, &gateway, e) != 0 || rtnl_up(holder, p->bridge, e) != 0)
        return -1;
    return index;
}

int net_drop_bridge(struct net *n, const char *bridge, struct error *e)
{
    cleanup_netlink struct netlink holder;
    if (rtnl_open(&holder, n->holder_ns, e) != 0 || rtnl_delete(&holder, bridge, e) != 0)
        return -1;
    disallow(n->holder_ns, bridge, bridge);
    disallow(n->holder_ns, bridge, UPLINK_INSIDE);
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
    joined.master = make_bridge(holder, n->holder_ns, p, e);
    if (joined.master < 0)
        return -1;
    if (rtnl_veth(holder, &joined, e) == 0)
        return 0;
    if (e->code != EEXIST)
        return -1;
    /* a former namespace of this container is still being taken down */
    return rtnl_delete(holder, joined.link, e) != 0 ? -1 : rtnl_veth(holder, &joined, e);
}

static int set_up_inside(int ns, const struct net_endpoint *p, const struct ipv4 *address, struct error *e)
{
    struct ipv4 gateway;
    cleanup_netlink struct netlink inside;
    if (rtnl_open(&inside, ns, e) != 0 || ipv4_parse(p->gateway, &gateway, e) != 0)
        return -1;
    int interface = rtnl_index(&inside, p->interface, e);
    if (interface < 0 || rtnl_address(&inside, interface, address, e) != 0 || rtnl_up(&inside, p->interface, e) != 0)
        return -1;
    if (p->default_route && !p->internal && rtnl_default_route(&inside, interface, gateway.address, e) != 0)
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
    if (rtnl_open(&holder, n->holder_ns, e) != 0 || connect_bridge(n, &holder, &pair, p, e) != 0)
        return -1;
    int interface = set_up_inside(ns, p, &address, e);
    if (interface < 0)
        return -1;
    /* the bridge takes frames from its port once the kernel has noticed that both ends are up */
    for (int i = 0; i < CARRIER_POLLS && !rtnl_is_running(&holder, link); i++)
        nanosleep(&(struct timespec){.tv_nsec = CARRIER_POLL_NS}, NULL);
    announce(ns, interface, address.address, mac);
    return 0;
}

/* ---- names inside ---- */

static int loopback_socket(int type, int port, int *bound, struct error *e)
{
    cleanup_close int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(DNS_ADDRESS), .sin_port = htons((uint16_t)port)};
    socklen_t length = sizeof a;
    int on = 1;
    if (fd < 0)
        return fail(e, "create socket", "127.0.0.11:%d", port);
    if (type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || (type == SOCK_STREAM && listen(fd, 64) != 0))
        return fail(e, "bind", "127.0.0.11:%d", port);
    if (getsockname(fd, (struct sockaddr *)&a, &length) != 0)
        return fail(e, "bind", "127.0.0.11:%d", port);
    *bound = ntohs(a.sin_port);
    return take_fd(&fd);
}

static int redirect_dns(int udp_port, int tcp_port, int replace, struct error *e)
{
    cleanup_nft struct nft b;
    if (nft_begin(&b, -1, DNS_RULES, e) != 0)
        return -1;
    nft_table(&b, replace);
    nft_chain(&b, "output", NFT_OUTPUT, 0);
    nft_rule(&b, "output");
    nft_destination(&b, DNS_ADDRESS);
    nft_protocol_port(&b, IPPROTO_UDP, DNS_PORT);
    nft_redirect(&b, DNS_ADDRESS, udp_port);
    nft_rule_end(&b);
    nft_rule(&b, "output");
    nft_destination(&b, DNS_ADDRESS);
    nft_protocol_port(&b, IPPROTO_TCP, DNS_PORT);
    nft_redirect(&b, DNS_ADDRESS, tcp_port);
    nft_rule_end(&b);
    return nft_commit(&b, e, "redirect names");
}

/* On a free port that port 53 is redirected to, so that a name server in the container can have 53; else on 53 itself. */
static int dns_sockets_here(int *udp, int *tcp, struct error *e)
{
    int udp_port, tcp_port;
    cleanup_close int u = loopback_socket(SOCK_DGRAM, 0, &udp_port, e);
    cleanup_close int t = u < 0 ? -1 : loopback_socket(SOCK_STREAM, 0, &tcp_port, e);
    if (t < 0)
        return -1;
    if (redirect_dns(udp_port, tcp_port, 0, e) != 0 && redirect_dns(udp_port, tcp_port, 1, e) != 0) {
        close_at_exit(&u);
        close_at_exit(&t);
        u = loopback_socket(SOCK_DGRAM, DNS_PORT, &udp_port, e);
        t = u < 0 ? -1 : loopback_socket(SOCK_STREAM, DNS_PORT, &tcp_port, e);
        if (t < 0)
            return -1;
    }
    *udp = take_fd(&u);
    *tcp = take_fd(&t);
    return 0;
}

int net_dns_sockets(int ns, int *udp, int *tcp, struct error *e)
{
    int back;
    if (netns_enter(ns, &back, e) != 0)
        return -1;
    int result = dns_sockets_here(udp, tcp, e);
    netns_leave(back);
    return result;
}

/* ---- published ports ---- */

union host_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Returns the address's length, or 0 when the text is none. */
static socklen_t host_address(const char *text, int port, union host_address *a)
{
    memset(a, 0, sizeof *a);
    if (inet_pton(AF_INET, text[0] != 0 ? text : "0.0.0.0", &a->v4.sin_addr) == 1) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = htons((uint16_t)port);
        return sizeof a->v4;
    }
    if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) != 1)
        return 0;
    a->v6.sin6_family = AF_INET6;
    a->v6.sin6_port = htons((uint16_t)port);
    return sizeof a->v6;
}

static void set_up_listener(int fd, int family, int stream)
{
    int on = 1;
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (stream)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    else if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    else
        setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

int net_listen(const char *host_ip, int *port, const char *protocol, int *fd, struct error *e)
{
    union host_address a;
    char name[80];
    int stream = strcmp(protocol, "tcp") == 0;
    snprintf(name, sizeof name, strchr(host_ip, ':') != NULL ? "[%s]:%d/%s" : "%s:%d/%s", host_ip, *port, protocol);
    socklen_t length = host_address(host_ip, *port, &a);
    errno = EINVAL;
    if (length == 0 || *port < 0 || *port > 65535 || (!stream && strcmp(protocol, "udp") != 0))
        return fail(e, "listen on", "%s", name);
    cleanup_close int s = socket(a.any.sa_family, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return fail(e, "listen on", "%s", name);
    set_up_listener(s, a.any.sa_family, stream);
    if (bind(s, &a.any, length) != 0 || (stream && listen(s, BACKLOG) != 0))
        return fail_as(e, errno == EADDRINUSE ? "port-in-use" : "failed", "listen on", "%s", name);
    if (getsockname(s, &a.any, &length) != 0)
        return fail(e, "listen on", "%s", name);
    *port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
    *fd = take_fd(&s);
    return 0;
}
