#include "wiring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "files.h"
#include "keeper.h"

enum { PORTS_MAX = 1024, NAMES_LENGTH = 4096, ADDRESSES_LENGTH = 128 };

int networks_open(struct networks *n, struct error *e)
{
    if (n->is_open)
        return 0;
    if (net_open(&n->net, n->run, e) < 0)
        return -1;
    n->processes = netd_new(n->run, &n->net);
    n->is_open = 1;
    return 0;
}

void networks_close(struct networks *n)
{
    char nothing;
    if (!n->is_open)
        return;
    netd_free(n->processes);
    /* the holder hangs up at once, or, when nobody else is left, once it has undone all it did to the host */
    shutdown(n->net.holder_conn, SHUT_WR);
    recv(n->net.holder_conn, &nothing, 1, 0);
    net_close(&n->net);
    n->is_open = 0;
}

struct listener {
    int fd, port;
};

static void close_listeners(struct listener *l, int count)
{
    for (int i = 0; i < count; i++)
        close(l[i].fd);
}

/* Ports bound by an earlier supervisor keep their numbers. */
static int earlier_port(char **text)
{
    char *line = *text, *end = line ? strchr(line, '\n') : NULL, *space = line ? strchr(line, ' ') : NULL;
    *text = end ? end + 1 : NULL;
    return end && space && space < end ? atoi(space + 1) : 0;
}

/* All are bound before anything else is made: a port that is taken is the likeliest failure of a start. */
static int listen_all(const struct plan *p, int run_dir, struct listener *l, int *count, struct error *e)
{
    cleanup_free char *bound = file_text(run_dir, "ports");
    char *rest = bound;
    struct buffer text = {0};
    for (const struct frame *f = NULL; (f = plan_next(p, "port", f)); (*count)++) {
        char line[128];
        struct listener *one = &l[*count];
        int earlier = earlier_port(&rest);
        one->port = earlier ? earlier : frame_number(f, 2);
        if (*count == PORTS_MAX || keeper_listen(frame_field(f, 1), &one->port, frame_field(f, 4), &one->fd, e) < 0) {
            buffer_free(&text);
            return *count == PORTS_MAX ? fail(e, "publish", "more than %d ports", PORTS_MAX) : -1;
        }
        int n = snprintf(line, sizeof line, "%s %d %s %s\n", frame_field(f, 1), one->port, frame_field(f, 3), frame_field(f, 4));
        buffer_add(&text, line, n);
    }
    if (*count > 0)
        file_replace(run_dir, "ports", text.data, text.end);
    buffer_free(&text);
    return 0;
}

static const struct frame *about(const struct plan *p, const char *key, const char *network, const struct frame *after)
{
    const struct frame *f = after;
    while ((f = plan_next(p, key, f)) && strcmp(frame_field(f, 1), network) != 0)
        ;
    return f;
}

static struct net_endpoint endpoint_of(const struct plan *p, const struct frame *f)
{
    struct net_endpoint endpoint = {
        .network = frame_field(f, 1), .bridge = frame_field(f, 2), .gateway = frame_field(f, 3), .address = frame_field(f, 4),
        .mac = frame_field(f, 5), .interface = frame_field(f, 6),
        .default_route = frame_number(f, 7), .internal = frame_number(f, 8), .kind = "bridge", .mode = "",
    };
    const struct frame *link = about(p, "net-link", endpoint.network, NULL);
    if (link) {
        endpoint.kind = frame_field(link, 2);
        endpoint.mode = frame_field(link, 3);
        endpoint.mtu = frame_number(link, 4);
        endpoint.isolated = frame_number(link, 5);
    }
    for (const struct frame *a = NULL; endpoint.further_count < NET_FURTHER && (a = about(p, "net-address", endpoint.network, a));)
        endpoint.further[endpoint.further_count++] = (struct net_further){frame_field(a, 2), frame_field(a, 3), frame_number(a, 4)};
    return endpoint;
}

static int attach_all(struct networks *n, const struct plan *p, const char *id12, int ns, struct error *e)
{
    int index = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "net", f)); index++) {
        struct net_endpoint endpoint = endpoint_of(p, f);
        if (net_attach(&n->net, ns, id12, index, &endpoint, e) < 0)
            return -1;
    }
    return 0;
}

static void append_word(char *words, size_t size, const char *word)
{
    size_t length = strlen(words);
    snprintf(words + length, size - length, "%s%s", length ? " " : "", word);
}

static int answer_names(struct networks *n, const struct plan *p, const char *id12, int ns, struct error *e)
{
    char networks[NAMES_LENGTH] = "", servers[NAMES_LENGTH] = "", aliases[NAMES_LENGTH] = "";
    int internal = 1, result;
    cleanup_close int udp = -1;
    cleanup_close int tcp = -1;
    if (!plan_has(p, "net") || netd_answers(n->processes, id12))
        return 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "net", f));) {
        append_word(networks, sizeof networks, frame_field(f, 1));
        internal &= frame_number(f, 8) == 1;
    }
    for (const struct frame *f = NULL; (f = plan_next(p, "dns", f));)
        append_word(servers, sizeof servers, frame_field(f, 1));
    for (const struct frame *f = NULL; (f = plan_next(p, "net-alias", f));) {
        append_word(aliases, sizeof aliases, frame_field(f, 1));
        append_word(aliases, sizeof aliases, frame_field(f, 2));
    }
    const struct netd_names what = {networks, servers, aliases, internal};
    result = net_dns_sockets(ns, &udp, &tcp, e);
    return result < 0 ? -1 : netd_add_dns(n->processes, id12, udp, tcp, &what, e);
}

/* Where published ports lead: of the networks that are bridges the one that also carries the default route, else the first. */
static const struct frame *target_network(const struct plan *p)
{
    const struct frame *chosen = NULL;
    for (const struct frame *f = NULL; (f = plan_next(p, "net", f));) {
        const struct frame *link = about(p, "net-link", frame_field(f, 1), NULL);
        if (!link || strcmp(frame_field(link, 2), "bridge") == 0)
            chosen = chosen && !frame_number(f, 7) ? chosen : f;
    }
    return chosen;
}

static int publish(struct networks *n, const struct plan *p, const char *id12, const struct listener *l, struct error *e)
{
    const struct frame *network = target_network(p);
    char address[64];
    int i = 0;
    if (!network)
        return 0;
    snprintf(address, sizeof address, "%.*s", (int)strcspn(frame_field(network, 4), "/"), frame_field(network, 4));
    for (const struct frame *f = NULL; (f = plan_next(p, "port", f)); i++) {
        if (netd_add_port(n->processes, id12, l[i].fd, frame_field(f, 4), address, frame_number(f, 3), e) < 0)
            return -1;
        if (frame_number(network, 7) && strcmp(frame_field(f, 1), "0.0.0.0") == 0) /* answers find their way back to any host */
            netd_redirect(n->processes, id12, l[i].port, frame_field(f, 4), address, frame_number(f, 3));
    }
    return 0;
}

static int wants_namespace(const struct plan *p)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "namespace", f));)
        if (strcmp(frame_field(f, 1), "net") == 0)
            return strcmp(frame_field(f, 2), "private") == 0 || strcmp(frame_field(f, 2), "none") == 0;
    return 1;
}

static int connect_all(struct networks *n, const struct plan *p, const char *id12, const struct listener *l, int *ns, struct error *e)
{
    int fresh = *ns < 0 && wants_namespace(p);
    if (fresh && (*ns = net_namespace(e)) < 0)
        return -1;
    if (fresh && attach_all(n, p, id12, *ns, e) < 0)
        return -1;
    return answer_names(n, p, id12, *ns, e) < 0 ? -1 : publish(n, p, id12, l, e);
}

int wiring_open(struct networks *n, const struct plan *p, const char *id12, int run_dir, int *ns, struct error *e)
{
    static struct listener listeners[PORTS_MAX];
    struct error ignored;
    int count = 0, result, was_given = *ns >= 0;
    if ((plan_has(p, "net") || plan_has(p, "port")) && networks_open(n, e) < 0)
        return -1;
    if (was_given)
        answer_names(n, p, id12, *ns, &ignored); /* a port that is taken for now is no reason not to */
    result = listen_all(p, run_dir, listeners, &count, e);
    if (result == 0)
        result = connect_all(n, p, id12, listeners, ns, e);
    close_listeners(listeners, count);
    if (result < 0 && !was_given) {
        wiring_close(n, id12, run_dir, *ns);
        *ns = -1;
    }
    return result;
}

void wiring_close(struct networks *n, const char *id12, int run_dir, int ns)
{
    if (n->is_open)
        netd_remove(n->processes, id12);
    unlinkat(run_dir, "ports", 0);
    if (ns >= 0)
        close(ns);
}

/* The address, and the one of IPv6 if there is one. */
static void show_addresses(const struct plan *p, const struct frame *net, char text[ADDRESSES_LENGTH])
{
    const struct frame *a = NULL;
    while ((a = about(p, "net-address", frame_field(net, 1), a)) && !*frame_field(a, 3))
        ;
    const char *own = frame_field(net, 4), *further = a ? frame_field(a, 2) : "";
    snprintf(text, ADDRESSES_LENGTH, "%.*s%s%.*s", (int)strcspn(own, "/"), own, a ? "," : "", (int)strcspn(further, "/"), further);
}

int names_show(const struct plan *p, const char *run, const char *id12, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "net", f));) {
        char names[NAMES_LENGTH] = "", addresses[ADDRESSES_LENGTH];
        show_addresses(p, f, addresses);
        for (const struct frame *name = NULL; (name = plan_next(p, "net-name", name));)
            if (strcmp(frame_field(name, 1), frame_field(f, 1)) == 0)
                append_word(names, sizeof names, frame_field(name, 2));
        if (names_publish(run, frame_field(f, 1), id12, addresses, names, e) < 0)
            return -1;
    }
    return 0;
}

void names_hide(const struct plan *p, const char *run, const char *id12)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "net", f));)
        names_withdraw(run, frame_field(f, 1), id12);
}
