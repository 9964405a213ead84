#include "join.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "cleanup.h"
#include "launch.h"
#include "sys.h"
#include "terminal.h"

static int take_streams(const struct join *j, int talk, struct error *e)
{
    if (j->terminal) {
        cleanup_close int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        return terminal_give(root, j->command->uid, 0, talk, e);
    }
    for (int i = 0; i < 3; i++) {
        int fd = j->streams[i] >= 0 ? j->streams[i] : open("/dev/null", O_RDWR | O_CLOEXEC);
        if (fd < 0 || (fd == i ? fcntl(fd, F_SETFD, 0) : dup2(fd, i)) < 0)
            return fail(e, "open", "standard stream %d", i);
    }
    return 0;
}

struct talk {
    int errors;     /* and the terminal */
    int name;       /* the new process's number, or a byte from itself: the kernel says who it is */
};

static void become_command(const struct join *j, int talk)
{
    struct error e = {0};
    reset_signals();
    umask(022);
    setsid();
    if (take_streams(j, talk, &e) == 0)
        command_run(j->command, j->plan, &e);
    send_with_fd(talk, &e, sizeof e, -1);
    _exit(125);
}

/* Enters and leaves a child behind there, which becomes the caller's: a process namespace takes only those not yet born. Both tell its number,
 * since either may be killed: without it nobody waits for the child, and then its namespace never ends. */
static void enter(const struct join *j, const struct talk *talk)
{
    const int all = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP;
    struct sys_clone_args args = {.flags = CLONE_PARENT};
    struct error e = {0};
    int cgroup;
    prctl(PR_SET_DUMPABLE, 0);
    if (cgroup_open(j->plan, &cgroup, &e) < 0 || cgroup_join(j->plan, &e) < 0 || (setns(j->payload, all) < 0 && fail(&e, "join container", "%s", ""))) {
        send_with_fd(talk->errors, &e, sizeof e, -1);
        _exit(125);
    }
    pid_t pid = sys_clone3(&args, cgroup);
    if (pid == 0 && send(talk->name, "", 1, MSG_NOSIGNAL) == 1)
        become_command(j, talk->errors);
    if (pid < 0 && fail(&e, "make process", "%s", ""))
        send_with_fd(talk->errors, &e, sizeof e, -1);
    else if (pid > 0)
        send(talk->name, &pid, sizeof pid, MSG_NOSIGNAL);
    _exit(0);
}

/* Reads all that is said there; -1 when it was nothing. */
static pid_t named(int name)
{
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } control;
    pid_t said, pid = -1;
    for (;;) {
        struct ucred who;
        struct iovec part = {&said, sizeof said};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
        ssize_t n = recvmsg(name, &message, 0);
        struct cmsghdr *head = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
        if (n == sizeof said) {
            pid = said;
        } else if (head && head->cmsg_type == SCM_CREDENTIALS) {
            memcpy(&who, CMSG_DATA(head), sizeof who);
            pid = who.pid;
        } else if (n >= 0 || errno != EINTR) {
            return pid;
        }
    }
}

/* The process's number, perhaps its terminal, then the end or an error. */
static int await(struct join *j, const struct talk *talk, struct error *e)
{
    struct error told;
    ssize_t n;
    int terminal = -1, failed = 0;
    j->pid = named(talk->name);
    while ((n = receive_with_fd(talk->errors, &told, sizeof told, &terminal, 0)) > 0)
        if (n == sizeof told) {
            *e = told;
            failed = 1;
        }
    if (failed) {
        if (terminal >= 0)
            close(terminal);
        if (j->pid > 0)
            waitpid(j->pid, NULL, 0);
        return -1;
    }
    j->terminal = terminal;
    if (j->pid > 0)
        j->pidfd = sys_pidfd_open(j->pid);
    return j->pidfd >= 0 ? 0 : fail(e, "follow process", "%d", j->pid);
}

static int make_sockets(struct talk *ours, struct talk *theirs)
{
    int errors[2], name[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, errors) < 0)
        return -1;
    *ours = *theirs = (struct talk){errors[0], -1};
    theirs->errors = errors[1];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, name) < 0)
        return -1;
    ours->name = name[0];
    theirs->name = name[1];
    return setsockopt(ours->name, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int));
}

static void close_sockets(struct talk *t)
{
    close_at_exit(&t->errors);
    close_at_exit(&t->name);
}

int join_run(struct join *j, struct error *e)
{
    struct talk ours = {-1, -1}, theirs = {-1, -1};
    j->pid = j->pidfd = -1;
    int made = make_sockets(&ours, &theirs);
    pid_t entering = made < 0 ? -1 : fork();
    if (entering == 0) {
        close_sockets(&ours);
        enter(j, &theirs);
    }
    if (entering < 0)
        fail(e, "make process", "%s", "");
    close_sockets(&theirs);
    int result = entering < 0 ? -1 : await(j, &ours, e);
    close_sockets(&ours);
    if (entering > 0)
        waitpid(entering, NULL, 0);
    return result;
}
