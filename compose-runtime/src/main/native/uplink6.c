#define _GNU_SOURCE
#include "uplink6.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "files.h"
#include "gates.h"
#include "holder.h"
#include "ipv6.h"
#include "netns.h"
#include "nft.h"
#include "rtnl.h"
#include "uplink.h"

#define SETTINGS "/proc/sys/net/ipv6/conf"
#define CHANGED "holder.ipv6" /* what of the host's settings was changed: `<path below /proc/sys/net> <former value>` a line */

/* fd6a:6370:<hash of the directory>::<end>/126; `end` 1 is the host's, 2 the namespace's. */
static struct ipv6 end_of(const struct uplink *u, int end)
{
    struct ipv6 a = {.address = {0xfd, 0x6a, 0x63, 0x70}, .bits = 126};
    uint32_t hash = uplink_hash(u->run_dir);
    for (int i = 0; i < 4; i++)
        a.address[4 + i] = (uint8_t)(hash >> (24 - 8 * i));
    a.address[15] = (uint8_t)end;
    return a;
}

static int make_end(int ns, const char *link, const struct ipv6 *own, const struct ipv6 *gateway, struct error *e)
{
    cleanup_netlink struct netlink n;
    if (ipv6_enable(ns, link, e) != 0 || rtnl_open(&n, ns, e) != 0)
        return -1;
    int index = rtnl_index(&n, link, e);
    if (index < 0 || ipv6_address(&n, index, own, e) != 0)
        return -1;
    return gateway != NULL ? ipv6_default_route(&n, index, gateway, e) : 0;
}

static int rules(const struct uplink *u, int host_ns, int ns, struct error *e)
{
    struct ipv6 inside = end_of(u, 2);
    int has_inside = nft_has_table(ns, NFPROTO_IPV6, UPLINK_RULES, e);
    int has_outside = nft_has_table(host_ns, NFPROTO_IPV6, u->table, e);
    if (has_inside < 0 || has_outside < 0)
        return -1;
    if (!has_inside && uplink_rules_inside(ns, NFPROTO_IPV6, e) != 0)
        return -1;
    return has_outside ? 0 : uplink_rules_outside(u, host_ns, NFPROTO_IPV6, inside.address, e);
}

/* ---- forwarding on the host ---- */

/* Sets one of the host's settings, its former value being noted first. */
static int change(int directory, const char *path, const char *from, const char *to, struct error *e)
{
    char line[160];
    snprintf(line, sizeof line, "%s %s\n", path, from);
    cleanup_close int fd = openat(directory, CHANGED, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line))
        return fail(e, "write", CHANGED);
    return netns_set(path, to, e);
}

static char value_of(const char *path)
{
    char full[192], c = 0;
    snprintf(full, sizeof full, "/proc/sys/net/%s", path);
    cleanup_close int fd = open(full, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, &c, 1) == 1 ? c : 0;
}

/* A host that forwards takes no routes from routers any more, unless it is told that it still should. */
static int forward_here(int directory, struct error *e)
{
    char path[128];
    if (value_of("ipv6/conf/all/forwarding") != '0')
        return 0;
    cleanup_closedir DIR *links = opendir(SETTINGS);
    for (struct dirent *link; links != NULL && (link = readdir(links)) != NULL;) {
        if (link->d_name[0] == '.' || strcmp(link->d_name, "all") == 0 || strcmp(link->d_name, "lo") == 0)
            continue;
        snprintf(path, sizeof path, "ipv6/conf/%.64s/accept_ra", link->d_name);
        if (value_of(path) == '1' && change(directory, path, "1", "2", e) != 0)
            return -1;
    }
    return change(directory, "ipv6/conf/all/forwarding", "0", "1", e);
}

static int forward(const struct uplink *u, int host_ns, int ns, struct error *e)
{
    int back;
    cleanup_close int directory = open(u->run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return fail(e, "open", "%s", u->run_dir);
    if (netns_enter(host_ns, &back, e) != 0)
        return -1;
    int result = forward_here(directory, e);
    netns_leave(back);
    if (result != 0 || netns_enter(ns, &back, e) != 0)
        return -1;
    result = netns_set("ipv6/conf/all/forwarding", "1", e);
    netns_leave(back);
    return result;
}

int uplink6_open(const char *run_dir, int host_ns, int ns, struct error *e)
{
    struct uplink u;
    if (uplink_name(&u, run_dir, e) != 0)
        return -1;
    cleanup_close int lock = holder_lock(run_dir, e);
    struct ipv6 outside = end_of(&u, 1), inside = end_of(&u, 2);
    if (lock < 0 || rules(&u, host_ns, ns, e) != 0)
        return -1;
    if (make_end(host_ns, u.link, &outside, NULL, e) != 0 || make_end(ns, UPLINK_INSIDE, &inside, &outside, e) != 0)
        return -1;
    return gates_open(host_ns, u.link, 1, e) != 0 ? -1 : forward(&u, host_ns, ns, e);
}

/* ---- back again ---- */

static void inherit(const char *directory, const char *text)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" CHANGED, directory);
    cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && write(fd, text, strlen(text)) < 0)
        unlink(path);
}

static void restore(char *text)
{
    struct error ignored;
    for (char *line; (line = strsep(&text, "\n")) != NULL;) {
        char *space = strchr(line, ' ');
        if (space == NULL || strncmp(line, "ipv6/conf/", 10) != 0 || strstr(line, "..") != NULL)
            continue;
        *space = 0;
        netns_set(line, space + 1, &ignored);
    }
}

void uplink6_undo(const struct uplink *u, int host_ns, const char *other)
{
    struct error ignored;
    int back;
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/" CHANGED, u->run_dir);
    nft_drop_table(host_ns, NFPROTO_IPV6, u->table, &ignored);
    cleanup_free char *text = file_text(AT_FDCWD, path);
    if (text == NULL)
        return;
    if (other != NULL) {
        inherit(other, text);
    } else if (netns_enter(host_ns, &back, &ignored) == 0) {
        restore(text);
        netns_leave(back);
    }
    unlink(path);
}
