#include "init.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys.h"
#include "title.h"

static int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for all that dies here, passes on all that is sent here. */
static void serve(pid_t child, const sigset_t *all)
{
    for (;;) {
        siginfo_t info;
        int signal = sigwaitinfo(all, &info), status;
        if (signal < 0)
            continue;
        if (signal != SIGCHLD) {
            kill(child, signal);
            continue;
        }
        for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == child)
                _exit(exit_code(status));
    }
}

int init_in_front(int tty, struct error *e)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t child = fork();
    if (child < 0)
        return fail(e, "fork", "init");
    if (child > 0) {
        prctl(PR_SET_DUMPABLE, 0);
        title_set("jcr-init", "");
        sys_close_range(tty ? 0 : 3, ~0U, 0);
        serve(child, &all);
    }
    if (tty) {
        setpgid(0, 0);
        tcsetpgrp(0, getpid());
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}
