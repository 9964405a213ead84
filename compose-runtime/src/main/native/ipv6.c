#define _GNU_SOURCE
#include "ipv6.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netns.h"

int ipv6_parse(const char *text, struct ipv6 *a, struct error *e)
{
    char address[INET6_ADDRSTRLEN] = "", *end;
    size_t length = strcspn(text, "/");
    a->bits = 128;
    errno = EINVAL;
    if (length >= sizeof address)
        return fail(e, "parse address", "%s", text);
    memcpy(address, text, length);
    if (text[length] == '/') {
        long bits = strtol(text + length + 1, &end, 10);
        if (*end != 0 || end == text + length + 1 || bits < 0 || bits > 128)
            return fail(e, "parse address", "%s", text);
        a->bits = (int)bits;
    }
    errno = EINVAL;
    return inet_pton(AF_INET6, address, a->address) == 1 ? 0 : fail(e, "parse address", "%s", text);
}

static int enable_here(const char *link, struct error *e)
{
    static const char *const settings[][2] = {{"accept_dad", "0"}, {"accept_ra", "0"}, {"disable_ipv6", "0"}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char path[96];
        snprintf(path, sizeof path, "ipv6/conf/%s/%s", link, settings[i][0]);
        if (netns_set(path, settings[i][1], e) != 0)
            return -1;
    }
    return 0;
}

int ipv6_enable(int ns, const char *link, struct error *e)
{
    int back;
    if (ns < 0)
        return enable_here(link, e);
    if (netns_enter(ns, &back, e) != 0)
        return -1;
    int result = enable_here(link, e);
    netns_leave(back);
    return result;
}

int ipv6_address(struct netlink *n, int index, const struct ipv6 *a, struct error *e)
{
    struct ifaddrmsg *m = netlink_message(n, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    m->ifa_family = AF_INET6;
    m->ifa_prefixlen = (uint8_t)a->bits;
    m->ifa_flags = IFA_F_NODAD;
    m->ifa_index = (uint32_t)index;
    netlink_put(n, IFA_LOCAL, a->address, sizeof a->address);
    netlink_put(n, IFA_ADDRESS, a->address, sizeof a->address);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, a->address, text, sizeof text);
    if (netlink_send(n, e, "add address", text) == 0 || e->code == EEXIST)
        return 0;
    return -1;
}

int ipv6_default_route(struct netlink *n, int index, const struct ipv6 *gateway, struct error *e)
{
    struct rtmsg *m = netlink_message(n, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, sizeof *m);
    m->rtm_family = AF_INET6;
    m->rtm_table = RT_TABLE_MAIN;
    m->rtm_protocol = RTPROT_STATIC;
    m->rtm_scope = RT_SCOPE_UNIVERSE;
    m->rtm_type = RTN_UNICAST;
    netlink_put(n, RTA_GATEWAY, gateway->address, sizeof gateway->address);
    netlink_put_u32(n, RTA_OIF, (uint32_t)index);
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, gateway->address, text, sizeof text);
    return netlink_send(n, e, "add default route through", text);
}
