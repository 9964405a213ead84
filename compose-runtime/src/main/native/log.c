#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "files.h"

enum { PART = 16384, HEAD = 40 };

/* One buffer each for all streams: a read is written out before the next, so that nothing is held back in memory. */
static char input[PART], output[PART];
static int pending;

static int open_newest(struct log *l)
{
    struct stat st;
    l->fd = openat(l->dir, "0.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    l->size = 0;
    if (l->fd < 0 || fstat(l->fd, &st) < 0)
        return -1;
    l->size = st.st_size;
    return 0;
}

int log_open(struct log *l, int container_dir, off_t limit, int files)
{
    *l = (struct log){.limit = limit, .files = files < 1 ? 1 : files, .fd = -1};
    mkdirat(container_dir, "log", 0750);
    l->dir = openat(container_dir, "log", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return l->dir < 0 ? -1 : open_newest(l);
}

static void rotate(struct log *l)
{
    char from[24], to[24];
    close(l->fd);
    for (int i = l->files - 1; i > 0; i--) {
        snprintf(from, sizeof from, "%d.log", i - 1);
        snprintf(to, sizeof to, "%d.log", i);
        renameat(l->dir, from, l->dir, to);
    }
    if (l->files == 1)
        unlinkat(l->dir, "0.log", 0);
    open_newest(l);
}

/* A full disk loses lines; it must not stop the container. */
static void flush(struct log *l)
{
    if (pending > 0 && write_all(l->fd, output, pending) == 0)
        l->size += pending;
    pending = 0;
}

static void append(struct log *l, const char *bytes, int length)
{
    if (pending + length > (int)sizeof output)
        flush(l);
    if (length > (int)sizeof output) {
        if (write_all(l->fd, bytes, length) == 0)
            l->size += length;
        return;
    }
    memcpy(output + pending, bytes, length);
    pending += length;
}

static int format_time(char *text)
{
    static time_t second;
    static char formatted[24];
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second) {
        second = now.tv_sec;
        strftime(formatted, sizeof formatted, "%Y-%m-%dT%H:%M:%S", gmtime_r(&second, &parts));
    }
    return snprintf(text, HEAD, "%s.%09ldZ ", formatted, now.tv_nsec);
}

/* A line stays together as long as the file can take it. */
static int is_full(const struct log *l, char kind, int length)
{
    off_t size = l->size + pending;
    return l->limit > 0 && size > 0 && (kind == 'F' ? size + length + HEAD > l->limit : size >= l->limit);
}

static void record(struct log *l, char stream, char kind, const char *time, const char *bytes, int length)
{
    char kinds[] = {stream, ' ', kind, ' '};
    if (l->fd < 0)
        open_newest(l);
    else if (is_full(l, kind, length)) {
        flush(l);
        rotate(l);
    }
    append(l, time, strlen(time));
    append(l, kinds, sizeof kinds);
    append(l, bytes, length);
    append(l, "\n", 1);
    l->open_line[stream == 'e'] = kind == 'P';
}

static void record_all(struct log *l, char stream, int length)
{
    char time[HEAD];
    format_time(time);
    for (char *at = input, *end = input + length; at < end;) {
        char *newline = memchr(at, '\n', end - at);
        int size = (newline ? newline : end) - at;
        record(l, stream, newline ? 'F' : 'P', time, at, size);
        at += size + (newline != NULL);
    }
    flush(l);
}

int log_pump(struct log *l, int fd, char stream, int budget)
{
    int any = 0;
    while (budget > 0) {
        ssize_t n = read(fd, input, sizeof input);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return any;
        if (n <= 0)
            return -1;
        if (l->sink)
            l->sink(l->sink_to, stream, input, n);
        record_all(l, stream, n);
        budget -= n;
        any = 1;
    }
    return any;
}

void log_finish(struct log *l)
{
    char time[HEAD];
    format_time(time);
    for (int i = 0; i < 2; i++)
        if (l->open_line[i])
            record(l, i ? 'e' : 'o', 'F', time, "", 0);
    flush(l);
}
