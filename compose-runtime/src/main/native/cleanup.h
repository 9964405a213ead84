/* Descriptors and memory that are given back when their variable goes out of scope. */
#ifndef JCR_CLEANUP_H
#define JCR_CLEANUP_H

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static inline void close_at_exit(int *fd)
{
    int kept = errno;
    if (*fd >= 0)
        close(*fd);
    errno = kept;
}

static inline void free_at_exit(void *pointer)
{
    free(*(void **)pointer);
}

static inline void closedir_at_exit(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

#define cleanup_close __attribute__((cleanup(close_at_exit)))
#define cleanup_free __attribute__((cleanup(free_at_exit)))
#define cleanup_closedir __attribute__((cleanup(closedir_at_exit)))

/* Moves a descriptor out of a variable that would close it. */
static inline int take_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#endif
