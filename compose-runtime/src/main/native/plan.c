#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

/* Fields after the key: s text, n decimal, i decimal that may be negative, o octal, x hexadecimal, b the rest as bytes;
 * a last `*` allows any number of further texts. */
static const struct key {
    const char *name, *fields;
} keys[] = {
    {"plan", "n"}, {"id", "s"}, {"name", "s"}, {"project", "s"},
    {"rootfs", "ssss"}, {"layer", "s"}, {"readonly", "n"}, {"hostname", "s"}, {"domainname", "s"},
    {"arg", "s"}, {"env", "s"}, {"cwd", "s"}, {"user", "nn"}, {"group", "n"},
    {"tty", "n"}, {"stdin", "n"}, {"init", "n"}, {"namespace", "ss"}, {"mount", "sssss"},
    {"file", "sonnb"}, {"device", "ssnnonn"}, {"link", "ss"}, {"mask", "s"}, {"protect", "s"},
    {"sysctl", "ss"}, {"rlimit", "nii"}, {"oom-score-adj", "i"}, {"caps", "xxx"},
    {"no-new-privs", "n"}, {"seccomp", "b"}, {"cgroup", "ss"}, {"cgroup-set", "sssn"}, {"device-rule", "s"},
    {"volume-device", "ssss"}, {"apparmor", "s"},
    {"log-max", "n"}, {"log-files", "n"}, {"restart", "sn"}, {"restart-timing", "nn"}, {"restart-unhealthy", "n"}, {"foreground", "n"},
    {"stop", "nn"}, {"health", "nnnnn"}, {"health-arg", "s"},
    {"net", "ssssssnn"}, {"net-name", "ss"}, {"net-link", "sssnn"}, {"net-address", "sssn"}, {"net-alias", "ss"},
    {"dns", "s"}, {"port", "snns"}, {"end", "n"},
};

static int is_number(const char *text, int base, int may_be_negative)
{
    char *end;
    if (may_be_negative && *text == '-')
        text++;
    if (*text == '-' || *text == '+' || *text == ' ' || *text == '\0')
        return 0;
    errno = 0;
    strtoull(text, &end, base);
    return *end == '\0' && errno == 0;
}

static int is_valid(char kind, const char *text)
{
    switch (kind) {
    case 'n': return is_number(text, 10, 0);
    case 'i': return is_number(text, 10, 1);
    case 'o': return is_number(text, 8, 0);
    case 'x': return is_number(text, 16, 0);
    default: return 1;
    }
}

static int check_frame(const struct frame *f, int number, struct error *e)
{
    const char *key = frame_field(f, 0);
    if (strncmp(key, "x-", 2) == 0)
        return 0;
    errno = 0;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        if (strcmp(keys[k].name, key) != 0)
            continue;
        int i = 1;
        for (const char *kind = keys[k].fields; *kind; kind++, i++) {
            const char *text = *kind == 'b' ? "" : frame_field(f, i);
            if (!text || !is_valid(*kind, text))
                return fail(e, "read plan", "frame %d (%s), field %d", number, key, i);
            if (*kind == 'b')
                return 0;
        }
        return frame_strings(f) == i ? 0 : fail(e, "read plan", "frame %d (%s): too many fields", number, key);
    }
    return fail(e, "read plan", "frame %d has the unknown key %s", number, key);
}

static int check_whole(const struct plan *p, struct error *e)
{
    errno = 0;
    if (p->count < 2 || !frame_is(&p->frames[0], "plan") || frame_number(&p->frames[0], 1) != 1)
        return fail(e, "read plan", "not a plan of version 1");
    const struct frame *last = &p->frames[p->count - 1];
    if (!frame_is(last, "end") || frame_number(last, 1) != p->count - 1)
        return fail(e, "read plan", "it was cut off");
    const char *id = plan_text(p, "id", 1, "");
    if (strlen(id) != 64 || strspn(id, "0123456789abcdef") != 64)
        return fail(e, "read plan", "no valid id");
    if (!plan_has(p, "rootfs"))
        return fail(e, "read plan", "no rootfs");
    return plan_has(p, "arg") ? 0 : fail(e, "read plan", "no command");
}

int plan_parse(struct plan *p, char *bytes, size_t length, struct error *e)
{
    size_t at = 0, used;
    int capacity = 0;
    *p = (struct plan){.bytes = bytes};
    while (at < length) {
        struct frame f;
        errno = 0;
        if (frame_take(bytes + at, length - at, &f, &used) != 1)
            return fail(e, "read plan", "frame %d is broken", p->count);
        if (check_frame(&f, p->count, e) < 0)
            return -1;
        if (p->count == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            struct frame *frames = realloc(p->frames, capacity * sizeof *frames);
            if (!frames)
                return fail(e, "read plan", "out of memory");
            p->frames = frames;
        }
        p->frames[p->count++] = f;
        at += used;
    }
    return check_whole(p, e);
}

int plan_read(struct plan *p, int dir_fd, const char *name, struct error *e)
{
    *p = (struct plan){0};
    cleanup_close int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return fail(e, "open plan", "%s", name);
    char *bytes = malloc(st.st_size + 1);
    if (!bytes)
        return fail(e, "read plan", "%s", name);
    ssize_t n = read(fd, bytes, st.st_size);
    if (n < 0) {
        free(bytes);
        return fail(e, "read plan", "%s", name);
    }
    if (plan_parse(p, bytes, n, e) == 0)
        return 0;
    plan_free(p);
    return -1;
}

void plan_free(struct plan *p)
{
    free(p->bytes);
    free(p->frames);
    *p = (struct plan){0};
}

const struct frame *plan_next(const struct plan *p, const char *key, const struct frame *after)
{
    for (int i = after ? after - p->frames + 1 : 0; i < p->count; i++)
        if (frame_is(&p->frames[i], key))
            return &p->frames[i];
    return NULL;
}

int plan_count(const struct plan *p, const char *key)
{
    int count = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, key, f));)
        count++;
    return count;
}

int plan_has(const struct plan *p, const char *key)
{
    return plan_next(p, key, NULL) != NULL;
}

const char *plan_text(const struct plan *p, const char *key, int i, const char *otherwise)
{
    const struct frame *f = plan_next(p, key, NULL);
    return f ? frame_field(f, i) : otherwise;
}

long frame_number(const struct frame *f, int i)
{
    return strtol(frame_field(f, i), NULL, 10);
}

long plan_number(const struct plan *p, const char *key, int i, long otherwise)
{
    const struct frame *f = plan_next(p, key, NULL);
    return f ? frame_number(f, i) : otherwise;
}

const char **plan_vector(const struct plan *p, const char *key)
{
    const char **vector = calloc(plan_count(p, key) + 1, sizeof *vector);
    int i = 0;
    if (vector)
        for (const struct frame *f = NULL; (f = plan_next(p, key, f));)
            vector[i++] = frame_field(f, 1);
    return vector;
}
