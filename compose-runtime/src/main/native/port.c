#define _GNU_SOURCE
#include "port.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "netd.h"

enum { PORTS = 8192, UDP_TICK_MS = 1000 };

static struct source supervisor;
static struct port *ports;
static int port_count;

static void free_port(struct source *s)
{
    free(s);
    port_count--;
}

static void port_ready(struct source *s, uint32_t events)
{
    struct port *p = (struct port *)(void *)s;
    (void)events;
    if (p->stream)
        port_accept(p);
    else
        port_receive(p);
}

static void remove_ports(const char *id)
{
    for (struct port **at = &ports; *at != NULL;) {
        struct port *p = *at;
        if (strcmp(p->id, id) != 0) {
            at = &p->next;
            continue;
        }
        *at = p->next;
        port_hang_up(p);
        port_tick_udp(p);
        loop_close(&p->source);
    }
}

static void add_port(const struct netd_message *m, int fd)
{
    struct port *p = port_count < PORTS ? calloc(1, sizeof *p) : NULL;
    if (p == NULL || inet_pton(AF_INET, m->target, &p->target.sin_addr) != 1) {
        free(p);
        close(fd);
        return;
    }
    p->source = (struct source){.fd = fd, .ready = port_ready, .release = free_port};
    p->target.sin_family = AF_INET;
    p->target.sin_port = htons((uint16_t)m->port);
    p->stream = m->stream;
    snprintf(p->id, sizeof p->id, "%.15s", m->id);
    p->next = ports;
    ports = p;
    port_count++;
    loop_add(&p->source, EPOLLIN);
}

static void obey(struct source *s, uint32_t events)
{
    static struct netd_message m;
    int fds[2], count = 2, got;
    (void)events;
    while ((got = netd_receive(s->fd, &m, fds, &count)) > 0) {
        m.id[sizeof m.id - 1] = 0;
        m.target[sizeof m.target - 1] = 0;
        if (m.operation == NETD_ADD_PORT && count == 1)
            add_port(&m, fds[0]);
        else if (m.operation == NETD_REMOVE)
            remove_ports(m.id);
        count = 2;
    }
    if (got < 0)
        loop_stop();
}

static int tick(void)
{
    int soon = port_tick_tcp(ports);
    int flows = port_tick_udp(NULL);
    return soon >= 0 ? soon : flows ? UDP_TICK_MS : -1;
}

int port_main(int control, const char *root)
{
    static const int allowed[] = {
        SYS_read, SYS_readv, SYS_write, SYS_writev, SYS_close, SYS_recvfrom, SYS_recvmsg, SYS_sendto, SYS_sendmsg, SYS_accept4,
        SYS_connect, SYS_setsockopt, SYS_getsockopt, SYS_shutdown, SYS_splice, SYS_pipe2, SYS_fcntl, SYS_epoll_ctl,
        SYS_epoll_pwait, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_clock_gettime, SYS_rt_sigreturn,
        SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_getrandom,
#ifdef SYS_epoll_wait
        SYS_epoll_wait,
#endif
    };
    supervisor = (struct source){.fd = control, .ready = obey};
    if (loop_open() != 0 || loop_add(&supervisor, EPOLLIN) != 0)
        return -1;
    if (confine(root, allowed, sizeof allowed / sizeof *allowed) != 0)
        return -1;
    loop_run(tick);
    return 0;
}
