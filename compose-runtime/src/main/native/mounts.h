/* The root file system of a container, seen from the child that will be it: single-threaded, in a mount namespace of its own. */
#ifndef JCR_MOUNTS_H
#define JCR_MOUNTS_H

#include "plan.h"
#include "sources.h"

/* Overlay and all that is mounted into it. Returns the root's descriptor. */
int root_assemble(const struct plan *p, struct sources *s, struct error *e);
/* Makes it `/` and lets go of the host's tree. */
int root_enter(const struct plan *p, int root, struct error *e);
/* Enters a working directory that is really inside the root, making it when missing. */
int enter_directory(const char *path, struct error *e);

#endif
