#define _GNU_SOURCE
#include "hostlink.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "rtnl.h"

static const struct {
    const char *kind, *word;
    int mode;
} modes[] = {
    {"macvlan", "", MACVLAN_MODE_BRIDGE}, {"macvlan", "bridge", MACVLAN_MODE_BRIDGE}, {"macvlan", "private", MACVLAN_MODE_PRIVATE},
    {"macvlan", "vepa", MACVLAN_MODE_VEPA}, {"macvlan", "passthru", MACVLAN_MODE_PASSTHRU},
    {"ipvlan", "", IPVLAN_MODE_L2}, {"ipvlan", "l2", IPVLAN_MODE_L2}, {"ipvlan", "l3", IPVLAN_MODE_L3}, {"ipvlan", "l3s", IPVLAN_MODE_L3S},
};

/* The mode's number; of ipvlan the part of `text` before a slash, after which comes the flag. */
static int find_mode(const struct hostlink *l, int *mode)
{
    size_t length = strcspn(l->mode, "/");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].kind, l->kind) == 0 && strlen(modes[i].word) == length && memcmp(modes[i].word, l->mode, length) == 0) {
            *mode = modes[i].mode;
            return 0;
        }
    }
    errno = EINVAL;
    return -1;
}

static void put_mode(struct netlink *n, const struct hostlink *l, int mode)
{
    if (strcmp(l->kind, "macvlan") == 0) {
        netlink_put_u32(n, IFLA_MACVLAN_MODE, (uint32_t)mode);
        return;
    }
    uint16_t number = (uint16_t)mode, flags = 0;
    if (strstr(l->mode, "/private"))
        flags = IPVLAN_F_PRIVATE;
    if (strstr(l->mode, "/vepa"))
        flags = IPVLAN_F_VEPA;
    netlink_put(n, IFLA_IPVLAN_MODE, &number, sizeof number);
    netlink_put(n, IFLA_IPVLAN_FLAGS, &flags, sizeof flags);
}

static void begin(struct netlink *n, const char *link, int flags)
{
    netlink_message(n, RTM_NEWLINK, NLM_F_ACK | flags, sizeof(struct ifinfomsg));
    netlink_put_text(n, IFLA_IFNAME, link);
}

int hostlink_make(struct netlink *host, const struct hostlink *l, struct error *e)
{
    int mode, parent = rtnl_index(host, l->parent, e);
    if (parent < 0)
        return -1;
    if (find_mode(l, &mode) != 0)
        return fail(e, "create link", "%s of mode %s", l->kind, l->mode);
    begin(host, l->link, NLM_F_CREATE | NLM_F_EXCL);
    netlink_put_u32(host, IFLA_LINK, (uint32_t)parent);
    netlink_put_u32(host, IFLA_NET_NS_FD, (uint32_t)l->ns);
    if (l->mtu > 0)
        netlink_put_u32(host, IFLA_MTU, (uint32_t)l->mtu);
    if (l->mac != NULL && strcmp(l->kind, "macvlan") == 0)
        netlink_put(host, IFLA_ADDRESS, l->mac, 6);
    size_t info = netlink_nest(host, IFLA_LINKINFO);
    netlink_put_text(host, IFLA_INFO_KIND, l->kind);
    size_t data = netlink_nest(host, IFLA_INFO_DATA);
    put_mode(host, l, mode);
    netlink_end(host, data);
    netlink_end(host, info);
    if (netlink_send(host, e, "create link", l->link) == 0)
        return 0;
    if (e->code == EOPNOTSUPP)
        return fail_as(e, "missing-feature", "create link", "this kernel offers no %s", l->kind);
    return -1;
}

int hostlink_isolate(struct netlink *n, const char *port, struct error *e)
{
    uint8_t on = 1;
    begin(n, port, 0);
    size_t info = netlink_nest(n, IFLA_LINKINFO);
    netlink_put_text(n, IFLA_INFO_SLAVE_KIND, "bridge");
    size_t data = netlink_nest(n, IFLA_INFO_SLAVE_DATA);
    netlink_put(n, IFLA_BRPORT_ISOLATED, &on, sizeof on);
    netlink_end(n, data);
    netlink_end(n, info);
    return netlink_send(n, e, "isolate port", port);
}

int hostlink_mtu(struct netlink *n, const char *link, int mtu, struct error *e)
{
    begin(n, link, 0);
    netlink_put_u32(n, IFLA_MTU, (uint32_t)mtu);
    return netlink_send(n, e, "set MTU of link", link);
}
