/* Which ids of the host an ordinary user's user namespace has. */
#ifndef JCR_SUBID_H
#define JCR_SUBID_H

#include <sys/types.h>

#include "error.h"

/* Maps us to root and the ranges of /etc/subuid and /etc/subgid to what follows, by newuidmap and newgidmap; without those, us to root alone. */
int subid_write(pid_t pid, struct error *e);

/* Whether /etc/subuid and /etc/subgid have a range for us. */
int subid_has_ranges(void);

/* Whether our own user namespace maps a single user or group. */
int subid_is_single(void);

#endif
