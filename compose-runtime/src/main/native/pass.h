/* Messages with descriptors over sockets that keep message boundaries. */
#ifndef JCR_PASS_H
#define JCR_PASS_H

#include <stddef.h>
#include <sys/types.h>

enum { PASS_MAX = 4 };

int pass_send(int socket, const void *data, size_t size, const int *fds, int count);
/* Receives at most `*count` descriptors and sets it to how many came; more than that are closed. Returns the bytes, 0 at the end, or -1. */
ssize_t pass_receive(int socket, void *data, size_t size, int *fds, int *count, int flags);

#endif
