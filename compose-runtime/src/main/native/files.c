#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

ssize_t file_read(int dir_fd, const char *path, char *text, size_t size)
{
    cleanup_close int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    if (fd < 0)
        return -1;
    while (length < size - 1) {
        ssize_t n = read(fd, text + length, size - 1 - length);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        length += n;
    }
    text[length] = '\0';
    return length;
}

char *file_text(int dir_fd, const char *path)
{
    cleanup_close int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
    char *text = NULL;
    size_t size = 0, length = 0;
    for (ssize_t n = fd < 0 ? -1 : 1; n != 0; length += n) {
        if (size - length < 2) {
            char *larger = realloc(text, size = size ? 2 * size : 4096);
            n = larger ? n : -1;
            text = larger ? larger : text;
        }
        n = n < 0 ? -1 : read(fd, text + length, size - 1 - length);
        if (n < 0) {
            free(text);
            return NULL;
        }
    }
    text[length] = '\0';
    return text;
}

int file_write(int dir_fd, const char *path, const char *text)
{
    cleanup_close int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    return write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

int write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += n;
        length -= n;
    }
    return 0;
}

int file_replace(int dir_fd, const char *name, const void *bytes, size_t length)
{
    char temporary[NAME_MAX];
    snprintf(temporary, sizeof temporary, ".%s", name);
    cleanup_close int fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write_all(fd, bytes, length) < 0)
        return -1;
    return renameat(dir_fd, temporary, dir_fd, name);
}

int make_directories(const char *path, mode_t mode)
{
    char part[PATH_MAX];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = part + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        if (mkdir(part, mode) < 0 && errno != EEXIST)
            return -1;
    }
    return mkdir(part, mode) < 0 && errno != EEXIST ? -1 : 0;
}

int remove_tree(int dir_fd, const char *name)
{
    if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
        return 0;
    int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return -1;
    for (struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_tree(fd, entry->d_name);
    return unlinkat(dir_fd, name, AT_REMOVEDIR);
}

long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Field 3 and on of /proc/pid/stat. NULL when there is none; the name, field 2, may hold spaces and parentheses. */
static const char *stat_field(pid_t pid, int number, char *text, size_t size)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (pid <= 0 || file_read(AT_FDCWD, path, text, size) < 0)
        return NULL;
    char *at = strrchr(text, ')');
    for (int field = 2; at && field < number; field++)
        at = strchr(at + 1, ' ');
    return at ? at + 1 : NULL;
}

unsigned long long process_start(pid_t pid)
{
    char text[1024];
    const char *start = stat_field(pid, 22, text, sizeof text);
    return start ? strtoull(start, NULL, 10) : 0;
}

int process_is_alive(pid_t pid, unsigned long long start)
{
    char text[1024];
    const char *state = stat_field(pid, 3, text, sizeof text);
    return state && *state != 'Z' && *state != 'X' && process_start(pid) == start;
}

int process_zombie_status(pid_t pid)
{
    char text[1024];
    const char *state = stat_field(pid, 3, text, sizeof text);
    if (!state || *state != 'Z')
        return -1;
    const char *status = stat_field(pid, 52, text, sizeof text);
    return status ? atoi(status) : -1;
}

const char *boot_id(void)
{
    static char id[40];
    if (!*id && file_read(AT_FDCWD, "/proc/sys/kernel/random/boot_id", id, sizeof id) > 0)
        id[strcspn(id, "\n")] = '\0';
    return id;
}
