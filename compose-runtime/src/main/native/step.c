#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "files.h"
#include "launch.h"
#include "payload.h"
#include "sys.h"
#include "title.h"
#include "wiring.h"

enum { OWN_FAILURE = 125, ID12 = 12 };

struct step {
    struct plan plan;
    struct networks networks;
    const char *directory;
    char id12[ID12 + 1];
    int dir, net_ns;
};

static int fail_step(const struct step *s, const struct error *e)
{
    char text[512];
    error_text(e, text, sizeof text);
    if (s->dir < 0 || file_replace(s->dir, "failure", text, strlen(text)) < 0)
        fprintf(stderr, "%s\n", text);
    return strcmp(e->kind, "command-not-found") == 0 ? 127 : strcmp(e->kind, "not-executable") == 0 ? 126 : OWN_FAILURE;
}

/* Whoever has started us holds our input open as long as it wants the command to run. */
static int await(const struct launch *l)
{
    struct payload payload;
    int code;
    payload_of_launch(&payload, l);
    struct pollfd fds[] = {{payload.pidfd, payload_events(&payload), 0}, {STDIN_FILENO, POLLIN, 0}};
    for (;;) {
        char nothing[64];
        poll(fds, 2, -1);
        if (payload_ended(&payload, fds[0].revents, &code))
            return code;
        if (fds[1].revents && read(STDIN_FILENO, nothing, sizeof nothing) <= 0) {
            sys_pidfd_send_signal(payload.pidfd, SIGKILL);
            fds[1].fd = -1;
        }
    }
}

static int run(struct step *s, struct error *e)
{
    struct launch launch = {
        .plan = &s->plan, .run_dir = s->dir, .run_path = s->directory, .net_ns = s->net_ns, .input = -1, .gateway = s->networks.net.gateway, .is_step = 1,
    };
    if (launch_begin(&launch, e) < 0)
        return -1;
    if (launch_finish(&launch, e) < 0) {
        launch_abandon(&launch);
        return -1;
    }
    int code = await(&launch);
    if (cgroup_oom_kills(&s->plan) > 0)
        fprintf(stderr, "a process was killed because the memory limit was reached\n");
    return code;
}

static int open_step(struct step *s, struct error *e)
{
    s->dir = open(s->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->dir < 0)
        return fail(e, "open", "%s", s->directory);
    if (plan_read(&s->plan, s->dir, "plan", e) < 0)
        return -1;
    snprintf(s->id12, sizeof s->id12, "%s", plan_text(&s->plan, "id", 1, ""));
    return wiring_open(&s->networks, &s->plan, s->id12, s->dir, &s->net_ns, e);
}

int step_main(const char *directory_of_run, const char *directory)
{
    struct step s = {.networks.run = directory_of_run, .directory = directory, .dir = -1, .net_ns = -1};
    struct error e = {0};
    prctl(PR_SET_DUMPABLE, 0);
    for (const int *signal = (int[]){SIGPIPE, SIGHUP, SIGINT, SIGQUIT, 0}; *signal; signal++)
        sigaction(*signal, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    int opened = open_step(&s, &e) == 0;
    int code = opened ? run(&s, &e) : -1;
    if (code < 0)
        code = fail_step(&s, &e);
    cgroup_remove(&s.plan);
    if (opened)
        wiring_close(&s.networks, s.id12, s.dir, s.net_ns);
    networks_close(&s.networks);
    return code;
}
