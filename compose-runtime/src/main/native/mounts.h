/* The root file system of a container, seen from the child that will be it: single-threaded, in a mount namespace of its own. */
#ifndef JCR_MOUNTS_H
#define JCR_MOUNTS_H

#include "plan.h"

enum { SOURCES_MAX = 512 };

/* Sources on the host, as detached mounts in the order of the plan's frames; taken before the tree is made private, so that a
 * shared or slave mount stays what it is. */
struct sources {
    int mounts[SOURCES_MAX], count;
    int null_device;
};

int sources_open(struct sources *s, const struct plan *p, int etc_dir, struct error *e);
/* Overlay and all that is mounted into it. Returns the root's descriptor. */
int root_assemble(const struct plan *p, struct sources *s, struct error *e);
/* Makes it `/` and lets go of the host's tree. */
int root_enter(const struct plan *p, int root, struct error *e);
/* The name of a `file` frame's content in RUN's etc directory. */
void etc_name(const struct frame *f, int index, char *name, int size);
/* Enters a working directory that is really inside the root, making it when missing. */
int enter_directory(const char *path, struct error *e);

#endif
