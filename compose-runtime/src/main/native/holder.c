#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "gates.h"
#include "holder.h"
#include "net.h"
#include "netns.h"
#include "pass.h"
#include "rtnl.h"
#include "title.h"
#include "uplink.h"

#define SOCKET_NAME "holder.sock"
#define LOCK_NAME "holder.lock"
#define NOTE_NAME "holder.note"

enum { CLIENTS = 4096, RETRY_MS = 100, ANSWER_SECONDS = 10 };

/* What the holder needs while it serves. */
struct holder {
    struct uplink uplink;
    int host_ns, ns;
    int directory, listener, signals;
    int last; /* the client that left last: it may wait for our end */
    struct pollfd polled[CLIENTS + 2]; /* listener, signals, then clients */
    nfds_t count;
};

/* ---- clients ---- */

int holder_lock(const char *run_dir, struct error *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" LOCK_NAME, run_dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(e, "open", "%s", path);
    while (flock(fd, LOCK_EX) != 0) {
        if (errno == EINTR)
            continue;
        fail(e, "lock", "%s", path);
        close(fd);
        return -1;
    }
    return fd;
}

/* The socket's address through a descriptor of its directory, since paths may be longer than an address can be. */
static struct sockaddr_un address_in(int directory)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/" SOCKET_NAME, directory);
    return a;
}

int holder_connect(const char *run_dir, struct error *e)
{
    cleanup_close int directory = open(run_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return fail(e, "open", "%s", run_dir);
    cleanup_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = ANSWER_SECONDS};
    struct sockaddr_un a = address_in(directory);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0)
        return fail(e, "create socket", "%s/" SOCKET_NAME, run_dir);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        return fail(e, "connect", "%s/" SOCKET_NAME, run_dir);
    return take_fd(&fd);
}

/* Asks the holder for what it holds. Replaces `n->holder_conn` and, unless there is one already, the namespace. */
static int ask(struct net *n, const char *run_dir, struct error *e)
{
    cleanup_close int conn = holder_connect(run_dir, e);
    if (conn < 0)
        return -1;
    char gateway[sizeof n->gateway] = "";
    int ns = -1, count = 1;
    if (pass_receive(conn, gateway, sizeof gateway - 1, &ns, &count, 0) <= 0 || count != 1) {
        errno = errno == 0 ? EPROTO : errno;
        return fail(e, "ask the network holder", "%s/" SOCKET_NAME, run_dir);
    }
    close_at_exit(&n->holder_conn);
    close_at_exit(&n->holder_ns);
    n->holder_conn = take_fd(&conn);
    n->holder_ns = ns;
    memcpy(n->gateway, gateway, sizeof gateway);
    return 0;
}

static int serve(const char *run_dir, const struct net *adopted, int ready);

/* Forks a holder and waits until it answers or says why it cannot. `adopted` is a living namespace, or NULL for a new one. */
static int start(const char *run_dir, const struct net *adopted, struct error *e)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return fail(e, "start the network holder", "%s", run_dir);
    pid_t pid = fork();
    if (pid == 0)
        _exit(serve(run_dir, adopted, pipes[1]) == 0 ? 0 : 1);
    close(pipes[1]);
    cleanup_close int ready = pipes[0];
    if (pid < 0)
        return fail(e, "start the network holder", "%s", run_dir);
    struct error told;
    ssize_t got;
    do
        got = read(ready, &told, sizeof told);
    while (got < 0 && errno == EINTR);
    if (got == 1)
        return 0;
    if (got == sizeof told)
        *e = told;
    else
        fail_as(e, "failed", "start the network holder", "%s", run_dir);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return -1;
}

static int connect_or_start(struct net *n, const char *run_dir, const struct net *adopted, struct error *e)
{
    cleanup_close int lock = holder_lock(run_dir, e);
    if (lock < 0)
        return -1;
    if (ask(n, run_dir, e) == 0)
        return 0;
    if (e->code != ENOENT && e->code != ECONNREFUSED)
        return -1;
    return start(run_dir, adopted, e) != 0 ? -1 : ask(n, run_dir, e);
}

int net_open(struct net *n, const char *run_dir, struct error *e)
{
    *n = (struct net){.host_ns = -1, .holder_ns = -1, .holder_conn = -1};
    snprintf(n->run_dir, sizeof n->run_dir, "%s", run_dir);
    n->host_ns = netns_here(e);
    if (n->host_ns >= 0 && connect_or_start(n, run_dir, NULL, e) == 0)
        return 0;
    net_close(n);
    return -1;
}

int net_restore(struct net *n, const char *run_dir, struct error *e)
{
    if (connect_or_start(n, run_dir, n, e) == 0)
        return 0;
    close_at_exit(&n->holder_conn); /* not to be told again and again */
    n->holder_conn = -1;
    return -1;
}

void net_close(struct net *n)
{
    close_at_exit(&n->holder_conn);
    close_at_exit(&n->holder_ns);
    close_at_exit(&n->host_ns);
    n->holder_conn = n->holder_ns = n->host_ns = -1;
}

/* ---- the process ---- */

/* Why containers cannot reach the outside, for people; no file: they can. */
static void note(const struct holder *h, const struct error *e)
{
    unlinkat(h->directory, NOTE_NAME, 0);
    if (e == NULL)
        return;
    cleanup_close int fd = openat(h->directory, NOTE_NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd >= 0)
        dprintf(fd, "containers cannot reach other hosts, which needs nf_tables with nat and masquerading in the kernel: %s %s: %s\n", e->what, e->path, strerror(e->code));
}

static int make_namespace(struct holder *h, struct error *e)
{
    struct error ignored;
    if (unshare(CLONE_NEWNET) != 0)
        return fail(e, "create network namespace", "for the bridges");
    h->ns = netns_here(e);
    if (h->ns < 0)
        return -1;
    netns_set("ipv6/conf/default/disable_ipv6", "1", &ignored);
    /* a new namespace may have inherited it; without rules nothing may pass from one bridge to another */
    if (netns_set("ipv4/ip_forward", "0", e) != 0)
        return -1;
    cleanup_netlink struct netlink n;
    if (rtnl_open(&n, -1, e) != 0 || rtnl_up(&n, "lo", e) != 0)
        return -1;
    return uplink_make(&h->uplink, h->host_ns, h->ns, e);
}

/* Puts the process into the namespace it holds, a living one or a new one. */
static int take_namespace(struct holder *h, const struct net *adopted, struct error *e)
{
    h->host_ns = netns_here(e);
    if (h->host_ns < 0)
        return -1;
    if (adopted != NULL) {
        struct ipv4 gateway;
        if (ipv4_parse(adopted->gateway, &gateway, e) != 0)
            return -1;
        h->uplink.gateway = gateway.address;
        h->ns = adopted->holder_ns;
        uplink_adopt(&h->uplink, h->host_ns);
        return setns(h->ns, CLONE_NEWNET) == 0 ? 0 : fail(e, "enter network namespace", "of the bridges");
    }
    uplink_undo(&h->uplink, h->host_ns); /* what a killed predecessor left */
    if (make_namespace(h, e) != 0)
        return -1;
    struct error reason;
    note(h, uplink_open(&h->uplink, h->host_ns, h->ns, &reason) == 0 ? NULL : &reason);
    return 0;
}

static int listen_here(struct holder *h, struct error *e)
{
    struct sockaddr_un a = address_in(h->directory);
    h->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlinkat(h->directory, SOCKET_NAME, 0);
    mode_t mask = umask(0177);
    int bound = h->listener >= 0 ? bind(h->listener, (struct sockaddr *)&a, sizeof a) : -1;
    umask(mask);
    if (bound != 0 || listen(h->listener, 64) != 0)
        return fail(e, "listen on", "%s/" SOCKET_NAME, h->uplink.run_dir);
    return 0;
}

/* A process of its own: no descriptor of its parent but the one to report on, no terminal, signals as data. */
static int detach(struct holder *h, const struct net *adopted, int *ready, struct error *e)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int ns = adopted != NULL ? adopted->holder_ns : null;
    if (null < 0)
        return fail(e, "open", "/dev/null");
    *ready = fcntl(*ready, F_DUPFD_CLOEXEC, 16);
    ns = fcntl(ns, F_DUPFD_CLOEXEC, 16);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    dup3(*ready, 3, O_CLOEXEC);
    dup3(ns, 4, O_CLOEXEC);
    syscall(SYS_close_range, 5, ~0U, 0);
    *ready = 3;
    h->ns = 4;
    setsid();
    title_set("jcr-holder", h->uplink.run_dir);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    sigset_t all, ends;
    sigfillset(&all);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_SETMASK, &all, NULL);
    h->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    return h->signals >= 0 && chdir("/") == 0 ? 0 : fail(e, "start the network holder", "%s", "signalfd");
}

static void greet(struct holder *h)
{
    int fd = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    char gateway[16];
    struct error ignored;
    gates_open(h->host_ns, h->uplink.link, 0, &ignored); /* a firewall may have come up meanwhile */
    ipv4_text(h->uplink.gateway, gateway);
    if (h->count == CLIENTS + 2 || pass_send(fd, gateway, strlen(gateway), &h->ns, 1) != 0) {
        close(fd);
        return;
    }
    h->polled[h->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

/* Clients send nothing: whatever happens on a connection is its end. Our side of the last one stays open until we have undone everything,
 * or until we know that others remain. */
static void drop_gone(struct holder *h)
{
    for (nfds_t i = h->count; i-- > 2;) {
        if (h->polled[i].revents == 0)
            continue;
        close_at_exit(&h->last);
        h->last = h->polled[i].fd;
        h->polled[i] = h->polled[--h->count];
    }
    if (h->count == 2)
        return;
    close_at_exit(&h->last);
    h->last = -1;
}

/* Without clients, and with nobody at the door: clients connect under the lock, so once we have it nobody can come. */
static int may_end(struct holder *h, int *lock)
{
    struct pollfd door = {.fd = h->listener, .events = POLLIN};
    *lock = openat(h->directory, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*lock < 0 && errno == ENOENT)
        return 1; /* the directory is gone */
    if (*lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0 && poll(&door, 1, 0) == 0)
        return 1;
    close_at_exit(lock);
    return 0;
}

static void loop(struct holder *h)
{
    int lock = -1;
    for (;;) {
        if (h->count == 2 && may_end(h, &lock))
            break;
        if (poll(h->polled, h->count, h->count == 2 ? RETRY_MS : -1) <= 0)
            continue;
        if (h->polled[1].revents != 0)
            break;
        drop_gone(h);
        if (h->polled[0].revents != 0)
            greet(h);
    }
    unlinkat(h->directory, SOCKET_NAME, 0);
    unlinkat(h->directory, NOTE_NAME, 0);
    uplink_undo(&h->uplink, h->host_ns);
    close_at_exit(&lock);
}

static int prepare(struct holder *h, const char *run_dir, const struct net *adopted, int *ready, struct error *e)
{
    if (uplink_name(&h->uplink, run_dir, e) != 0)
        return -1;
    struct net copy;
    if (adopted != NULL)
        copy = *adopted;
    if (detach(h, adopted, ready, e) != 0)
        return -1;
    copy.holder_ns = h->ns;
    h->directory = open(h->uplink.run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (h->directory < 0)
        return fail(e, "open", "%s", h->uplink.run_dir);
    if (take_namespace(h, adopted != NULL ? &copy : NULL, e) != 0)
        return -1;
    if (listen_here(h, e) != 0) {
        if (adopted == NULL)
            uplink_undo(&h->uplink, h->host_ns);
        return -1;
    }
    h->polled[0] = (struct pollfd){.fd = h->listener, .events = POLLIN};
    h->polled[1] = (struct pollfd){.fd = h->signals, .events = POLLIN};
    h->count = 2;
    return 0;
}

static int serve(const char *run_dir, const struct net *adopted, int ready)
{
    static struct holder h = {.last = -1};
    struct error e;
    if (prepare(&h, run_dir, adopted, &ready, &e) != 0) {
        ssize_t told = write(ready, &e, sizeof e);
        return told == sizeof e ? 1 : 2;
    }
    if (write(ready, "+", 1) != 1)
        return 1;
    close(ready);
    loop(&h);
    return 0;
}
