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

/* Enters and leaves a child behind there, which becomes the caller's: a process namespace takes only those not yet born. */
static void enter(const struct join *j, int talk)
{
    const int all = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP;
    struct sys_clone_args args = {.flags = CLONE_PARENT};
    struct error e = {0};
    prctl(PR_SET_DUMPABLE, 0);
    if (cgroup_join(j->plan, &e) < 0 || (setns(j->payload, all) < 0 && fail(&e, "join container", "%s", ""))) {
        send_with_fd(talk, &e, sizeof e, -1);
        _exit(125);
    }
    pid_t pid = sys_clone3(&args);
    if (pid == 0)
        become_command(j, talk);
    if (pid < 0 && fail(&e, "make process", "%s", ""))
        send_with_fd(talk, &e, sizeof e, -1);
    else
        send_with_fd(talk, &pid, sizeof pid, -1);
    _exit(0);
}

union message {
    struct error error;
    pid_t pid;
    char terminal;
};

/* The process's number, perhaps its terminal, then the end or an error. */
static int await(struct join *j, int talk, struct error *e)
{
    union message message;
    ssize_t n;
    int terminal = -1, failed = 0;
    /* to the end: an error may overtake the number of the process that has to be waited for */
    while ((n = receive_with_fd(talk, &message, sizeof message, &terminal, 0)) > 0) {
        if (n == sizeof message.error) {
            *e = message.error;
            failed = 1;
        }
        if (n == sizeof message.pid)
            j->pid = message.pid;
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

int join_run(struct join *j, struct error *e)
{
    int sockets[2];
    j->pid = j->pidfd = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
        return fail(e, "make socket", "%s", "");
    pid_t entering = fork();
    if (entering == 0) {
        close(sockets[0]);
        enter(j, sockets[1]);
    }
    close(sockets[1]);
    int result = entering < 0 ? fail(e, "fork", "%s", "") : await(j, sockets[0], e);
    close(sockets[0]);
    if (entering > 0)
        waitpid(entering, NULL, 0);
    return result;
}
