#include "mon.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "attach.h"
#include "cgroup.h"
#include "cleanup.h"
#include "events.h"
#include "files.h"
#include "health.h"
#include "launch.h"
#include "log.h"
#include "payload.h"
#include "restart.h"
#include "state.h"
#include "sys.h"
#include "title.h"
#include "volumes.h"
#include "wiring.h"

enum {
    BUDGET = 65536, DRAIN = 4 << 20,            /* bytes of log in one go */
    NOT_STARTED = 128,
    RECONNECT = 1000,                           /* milliseconds until the next attempt to get a supervisor again */
    KILLED_WITHIN = 5000,                       /* milliseconds that the end of a killed process is waited for */
};

struct mon {
    const struct monitored *c;
    struct conn super;
    struct state st;
    struct log log;
    struct health health;
    struct payload payload;
    int terminal;
    long long kill_at, restart_at, reconnect_at;      /* milliseconds of now_ms; 0: none */
    struct restart restart;
    struct volumes volumes;
    struct attach attach;
    char noted_health[16];
    int oom_kills;                              /* in the cgroup when the run began */
    char start[16];                             /* the request that waits for the first run */
};

static void save(struct mon *m)
{
    state_save(m->c->run_dir, &m->st);
}

static void note(const struct mon *m, const char *action)
{
    event_note(m->c->place, m->c->id12, action);
}

static void note_number(const struct mon *m, const char *action, const char *key, int value)
{
    event_note_number(m->c->place, m->c->id12, action, key, value);
}

static void set_status(struct mon *m, const char *status)
{
    snprintf(m->st.status, sizeof m->st.status, "%s", status);
    save(m);
}

static void answer(struct mon *m, const char *number, const char *value)
{
    frame_put(&m->super.out, "ok", number, value, NULL);
}

static void drain(struct mon *m)
{
    if (m->terminal >= 0) {
        log_pump(&m->log, m->terminal, 'o', DRAIN);
        close(m->terminal);
        m->terminal = -1;
    }
    log_pump(&m->log, m->c->out, 'o', DRAIN);
    log_pump(&m->log, m->c->err, 'e', DRAIN);
    log_finish(&m->log);
}

/* Nothing of it is left but its state. */
static _Noreturn void end(struct mon *m)
{
    char code[12];
    snprintf(code, sizeof code, "%d", m->st.exit);
    set_status(m, "exited");
    volumes_release(&m->volumes, m->c->plan);
    cgroup_remove(m->c->plan);
    frame_put(&m->super.out, "ended", code, NULL);
    while (m->super.fd >= 0 && conn_flush(&m->super) == 1)
        poll(&(struct pollfd){m->super.fd, POLLOUT, 0}, 1, -1);
    _exit(0);
}

static void restart_later(struct mon *m)
{
    m->restart_at = restart_time(&m->restart, m->c->plan);
    set_status(m, "restarting");
}

static void after_run(struct mon *m)
{
    m->st.pid = 0;
    m->st.pidstart = 0;
    m->kill_at = 0;
    if (!restart_is_wanted(&m->restart, m->c->plan, &m->st))
        end(m);
    restart_later(m);
}

static void ended(struct mon *m, int code)
{
    m->st.exit = code;
    m->st.finished = now_ns();
    names_hide(m->c->plan, m->c->place->run, m->c->id12);
    health_end(&m->health);
    if (!payload_is_alone(m->c->plan))
        cgroup_kill(m->c->plan);
    drain(m);
    m->st.oom = cgroup_oom_kills(m->c->plan) > m->oom_kills;
    if (m->st.oom)
        note(m, "oom");
    note_number(m, "die", "exitCode", code);
    if (state_is(&m->st, "stopping"))
        note(m, "stop");
    attach_end(&m->attach, code);
    after_run(m);
}

static void not_started(struct mon *m, const struct error *e)
{
    m->st.exit = strcmp(e->kind, "command-not-found") == 0 ? 127 : strcmp(e->kind, "not-executable") == 0 ? 126 : NOT_STARTED;
    m->st.finished = now_ns();
    m->st.pid = 0;
    error_text(e, m->st.error, sizeof m->st.error);
    names_hide(m->c->plan, m->c->place->run, m->c->id12);
    drain(m);
    attach_end(&m->attach, m->st.exit);
    if (*m->start) {
        conn_error(&m->super, m->start, e);
        end(m);
    }
    after_run(m);
}

static void running(struct mon *m)
{
    char pid[12];
    snprintf(pid, sizeof pid, "%d", m->st.pid);
    set_status(m, "running");
    frame_put(&m->super.out, "running", pid, NULL);
    if (*m->start)
        answer(m, m->start, pid);
    *m->start = '\0';
}

/* The supervisor keeps the terminal too: it outlives us there. */
static void hand_over_terminal(struct mon *m)
{
    struct buffer *out = &m->super.out;
    fcntl(m->terminal, F_SETFL, O_NONBLOCK);
    conn_flush(&m->super);
    frame_put(out, "terminal", NULL);
    if (send_with_fd(m->super.fd, out->data + out->start, out->end - out->start, m->terminal) == 0)
        buffer_free(out);
}

static void start(struct mon *m)
{
    struct error e = {0};
    const struct monitored *c = m->c;
    char path[PATH_MAX];
    attach_await(&m->attach);
    cleanup_close int input = attach_input(&m->attach);
    struct launch launch = {.plan = c->plan, .run_dir = c->run_dir, .run_path = path, .net_ns = c->net_ns, .input = input, .gateway = c->gateway};
    snprintf(path, sizeof path, "%s/projects/%s/%s", c->place->run, c->place->project, c->id12);
    m->restart_at = 0;
    m->st.gen++;
    m->st.pid = 0;
    m->st.oom = 0;
    m->oom_kills = cgroup_oom_kills(c->plan);
    strcpy(m->st.health, "none");
    m->st.error[0] = '\0';
    m->restart.began = now_ms();
    set_status(m, "starting");
    if (volumes_mount(&m->volumes, c->plan, &e) < 0 || launch_begin(&launch, &e) < 0) {
        not_started(m, &e);
        return;
    }
    m->st.pid = launch.pid;
    m->st.pidstart = process_start(launch.pid);
    m->st.started = now_ns();
    save(m);
    if (names_show(c->plan, c->place->run, c->id12, &e) < 0 || launch_finish(&launch, &e) < 0) {
        launch_abandon(&launch);
        not_started(m, &e);
        return;
    }
    m->terminal = launch.terminal;
    if (m->terminal >= 0)
        hand_over_terminal(m);
    attach_size(&m->attach, m->terminal);
    note(m, "start");
    payload_of_launch(&m->payload, &launch);
    health_begin(&m->health, c->plan, c->run_dir, m->payload.pidfd, &m->st);
    running(m);
}

static void stop(struct mon *m, const char *grace, const char *signal)
{
    const struct plan *p = m->c->plan;
    struct error e;
    int number = *signal ? atoi(signal) : plan_number(p, "stop", 1, SIGTERM);
    long wait = *grace ? atol(grace) : plan_number(p, "stop", 2, 10000);
    int paused = state_is(&m->st, "paused");
    strcpy(m->st.want, "stopped");
    if (m->payload.pidfd < 0)
        end(m);
    set_status(m, "stopping");
    sys_pidfd_send_signal(m->payload.pidfd, wait > 0 ? number : SIGKILL);
    note_number(m, "kill", "signal", wait > 0 ? number : SIGKILL);
    if (paused)
        cgroup_freeze(p, 0, &e);
    m->kill_at = now_ms() + wait;
}

static void kill_payload(struct mon *m, const char *number, int signal)
{
    struct error e = {0};
    if (signal == SIGKILL || signal == plan_number(m->c->plan, "stop", 1, SIGTERM)) {
        strcpy(m->st.want, "stopped");
        save(m);
    }
    if (m->payload.pidfd >= 0 && sys_pidfd_send_signal(m->payload.pidfd, signal) < 0 && errno != ESRCH) {
        fail(&e, "send signal", "%d", signal);
        conn_error(&m->super, number, &e);
        return;
    }
    note_number(m, "kill", "signal", signal);
    if (signal == SIGKILL && state_is(&m->st, "paused"))
        cgroup_freeze(m->c->plan, 0, &e);
    answer(m, number, NULL);
    if (m->payload.pidfd < 0 && strcmp(m->st.want, "stopped") == 0)
        end(m);
}

static void pause_payload(struct mon *m, const char *number, int frozen)
{
    struct error e = {0};
    if (!state_is(&m->st, frozen ? "running" : "paused")) {
        fail_as(&e, "failed", frozen ? "pause" : "resume", "%s is %s", plan_text(m->c->plan, "name", 1, ""), m->st.status);
        e.code = 0;
        conn_error(&m->super, number, &e);
        return;
    }
    if (cgroup_freeze(m->c->plan, frozen, &e) < 0) {
        conn_error(&m->super, number, &e);
        return;
    }
    set_status(m, frozen ? "paused" : "running");
    note(m, frozen ? "pause" : "unpause");
    answer(m, number, NULL);
}

static void start_again(struct mon *m, const char *number)
{
    char pid[12];
    strcpy(m->st.want, "running");
    if (m->payload.pidfd < 0) {
        snprintf(m->start, sizeof m->start, "%s", number);
        m->restart.backoff = 0;
        start(m);
        return;
    }
    save(m);
    snprintf(pid, sizeof pid, "%d", m->st.pid);
    answer(m, number, pid);
}

static void request(struct mon *m, const struct frame *f)
{
    const char *number = frame_field(f, 1), *a = frame_field(f, 2), *b = frame_field(f, 3);
    if (frame_is(f, "stop") && a && b)
        stop(m, a, b);
    else if (frame_is(f, "kill") && a)
        kill_payload(m, number, atoi(a));
    else if (frame_is(f, "pause") || frame_is(f, "resume"))
        pause_payload(m, number, frame_is(f, "pause"));
    else if (frame_is(f, "start") && !state_is(&m->st, "stopping"))
        start_again(m, number);
    else if (frame_is(f, "reaped") && a)
        payload_reaped(&m->payload, atoi(number), atoi(a));
}

/* The supervisor died: whoever of its monitors comes first starts another, which then has to be told of us. */
static void reconnect(struct mon *m)
{
    struct error e;
    char pid[12], ns[12];
    m->reconnect_at = 0;
    int fd = place_connect(m->c->place, &e);
    if (fd < 0) {
        m->reconnect_at = now_ms() + RECONNECT;
        return;
    }
    m->super = (struct conn){.fd = fd, .passed = -1};
    snprintf(pid, sizeof pid, "%d", getpid());
    snprintf(ns, sizeof ns, "%d", m->c->net_ns);
    frame_put(&m->super.out, "monitor", m->c->id12, pid, ns, NULL);
    if (m->terminal >= 0)
        hand_over_terminal(m);
    snprintf(pid, sizeof pid, "%d", m->st.pid);
    frame_put(&m->super.out, "running", pid, NULL);
}

static void requests(struct mon *m)
{
    struct frame f;
    int lost = conn_receive(&m->super) < 0;
    while (conn_next(&m->super, &f) == 1)
        request(m, &f);
    if (!lost)
        return;
    conn_close(&m->super);
    reconnect(m);
}

static int is_up(const struct mon *m)
{
    return state_is(&m->st, "running");
}

static void earliest(long long *deadline, long long at)
{
    if (at && (!*deadline || at < *deadline))
        *deadline = at;
}

static int wait_time(const struct mon *m)
{
    long long deadline = 0, now = now_ms();
    earliest(&deadline, m->kill_at);
    earliest(&deadline, m->restart_at);
    earliest(&deadline, m->reconnect_at);
    earliest(&deadline, m->payload.give_up_at);
    earliest(&deadline, m->health.reap_at);
    if (is_up(m))
        earliest(&deadline, health_deadline(&m->health));
    return !deadline ? -1 : deadline <= now ? 0 : deadline - now > 1000000 ? 1000000 : (int)(deadline - now);
}

/* A probe has said something new. */
static void health_changed(struct mon *m)
{
    char action[48];
    save(m);
    if (strcmp(m->st.health, m->noted_health) != 0) {
        snprintf(m->noted_health, sizeof m->noted_health, "%s", m->st.health);
        snprintf(action, sizeof action, "health_status:%s", m->st.health);
        note(m, action);
    }
    if (strcmp(m->st.health, "unhealthy") == 0 && is_up(m) && plan_has(m->c->plan, "restart-unhealthy") && !m->restart.forced) {
        m->restart.forced = 1;
        sys_pidfd_send_signal(m->payload.pidfd, plan_number(m->c->plan, "stop", 1, SIGTERM));
        m->kill_at = now_ms() + plan_number(m->c->plan, "stop", 2, 10000);
    }
}

static void clock_ticks(struct mon *m)
{
    long long now = now_ms();
    if (m->kill_at && m->kill_at <= now) {
        m->kill_at = 0;
        if (m->payload.pidfd >= 0)
            sys_pidfd_send_signal(m->payload.pidfd, SIGKILL);
    }
    if (is_up(m) && health_deadline(&m->health) && health_deadline(&m->health) <= now && health_tick(&m->health, &m->st))
        health_changed(m);
    if (m->health.reap_at && m->health.reap_at <= now && health_event(&m->health, &m->st))
        health_changed(m);
    if (m->reconnect_at && m->reconnect_at <= now)
        reconnect(m);
    if (m->restart_at && m->restart_at <= now) {
        m->st.restarts++;
        start(m);
    }
}

enum { SUPER, OUT, ERR, TERMINAL, PAYLOAD, PROBE, PROBE_OUTPUT, ATTACHED, POLLED = ATTACHED + ATTACH_POLLED };

static void wait_and_serve(struct mon *m)
{
    int may_write = !attach_is_full(&m->attach);
    struct pollfd fds[POLLED] = {
        [SUPER] = {m->super.fd, POLLIN | (m->super.out.end > m->super.out.start ? POLLOUT : 0), 0},
        [OUT] = {may_write ? m->c->out : -1, POLLIN, 0},
        [ERR] = {may_write ? m->c->err : -1, POLLIN, 0},
        [TERMINAL] = {may_write ? m->terminal : -1, POLLIN, 0},
        [PAYLOAD] = {m->payload.pidfd, payload_events(&m->payload), 0},
        [PROBE] = {health_descriptor(&m->health), POLLIN, 0},
        [PROBE_OUTPUT] = {m->health.output, POLLIN, 0},
    };
    int code;
    attach_poll(&m->attach, fds + ATTACHED, m->terminal);
    poll(fds, POLLED, wait_time(m));
    if (fds[OUT].revents)
        log_pump(&m->log, m->c->out, 'o', BUDGET);
    if (fds[ERR].revents)
        log_pump(&m->log, m->c->err, 'e', BUDGET);
    if (fds[TERMINAL].revents && log_pump(&m->log, m->terminal, 'o', BUDGET) < 0) {
        close(m->terminal);
        m->terminal = -1;
    }
    attach_serve(&m->attach, fds + ATTACHED, m->terminal);
    if ((fds[PROBE].revents || fds[PROBE_OUTPUT].revents) && health_event(&m->health, &m->st))
        health_changed(m);
    if (fds[SUPER].revents)
        requests(m);
    if (m->payload.pidfd >= 0 && payload_ended(&m->payload, fds[PAYLOAD].revents, &code))
        ended(m, code);
    clock_ticks(m);
    if (m->super.fd >= 0)
        conn_flush(&m->super);
}

/* Only what a monitor needs stays open: above all not the supervisor's lock and clients. */
static void close_others(const struct monitored *c)
{
    int kept[] = {c->run_dir, c->state_dir, c->out, c->err, c->terminal, c->net_ns, c->holder, c->channel}, first = 3;
    const int count = sizeof kept / sizeof *kept;
    for (int low = 3; low >= 0;) {
        low = -1;
        for (int i = 0; i < count; i++)
            if (kept[i] >= first && (low < 0 || kept[i] < low))
                low = kept[i];
        if (low > first)
            sys_close_range(first, low - 1, 0);
        if (low >= 0)
            first = low + 1;
    }
    sys_close_range(first, ~0U, 0);
}

/* How far a start came that its monitor did not survive is not known: the process may still wait for a word from it. */
static void start_anew(struct mon *m)
{
    if (m->st.pid > 0 && payload_adopt(&m->payload, m->st.pid, m->st.pidstart) == 0) {
        sys_pidfd_send_signal(m->payload.pidfd, SIGKILL);
        poll(&(struct pollfd){m->payload.pidfd, POLLIN, 0}, 1, KILLED_WITHIN);
        close(m->payload.pidfd);
        m->payload.pidfd = -1;
    }
    start(m);
}

static void adopt(struct mon *m)
{
    const struct state *s = &m->st;
    if (state_is(s, "exited"))
        end(m);
    if (state_is(s, "starting")) {
        start_anew(m);
        return;
    }
    if (state_is(s, "restarting") && strcmp(s->want, "running") == 0) {
        restart_later(m);
        return;
    }
    if (s->pid > 0 && payload_adopt(&m->payload, s->pid, s->pidstart) == 0) {
        struct error ignored;
        volumes_mount(&m->volumes, m->c->plan, &ignored);
        m->oom_kills = cgroup_oom_kills(m->c->plan);
        health_resume(&m->health, m->c->plan, m->c->run_dir, m->payload.pidfd, s);
        if (state_is(s, "stopping"))
            m->kill_at = now_ms() + plan_number(m->c->plan, "stop", 2, 10000);
        else if (!state_is(s, "paused"))
            running(m);
        return;
    }
    ended(m, m->c->last_status >= 0 ? payload_code(m->c->last_status) : 255);
}

_Noreturn void mon_main(const struct monitored *c)
{
    char about[PATH_MAX];
    struct mon m = {.c = c, .super = {.fd = c->channel, .passed = -1}, .terminal = c->terminal};
    close_others(c);
    snprintf(about, sizeof about, "%s %s/%s", c->place->run, c->place->project, c->id12);
    title_set("jcr-mon", about);
    state_load(c->run_dir, &m.st);
    m.payload.pidfd = m.health.pidfd = m.health.output = -1;
    m.st.mon = getpid();
    m.st.monstart = process_start(m.st.mon);
    log_open(&m.log, c->state_dir, plan_number(c->plan, "log-max", 1, 0), plan_number(c->plan, "log-files", 1, 1));
    attach_open(&m.attach, c->plan, c->run_dir);
    m.log.sink = attach_output;
    m.log.sink_to = &m.attach;
    if (c->adopt) {
        adopt(&m);
    } else {
        strcpy(m.st.want, "running");
        m.st.restarts = 0;
        snprintf(m.start, sizeof m.start, "%s", c->start);
        start(&m);
    }
    for (;;)
        wait_and_serve(&m);
}
