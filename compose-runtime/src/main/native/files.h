/* Small files: read whole, replaced whole; directories made on the way. */
#ifndef JCR_FILES_H
#define JCR_FILES_H

#include <stddef.h>
#include <sys/types.h>

/* Reads at most size - 1 bytes and terminates them. Returns the length or -1. */
ssize_t file_read(int dir_fd, const char *path, char *text, size_t size);
/* The whole file, terminated, from malloc; NULL when it cannot be read. */
char *file_text(int dir_fd, const char *path);
/* Writes into an existing file (of /proc, /sys) in one call. */
int file_write(int dir_fd, const char *path, const char *text);
/* Replaces the file by write and rename: readers see the old or the new one. */
int file_replace(int dir_fd, const char *name, const void *bytes, size_t length);
int write_all(int fd, const void *bytes, size_t length);
int make_directories(const char *path, mode_t mode);
/* Removes a directory and all in it; never follows links. */
int remove_tree(int dir_fd, const char *name);
/* Nanoseconds since 1970; milliseconds of a clock that never goes back. */
long long now_ns(void);
long long now_ms(void);
/* Field 22 of /proc/pid/stat: a process is identified by pid and start. 0 when there is none. */
unsigned long long process_start(pid_t pid);
/* It is this process, and has not ended. */
int process_is_alive(pid_t pid, unsigned long long start);
/* What wait would say of a process that has ended and was not waited for by its parent yet; -1 for any other. */
int process_zombie_status(pid_t pid);
const char *boot_id(void);

#endif
