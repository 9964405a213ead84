#include "super.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "payload.h"
#include "requests.h"
#include "sys.h"
#include "title.h"

enum { FIRST_CLIENT_MS = 5000, AWAIT_MS = 200 };

/* ---- clients ---- */

static void welcome(struct super *s)
{
    struct ucred who;
    socklen_t length = sizeof who;
    cleanup_close int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0 || (who.uid != 0 && who.uid != getuid()))
        return;
    struct client *c = calloc(1, sizeof *c);
    if (!c || send(fd, "+", 1, MSG_NOSIGNAL) != 1) {
        free(c);
        return;
    }
    c->conn = (struct conn){.fd = take_fd(&fd), .passed = -1};
    c->next = s->clients;
    s->clients = c;
    s->had_client = 1;
}

static void drop(struct super *s, struct client *c)
{
    struct client **at = &s->clients;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    for (struct pending *r = s->requests; r; r = r->next)
        if (r->client == c)
            r->client = NULL;
    conn_close(&c->conn);
    free(c);
}

/* A monitor that lost its supervisor knocks as a client and turns its connection into its channel. */
static int becomes_monitor(struct super *s, struct client *c, const struct frame *f)
{
    const char *id12 = frame_field(f, 1), *pid = frame_field(f, 2), *ns = frame_field(f, 3);
    struct supervised *known;
    if (!frame_is(f, "monitor") || !ns || !is_id12(id12))
        return 0;
    known = supervised_find(&s->s, id12);
    if (!known || known->mon.fd >= 0)
        return 0;
    known->mon = c->conn;
    known->mon_pid = atoi(pid);
    c->conn = (struct conn){.fd = -1, .passed = -1};
    c->has_gone = 1;
    supervised_rewire(&s->s, known, atoi(ns));
    for (struct pending *r = s->requests; r; r = r->next)
        if (r->container == known)
            request_forward(known, r);
    return 1;
}

static void serve_client(struct super *s, struct client *c)
{
    struct frame f;
    int result;
    if (conn_receive(&c->conn) < 0)
        c->has_gone = 1;
    while ((result = conn_next(&c->conn, &f)) == 1)
        if (becomes_monitor(s, c, &f))
            return;
        else
            request_take(s, c, &f);
    if (result < 0)
        c->has_gone = 1;
}

/* ---- monitors ---- */

static void report(struct super *s, struct supervised *c, const struct frame *f)
{
    const char *first = frame_field(f, 1);
    struct pending *r = first && (frame_is(f, "ok") || frame_is(f, "error")) ? request_find(s, first) : NULL;
    if (r && r->client) {
        size_t begin = frame_begin(&r->client->conn.out, frame_field(f, 0));
        frame_add(&r->client->conn.out, r->number);
        for (int i = 2; frame_field(f, i); i++)
            frame_add(&r->client->conn.out, frame_field(f, i));
        frame_end(&r->client->conn.out, begin);
    }
    if (r)
        request_finish(s, r);
    if (frame_is(f, "running") && first) {
        c->payload = atoi(first);
        c->crashes = 0;
    }
    if (frame_is(f, "terminal") && c->mon.passed >= 0) {
        if (c->terminal >= 0)
            close(c->terminal);
        c->terminal = c->mon.passed;
        c->mon.passed = -1;
    }
    if (frame_is(f, "ended") && first) {
        c->has_ended = 1;
        c->exit = atoi(first);
    }
}

/* Its monitor dies again and again: without one the container cannot go on. */
static void give_up(struct supervised *c)
{
    struct state st;
    struct payload payload;
    if (state_load(c->run_dir, &st) < 0)
        return;
    if (st.pid > 0 && payload_adopt(&payload, st.pid, st.pidstart) == 0) {
        sys_pidfd_send_signal(payload.pidfd, SIGKILL);
        close(payload.pidfd);
    }
    strcpy(st.status, "exited");
    strcpy(st.error, "its monitor died again and again");
    st.exit = UNKNOWN_CODE;
    st.finished = now_ns();
    state_save(c->run_dir, &st);
}

static void adopt(struct super *s, struct supervised *c)
{
    struct error e = {0};
    conn_close(&c->mon);
    for (unsigned i = 0; i < REAPED_KEPT; i++)
        if (c->payload > 0 && s->reaped[i].pid == c->payload) {
            c->last_status = s->reaped[i].status;
            s->reaped[i].pid = 0;
        }
    if (++c->crashes > CRASHES_MAX || supervised_adopt(&s->s, c, &e) < 0) {
        give_up(c);
        requests_settle(s, c, UNKNOWN_CODE);
        return;
    }
    for (struct pending *r = s->requests; r; r = r->next)
        if (r->container == c)
            request_forward(c, r);
}

static void serve_monitor(struct super *s, struct supervised *c)
{
    struct frame f;
    int lost = conn_receive(&c->mon) < 0;
    while (conn_next(&c->mon, &f) == 1)
        report(s, c, &f);
    if (lost && c->has_ended)
        requests_settle(s, c, c->exit);
    else if (lost)
        adopt(s, c);
}

/* Monitors of an earlier supervisor knock by themselves, unless they have died too. */
static int await_monitors(struct super *s)
{
    int awaited = 0;
    for (struct supervised *c = s->s.containers, *next; c; c = next) {
        next = c->next;
        awaited |= supervised_wire_again(&s->s, c);
        if (c->mon.fd >= 0)
            continue;
        if (process_is_alive(c->mon_pid, c->mon_start))
            awaited = 1;
        else
            adopt(s, c);
    }
    return awaited;
}

static void keep_reaped(struct super *s, pid_t pid, int status)
{
    char number[12], text[12];
    unsigned at = s->reaped_count++ % REAPED_KEPT;
    s->reaped[at].pid = pid;
    s->reaped[at].status = status;
    snprintf(number, sizeof number, "%d", pid);
    snprintf(text, sizeof text, "%d", status);
    for (struct supervised *c = s->s.containers; c; c = c->next)
        if (c->payload == pid && c->mon.fd >= 0)
            frame_put(&c->mon.out, "reaped", number, text, NULL);
}

static void reap(struct super *s)
{
    struct signalfd_siginfo info[16];
    int status;
    while (read(s->signals, info, sizeof info) > 0)
        ;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        if (!s->s.networks.is_open || !netd_reaped(s->s.networks.processes, pid))
            keep_reaped(s, pid, status);
}

/* ---- the process ---- */

/* With nobody to serve, the door is closed first: who is still let in by then finds it shut and starts another of us. */
static int may_end(const struct super *s)
{
    if (s->s.containers || !s->had_client)
        return 0;
    for (const struct client *c = s->clients; c; c = c->next)
        if (!c->has_gone || c->pending || c->conn.out.start < c->conn.out.end)
            return 0;
    return 1;
}

static void send_and_drop(struct super *s)
{
    struct client *next;
    for (struct supervised *c = s->s.containers; c; c = c->next)
        if (c->mon.fd >= 0)
            conn_flush(&c->mon);
    for (struct client *c = s->clients; c; c = next) {
        next = c->next;
        int left = conn_flush(&c->conn);
        if (left < 0 || (c->has_gone && !c->pending && left == 0 && !may_end(s)))
            drop(s, c);
    }
}

static short events_of(const struct conn *c)
{
    return POLLIN | (c->out.start < c->out.end ? POLLOUT : 0);
}

enum { LISTENER, SIGNALS, NETWORKS, FIXED = NETWORKS + 2 };

static void serve_ready(struct super *s, const struct pollfd *fds, int count)
{
    for (int i = FIXED; i < count; i++) {
        if (!fds[i].revents)
            continue;
        for (struct supervised *c = s->s.containers, *next; c; c = next) {
            next = c->next;
            if (c->mon.fd == fds[i].fd) {
                serve_monitor(s, c);
                break;
            }
        }
        for (struct client *c = s->clients; c; c = c->next)
            if (c->conn.fd == fds[i].fd)
                serve_client(s, c);
    }
}

/* The networks' own events: the host's resolvers have changed, the holder was killed. */
static void serve_networks(struct super *s, const struct pollfd *fds)
{
    struct error ignored;
    if (fds[0].revents)
        netd_refresh(s->s.networks.processes);
    if (fds[1].revents)
        net_restore(&s->s.networks.net, s->s.place.run, &ignored);
}

static int wait_and_serve(struct super *s)
{
    int count = FIXED, awaited = await_monitors(s);
    const struct networks *n = &s->s.networks;
    for (struct supervised *c = s->s.containers; c; c = c->next)
        count++;
    for (struct client *c = s->clients; c; c = c->next)
        count++;
    cleanup_free struct pollfd *fds = calloc(count, sizeof *fds);
    if (!fds)
        return -1;
    count = FIXED;
    fds[LISTENER] = (struct pollfd){s->listener, POLLIN, 0};
    fds[SIGNALS] = (struct pollfd){s->signals, POLLIN, 0};
    fds[NETWORKS] = (struct pollfd){n->is_open ? netd_fd(n->processes) : -1, POLLIN, 0};
    fds[NETWORKS + 1] = (struct pollfd){n->is_open ? n->net.holder_conn : -1, POLLIN, 0};
    for (struct supervised *c = s->s.containers; c; c = c->next)
        fds[count++] = (struct pollfd){c->mon.fd, events_of(&c->mon), 0};
    for (struct client *c = s->clients; c; c = c->next)
        fds[count++] = (struct pollfd){c->has_gone ? -1 : c->conn.fd, events_of(&c->conn), 0};
    int timeout = !s->had_client ? FIRST_CLIENT_MS : awaited ? AWAIT_MS : -1;
    if (poll(fds, count, timeout) == 0)
        s->had_client = 1;
    if (fds[SIGNALS].revents)
        reap(s);
    serve_networks(s, fds + NETWORKS);
    serve_ready(s, fds, count);
    if (fds[LISTENER].revents)
        welcome(s);
    send_and_drop(s);
    return 0;
}

static int listen_here(struct super *s, struct error *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "ctl.sock"};
    if (fchdir(s->s.dir) < 0)
        return fail(e, "enter", "%s", s->s.place.project);
    unlink("ctl.sock");
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before = umask(0177);
    int bound = s->listener < 0 ? -1 : bind(s->listener, (struct sockaddr *)&address, sizeof address);
    umask(before);
    if (bound < 0 || listen(s->listener, 128) < 0)
        return fail(e, "listen", "%s/ctl.sock", s->s.place.project);
    return chdir("/") < 0 ? fail(e, "enter", "/") : 0;
}

static int watch_children(struct super *s, struct error *e)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (const int *signal = (int[]){SIGPIPE, SIGHUP, SIGINT, SIGQUIT, 0}; *signal; signal++)
        sigaction(*signal, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? fail(e, "watch children", "%s", "") : 0;
}

/* 1 when another supervisor has the project. */
static int open_project(struct super *s, struct error *e)
{
    char about[PATH_MAX];
    umask(022);
    snprintf(about, sizeof about, "%s %s", s->s.place.run, s->s.place.project);
    title_set("jcr-super", about);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    s->s.dir = place_open(&s->s.place, e);
    if (s->s.dir < 0)
        return -1;
    int lock = openat(s->s.dir, "super.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return fail(e, "open", "%s/super.lock", s->s.place.project);
    if (flock(lock, LOCK_EX | LOCK_NB) < 0)
        return 1;
    return watch_children(s, e) < 0 ? -1 : listen_here(s, e);
}

int super_main(const struct place *p)
{
    static struct super s;
    struct error e;
    s.s = (struct supervision){.place = *p, .networks.run = p->run};
    fcntl(READY_FD, F_SETFD, FD_CLOEXEC);
    int result = open_project(&s, &e);
    if (result < 0)
        write_all(READY_FD, &e, sizeof e);
    if (result != 0)
        return 1;
    supervised_scan(&s.s);
    write_all(READY_FD, "+", 1);
    close(READY_FD);
    while (!may_end(&s))
        if (wait_and_serve(&s) < 0)
            break;
    unlinkat(s.s.dir, "ctl.sock", 0);
    networks_close(&s.s.networks);
    return 0;
}
