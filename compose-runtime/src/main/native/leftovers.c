#include "leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "cleanup.h"
#include "files.h"
#include "net.h"
#include "state.h"
#include "supervised.h"

/* A container whose state says that it has not ended, but of which no process is left. What lives is the next supervisor's to adopt. */
static int is_dead(int dir)
{
    struct state st;
    if (state_load(dir, &st) < 0 || state_is(&st, "exited"))
        return 0;
    return !process_is_alive(st.mon, st.monstart) && !process_is_alive(st.pid, st.pidstart);
}

static void note_end(int dir)
{
    struct state st;
    state_load(dir, &st);
    strcpy(st.status, "exited");
    st.pid = 0;
    st.exit = 255;
    st.finished = now_ns();
    state_save(dir, &st);
    unlinkat(dir, "ports", 0);
}

/* Nothing happens to a project whose supervisor holds its lock. */
static void sweep_project(int projects, const char *name)
{
    cleanup_close int dir = openat(projects, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cleanup_close int lock = dir < 0 ? -1 : openat(dir, "super.lock", O_RDWR | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0)
        return;
    unlinkat(dir, "ctl.sock", 0);
    cleanup_closedir DIR *entries = fdopendir(fcntl(dir, F_DUPFD_CLOEXEC, 0));
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        cleanup_close int one = is_id12(entry->d_name) ? openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (one >= 0 && is_dead(one))
            note_end(one);
    }
}

int leftovers_main(const char *run_dir)
{
    struct error e;
    char path[PATH_MAX], text[512];
    snprintf(path, sizeof path, "%s/projects", run_dir);
    cleanup_closedir DIR *projects = opendir(path);
    for (struct dirent *entry; projects && (entry = readdir(projects));)
        if (*entry->d_name != '.')
            sweep_project(dirfd(projects), entry->d_name);
    if (net_sweep(run_dir, &e) == 0)
        return 0;
    error_text(&e, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 1;
}
