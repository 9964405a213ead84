#include "health.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "join.h"
#include "sys.h"

enum { INTERVAL = 1, TIMEOUT, RETRIES, START_PERIOD, START_INTERVAL, KEPT = 5, REAP_AGAIN = 100 };

static long setting(const struct health *h, int i)
{
    return plan_number(h->plan, "health", i, 0);
}

static void schedule(struct health *h)
{
    long long now = now_ms();
    int starting = !h->started && now < h->start_period_end && setting(h, START_INTERVAL) > 0;
    h->next = now + setting(h, starting ? START_INTERVAL : INTERVAL);
}

static int is_wanted(const struct plan *p)
{
    return plan_has(p, "health") && plan_has(p, "health-arg");
}

void health_resume(struct health *h, const struct plan *p, int run_dir, int payload, const struct state *s)
{
    *h = (struct health){
        .plan = p, .run_dir = run_dir, .payload = payload, .output = -1, .pid = h->pid, .pidfd = h->pidfd, .killed = h->pidfd >= 0,
        .started = strcmp(s->health, "healthy") == 0,
    };
    if (!is_wanted(p))
        return;
    h->start_period_end = now_ms() - (now_ns() - s->started) / 1000000 + setting(h, START_PERIOD);
    schedule(h);
}

void health_begin(struct health *h, const struct plan *p, int run_dir, int payload, struct state *s)
{
    snprintf(s->health, sizeof s->health, "%s", is_wanted(p) ? "starting" : "none");
    s->streak = 0;
    health_resume(h, p, run_dir, payload, s);
}

static void close_output(struct health *h)
{
    if (h->output >= 0)
        close(h->output);
    h->output = -1;
}

static void forget_probe(struct health *h)
{
    if (h->pidfd >= 0)
        close(h->pidfd);
    h->pidfd = -1;
    h->killed = 0;
    h->reap_at = 0;
    close_output(h);
}

/* The probe leads a session of its own: what it started goes with it. It is not waited for: who is traced or waits for a device
 * may take its time. */
static void kill_probe(struct health *h)
{
    kill(-h->pid, SIGKILL);
    sys_pidfd_send_signal(h->pidfd, SIGKILL);
    h->killed = 1;
}

void health_end(struct health *h)
{
    if (h->pidfd >= 0 && !h->killed)
        kill_probe(h);
    close_output(h);
    h->next = 0;
}

long long health_deadline(const struct health *h)
{
    return h->pidfd >= 0 && !h->killed ? h->timeout : h->next;
}

int health_descriptor(const struct health *h)
{
    return h->reap_at ? -1 : h->pidfd;
}

/* Keeps the last results; all frames but the first when there are enough. */
static void keep_result(struct health *h, int code)
{
    cleanup_free char *old = malloc(KEPT * (HEALTH_OUTPUT + 128));
    struct buffer all = {0};
    char began[24], ended[24], exit[12];
    struct frame f;
    ssize_t length = old ? file_read(h->run_dir, "health", old, KEPT * (HEALTH_OUTPUT + 128)) : -1;
    size_t used, at = 0;
    int count = 0;
    while (length > 0 && frame_take(old + at, length - at, &f, &used) == 1) {
        at += used;
        count++;
    }
    char *from = old;
    if (count >= KEPT && frame_take(old, length, &f, &used) == 1) {
        from += used;
        at -= used;
    }
    if (length > 0)
        buffer_add(&all, from, at);
    snprintf(began, sizeof began, "%lld", h->began_ns);
    snprintf(ended, sizeof ended, "%lld", now_ns());
    snprintf(exit, sizeof exit, "%d", code);
    size_t begin = frame_begin(&all, "probe");
    frame_add(&all, began);
    frame_add(&all, ended);
    frame_add(&all, exit);
    buffer_add(&all, h->text, h->length);
    frame_end(&all, begin);
    file_replace(h->run_dir, "health", all.data, all.end);
    buffer_free(&all);
}

static int conclude(struct health *h, struct state *s, int code)
{
    struct state before = *s;
    keep_result(h, code);
    if (code == 0) {
        h->started = 1;
        s->streak = 0;
        strcpy(s->health, "healthy");
    } else if (h->started || now_ms() >= h->start_period_end) {
        s->streak++;
        if (s->streak >= setting(h, RETRIES))
            strcpy(s->health, "unhealthy");
    }
    schedule(h);
    return memcmp(&before, s, sizeof before) != 0;
}

static int not_probed(struct health *h, struct state *s, const struct error *e)
{
    forget_probe(h);
    error_text(e, h->text, sizeof h->text);
    h->length = strlen(h->text);
    return conclude(h, s, strcmp(e->kind, "not-executable") == 0 ? 126 : 127);
}

static int start_probe(struct health *h, struct state *s)
{
    int pipe_fds[2];
    struct error e;
    struct command command;
    struct join join = {.plan = h->plan, .command = &command, .payload = h->payload};
    h->next = 0;
    h->length = 0;
    h->began_ns = now_ns();
    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0) {
        fail(&e, "make pipe", "%s", "for a probe");
        return not_probed(h, s, &e);
    }
    h->output = pipe_fds[0];
    if (command_of_plan(&command, h->plan, &e) < 0) {
        close(pipe_fds[1]);
        return not_probed(h, s, &e);
    }
    fcntl(pipe_fds[1], F_SETFL, 0);
    free(command.argv);
    command.argv = plan_vector(h->plan, "health-arg");
    command.init = command.tty = 0;
    join.streams[0] = -1;
    join.streams[1] = join.streams[2] = pipe_fds[1];
    int result = join_run(&join, &e);
    command_free(&command);
    close(pipe_fds[1]);
    if (result < 0)
        return not_probed(h, s, &e);
    h->pid = join.pid;
    h->pidfd = join.pidfd;
    h->timeout = now_ms() + setting(h, TIMEOUT);
    return 0;
}

/* What does not fit is read and dropped, so that the probe does not wait for us. */
static void read_output(struct health *h)
{
    char rest[512];
    for (;;) {
        int full = h->length == HEALTH_OUTPUT;
        ssize_t n = read(h->output, full ? rest : h->text + h->length, full ? sizeof rest : (size_t)(HEALTH_OUTPUT - h->length));
        if (n == 0) {
            close(h->output);
            h->output = -1;
        }
        if (n <= 0)
            return;
        if (!full)
            h->length += n;
    }
}

int health_tick(struct health *h, struct state *s)
{
    if (h->pidfd < 0)
        return start_probe(h, s);
    if (h->killed) {
        h->began_ns = now_ns();
        h->length = snprintf(h->text, sizeof h->text, "the last probe was killed but has not ended yet");
        return conclude(h, s, -1);
    }
    kill_probe(h);
    close_output(h);
    h->length = snprintf(h->text, sizeof h->text, "Health check exceeded timeout (%ld ms)", setting(h, TIMEOUT));
    return conclude(h, s, -1);
}

int health_event(struct health *h, struct state *s)
{
    siginfo_t info = {0};
    h->reap_at = 0;
    if (h->output >= 0)
        read_output(h);
    if (h->pidfd < 0)
        return 0;
    int gone = waitid(3 /* P_PIDFD */, h->pidfd, &info, WEXITED | WNOHANG) < 0;
    if (!gone && info.si_pid == 0) {
        /* one that is traced has ended long before it can be waited for */
        if (poll(&(struct pollfd){h->pidfd, POLLIN, 0}, 1, 0) > 0)
            h->reap_at = now_ms() + REAP_AGAIN;
        return 0;
    }
    if (h->output >= 0)
        read_output(h);
    int was_killed = h->killed;
    forget_probe(h);
    if (was_killed)
        return 0;
    return conclude(h, s, gone ? -1 : info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status);
}
