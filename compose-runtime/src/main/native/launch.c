#include "launch.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "cleanup.h"
#include "command.h"
#include "files.h"
#include "mounts.h"
#include "payload.h"
#include "state.h"
#include "sys.h"
#include "terminal.h"

static const struct kind {
    const char *name;
    int flag;
} kinds[] = {{"pid", CLONE_NEWPID}, {"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP}, {"net", CLONE_NEWNET}};

_Static_assert(sizeof kinds / sizeof *kinds == NAMESPACES, "one entry for each kind");

static const char donor_prefix[] = "container:";

/* "private" unless the plan says otherwise. */
static const char *namespace_of(const struct plan *p, const char *kind)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "namespace", f));)
        if (strcmp(frame_field(f, 1), kind) == 0)
            return frame_field(f, 2);
    return "private";
}

static int is_private(const struct plan *p, const char *kind)
{
    return strcmp(namespace_of(p, kind), "private") == 0;
}

/* The first process of the container whose files are in `run_dir`: numbers in the plan would name another one after it was restarted. */
static int open_donor(const char *kind, const char *run_dir, struct error *e)
{
    struct state st;
    struct payload payload;
    cleanup_close int dir = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int known = dir >= 0 && state_load(dir, &st) == 0 && st.pid > 0 && !state_is(&st, "starting");
    if (known && payload_adopt(&payload, st.pid, st.pidstart) == 0)
        return payload.pidfd;
    errno = 0;
    return fail(e, "share namespace", "%s with the container in %s, which is not running", kind, run_dir);
}

static int open_donors(struct launch *l, struct error *e)
{
    for (int i = 0; i < NAMESPACES; i++) {
        const char *ns = namespace_of(l->plan, kinds[i].name);
        if (strcmp(ns, "private") == 0 || strcmp(ns, "host") == 0 || strcmp(ns, "none") == 0)
            continue;
        errno = EINVAL;
        if (strncmp(ns, donor_prefix, sizeof donor_prefix - 1) != 0)
            return fail(e, "share namespace", "%s: %s", kinds[i].name, ns);
        l->donors[i] = open_donor(kinds[i].name, ns + sizeof donor_prefix - 1, e);
        if (l->donors[i] < 0)
            return -1;
    }
    return 0;
}

static void close_donors(struct launch *l)
{
    for (int i = 0; i < NAMESPACES; i++) {
        if (l->donors[i] >= 0)
            close(l->donors[i]);
        l->donors[i] = -1;
    }
}

static int join_donor(int donor, int flag, struct error *e)
{
    return setns(donor, flag) < 0 ? fail(e, "share namespace", "%s", "") : 0;
}

int send_with_fd(int socket, const void *bytes, size_t length, int fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } control = {0};
    struct iovec part = {(void *)bytes, length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &fd, sizeof fd);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

ssize_t receive_with_fd(int socket, void *bytes, size_t length, int *fd, int flags)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr aligned;
    } control;
    struct iovec part = {bytes, length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t n;
    do
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | flags);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -1;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS) {
        int got;
        memcpy(&got, CMSG_DATA(head), sizeof got);
        if (*fd >= 0)
            close(*fd);
        *fd = got;
    }
    return n;
}

void reset_signals(void)
{
    sigset_t none;
    for (int signal = 1; signal < 65; signal++)
        if (signal != SIGKILL && signal != SIGSTOP && (signal < 32 || signal > 34))
            sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Our own descriptors of the FIFOs: blocking, and open for both ways, so that a writer never loses its reader. */
static int open_streams(struct launch *l, struct error *e)
{
    const struct plan *p = l->plan;
    static const char *const names[] = {"in", "out", "err"};
    if (l->is_step) {
        cleanup_close int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        return nothing < 0 || dup2(nothing, 0) < 0 ? fail(e, "open", "/dev/null") : 0;
    }
    uid_t uid = plan_number(p, "user", 1, 0);
    for (int i = 0; i < 3; i++) {
        int null_input = i == 0 && !plan_has(p, "stdin");
        int given = i == 0 && l->input >= 0;
        cleanup_close int fd = given ? fcntl(l->input, F_DUPFD_CLOEXEC, 3)
            : null_input ? open("/dev/null", O_RDONLY | O_CLOEXEC) : openat(l->run_dir, names[i], O_RDWR | O_CLOEXEC);
        if (fd < 0)
            return fail(e, "open", "%s", names[i]);
        if (!null_input)
            fchown(fd, uid, plan_number(p, "user", 2, 0));
        if (dup3(fd, i, 0) < 0 && errno != EINVAL)
            return fail(e, "open", "%s", names[i]);
    }
    return 0;
}

static int enter_namespaces(struct launch *l, struct error *e)
{
    const char *net = namespace_of(l->plan, "net");
    if (l->net_ns < 0 && (strcmp(net, "private") == 0 || strcmp(net, "none") == 0)) {
        errno = 0;
        return fail(e, "join network", "%s has lost its own: stop it, then start it again", plan_text(l->plan, "name", 1, ""));
    }
    if (l->net_ns >= 0 && setns(l->net_ns, CLONE_NEWNET) < 0)
        return fail(e, "join network", "%s", "");
    for (int i = 0; i < NAMESPACES; i++)
        if (l->donors[i] >= 0 && kinds[i].flag != CLONE_NEWPID && join_donor(l->donors[i], kinds[i].flag, e) < 0)
            return -1;
    if (cgroup_join(l->plan, e) < 0)
        return -1;
    if (is_private(l->plan, "cgroup") && unshare(CLONE_NEWCGROUP) < 0)
        return fail(e, "make cgroup namespace", "%s", "");
    return 0;
}

static int set_names(const struct plan *p, struct error *e)
{
    const char *host = plan_text(p, "hostname", 1, NULL), *domain = plan_text(p, "domainname", 1, NULL);
    if (!is_private(p, "uts"))
        return 0;
    if ((host && sethostname(host, strlen(host)) < 0) || (domain && setdomainname(domain, strlen(domain)) < 0))
        return fail(e, "set host name", "%s", host ? host : domain);
    return 0;
}

static void set_oom_score(const struct plan *p)
{
    char text[16];
    snprintf(text, sizeof text, "%ld", plan_number(p, "oom-score-adj", 1, 0));
    file_write(AT_FDCWD, "/proc/self/oom_score_adj", text);
}

static int prepare_root(struct launch *l, struct error *e)
{
    static struct sources sources;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/etc", l->run_path);
    cleanup_close int etc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (sources_open(&sources, l->plan, etc, e) < 0)
        return -1;
    cleanup_close int root = root_assemble(l->plan, &sources, e);
    if (root < 0)
        return -1;
    if (plan_has(l->plan, "tty") && terminal_give(root, plan_number(l->plan, "user", 1, 0), 1, l->talk, e) < 0)
        return -1;
    return root_enter(l->plan, root, e);
}

static int become_payload(struct launch *l, const struct command *c, struct error *e)
{
    char go;
    prctl(PR_SET_DUMPABLE, 0);
    reset_signals();
    umask(022);
    setsid();
    set_oom_score(l->plan);
    if (open_streams(l, e) < 0 || enter_namespaces(l, e) < 0 || set_names(l->plan, e) < 0 || prepare_root(l, e) < 0)
        return -1;
    if (recv(l->talk, &go, 1, 0) != 1)
        _exit(125);
    return command_run(c, l->plan, e);
}

static void child(struct launch *l, const struct command *c)
{
    struct error e = {0};
    become_payload(l, c, &e);
    send_with_fd(l->talk, &e, sizeof e, -1);
    _exit(125);
}

/* The host's address is known only when a container starts: the plan holds a word in its place. */
static int write_hosts(int fd, const char *bytes, size_t length, const char *gateway)
{
    static const char word[] = "host-gateway";
    for (const char *at; (at = memmem(bytes, length, word, sizeof word - 1));) {
        if (write_all(fd, bytes, at - bytes) < 0 || write_all(fd, gateway, strlen(gateway)) < 0)
            return -1;
        length -= at - bytes + sizeof word - 1;
        bytes = at + sizeof word - 1;
    }
    return write_all(fd, bytes, length);
}

static int write_etc(struct launch *l, struct error *e)
{
    int index = 0;
    mkdirat(l->run_dir, "etc", 0700);
    cleanup_close int etc = openat(l->run_dir, "etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (const struct frame *f = NULL; (f = plan_next(l->plan, "file", f)); index++) {
        char name[NAME_MAX];
        size_t length;
        const char *bytes = frame_bytes(f, 5, &length);
        int hosts = strcmp(frame_field(f, 1), "/etc/hosts") == 0;
        etc_name(f, index, name, sizeof name);
        cleanup_close int fd = openat(etc, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd < 0 || (hosts ? write_hosts(fd, bytes, length, l->gateway) : write_all(fd, bytes, length)) < 0
            || fchown(fd, frame_number(f, 3), frame_number(f, 4)) < 0
            || fchmod(fd, strtoul(frame_field(f, 2), NULL, 8)) < 0)
            return fail(e, "write", "%s", frame_field(f, 1));
    }
    return 0;
}

static uint64_t new_namespaces(const struct plan *p)
{
    uint64_t flags = CLONE_NEWNS;
    for (int i = 0; i < NAMESPACES; i++)
        if ((kinds[i].flag & (CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS)) && is_private(p, kinds[i].name))
            flags |= kinds[i].flag;
    return flags;
}

/* A process namespace can only be joined by those not yet born: we join for a moment. */
static int clone_into(struct launch *l, struct error *e)
{
    int donor = l->donors[0];
    struct sys_clone_args args = {.flags = new_namespaces(l->plan) | JCR_CLONE_PIDFD, .pidfd = (uintptr_t)&l->pidfd, .exit_signal = SIGCHLD};
    cleanup_close int cgroup = -1;
    if (cgroup_open(l->plan, &cgroup, e) < 0 || (donor >= 0 && join_donor(donor, CLONE_NEWPID, e) < 0))
        return -1;
    l->pid = sys_clone3(&args, cgroup);
    if (l->pid < 0)
        return fail(e, "make process", "%s", "");
    if (l->pid == 0 || donor < 0)
        return 0;
    cleanup_close int own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    return own < 0 || setns(own, CLONE_NEWPID) < 0 ? fail(e, "leave process namespace", "%s", "") : 0;
}

void launch_abandon(struct launch *l)
{
    if (l->talk >= 0)
        close(l->talk);
    if (l->pidfd >= 0) {
        sys_pidfd_send_signal(l->pidfd, SIGKILL);
        waitpid(l->pid, NULL, 0);
        close(l->pidfd);
    }
    if (l->terminal >= 0)
        close(l->terminal);
    l->talk = l->pidfd = l->terminal = -1;
}

int launch_begin(struct launch *l, struct error *e)
{
    int sockets[2];
    struct command command;
    l->pidfd = l->terminal = l->talk = -1;
    memset(l->donors, -1, sizeof l->donors);
    if (cgroup_create(l->plan, e) < 0 || write_etc(l, e) < 0)
        return -1;
    if (command_of_plan(&command, l->plan, e) < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
        command_free(&command);
        return fail(e, "prepare", "%s", plan_text(l->plan, "name", 1, ""));
    }
    l->talk = sockets[1];
    command.ends_with_parent = l->is_step;
    int result = open_donors(l, e) < 0 ? -1 : clone_into(l, e);
    if (result == 0 && l->pid == 0) {
        close(sockets[0]);
        child(l, &command);
    }
    l->talk = sockets[0];
    close(sockets[1]);
    command_free(&command);
    close_donors(l);
    if (result < 0)
        launch_abandon(l);
    return result;
}

/* A message with the terminal, then the end (1: executed) or an error (0). A child that ends before it has read our word resets the
 * connection, which is told once and first: without an error of its own it was killed. */
static int await_report(struct launch *l, int heard, struct error *e)
{
    for (;;) {
        struct error report;
        ssize_t n = receive_with_fd(l->talk, &report, sizeof report, &l->terminal, 0);
        if (n < 0 && errno != ECONNRESET)
            return fail(e, "hear from process", "%d", l->pid);
        errno = 0;
        heard &= n >= 0;
        if (n == 0)
            return heard ? 1 : fail(e, "execute", "%s: killed before it ran", plan_text(l->plan, "arg", 1, ""));
        if (n == sizeof report) {
            *e = report;
            return 0;
        }
    }
}

int launch_finish(struct launch *l, struct error *e)
{
    int heard = send(l->talk, "", 1, MSG_NOSIGNAL) == 1;
    int executed = await_report(l, heard, e) == 1;
    close(l->talk);
    l->talk = -1;
    return executed ? 0 : -1;
}

