#define _GNU_SOURCE
#include "rtnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ipv4_parse(const char *text, struct ipv4 *a, struct error *e)
{
    char address[16] = "";
    size_t length = strcspn(text, "/");
    struct in_addr parsed;
    a->bits = 32;
    errno = EINVAL;
    if (length >= sizeof address)
        return fail(e, "parse address", "%s", text);
    memcpy(address, text, length);
    if (text[length] == '/') {
        char *end;
        long bits = strtol(text + length + 1, &end, 10);
        if (*end != 0 || end == text + length + 1 || bits < 0 || bits > 32)
            return fail(e, "parse address", "%s", text);
        a->bits = (int)bits;
    }
    if (inet_pton(AF_INET, address, &parsed) != 1) {
        errno = EINVAL;
        return fail(e, "parse address", "%s", text);
    }
    a->address = ntohl(parsed.s_addr);
    return 0;
}

void ipv4_text(uint32_t address, char text[16])
{
    snprintf(text, 16, "%u.%u.%u.%u", address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255);
}

uint32_t ipv4_mask(int bits)
{
    return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

int rtnl_open(struct netlink *n, int ns, struct error *e)
{
    return netlink_open(n, ns, NETLINK_ROUTE, e);
}

static struct ifinfomsg *link_message(struct netlink *n, int type, int flags, const char *name)
{
    struct ifinfomsg *info = netlink_message(n, type, NLM_F_ACK | flags, sizeof *info);
    netlink_put_text(n, IFLA_IFNAME, name);
    return info;
}

static int remember(const void *message, void *context)
{
    *(struct ifinfomsg *)context = *(const struct ifinfomsg *)NLMSG_DATA((const struct nlmsghdr *)message);
    return 0;
}

static int link_state(struct netlink *n, const char *link, struct ifinfomsg *state, struct error *e)
{
    link_message(n, RTM_GETLINK, 0, link);
    netlink_put_u32(n, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return netlink_answer(n, remember, state, e, "find link", link);
}

int rtnl_index(struct netlink *n, const char *link, struct error *e)
{
    struct ifinfomsg state;
    return link_state(n, link, &state, e) == 0 ? state.ifi_index : -1;
}

static int has_flag(struct netlink *n, const char *link, unsigned flag)
{
    struct ifinfomsg state;
    struct error ignored;
    return link_state(n, link, &state, &ignored) == 0 && (state.ifi_flags & flag) != 0;
}

int rtnl_is_up(struct netlink *n, const char *link)
{
    return has_flag(n, link, IFF_UP);
}

int rtnl_is_running(struct netlink *n, const char *link)
{
    return has_flag(n, link, IFF_RUNNING);
}

int rtnl_up(struct netlink *n, const char *link, struct error *e)
{
    struct ifinfomsg *info = link_message(n, RTM_NEWLINK, 0, link);
    info->ifi_flags = info->ifi_change = IFF_UP;
    return netlink_send(n, e, "bring up link", link);
}

int rtnl_delete(struct netlink *n, const char *link, struct error *e)
{
    link_message(n, RTM_DELLINK, 0, link);
    if (netlink_send(n, e, "delete link", link) == 0 || e->code == ENODEV)
        return 0;
    return -1;
}

int rtnl_alias(struct netlink *n, const char *link, const char *alias, struct error *e)
{
    link_message(n, RTM_NEWLINK, 0, link);
    netlink_put(n, IFLA_IFALIAS, alias, strlen(alias));
    return netlink_send(n, e, "label link", link);
}

int rtnl_links(struct netlink *n, netlink_visitor *each, void *context, struct error *e)
{
    netlink_message(n, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    netlink_put_u32(n, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return netlink_dump(n, each, context, e);
}

int rtnl_link_alias(const void *message, const char *prefix, const char *except, char *alias, size_t size)
{
    const struct nlmsghdr *h = message;
    const struct rtattr *a = IFLA_RTA(NLMSG_DATA(h));
    size_t left = h->nlmsg_len - NLMSG_SPACE(sizeof(struct ifinfomsg));
    const char *name = "", *label = "";
    for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        if (a->rta_type == IFLA_IFNAME)
            name = RTA_DATA(a);
        if (a->rta_type == IFLA_IFALIAS)
            label = RTA_DATA(a);
    }
    if (strncmp(name, prefix, strlen(prefix)) != 0 || strcmp(name, except) == 0 || label[0] == 0)
        return 0;
    snprintf(alias, size, "%s", label);
    return 1;
}

int rtnl_bridge(struct netlink *n, const char *bridge, const uint8_t mac[6], struct error *e)
{
    link_message(n, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, bridge);
    netlink_put(n, IFLA_ADDRESS, mac, 6);
    size_t kind = netlink_nest(n, IFLA_LINKINFO);
    netlink_put_text(n, IFLA_INFO_KIND, "bridge");
    size_t data = netlink_nest(n, IFLA_INFO_DATA);
    netlink_put_u32(n, IFLA_BR_STP_STATE, 0);
    netlink_put_u32(n, IFLA_BR_FORWARD_DELAY, 0);
    netlink_end(n, data);
    netlink_end(n, kind);
    if (netlink_send(n, e, "create bridge", bridge) == 0 || e->code == EEXIST)
        return 0;
    return -1;
}

int rtnl_veth(struct netlink *n, const struct veth *v, struct error *e)
{
    struct ifinfomsg *info = link_message(n, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, v->link);
    info->ifi_flags = info->ifi_change = IFF_UP;
    if (v->master > 0)
        netlink_put_u32(n, IFLA_MASTER, (uint32_t)v->master);
    size_t kind = netlink_nest(n, IFLA_LINKINFO);
    netlink_put_text(n, IFLA_INFO_KIND, "veth");
    size_t data = netlink_nest(n, IFLA_INFO_DATA);
    size_t peer = netlink_nest(n, VETH_INFO_PEER);
    netlink_raw(n, sizeof(struct ifinfomsg));
    netlink_put_text(n, IFLA_IFNAME, v->peer);
    netlink_put_u32(n, IFLA_NET_NS_FD, (uint32_t)v->peer_ns);
    if (v->mac != NULL)
        netlink_put(n, IFLA_ADDRESS, v->mac, 6);
    netlink_end(n, peer);
    netlink_end(n, data);
    netlink_end(n, kind);
    return netlink_send(n, e, "create veth", v->link);
}

int rtnl_address(struct netlink *n, int index, const struct ipv4 *a, struct error *e)
{
    struct ifaddrmsg *m = netlink_message(n, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    m->ifa_family = AF_INET;
    m->ifa_prefixlen = (uint8_t)a->bits;
    m->ifa_index = (uint32_t)index;
    netlink_put_be32(n, IFA_LOCAL, a->address);
    netlink_put_be32(n, IFA_ADDRESS, a->address);
    if (a->bits < 31)
        netlink_put_be32(n, IFA_BROADCAST, a->address | ~ipv4_mask(a->bits));
    char text[16];
    ipv4_text(a->address, text);
    if (netlink_send(n, e, "add address", text) == 0 || e->code == EEXIST)
        return 0;
    return -1;
}

int rtnl_default_route(struct netlink *n, int index, uint32_t gateway, struct error *e)
{
    struct rtmsg *m = netlink_message(n, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, sizeof *m);
    m->rtm_family = AF_INET;
    m->rtm_table = RT_TABLE_MAIN;
    m->rtm_protocol = RTPROT_STATIC;
    m->rtm_scope = gateway != 0 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    m->rtm_type = RTN_UNICAST;
    if (gateway != 0)
        netlink_put_be32(n, RTA_GATEWAY, gateway);
    netlink_put_u32(n, RTA_OIF, (uint32_t)index);
    char text[16];
    ipv4_text(gateway, text);
    return netlink_send(n, e, "add default route through", text);
}

/* Does this address or route lie inside the range, or a narrow one around it? */
static int overlaps(const void *message, void *context)
{
    const struct nlmsghdr *h = message;
    const struct ipv4 *range = context;
    int is_route = h->nlmsg_type == RTM_NEWROUTE;
    const struct rtmsg *route = NLMSG_DATA(h);
    const struct ifaddrmsg *address = NLMSG_DATA(h);
    int bits = is_route ? route->rtm_dst_len : address->ifa_prefixlen;
    size_t header = NLMSG_ALIGN(is_route ? sizeof *route : sizeof *address);
    const struct rtattr *a = (const void *)((const char *)NLMSG_DATA(h) + header);
    size_t left = h->nlmsg_len - NLMSG_HDRLEN - header;
    for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
        uint32_t value;
        if (a->rta_type != (is_route ? RTA_DST : IFA_LOCAL) || RTA_PAYLOAD(a) != sizeof value || bits < 24)
            continue;
        memcpy(&value, RTA_DATA(a), sizeof value);
        uint32_t mask = ipv4_mask(bits < range->bits ? bits : range->bits);
        if (((ntohl(value) ^ range->address) & mask) == 0)
            return 1;
    }
    return 0;
}

int rtnl_in_use(struct netlink *n, const struct ipv4 *range, struct error *e)
{
    struct ipv4 copy = *range;
    struct ifaddrmsg *address = netlink_message(n, RTM_GETADDR, NLM_F_DUMP, sizeof *address);
    address->ifa_family = AF_INET;
    int found = netlink_dump(n, overlaps, &copy, e);
    if (found != 0)
        return found;
    struct rtmsg *route = netlink_message(n, RTM_GETROUTE, NLM_F_DUMP, sizeof *route);
    route->rtm_family = AF_INET;
    return netlink_dump(n, overlaps, &copy, e);
}
