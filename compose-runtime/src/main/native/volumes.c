#include "volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

enum { ATTEMPTS = 200 };

static const struct flag {
    const char *name;
    unsigned long set, clear;
} flags[] = {
    {"ro", MS_RDONLY, 0}, {"rw", 0, MS_RDONLY}, {"nosuid", MS_NOSUID, 0}, {"suid", 0, MS_NOSUID}, {"nodev", MS_NODEV, 0},
    {"dev", 0, MS_NODEV}, {"noexec", MS_NOEXEC, 0}, {"exec", 0, MS_NOEXEC}, {"sync", MS_SYNCHRONOUS, 0}, {"async", 0, MS_SYNCHRONOUS},
    {"dirsync", MS_DIRSYNC, 0}, {"noatime", MS_NOATIME, 0}, {"atime", 0, MS_NOATIME}, {"nodiratime", MS_NODIRATIME, 0},
    {"relatime", MS_RELATIME, 0}, {"strictatime", MS_STRICTATIME, 0}, {"mand", MS_MANDLOCK, 0}, {"bind", MS_BIND, 0},
    {"rbind", MS_BIND | MS_REC, 0}, {"defaults", 0, 0},
};

static int take_flag(const char *word, unsigned long *set)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(flags[i].name, word) == 0) {
            *set = (*set & ~flags[i].clear) | flags[i].set;
            return 1;
        }
    return 0;
}

/* What is no flag of mount(2) is the file system's to understand. */
static unsigned long split(const char *options, char *data, size_t size)
{
    char text[2048], *rest = text;
    unsigned long set = 0;
    size_t at = 0;
    *data = '\0';
    snprintf(text, sizeof text, "%s", options);
    for (char *word; (word = strsep(&rest, ","));)
        if (*word && !take_flag(word, &set) && at < size)
            at += snprintf(data + at, size - at, "%s%s", at ? "," : "", word);
    return set;
}

static int is_mounted(const char *directory)
{
    struct stat own, parent;
    char above[PATH_MAX];
    snprintf(above, sizeof above, "%s/..", directory);
    return stat(directory, &own) == 0 && stat(above, &parent) == 0 && own.st_dev != parent.st_dev;
}

static int mount_device(const struct frame *f, struct error *e)
{
    const char *directory = frame_field(f, 1), *type = frame_field(f, 2), *device = frame_field(f, 3);
    char data[2048];
    unsigned long set = split(frame_field(f, 4), data, sizeof data);
    if (is_mounted(directory))
        return 0;
    return mount(device, directory, type, set, data) < 0 ? fail(e, "mount volume", "%s of type %s", device, type) : 0;
}

static int open_lock(const struct frame *f)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/../mounted", frame_field(f, 1));
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

/* Whoever uses it holds the lock together with others, whoever mounts or unmounts it alone. Two that come at once both find it not
 * mounted and neither gets the lock alone: then they give way to each other. */
static int take(struct volumes *v, const struct frame *f, struct error *e)
{
    cleanup_close int lock = open_lock(f);
    if (lock < 0)
        return fail(e, "lock volume", "%s", frame_field(f, 1));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (flock(lock, LOCK_SH) == 0 && is_mounted(frame_field(f, 1)))
            break;
        if (flock(lock, LOCK_EX | LOCK_NB) == 0 || attempt == ATTEMPTS - 1) {
            if (mount_device(f, e) < 0)
                return -1;
            flock(lock, LOCK_SH);
            break;
        }
        flock(lock, LOCK_UN);
        nanosleep(&(struct timespec){.tv_nsec = (1 + getpid() % 7) * 1000000L}, NULL);
    }
    v->locks[v->count++] = take_fd(&lock);
    return 0;
}

int volumes_mount(struct volumes *v, const struct plan *p, struct error *e)
{
    int index = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "volume-device", f)); index++) {
        errno = E2BIG;
        if (index == DEVICES_MAX)
            return fail(e, "mount volume", "more than %d", DEVICES_MAX);
        if (index >= v->count && take(v, f, e) < 0)
            return -1;
    }
    return 0;
}

void volumes_release(struct volumes *v, const struct plan *p)
{
    int index = 0;
    for (const struct frame *f = NULL; (f = plan_next(p, "volume-device", f)) && index < v->count; index++) {
        if (flock(v->locks[index], LOCK_EX | LOCK_NB) == 0 && is_mounted(frame_field(f, 1)))
            umount2(frame_field(f, 1), 0);
        close(v->locks[index]);
    }
    v->count = 0;
}
