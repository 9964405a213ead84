#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "device_bpf.h"
#include "files.h"

enum { KILL_ROUNDS = 10, EMPTY_POLLS = 1000, EMPTY_POLL_NS = 1000000 };

/* The directory of a controller: its own hierarchy, else the unified one. */
static const char *directory_of(const struct plan *p, const char *controller)
{
    const char *unified = NULL;
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup", f));) {
        if (strcmp(frame_field(f, 1), controller) == 0)
            return frame_field(f, 2);
        if (strcmp(frame_field(f, 1), "unified") == 0)
            unified = frame_field(f, 2);
    }
    return unified;
}

static int write_in(const char *directory, const char *file, const char *text)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    return file_write(AT_FDCWD, path, text);
}

static int read_in(const char *directory, const char *file, char *text, size_t size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    return file_read(AT_FDCWD, path, text, size) < 0 ? -1 : 0;
}

/* A new cpuset (version 1) is empty until it gets its parent's processors and memory. */
static void inherit_cpuset(const char *directory)
{
    static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
    char parent[PATH_MAX], text[256];
    snprintf(parent, sizeof parent, "%s/..", directory);
    for (int i = 0; i < 2; i++)
        if (read_in(parent, files[i], text, sizeof text) == 0)
            write_in(directory, files[i], text);
}

/* In the unified hierarchy a directory's children can be limited only after its controllers were enabled. */
static void enable_controllers(const char *directory)
{
    char parent[PATH_MAX], available[256], *rest = available;
    snprintf(parent, sizeof parent, "%s/..", directory);
    if (read_in(parent, "cgroup.controllers", available, sizeof available) < 0)
        return;
    available[strcspn(available, "\n")] = '\0';
    for (char *name; (name = strsep(&rest, " "));) {
        char enable[64];
        snprintf(enable, sizeof enable, "+%s", name);
        if (*name)
            write_in(parent, "cgroup.subtree_control", enable);
    }
}

static int make_one(const char *directory, const char *controller)
{
    if (mkdir(directory, 0755) < 0)
        return errno == EEXIST ? 0 : -1;
    if (strcmp(controller, "cpuset") == 0)
        inherit_cpuset(directory);
    return 0;
}

/* Another container's end may take a parent away in between: then once more from the top. */
static int make_all(const char *directory, const char *controller)
{
    int unified = strcmp(controller, "unified") == 0;
    for (int attempt = 0; attempt < 100; attempt++) {
        char part[PATH_MAX];
        int result = 0;
        snprintf(part, sizeof part, "%s", directory);
        for (char *slash = part + 1; result == 0 && (slash = strchr(slash, '/')); *slash++ = '/') {
            *slash = '\0';
            result = make_one(part, controller);
            if (unified && result == 0)
                enable_controllers(part);
        }
        if (result == 0)
            result = make_one(part, controller);
        if (unified && result == 0)
            enable_controllers(part);
        if (result == 0 || errno != ENOENT)
            return result;
    }
    return -1;
}

/* Realtime budgets are part of the parent's, which has none until it is given some. */
static void give_parents(const char *directory, const char *file, const char *value)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", directory);
    char *ours = strstr(path, "/jcompose");
    for (char *slash = ours ? ours + 1 : NULL; slash && (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        char now[32];
        if (read_in(path, file, now, sizeof now) == 0 && atol(now) < atol(value))
            write_in(path, file, value);
    }
}

/* The first of several files, apart by `|`, that is there and takes its value; a last value counts for those after it. */
static int apply(const char *directory, const char *files, const char *values)
{
    char names[256], texts[256], *name, *rest = names, *more = texts, *text = texts;
    snprintf(names, sizeof names, "%s", files);
    snprintf(texts, sizeof texts, "%s", values);
    if (strcmp(files, "cpu.rt_runtime_us") == 0)
        give_parents(directory, files, values);
    while ((name = strsep(&rest, "|"))) {
        text = more ? strsep(&more, "|") : text;
        if (write_in(directory, name, text) == 0)
            return 0;
    }
    return -1;
}

static int apply_settings(const struct plan *p, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup-set", f));) {
        const char *directory = directory_of(p, frame_field(f, 1));
        if (directory && apply(directory, frame_field(f, 2), frame_field(f, 3)) == 0)
            continue;
        if (frame_number(f, 4))
            return fail(e, "set limit", "%s to %s", frame_field(f, 2), frame_field(f, 3));
    }
    return 0;
}

static const char *own_directory_of(const struct plan *p, const char *hierarchy)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup", f));)
        if (strcmp(frame_field(f, 1), hierarchy) == 0)
            return frame_field(f, 2);
    return NULL;
}

int cgroup_lacks_device_rules(const struct plan *p)
{
    static int attached = -1; /* known before the root directory changes; a process sees one container only */
    const char *unified = own_directory_of(p, "unified");
    if (!plan_has(p, "device-rule") || own_directory_of(p, "devices"))
        return 0;
    if (attached < 0)
        attached = unified && device_bpf_attached(unified);
    return !attached;
}

static int apply_device_rules(const struct plan *p, struct error *e)
{
    const char *directory = own_directory_of(p, "devices"), *unified = own_directory_of(p, "unified");
    struct error ignored;
    if (!plan_has(p, "device-rule"))
        return 0;
    if (!directory) {
        if (unified && !device_bpf_attached(unified))
            device_bpf_attach(p, unified, &ignored); /* where that cannot be, nodes are kept from working elsewhere */
        cgroup_lacks_device_rules(p);
        return 0;
    }
    if (write_in(directory, "devices.deny", "a") < 0)
        return fail(e, "deny devices", "%s", directory);
    for (const struct frame *f = NULL; (f = plan_next(p, "device-rule", f));)
        if (write_in(directory, "devices.allow", frame_field(f, 1)) < 0)
            return fail(e, "allow device", "%s", frame_field(f, 1));
    return 0;
}

int cgroup_create(const struct plan *p, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup", f));)
        if (make_all(frame_field(f, 2), frame_field(f, 1)) < 0)
            return fail(e, "make cgroup", "%s", frame_field(f, 2));
    return apply_settings(p, e) < 0 ? -1 : apply_device_rules(p, e);
}

static int is_unified(const struct frame *f)
{
    return strcmp(frame_field(f, 1), "unified") == 0;
}

int cgroup_open(const struct plan *p, int *fd, struct error *e)
{
    *fd = -1;
    for (const struct frame *f = NULL; *fd < 0 && (f = plan_next(p, "cgroup", f));) {
        *fd = is_unified(f) ? open(frame_field(f, 2), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (is_unified(f) && *fd < 0)
            return fail(e, "open cgroup", "%s", frame_field(f, 2));
    }
    return 0;
}

int cgroup_join(const struct plan *p, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup", f));)
        if (!is_unified(f) && write_in(frame_field(f, 2), "cgroup.procs", "0") < 0)
            return fail(e, "join cgroup", "%s", frame_field(f, 2));
    return 0;
}

int cgroup_freeze(const struct plan *p, int frozen, struct error *e)
{
    const char *directory = directory_of(p, "unified");
    if (directory && write_in(directory, "cgroup.freeze", frozen ? "1" : "0") == 0)
        return 0;
    directory = directory_of(p, "freezer");
    if (directory && write_in(directory, "freezer.state", frozen ? "FROZEN" : "THAWED") == 0)
        return 0;
    errno = 0;
    return fail_as(e, "missing-feature", "pause", "this machine offers no freezer cgroup");
}

/* How many were found. A number without its end of line is not taken for one. */
static int kill_members(const char *directory)
{
    char path[PATH_MAX];
    int count = 0;
    snprintf(path, sizeof path, "%s/cgroup.procs", directory);
    cleanup_free char *pids = file_text(AT_FDCWD, path);
    for (char *at = pids, *end; at && (end = strchr(at, '\n')); at = end + 1) {
        int pid = atoi(at);
        if (pid > 1 && kill(pid, SIGKILL) == 0)
            count++;
    }
    return count;
}

/* The killed take a moment to be gone, and until then the group cannot be removed. */
static void await_empty(const char *directory)
{
    char events[128];
    for (int i = 0; i < EMPTY_POLLS && read_in(directory, "cgroup.events", events, sizeof events) == 0 && strstr(events, "populated 1"); i++)
        nanosleep(&(struct timespec){.tv_nsec = EMPTY_POLL_NS}, NULL);
}

void cgroup_kill(const struct plan *p)
{
    const char *directory = directory_of(p, "unified");
    if (directory && write_in(directory, "cgroup.kill", "1") == 0) {
        await_empty(directory);
        return;
    }
    const struct frame *any = plan_next(p, "cgroup", NULL);
    for (int i = 0; any && i < KILL_ROUNDS && kill_members(frame_field(any, 2)) > 0; i++)
        ;
}

int cgroup_oom_kills(const struct plan *p)
{
    const char *directory = directory_of(p, "memory");
    char text[1024];
    if (!directory || (read_in(directory, "memory.events", text, sizeof text) < 0
                       && read_in(directory, "memory.oom_control", text, sizeof text) < 0))
        return 0;
    char *line = strstr(text, "oom_kill ");
    return line ? atoi(line + strlen("oom_kill ")) : 0;
}

void cgroup_remove_directory(const char *directory)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", directory);
    while (strstr(path, "/jcompose") && (rmdir(path) == 0 || errno == ENOENT))
        *strrchr(path, '/') = '\0';
}

void cgroup_remove(const struct plan *p)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "cgroup", f));) {
        rmdir(frame_field(f, 2));
        cgroup_remove_directory(frame_field(f, 2));
    }
}
