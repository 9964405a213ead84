#include "requests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "files.h"

void request_finish(struct super *s, struct pending *r)
{
    struct pending **at = &s->requests;
    while (*at != r)
        at = &(*at)->next;
    *at = r->next;
    if (r->client)
        r->client->pending--;
    free(r);
}

static void answer_ok(struct super *s, struct pending *r, const char *value)
{
    if (r->client)
        frame_put(&r->client->conn.out, "ok", r->number, value, NULL);
    request_finish(s, r);
}

static void answer_error(struct super *s, struct pending *r, const struct error *e)
{
    if (r->client)
        conn_error(&r->client->conn, r->number, e);
    request_finish(s, r);
}

struct pending *request_find(struct super *s, const char *id)
{
    unsigned wanted = strtoul(id, NULL, 10);
    for (struct pending *r = s->requests; r; r = r->next)
        if (r->id == wanted)
            return r;
    return NULL;
}

void request_forward(struct supervised *c, const struct pending *r)
{
    char id[12];
    snprintf(id, sizeof id, "%u", r->id);
    frame_put(&c->mon.out, r->key, id, r->a, r->b, NULL);
}

static void begin(struct super *s, struct pending *r, const char *id12)
{
    struct error e = {0};
    char id[12];
    snprintf(id, sizeof id, "%u", r->id);
    r->container = supervised_start(&s->s, id12, id, &e);
    if (!r->container)
        answer_error(s, r, &e);
}

static int exit_code_of(struct super *s, const char *id12)
{
    struct state st = {0};
    cleanup_close int dir = openat(s->s.dir, id12, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0 && state_load(dir, &st) == 0)
        return st.exit;
    return 0;
}

static void not_running(struct super *s, struct pending *r, const char *id12)
{
    struct error e = {0};
    char code[12];
    snprintf(code, sizeof code, "%d", exit_code_of(s, id12));
    errno = 0;
    fail_as(&e, "no-such-container", r->key, "%s is not running", id12);
    if (strcmp(r->key, "stop") == 0)
        answer_ok(s, r, code);
    else
        answer_error(s, r, &e);
}

static void steer(struct super *s, struct pending *r, const char *id12)
{
    r->container = supervised_find(&s->s, id12);
    if (!r->container && strcmp(r->key, "start") == 0)
        begin(s, r, id12);
    else if (!r->container)
        not_running(s, r, id12);
    else if (r->container->mon.fd >= 0 && !r->container->has_ended)
        request_forward(r->container, r);
}

static void report_ports(struct super *s, struct client *c, const char *number, const char *id12)
{
    char path[64];
    snprintf(path, sizeof path, "%s/ports", id12);
    cleanup_free char *text = file_text(s->s.dir, path);
    char *rest = text;
    size_t begin = frame_begin(&c->conn.out, "ok");
    frame_add(&c->conn.out, number);
    for (char *word; (word = strsep(&rest, " \n"));)
        if (*word)
            frame_add(&c->conn.out, word);
    frame_end(&c->conn.out, begin);
}

static int forget(struct super *s, const char *id12, struct error *e)
{
    errno = 0;
    if (supervised_find(&s->s, id12))
        return fail(e, "forget", "%s is running", id12);
    return supervised_forget(&s->s, id12, e);
}

static int drop_network(struct super *s, const char *bridge, struct error *e)
{
    return networks_open(&s->s.networks, e) < 0 ? -1 : net_drop_bridge(&s->s.networks.net, bridge, e);
}

static void act_now(struct super *s, struct client *c, const struct frame *f, const char *number, const char *id12)
{
    struct error e = {0};
    int result;
    errno = 0;
    if (frame_is(f, "ports")) {
        report_ports(s, c, number, id12);
        return;
    }
    if (frame_is(f, "forget"))
        result = forget(s, id12, &e);
    else if (frame_is(f, "drop-network") && frame_field(f, 3))
        result = drop_network(s, frame_field(f, 3), &e);
    else
        result = fail_as(&e, "failed", "understand request", "%s", frame_field(f, 0));
    if (result < 0)
        conn_error(&c->conn, number, &e);
    else
        frame_put(&c->conn.out, "ok", number, NULL);
}

static int is_steering(const struct frame *f)
{
    static const char *const keys[] = {"start", "stop", "kill", "pause", "resume"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (frame_is(f, keys[i]))
            return 1;
    return 0;
}

void request_take(struct super *s, struct client *c, const struct frame *f)
{
    const char *number = frame_field(f, 1), *id12 = frame_field(f, 2), *a = frame_field(f, 3), *b = frame_field(f, 4);
    struct error e = {0};
    if (!number || !id12)
        return;
    if (!frame_is(f, "drop-network") && !is_id12(id12)) {
        errno = 0;
        fail_as(&e, "no-such-container", "find container", "%s", id12);
        conn_error(&c->conn, number, &e);
        return;
    }
    if (!is_steering(f)) {
        act_now(s, c, f, number, id12);
        return;
    }
    struct pending *r = calloc(1, sizeof *r);
    if (!r)
        return;
    *r = (struct pending){.next = s->requests, .client = c, .id = ++s->last_id};
    snprintf(r->key, sizeof r->key, "%s", frame_field(f, 0));
    snprintf(r->number, sizeof r->number, "%s", number);
    snprintf(r->a, sizeof r->a, "%s", a ? a : "");
    snprintf(r->b, sizeof r->b, "%s", b ? b : "");
    s->requests = r;
    c->pending++;
    steer(s, r, id12);
}

void requests_settle(struct super *s, struct supervised *ended, int code)
{
    char id12[ID12 + 1], text[12];
    struct pending *next;
    strcpy(id12, ended->id12);
    snprintf(text, sizeof text, "%d", code);
    supervised_end(&s->s, ended);
    for (struct pending *r = s->requests; r; r = next) {
        next = r->next;
        if (r->container != ended)
            continue;
        r->container = NULL;
        if (strcmp(r->key, "stop") == 0)
            answer_ok(s, r, text);
        else
            steer(s, r, id12);
    }
}
