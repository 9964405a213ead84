/* Giving up everything a process that handles the bytes of containers does not need. */
#ifndef JCR_CONFINE_H
#define JCR_CONFINE_H

#include <stddef.h>

/* Changes root to `root`, becomes nobody without capabilities, and from then on may only make the `allowed` system calls (others
 * fail with EPERM); sockets only of IPv4 and IPv6, no executable memory. Ends with its parent. Returns 0, or -1. */
int confine(const char *root, const int *allowed, size_t count);

#endif
