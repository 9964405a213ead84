#include "supervised.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cgroup.h"
#include "cleanup.h"
#include "files.h"

enum { WIRE_AGAIN = 200 };

int is_id12(const char *text)
{
    return strlen(text) == ID12 && strspn(text, "0123456789abcdef") == ID12;
}

struct supervised *supervised_find(struct supervision *s, const char *id12)
{
    for (struct supervised *c = s->containers; c; c = c->next)
        if (strcmp(c->id12, id12) == 0)
            return c;
    return NULL;
}

static int open_state_dir(const struct supervision *s, const char *id12)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/projects/%s/%s", s->place.state, s->place.project, id12);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_fifo(int dir, const char *name)
{
    if (mkfifoat(dir, name, 0622) < 0 && errno != EEXIST)
        return -1;
    int fd = openat(dir, name, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        fchmod(fd, 0622);
    return fd;
}

static struct supervised *open_container(struct supervision *s, const char *id12, struct error *e)
{
    struct supervised *c = malloc(sizeof *c);
    if (!c) {
        fail(e, "start", "%s: out of memory", id12);
        return NULL;
    }
    *c = (struct supervised){.in = -1, .out = -1, .err = -1, .terminal = -1, .net_ns = -1, .mon.fd = -1, .last_status = -1};
    strcpy(c->id12, id12);
    mkdirat(s->dir, id12, 0700);
    c->run_dir = openat(s->dir, id12, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    c->state_dir = open_state_dir(s, id12);
    c->next = s->containers;
    s->containers = c;
    errno = c->state_dir < 0 ? ENOENT : errno;
    if (c->state_dir >= 0 && c->run_dir >= 0) {
        c->in = open_fifo(c->run_dir, "in");
        c->out = open_fifo(c->run_dir, "out");
        c->err = open_fifo(c->run_dir, "err");
    }
    if (c->in >= 0 && c->out >= 0 && c->err >= 0)
        return c;
    if (c->state_dir < 0)
        fail_as(e, "no-such-container", "open container", "%s", id12);
    else
        fail(e, "open", "%s/%s", s->place.project, id12);
    supervised_end(s, c);
    return NULL;
}

static int fork_monitor(struct supervision *s, struct supervised *c, const struct plan *p, const char *number, struct error *e)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return fail(e, "start monitor", "%s", c->id12);
    const struct networks *n = &s->networks;
    struct monitored m = {
        .plan = p, .place = &s->place, .id12 = c->id12, .run_dir = c->run_dir, .state_dir = c->state_dir, .out = c->out, .err = c->err,
        .terminal = c->terminal, .net_ns = c->net_ns, .holder = n->is_open ? n->net.holder_conn : -1, .gateway = n->is_open ? n->net.gateway : "127.0.0.1",
        .channel = ends[1], .adopt = number == NULL, .start = number, .last_status = c->last_status,
    };
    c->mon_pid = fork();
    if (c->mon_pid == 0)
        mon_main(&m);
    close(ends[1]);
    if (c->mon_pid < 0) {
        close(ends[0]);
        return fail(e, "start monitor", "%s", c->id12);
    }
    c->mon = (struct conn){.fd = ends[0], .passed = -1};
    c->last_status = -1;
    return 0;
}

struct supervised *supervised_start(struct supervision *s, const char *id12, const char *number, struct error *e)
{
    struct plan p;
    struct supervised *c = open_container(s, id12, e);
    if (!c)
        return NULL;
    int result = plan_read(&p, c->state_dir, "plan", e);
    if (result == 0) {
        unlinkat(c->run_dir, "ports", 0);
        result = wiring_open(&s->networks, &p, id12, c->run_dir, &c->net_ns, e);
        if (result == 0)
            result = fork_monitor(s, c, &p, number, e);
        plan_free(&p);
    }
    if (result == 0)
        return c;
    supervised_end(s, c);
    return NULL;
}

static void close_all(const int *fds, int count)
{
    for (int i = 0; i < count; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

void supervised_end(struct supervision *s, struct supervised *c)
{
    struct supervised **at = &s->containers;
    if (c->run_dir >= 0)
        wiring_close(&s->networks, c->id12, c->run_dir, c->net_ns);
    conn_close(&c->mon);
    close_all((int[]){c->in, c->out, c->err, c->terminal, c->run_dir, c->state_dir}, 6);
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    free(c);
}

/* Ports and names of a container that is running already. */
static void wire(struct supervision *s, struct supervised *c, const struct plan *p)
{
    struct error e;
    int result = wiring_open(&s->networks, p, c->id12, c->run_dir, &c->net_ns, &e);
    c->wire_at = result < 0 && c->net_ns >= 0 ? now_ms() + WIRE_AGAIN : 0;
}

int supervised_wire_again(struct supervision *s, struct supervised *c)
{
    struct plan p;
    struct error e;
    if (c->wire_at && c->wire_at <= now_ms() && plan_read(&p, c->state_dir, "plan", &e) == 0) {
        wire(s, c, &p);
        plan_free(&p);
    }
    return c->wire_at != 0;
}

/* Its network goes on as it is: the namespace is alive as long as the payload is. */
static void take_network(struct supervised *c, const struct state *st)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", st->pid);
    cleanup_close int ns = process_is_alive(st->pid, st->pidstart) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (process_is_alive(st->pid, st->pidstart))
        c->net_ns = take_fd(&ns);
}

int supervised_adopt(struct supervision *s, struct supervised *c, struct error *e)
{
    struct plan p;
    struct state st;
    if (plan_read(&p, c->state_dir, "plan", e) < 0)
        return -1;
    if (c->net_ns < 0 && state_load(c->run_dir, &st) == 0) {
        take_network(c, &st);
        wire(s, c, &p);
    }
    int result = fork_monitor(s, c, &p, NULL, e);
    plan_free(&p);
    return result;
}

static void take_over(struct supervision *s, const char *id12, const struct state *st)
{
    struct error e;
    struct supervised *c = open_container(s, id12, &e);
    if (!c)
        return;
    c->payload = st->pid;
    c->mon_pid = st->mon;
    c->mon_start = st->monstart;
    if (!process_is_alive(st->mon, st->monstart) && supervised_adopt(s, c, &e) < 0)
        supervised_end(s, c);
}

void supervised_rewire(struct supervision *s, struct supervised *c, int ns)
{
    struct plan p;
    struct error e;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", c->mon_pid, ns);
    c->net_ns = ns >= 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (plan_read(&p, c->state_dir, "plan", &e) < 0)
        return;
    wire(s, c, &p);
    plan_free(&p);
}

void supervised_scan(struct supervision *s)
{
    int fd = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct state st;
        cleanup_close int one = is_id12(entry->d_name) ? openat(s->dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (one >= 0 && state_load(one, &st) == 0 && !state_is(&st, "exited") && !supervised_find(s, entry->d_name))
            take_over(s, entry->d_name, &st);
    }
}

int supervised_forget(struct supervision *s, const char *id12, struct error *e)
{
    struct plan p;
    struct error ignored;
    cleanup_close int state_dir = open_state_dir(s, id12);
    if (state_dir >= 0 && plan_read(&p, state_dir, "plan", &ignored) == 0) {
        names_hide(&p, s->place.run, id12);
        cgroup_remove(&p);
        plan_free(&p);
    }
    return remove_tree(s->dir, id12) < 0 ? fail(e, "remove", "%s/%s", s->place.project, id12) : 0;
}
