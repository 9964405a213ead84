#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cleanup.h"
#include "holder.h"
#include "net.h"
#include "netns.h"
#include "uplink.h"

/* The next entry that is not hidden, or NULL. */
static const char *next(DIR *directory)
{
    struct dirent *entry;
    do
        entry = directory != NULL ? readdir(directory) : NULL;
    while (entry != NULL && entry->d_name[0] == '.');
    return entry != NULL ? entry->d_name : NULL;
}

/* Is a supervisor of this project's directory alive? It holds this lock as long as it lives. */
static int supervised(const char *project)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.3000s/super.lock", project);
    cleanup_close int fd = open(path, O_RDWR | O_CLOEXEC);
    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

/* Does this container directory name a monitor that is alive? */
static int monitored(const char *container)
{
    char path[PATH_MAX], line[512];
    snprintf(path, sizeof path, "%.3000s/state", container);
    FILE *file = fopen(path, "re");
    int alive = 0;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        int pid;
        if (sscanf(line, "mon=%d", &pid) == 1)
            alive = pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
    }
    if (file != NULL)
        fclose(file);
    return alive;
}

/* Calls for every project, or for every container when `id12` is "" or theirs; 1 when one says yes. */
static int any(const char *run_dir, const char *id12, int supervisors)
{
    char path[PATH_MAX];
    const char *name;
    snprintf(path, sizeof path, "%.2000s/projects", run_dir);
    cleanup_closedir DIR *projects = opendir(path);
    while ((name = next(projects)) != NULL) {
        snprintf(path, sizeof path, "%.2000s/projects/%s", run_dir, name);
        if (supervisors && supervised(path))
            return 1;
        cleanup_closedir DIR *containers = opendir(path);
        const char *container;
        while ((container = next(containers)) != NULL) {
            if (id12[0] != 0 && strcmp(container, id12) != 0)
                continue;
            snprintf(path, sizeof path, "%.2000s/projects/%s/%s", run_dir, name, container);
            if (monitored(path))
                return 1;
        }
    }
    return 0;
}

/* Names of containers that no monitor looks after. */
static void sweep_names(const char *run_dir)
{
    char path[PATH_MAX];
    const char *network, *id12;
    snprintf(path, sizeof path, "%.2000s/net", run_dir);
    cleanup_closedir DIR *networks = opendir(path);
    while ((network = next(networks)) != NULL) {
        snprintf(path, sizeof path, "%.2000s/net/%s", run_dir, network);
        cleanup_closedir DIR *entries = opendir(path);
        while ((id12 = next(entries)) != NULL) {
            if (!any(run_dir, id12, 0))
                names_withdraw(run_dir, network, id12);
        }
    }
}

int net_sweep(const char *run_dir, struct error *e)
{
    struct uplink u;
    if (access(run_dir, F_OK) != 0)
        return 0;
    if (uplink_name(&u, run_dir, e) != 0)
        return -1;
    cleanup_close int lock = holder_lock(run_dir, e);
    if (lock < 0)
        return -1;
    sweep_names(u.run_dir);
    struct error ignored;
    cleanup_close int conn = holder_connect(run_dir, &ignored);
    if (conn >= 0 || any(u.run_dir, "", 1))
        return 0; /* alive, or about to be started again by those who use it */
    cleanup_close int here = netns_here(e);
    if (here < 0)
        return -1;
    uplink_undo(&u, here);
    char path[PATH_MAX + 16];
    for (const char *const *name = (const char *const[]){"holder.sock", "holder.note", NULL}; *name != NULL; name++) {
        snprintf(path, sizeof path, "%s/%s", u.run_dir, *name);
        unlink(path);
    }
    return 0;
}
