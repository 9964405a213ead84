#define _GNU_SOURCE
#include "dns_names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cleanup.h"

enum { LINE_MAX_BYTES = 8192, MEMBERS = 4096, NETWORK_MAX = 256 };

struct member {
    struct zone_address address;
    char *names; /* lower case, separated by single spaces */
};

struct zone {
    struct zone *next;
    char network[NETWORK_MAX];
    char suffix[NETWORK_MAX]; /* lower case */
    int users, watch, stale;
    struct member *members;
    int count;
};

static struct zone *zones;
static int changes = -1;

int zones_open(void)
{
    changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return changes >= 0 ? 0 : -1;
}

static void lose_all(void)
{
    for (struct zone *z = zones; z != NULL; z = z->next)
        z->stale = 1;
}

static void changed(const struct inotify_event *event)
{
    if (event->mask & IN_Q_OVERFLOW)
        lose_all();
    for (struct zone *z = zones; z != NULL; z = z->next) {
        if (z->watch != event->wd)
            continue;
        z->stale = 1;
        if (event->mask & IN_IGNORED)
            z->watch = -1; /* the directory is gone; it may come back */
    }
}

void zones_refresh(void)
{
    _Alignas(struct inotify_event) char space[4096];
    ssize_t got;
    while ((got = read(changes, space, sizeof space)) > 0) {
        for (ssize_t at = 0; at < got;) {
            const struct inotify_event *event = (const void *)(space + at);
            changed(event);
            at += (ssize_t)(sizeof *event + event->len);
        }
    }
}

/* ---- reading ---- */

static void clear(struct zone *z)
{
    for (int i = 0; i < z->count; i++)
        free(z->members[i].names);
    free(z->members);
    z->members = NULL;
    z->count = 0;
}

static int add_member(struct zone *z, const struct zone_address *address, const char *names)
{
    if ((z->count & (z->count - 1)) == 0) { /* full at powers of two */
        int room = z->count == 0 ? 1 : z->count * 2;
        struct member *grown = realloc(z->members, (size_t)room * sizeof *grown);
        if (grown == NULL)
            return -1;
        z->members = grown;
    }
    char *copy = strdup(names);
    if (copy == NULL)
        return -1;
    z->members[z->count++] = (struct member){*address, copy};
    return 0;
}

/* `<ipv4>[,<ipv6>] <name> <name> ...` */
static void read_member(struct zone *z, int directory, const char *file)
{
    char line[LINE_MAX_BYTES];
    struct in_addr v4;
    struct zone_address address = {0};
    cleanup_close int fd = openat(directory, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t got = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
    if (got <= 0)
        return;
    line[got] = 0;
    line[strcspn(line, "\n")] = 0;
    char *names = strchr(line, ' ');
    if (names == NULL)
        return;
    *names++ = 0;
    for (char *c = names; *c != 0; c++)
        *c = (char)tolower((unsigned char)*c);
    char *v6 = line, *first = strsep(&v6, ",");
    if (inet_pton(AF_INET, first, &v4) != 1)
        return;
    address.v4 = ntohl(v4.s_addr);
    address.has_v6 = v6 != NULL && inet_pton(AF_INET6, v6, address.v6) == 1;
    add_member(z, &address, names);
}

static void load(struct zone *z)
{
    char path[NETWORK_MAX + 2];
    snprintf(path, sizeof path, "/%s", z->network);
    if (z->watch < 0)
        z->watch = inotify_add_watch(changes, path, IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
    clear(z);
    cleanup_closedir DIR *directory = opendir(path);
    z->stale = z->watch < 0;
    struct dirent *entry;
    while (directory != NULL && z->count < MEMBERS && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.')
            read_member(z, dirfd(directory), entry->d_name);
    }
}

struct zone *zone_get(const char *network)
{
    for (struct zone *z = zones; z != NULL; z = z->next) {
        if (strcmp(z->network, network) == 0) {
            z->users++;
            return z;
        }
    }
    struct zone *z = calloc(1, sizeof *z);
    if (z == NULL || strlen(network) >= sizeof z->network || strchr(network, '/') != NULL) {
        free(z);
        return NULL;
    }
    strcpy(z->network, network);
    for (size_t i = 0; network[i] != 0; i++)
        z->suffix[i] = (char)tolower((unsigned char)network[i]);
    z->users = 1;
    z->watch = -1;
    z->stale = 1;
    z->next = zones;
    zones = z;
    return z;
}

void zone_put(struct zone *z)
{
    if (--z->users > 0)
        return;
    struct zone **at = &zones;
    while (*at != z)
        at = &(*at)->next;
    *at = z->next;
    if (z->watch >= 0)
        inotify_rm_watch(changes, z->watch);
    clear(z);
    free(z);
}

/* ---- looking up ---- */

static int has_name(const struct member *m, const char *name, size_t length)
{
    for (const char *at = m->names; *at != 0;) {
        size_t this = strcspn(at, " ");
        if (this == length && memcmp(at, name, length) == 0)
            return 1;
        at += this + (at[this] == ' ');
    }
    return 0;
}

static int find(const struct zone *z, const char *name, size_t length, struct zone_address *addresses, int max)
{
    int found = -1;
    for (int i = 0; i < z->count; i++) {
        if (!has_name(&z->members[i], name, length))
            continue;
        found = found < 0 ? 0 : found;
        if (found < max)
            addresses[found++] = z->members[i].address;
    }
    return found;
}

int zone_find(struct zone *z, const char *name, struct zone_address *addresses, int max)
{
    size_t length = strlen(name), suffix = strlen(z->suffix);
    if (z->stale)
        load(z);
    int found = find(z, name, length, addresses, max);
    if (found >= 0 || length < suffix + 2)
        return found;
    size_t rest = length - suffix - 1;
    if (name[rest] != '.' || strcmp(name + rest + 1, z->suffix) != 0)
        return -1;
    return find(z, name, rest, addresses, max);
}

static int is_of(const struct member *m, const struct zone_address *address)
{
    if (!address->has_v6)
        return m->address.v4 == address->v4;
    return m->address.has_v6 && memcmp(m->address.v6, address->v6, sizeof address->v6) == 0;
}

int zone_reverse(struct zone *z, const struct zone_address *address, char *name, size_t size)
{
    if (z->stale)
        load(z);
    for (int i = 0; i < z->count; i++) {
        if (!is_of(&z->members[i], address))
            continue;
        snprintf(name, size, "%.*s.%s", (int)strcspn(z->members[i].names, " "), z->members[i].names, z->suffix);
        return 1;
    }
    return 0;
}
