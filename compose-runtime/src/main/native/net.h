/* Networks of containers, as the supervisor and the monitors see them. All of it runs in single-threaded processes with root in the host's
 * namespaces; a function that enters another namespace is back before it returns. */
#ifndef JCR_NET_H
#define JCR_NET_H

#include "error.h"

/* ---- holder: the private namespace of all bridges (holder.c) ---- */

struct net {
    int host_ns, holder_ns; /* namespace descriptors */
    char run_dir[4096];
    int holder_conn;        /* open as long as we need the holder alive */
    char gateway[16];       /* the host's address on the uplink: what `host-gateway` means */
};

/* Connects to the holder of this RUN directory, starting one (fork of ourselves, own session) when none answers. */
int net_open(struct net *n, const char *run_dir, struct error *e);
void net_close(struct net *n);
/* To be called when `holder_conn` hangs up (the holder was killed): starts another one that adopts the living namespace. */
int net_restore(struct net *n, const char *run_dir, struct error *e);
/* Removes kernel leftovers (uplink link, host nft table, names, sockets) of a holder that is not alive. */
int net_sweep(const char *run_dir, struct error *e);

/* ---- one container (endpoint.c) ---- */

enum { NET_FURTHER = 16 };

struct net_further {
    const char *address, *gateway; /* CIDR; gateway is "" for addresses that lead nowhere else */
    int default_route;
};

struct net_endpoint {
    const char *network, *bridge;           /* network name; bridge device name in the holder's namespace */
    const char *gateway, *address;          /* both CIDR; the bridge gets `gateway` */
    const char *mac, *interface;
    int default_route, internal;
    const char *kind, *mode;                /* "bridge", or "macvlan" and "ipvlan" on the host's link `bridge` */
    int mtu, isolated;
    struct net_further further[NET_FURTHER]; /* IPv6 and link-local addresses */
    int further_count;
};

/* A private namespace with lo up. Returns its descriptor, or -1. */
int net_namespace(struct error *e);
/* Makes the bridge (or the way out for IPv6) if missing and joins the namespace to it: veth, address, routes. `unique` makes link names (12 hex of the container). */
int net_attach(struct net *n, int ns, const char *unique, int index, const struct net_endpoint *p, struct error *e);
int net_drop_bridge(struct net *n, const char *bridge, struct error *e);

/* ---- sockets (dns_sockets.c, listen.c) ---- */

/* UDP and TCP sockets in `ns` that receive what is sent to 127.0.0.11:53 there. */
int net_dns_sockets(int ns, int *udp, int *tcp, struct error *e);
/* A listening TCP or bound UDP socket in the host's namespace; port 0 takes any. kind "port-in-use" when it is taken. */
int net_listen(const char *host_ip, int *port, const char *protocol, int *fd, struct error *e);

/* ---- names: RUN/net/<network>/<id12> (names.c) ---- */

int names_publish(const char *run_dir, const char *network, const char *id12, const char *address, const char *names, struct error *e);
void names_withdraw(const char *run_dir, const char *network, const char *id12);

/* ---- dns and port processes of one project, children of the supervisor (netd.c) ---- */

struct netd; /* opaque */
struct netd *netd_new(const char *run_dir, struct net *n);
struct netd_names {
    const char *networks; /* whose names are answered; all three separated by spaces */
    const char *servers;  /* addresses; instead of the host's resolvers unless empty */
    const char *aliases;  /* pairs: a name for this container only, and what it stands for */
    int internal;         /* nothing is forwarded */
};
/* Answers queries arriving on the two sockets for a container. The sockets are kept (duplicated) to survive a crash of the process. */
int netd_add_dns(struct netd *d, const char *id12, int udp, int tcp, const struct netd_names *names, struct error *e);
int netd_add_port(struct netd *d, const char *id12, int listener, const char *protocol, const char *target_ip, int target_port, struct error *e);
/* A port of all the host's IPv4 addresses: packets of other hosts are led to the container without the process, where that can be. */
void netd_redirect(struct netd *d, const char *id12, int port, const char *protocol, const char *target_ip, int target_port);
/* Whether names are answered for it. */
int netd_answers(const struct netd *d, const char *id12);
void netd_remove(struct netd *d, const char *id12);
/* To be called for every child the supervisor reaps: starts the process again if it was one of these. Returns 1 if it was. */
int netd_reaped(struct netd *d, int pid);
/* Readable when the host's resolvers have changed (-1: cannot be watched); netd_refresh then passes them on. */
int netd_fd(const struct netd *d);
void netd_refresh(struct netd *d);
void netd_free(struct netd *d); /* ends both */
/* In a fork of the supervisor (a monitor): closes the copies of all descriptors, so that ports and sockets end when the supervisor says so. */
void netd_forked(struct netd *d);

#endif
