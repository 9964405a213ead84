#include "state.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

enum type { INT, LONG, TEXT };

static const struct field {
    const char *name;
    enum type type;
    size_t offset, size;
} fields[] = {
#define FIELD(name, type) {#name, type, offsetof(struct state, name), sizeof(((struct state *)0)->name)}
    FIELD(gen, INT),       FIELD(status, TEXT),   FIELD(want, TEXT),      FIELD(pid, INT),      FIELD(pidstart, LONG),
    FIELD(mon, INT),       FIELD(monstart, LONG), FIELD(started, LONG),   FIELD(finished, LONG), FIELD(exit, INT),
    FIELD(oom, INT),       FIELD(restarts, INT),  FIELD(health, TEXT),    FIELD(streak, INT),   FIELD(error, TEXT),
};

static void parse_line(struct state *s, const char *line, char *value)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct field *f = &fields[i];
        void *at = (char *)s + f->offset;
        if (strcmp(f->name, line) != 0)
            continue;
        if (f->type == INT)
            *(int *)at = strtol(value, NULL, 10);
        else if (f->type == LONG)
            *(long long *)at = strtoll(value, NULL, 10);
        else
            snprintf(at, f->size, "%s", value);
    }
}

int state_load(int dir_fd, struct state *s)
{
    char text[2048], *rest = text;
    int same_boot = 0;
    *s = (struct state){0};
    if (file_read(dir_fd, "state", text, sizeof text) < 0)
        return -1;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strchr(line, '=');
        if (!value)
            continue;
        *value++ = '\0';
        if (strcmp(line, "boot") == 0)
            same_boot = strcmp(value, boot_id()) == 0;
        parse_line(s, line, value);
    }
    return same_boot ? 0 : -1;
}

int state_save(int dir_fd, const struct state *s)
{
    char text[2048];
    int n = snprintf(text, sizeof text, "boot=%s\n", boot_id());
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct field *f = &fields[i];
        const void *at = (const char *)s + f->offset;
        if (f->type == INT)
            n += snprintf(text + n, sizeof text - n, "%s=%d\n", f->name, *(const int *)at);
        else if (f->type == LONG)
            n += snprintf(text + n, sizeof text - n, "%s=%lld\n", f->name, *(const long long *)at);
        else
            n += snprintf(text + n, sizeof text - n, "%s=%.*s\n", f->name, (int)strcspn(at, "\n"), (const char *)at);
    }
    return file_replace(dir_fd, "state", text, n);
}

int state_is(const struct state *s, const char *status)
{
    return strcmp(s->status, status) == 0;
}
