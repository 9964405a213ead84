#include "events.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "files.h"
#include "sys.h"

enum { EVENTS_MAX = 256 << 10, LINE = 256 };

/* One write: others append to the same file. The file before is kept too. */
static void append(const struct place *p, const char *line, size_t length)
{
    char path[PATH_MAX], before[PATH_MAX];
    struct stat st;
    snprintf(path, sizeof path, "%s/events", p->run);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/events/%s", p->run, p->project);
    if (stat(path, &st) == 0 && st.st_size > EVENTS_MAX) {
        snprintf(before, sizeof before, "%s/events/%s.1", p->run, p->project);
        rename(path, before);
    }
    cleanup_close int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0)
        write_all(fd, line, length);
}

void event_note(const struct place *p, const char *id12, const char *action)
{
    char line[LINE];
    int length = snprintf(line, sizeof line, "%lld %s %s\n", now_ns(), id12, action);
    append(p, line, length);
}

void event_note_number(const struct place *p, const char *id12, const char *action, const char *key, int value)
{
    char line[LINE];
    int length = snprintf(line, sizeof line, "%lld %s %s %s=%d\n", now_ns(), id12, action, key, value);
    append(p, line, length);
}
