/* A stand-in for the supervisor: makes networks, containers' namespaces, names and ports as told on standard input, one command a line,
 * each answered by `ok ...` or `error <kind> <what> <path>: <reason>`. Driven by net_lab.py; needs root. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net.h"

enum { WORDS = 16, BOXES = 64 };

static const char *run;
static struct net net;
static struct netd *netd;
static struct {
    char id[16];
    int ns;
} boxes[BOXES];
static int box_count;

static int box(const char *id)
{
    for (int i = 0; i < box_count; i++) {
        if (strcmp(boxes[i].id, id) == 0)
            return boxes[i].ns;
    }
    return -1;
}

/* box ID */
static int make_box(char **w, struct error *e)
{
    int ns = net_namespace(e);
    if (ns < 0)
        return -1;
    snprintf(boxes[box_count].id, sizeof boxes[0].id, "%.15s", w[1]);
    boxes[box_count++].ns = ns;
    printf("ok %d\n", ns);
    return 0;
}

/* join ID INDEX NETWORK BRIDGE GATEWAY ADDRESS MAC|- INTERFACE DEFAULT INTERNAL */
static int join(char **w, struct error *e)
{
    struct net_endpoint p = {.network = w[3], .bridge = w[4], .gateway = w[5], .address = w[6], .mac = w[7][0] == '-' ? "" : w[7],
                             .kind = "bridge", .mode = "", .interface = w[8], .default_route = atoi(w[9]), .internal = atoi(w[10])};
    return net_attach(&net, box(w[1]), w[1], atoi(w[2]), &p, e);
}

/* dns ID NETWORKS,... SERVERS,...|- INTERNAL */
static int dns(char **w, struct error *e)
{
    int udp, tcp;
    for (char *c = w[2]; *c != 0; c++)
        *c = *c == ',' ? ' ' : *c;
    for (char *c = w[3]; *c != 0; c++)
        *c = *c == ',' || *c == '-' ? ' ' : *c;
    if (net_dns_sockets(box(w[1]), &udp, &tcp, e) != 0)
        return -1;
    struct netd_names what = {w[2], w[3], "", atoi(w[4])};
    int result = netd_add_dns(netd, w[1], udp, tcp, &what, e);
    close(udp);
    close(tcp);
    return result;
}

/* port ID HOST-IP PORT PROTOCOL TARGET-IP TARGET-PORT */
static int port(char **w, struct error *e)
{
    int number = atoi(w[3]), fd;
    if (net_listen(w[2], &number, w[4], &fd, e) != 0)
        return -1;
    int result = netd_add_port(netd, w[1], fd, w[4], w[5], atoi(w[6]), e);
    close(fd);
    if (result == 0)
        printf("ok %d\n", number);
    return result == 0 ? 1 : -1;
}

static int obey(char **w, struct error *e)
{
    const char *c = w[0];
    if (strcmp(c, "box") == 0)
        return make_box(w, e) == 0 ? 1 : -1;
    if (strcmp(c, "join") == 0)
        return join(w, e);
    if (strcmp(c, "dns") == 0)
        return dns(w, e);
    if (strcmp(c, "port") == 0)
        return port(w, e);
    if (strcmp(c, "names") == 0) /* names ID NETWORK ADDRESS NAME[,...] */ {
        for (char *n = w[4]; *n != 0; n++)
            *n = *n == ',' ? ' ' : *n;
        w[3][strcspn(w[3], "/")] = 0;
        return names_publish(run, w[2], w[1], w[3], w[4], e);
    }
    if (strcmp(c, "withdraw") == 0)
        names_withdraw(run, w[2], w[1]);
    if (strcmp(c, "remove") == 0)
        netd_remove(netd, w[1]);
    if (strcmp(c, "drop") == 0)
        return net_drop_bridge(&net, w[1], e);
    if (strcmp(c, "holder") == 0) {
        printf("ok %d\n", net.holder_ns);
        return 1;
    }
    if (strcmp(c, "refresh") == 0)
        netd_refresh(netd);
    if (strcmp(c, "end") == 0) /* the container is gone */ {
        for (int i = 0; i < box_count; i++) {
            if (strcmp(boxes[i].id, w[1]) == 0)
                close(boxes[i].ns);
        }
    }
    return 0;
}

/* What a supervisor does beside requests: takes leave of children, restores the holder. */
static void tend(void)
{
    struct error e;
    int pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        netd_reaped(netd, pid);
    struct pollfd holder = {.fd = net.holder_conn, .events = POLLIN};
    if (poll(&holder, 1, 0) == 1 && net_restore(&net, run, &e) != 0)
        printf("error %s %s %s: %s\n", e.kind, e.what, e.path, strerror(e.code));
}

int main(int argc, char **argv)
{
    struct error e = {0};
    char line[4096], *words[WORDS], *rest;
    if (argc == 3 && strcmp(argv[2], "sweep") == 0)
        return net_sweep(argv[1], &e) == 0 ? 0 : 1;
    run = argv[argc - 1];
    if (argc != 2 || net_open(&net, run, &e) != 0) {
        printf("error %s %s %s: %s\n", e.kind, e.what, e.path, strerror(e.code));
        return 1;
    }
    netd = netd_new(run, &net);
    printf("ok %s\n", net.gateway);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        int count = 0, result;
        tend();
        if (strcmp(line, "quit\n") == 0)
            break;
        for (char *w = strtok_r(line, " \n", &rest); w != NULL && count < WORDS - 1; w = strtok_r(NULL, " \n", &rest))
            words[count++] = w;
        while (count < WORDS)
            words[count++] = "";
        result = obey(words, &e);
        if (result == 0)
            printf("ok\n");
        if (result < 0)
            printf("error %s %s %s: %s\n", e.kind, e.what, e.path, strerror(e.code));
        fflush(stdout);
    }
    netd_free(netd);
    net_close(&net);
    return 0;
}
