/* Control groups of a container, version 1 hierarchies and the unified one alike: made before a run, joined by the child, removed at the end. */
#ifndef JCR_CGROUP_H
#define JCR_CGROUP_H

#include "plan.h"

/* Makes the directories, sets limits and device rules. */
int cgroup_create(const struct plan *p, struct error *e);
/* The plan has device rules and this machine nothing that enforces them: then nodes must not work, but those that we make. */
int cgroup_lacks_device_rules(const struct plan *p);
/* Opens the unified one for a process to be born in, which moving in would cost a wait in the kernel. `*fd` is -1 when there is none. */
int cgroup_open(const struct plan *p, int *fd, struct error *e);
/* Moves the calling process into those of version 1. */
int cgroup_join(const struct plan *p, struct error *e);
int cgroup_freeze(const struct plan *p, int frozen, struct error *e);
/* Kills whatever is left in them: needed when a container has no process namespace of its own. */
void cgroup_kill(const struct plan *p);
/* How many times the kernel killed for memory. */
int cgroup_oom_kills(const struct plan *p);
void cgroup_remove(const struct plan *p);
/* Removes an empty directory and those above it that are ours. */
void cgroup_remove_directory(const char *directory);

#endif
