/* A container's log: lines with time and stream in log/0.log, rotated by size (docs/native-runtime.md). */
#ifndef JCR_LOG_H
#define JCR_LOG_H

#include <sys/types.h>

struct log {
    int dir, fd, files;
    off_t size, limit;
    int open_line[2];   /* the stream's last record was a part */
    void (*sink)(void *to, char stream, const char *bytes, size_t length);     /* gets the same, as it comes; or NULL */
    void *sink_to;
};

int log_open(struct log *l, int container_dir, off_t limit, int files);
/* Takes over what can be read from `fd` now, at most `budget` bytes. 1: something came; 0: nothing there; -1: end or error. */
int log_pump(struct log *l, int fd, char stream, int budget);
/* Ends the lines that were left open. */
void log_finish(struct log *l);

#endif
