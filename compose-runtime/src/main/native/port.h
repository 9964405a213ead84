/* Shared by the parts of the port process: the published ports. */
#ifndef JCR_PORT_H
#define JCR_PORT_H

#include <netinet/in.h>

#include "loop.h"

struct port {
    struct source source; /* the socket on the host; first: releasing it frees the port */
    struct port *next;
    char id[16];
    int stream;
    struct sockaddr_in target;
};

/* ---- tcp (port_tcp.c) ---- */

void port_accept(struct port *p);
/* Ends all connections of a port. */
void port_hang_up(const struct port *p);
/* Goes on with connections that had more to move than their share; lets listeners rest that found no room. Returns how soon to be
 * called again: 0 at once, -1 not at all, else milliseconds. */
int port_tick_tcp(struct port *ports);

/* ---- udp (port_udp.c) ---- */

void port_receive(struct port *p);
/* Ends idle flows, and all of `gone` unless NULL. Returns whether there are any left. */
int port_tick_udp(const struct port *gone);

#endif
