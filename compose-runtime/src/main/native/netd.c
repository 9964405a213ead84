#define _GNU_SOURCE
#include "netd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "net.h"
#include "pass.h"
#include "redirect.h"
#include "title.h"

#define RESOLVERS "/etc/resolv.conf"

enum { ENTRIES = 8192, SHORT_LIFE_SECONDS = 2, SHORT_LIVES = 5, RESOLVERS_TEXT = 512, PATIENCE_SECONDS = 2 };

/* Everything told to a process is kept, so that a successor can be told again. */
struct entry {
    struct entry *next;
    int fds[2], count;
    size_t size;
    struct netd_message *message; /* only `size` bytes of it */
};

struct process {
    int (*body)(int control, const char *root);
    const char *name;
    int pid, control;
    struct entry *entries;
    time_t started;
    int short_lives;
};

enum { DNS, PORT, PROCESSES };

struct netd {
    char root[PATH_MAX]; /* RUN/net: all these processes can see of the file system */
    struct net *net;
    struct process processes[PROCESSES];
    struct redirect *redirect;
    int entries;
    int watch; /* inotify on the host's resolvers */
    char resolvers[RESOLVERS_TEXT];
};

/* ---- the host's resolvers ---- */

static void read_resolvers(char text[RESOLVERS_TEXT])
{
    char line[256], address[64];
    size_t length = 0;
    FILE *file = fopen(RESOLVERS, "re");
    text[0] = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, " nameserver %63s", address) == 1 && length + strlen(address) + 2 < RESOLVERS_TEXT)
            length += (size_t)snprintf(text + length, RESOLVERS_TEXT - length, "%s ", address);
    }
    if (file != NULL)
        fclose(file);
}

/* The file is usually replaced, often behind a link: both directories are watched. */
static void watch_resolvers(struct netd *d)
{
    char real[PATH_MAX];
    uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE;
    inotify_add_watch(d->watch, "/etc", events);
    if (realpath(RESOLVERS, real) == NULL)
        return;
    *strrchr(real, '/') = 0;
    if (real[0] != 0)
        inotify_add_watch(d->watch, real, events);
}

/* ---- telling ---- */

static int tell(struct process *p, const struct netd_message *m, size_t size, const int *fds, int count)
{
    if (p->pid == 0)
        return 0;
    if (pass_send(p->control, m, size, fds, count) == 0)
        return 0;
    kill(p->pid, SIGKILL); /* it does not listen any more; its successor will be told everything */
    return -1;
}

static int tell_text(struct process *p, int operation, const char *id, const char *text)
{
    struct netd_message m = {.operation = operation};
    snprintf(m.id, sizeof m.id, "%s", id);
    snprintf(m.text, sizeof m.text, "%s", text);
    return tell(p, &m, offsetof(struct netd_message, text) + strlen(m.text) + 1, NULL, 0);
}

static void tell_resolvers(struct netd *d)
{
    tell_text(&d->processes[DNS], NETD_RESOLVERS, "", d->resolvers);
}

int netd_receive(int control, struct netd_message *m, int *fds, int *count)
{
    ssize_t got = pass_receive(control, m, sizeof *m, fds, count, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN ? 0 : -1;
    if (got <= (ssize_t)offsetof(struct netd_message, text))
        return -1;
    m->text[(size_t)got - offsetof(struct netd_message, text) - 1] = 0;
    return 1;
}

/* ---- processes ---- */

/* The child keeps its end of the control socket and nothing else. */
static void become(struct netd *d, const struct process *p, int control)
{
    if (p == &d->processes[PORT] && setns(d->net->holder_ns, CLONE_NEWNET) != 0)
        _exit(1);
    int kept = fcntl(control, F_DUPFD_CLOEXEC, 16);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    dup3(kept, 3, O_CLOEXEC);
    syscall(SYS_close_range, 4, ~0U, 0);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    title_set(p->name, d->root);
    _exit(p->body(3, d->root) == 0 ? 0 : 1);
}

static int start(struct netd *d, struct process *p, struct error *e)
{
    int pair[2];
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return fail(e, "start process", "%s", p->name);
    pid_t pid = fork();
    if (pid == 0)
        become(d, p, pair[1]);
    close(pair[1]);
    if (pid < 0) {
        fail(e, "start process", "%s", p->name);
        close(pair[0]);
        return -1;
    }
    setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    p->pid = pid;
    p->control = pair[0];
    p->started = time(NULL);
    if (p == &d->processes[DNS])
        tell_resolvers(d);
    for (struct entry *n = p->entries; n != NULL; n = n->next)
        tell(p, n->message, n->size, n->fds, n->count);
    return 0;
}

static void forget(struct entry *n)
{
    for (int i = 0; i < n->count; i++)
        close(n->fds[i]);
    free(n->message);
    free(n);
}

static int keep_sockets(struct entry *n, const int *fds, int count, struct error *e)
{
    for (; n->count < count; n->count++) {
        n->fds[n->count] = fcntl(fds[n->count], F_DUPFD_CLOEXEC, 3);
        if (n->fds[n->count] < 0)
            return fail(e, "keep socket", "%s", n->message->id);
        int flags = fcntl(fds[n->count], F_GETFL);
        fcntl(fds[n->count], F_SETFL, flags | O_NONBLOCK);
    }
    return 0;
}

static struct entry *make_entry(const struct netd_message *m, const int *fds, int count, struct error *e)
{
    struct entry *n = calloc(1, sizeof *n);
    size_t size = offsetof(struct netd_message, text) + strlen(m->text) + 1;
    struct netd_message *copy = malloc(size);
    if (n == NULL || copy == NULL) {
        fail(e, "remember sockets", "%s", m->id);
        free(n);
        free(copy);
        return NULL;
    }
    memcpy(copy, m, size);
    n->message = copy;
    n->size = size;
    if (keep_sockets(n, fds, count, e) == 0)
        return n;
    forget(n);
    return NULL;
}

static int add(struct netd *d, struct process *p, const struct netd_message *m, const int *fds, int count, struct error *e)
{
    if (d->entries >= ENTRIES) {
        errno = ENOSPC;
        return fail(e, "remember sockets", "%s", m->id);
    }
    struct entry *n = make_entry(m, fds, count, e);
    if (n == NULL)
        return -1;
    struct entry **last = &p->entries;
    while (*last != NULL)
        last = &(*last)->next;
    *last = n;
    d->entries++;
    p->short_lives = 0;
    if (p->pid == 0)
        return start(d, p, e);
    tell(p, n->message, n->size, n->fds, n->count);
    return 0;
}

/* ---- what the supervisor calls ---- */

struct netd *netd_new(const char *run_dir, struct net *n)
{
    struct netd *d = calloc(1, sizeof *d);
    if (d == NULL)
        return NULL;
    snprintf(d->root, sizeof d->root, "%.4000s/net", run_dir);
    if (mkdir(d->root, 0755) == 0)
        chmod(d->root, 0755);
    d->net = n;
    d->redirect = redirect_new();
    d->processes[DNS] = (struct process){.body = dns_main, .name = "jcr-dns", .control = -1};
    d->processes[PORT] = (struct process){.body = port_main, .name = "jcr-port", .control = -1};
    d->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    watch_resolvers(d);
    read_resolvers(d->resolvers);
    return d;
}

int netd_add_dns(struct netd *d, const char *id12, int udp, int tcp, const struct netd_names *names, struct error *e)
{
    struct netd_message m = {.operation = NETD_ADD_DNS, .internal = names->internal};
    snprintf(m.id, sizeof m.id, "%s", id12);
    size_t length = (size_t)snprintf(m.text, sizeof m.text, "%s\n%s\n%s", names->networks, names->servers, names->aliases);
    if (length >= sizeof m.text) {
        errno = E2BIG;
        return fail(e, "answer names for", "%s", id12);
    }
    return add(d, &d->processes[DNS], &m, (const int[]){udp, tcp}, 2, e);
}

int netd_answers(const struct netd *d, const char *id12)
{
    for (const struct entry *n = d->processes[DNS].entries; n != NULL; n = n->next)
        if (strcmp(n->message->id, id12) == 0)
            return 1;
    return 0;
}

int netd_add_port(struct netd *d, const char *id12, int listener, const char *protocol, const char *target_ip, int target_port, struct error *e)
{
    struct netd_message m = {.operation = NETD_ADD_PORT, .stream = strcmp(protocol, "tcp") == 0, .port = target_port};
    snprintf(m.id, sizeof m.id, "%s", id12);
    snprintf(m.target, sizeof m.target, "%.*s", (int)strcspn(target_ip, "/"), target_ip);
    return add(d, &d->processes[PORT], &m, &listener, 1, e);
}

void netd_redirect(struct netd *d, const char *id12, int port, const char *protocol, const char *target_ip, int target_port)
{
    if (d->redirect != NULL)
        redirect_add(d->redirect, d->net, id12, protocol, port, target_ip, target_port);
}

void netd_remove(struct netd *d, const char *id12)
{
    if (d->redirect != NULL)
        redirect_remove(d->redirect, id12);
    for (struct process *p = d->processes; p < d->processes + PROCESSES; p++) {
        int known = 0;
        for (struct entry **at = &p->entries; *at != NULL;) {
            struct entry *n = *at;
            if (strcmp(n->message->id, id12) != 0) {
                at = &n->next;
                continue;
            }
            *at = n->next;
            forget(n);
            d->entries--;
            known = 1;
        }
        if (known)
            tell_text(p, NETD_REMOVE, id12, "");
    }
}

int netd_reaped(struct netd *d, int pid)
{
    struct error ignored;
    for (struct process *p = d->processes; p < d->processes + PROCESSES; p++) {
        if (p->pid == 0 || p->pid != pid)
            continue;
        close_at_exit(&p->control);
        p->control = -1;
        p->pid = 0;
        p->short_lives = time(NULL) - p->started < SHORT_LIFE_SECONDS ? p->short_lives + 1 : 0;
        if (p->entries != NULL && p->short_lives < SHORT_LIVES)
            start(d, p, &ignored);
        return 1;
    }
    return 0;
}

int netd_fd(const struct netd *d)
{
    return d->watch;
}

void netd_refresh(struct netd *d)
{
    char events[4096], resolvers[RESOLVERS_TEXT];
    while (read(d->watch, events, sizeof events) > 0)
        ;
    watch_resolvers(d);
    read_resolvers(resolvers);
    if (strcmp(resolvers, d->resolvers) == 0)
        return;
    memcpy(d->resolvers, resolvers, sizeof resolvers);
    tell_resolvers(d);
}

void netd_forked(struct netd *d)
{
    close_at_exit(&d->watch);
    d->watch = -1;
    for (struct process *p = d->processes; p < d->processes + PROCESSES; p++) {
        close_at_exit(&p->control);
        p->control = -1;
        p->pid = 0;
        while (p->entries != NULL) {
            struct entry *n = p->entries;
            p->entries = n->next;
            forget(n);
        }
    }
}

void netd_free(struct netd *d)
{
    for (struct process *p = d->processes; p < d->processes + PROCESSES; p++) {
        if (p->pid == 0)
            continue;
        kill(p->pid, SIGKILL);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    netd_forked(d);
    if (d->redirect != NULL)
        redirect_free(d->redirect);
    free(d);
}
