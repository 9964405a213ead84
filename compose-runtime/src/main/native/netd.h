/* What the supervisor tells its dns and port processes, over sockets that keep message boundaries; descriptors go along. */
#ifndef JCR_NETD_H
#define JCR_NETD_H

#include <stddef.h>

enum { NETD_TEXT = 8192 };

enum netd_operation {
    NETD_ADD_DNS = 'd',   /* descriptors: udp, tcp; text: "networks\nservers\naliases" */
    NETD_ADD_PORT = 'p',  /* descriptor: the listener */
    NETD_REMOVE = 'x',
    NETD_RESOLVERS = 'r'  /* text: addresses, separated by spaces */
};

struct netd_message {
    int operation;
    char id[16]; /* of the container */
    int internal;
    int stream, port;
    char target[16];
    char text[NETD_TEXT]; /* only as much of it is sent as is used */
};

/* The processes' bodies: serve until `control` is closed. */
int dns_main(int control, const char *root);
int port_main(int control, const char *root);

/* Receives one message and at most `*count` descriptors. 1: got one, 0: none now, -1: the supervisor is gone. */
int netd_receive(int control, struct netd_message *m, int *fds, int *count);

#endif
