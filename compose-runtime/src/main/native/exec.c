#include "exec.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "cleanup.h"
#include "files.h"
#include "join.h"
#include "payload.h"
#include "state.h"
#include "sys.h"
#include "terminal.h"

enum { OWN_FAILURE = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127, REQUEST_MAX = FRAME_MAX };

struct request {
    struct plan frames, plan;   /* what is asked for; the container's */
    struct command command;
    int payload;
};

/* A request is like a plan without its checks: keys that are not known do nothing. */
static int read_request(struct request *r, const char *path, struct error *e)
{
    size_t used;
    r->frames.bytes = malloc(REQUEST_MAX);
    r->frames.frames = calloc(REQUEST_MAX / 8, sizeof *r->frames.frames);
    ssize_t length = r->frames.bytes && r->frames.frames ? file_read(AT_FDCWD, path, r->frames.bytes, REQUEST_MAX) : -1;
    if (length < 0)
        return fail(e, "read request", "%s", path);
    unlink(path);
    for (ssize_t at = 0; at < length && r->frames.count < REQUEST_MAX / 8; at += used) {
        struct frame *f = &r->frames.frames[r->frames.count++];
        errno = EPROTO;
        if (frame_take(r->frames.bytes + at, length - at, f, &used) != 1 || !frame_field(f, 1))
            return fail(e, "read request", "%s", path);
    }
    return 0;
}

/* The container's variables, those of the request in place of equal ones and after them. */
static const char **merge_env(const struct plan *plan, const struct plan *request)
{
    const char **env = calloc(plan_count(plan, "env") + plan_count(request, "env") + 1, sizeof *env);
    int count = 0;
    for (const struct frame *f = NULL; env && (f = plan_next(plan, "env", f));) {
        const char *text = frame_field(f, 1);
        int overridden = 0;
        for (const struct frame *o = NULL; (o = plan_next(request, "env", o));) {
            size_t key = strcspn(frame_field(o, 1), "=");
            overridden |= key == strcspn(text, "=") && strncmp(frame_field(o, 1), text, key) == 0;
        }
        if (!overridden)
            env[count++] = text;
    }
    for (const struct frame *f = NULL; env && (f = plan_next(request, "env", f));)
        env[count++] = frame_field(f, 1);
    return env;
}

static int fill_command(struct request *r, struct error *e)
{
    struct command *c = &r->command;
    const struct plan *asked = &r->frames;
    const struct frame *user = plan_next(asked, "user", NULL);
    if (command_of_plan(c, &r->plan, e) < 0)
        return -1;
    free(c->argv);
    free(c->env);
    c->argv = plan_vector(asked, "arg");
    c->env = merge_env(&r->plan, asked);
    errno = EPROTO;
    if (!c->argv || !c->env || !c->argv[0] || (user && !frame_field(user, 2)))
        return fail(e, "read request", "%s", "");
    c->cwd = plan_text(asked, "cwd", 1, c->cwd);
    c->init = 0;
    c->tty = plan_has(asked, "tty");
    c->privileged = plan_has(asked, "privileged");
    if (!user)
        return 0;
    c->uid = frame_number(user, 1);
    c->gid = frame_number(user, 2);
    c->group_count = 0;
    for (const struct frame *f = NULL; (f = plan_next(asked, "group", f)) && c->group_count < GROUPS_MAX;)
        c->groups[c->group_count++] = frame_number(f, 1);
    return 0;
}

static int find_payload(struct request *r, struct error *e)
{
    char path[PATH_MAX];
    struct state st;
    struct payload payload;
    const char *name = plan_text(&r->plan, "name", 1, "");
    snprintf(path, sizeof path, "%s", plan_text(&r->frames, "state", 1, ""));
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    cleanup_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int known = dir >= 0 && state_load(dir, &st) == 0;
    errno = 0;
    if (!known || st.pid <= 0 || state_is(&st, "exited") || payload_adopt(&payload, st.pid, st.pidstart) < 0) {
        errno = 0;
        return fail(e, "container", "%s is not running", name);
    }
    if (state_is(&st, "paused"))
        return fail(e, "container", "%s is paused: resume it first", name);
    r->payload = payload.pidfd;
    return 0;
}

static volatile sig_atomic_t target;

static void pass_on(int signal)
{
    if (target > 0)
        kill(target, signal);
}

static const int passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCONT};

/* Until there is somebody to pass them on to, they wait. */
static void hold_signals(int how)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        sigaddset(&set, passed[i]);
    sigprocmask(how, &set, NULL);
}

static void pass_signals_to(pid_t pid)
{
    target = pid;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        sigaction(passed[i], &(struct sigaction){.sa_handler = pass_on}, NULL);
    hold_signals(SIG_UNBLOCK);
}

static int wait_for(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return OWN_FAILURE;
    return payload_code(status);
}

static int run(struct request *r, struct error *e)
{
    const struct plan *asked = &r->frames;
    int detach = plan_has(asked, "detach"), input = plan_has(asked, "stdin");
    struct join join = {
        .plan = &r->plan, .command = &r->command, .payload = r->payload, .terminal = r->command.tty,
        .streams = {input && !detach ? 0 : -1, detach ? -1 : 1, detach ? -1 : 2},
    };
    hold_signals(SIG_BLOCK);
    if (join_run(&join, e) < 0)
        return -1;
    if (detach)
        return 0;
    pass_signals_to(join.pid);
    if (join.terminal >= 0)
        terminal_relay(join.terminal, join.pidfd, input);
    return wait_for(join.pid);
}

static int prepare(struct request *r, const char *path, struct error *e)
{
    if (read_request(r, path, e) < 0 || plan_read(&r->plan, AT_FDCWD, plan_text(&r->frames, "plan", 1, ""), e) < 0)
        return -1;
    cgroup_lacks_device_rules(&r->plan); /* is remembered: where the command runs, groups have other paths */
    return find_payload(r, e) < 0 ? -1 : fill_command(r, e);
}

int exec_main(const char *path)
{
    struct request r = {.payload = -1};
    struct error e = {0};
    char text[512];
    prctl(PR_SET_DUMPABLE, 0);
    int result = prepare(&r, path, &e) < 0 ? -1 : run(&r, &e);
    plan_free(&r.frames);
    if (result >= 0)
        return result;
    error_text(&e, text, sizeof text);
    fprintf(stderr, "jcompose: %s\n", text);
    return strcmp(e.kind, "command-not-found") == 0 ? NOT_FOUND : strcmp(e.kind, "not-executable") == 0 ? NOT_EXECUTABLE : OWN_FAILURE;
}
