/* The process that keeps an ordinary user's namespaces for as long as anything runs in them, and binds ports of the real host for them. */
#ifndef JCR_KEEPER_H
#define JCR_KEEPER_H

#include "error.h"

#define KEEPER_DIRECTORY "JCOMPOSE_ROOTLESS" /* environment variable: RUN, set in everything that runs in these namespaces */
#define KEEPER_SINGLE_ID "JCOMPOSE_ROOTLESS_SINGLE_ID" /* set where no other id than our own is mapped */
#define KEEPER_LOCK "rootless.lock"
#define KEEPER_NOTE "rootless.note" /* why nothing outside can be reached */
#define KEEPER_PASTA "rootless.pid" /* the process that carries packets to the outside */

/* Asks RUN's keeper for a descriptor: "user", "net" (namespaces) or "tcp|udp <host ip> <port>" (a listener, `port` is set). -1 with `e`. */
int keeper_ask(const char *run_dir, const char *request, int *port, struct error *e);

/* As net_listen, but on the real host also where we are in an ordinary user's namespaces. */
int keeper_listen(const char *host_ip, int *port, const char *protocol, int *fd, struct error *e);

/* Serves on the socket in RUN until nothing runs in our user namespace any more; tells on `ready` with one byte that it does. */
int keeper_serve(const char *run_dir, int net_ns, int ready);

/* RUN when this process belongs to an ordinary user's namespaces, else NULL. */
const char *keeper_directory(void);

/* There is no other id than our own to become. */
int keeper_single_id(void);

/* Enters the network namespace in which an ordinary user's networks are; nothing for root. */
int keeper_join_net(struct error *e);

#endif
