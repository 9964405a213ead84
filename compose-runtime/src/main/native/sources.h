/* What is mounted into a container from elsewhere, taken as detached mounts before its own tree is put together. */
#ifndef JCR_SOURCES_H
#define JCR_SOURCES_H

#include "plan.h"

enum { SOURCES_MAX = 512 };

/* In the order of the plan's frames: those of `mount` that have a source, then `file`. */
struct sources {
    int mounts[SOURCES_MAX], count;
    int null_device;
};

/* On the host; taken before the tree is made private, so that a shared or slave mount stays what it is. Images come later. */
int sources_open(struct sources *s, const struct plan *p, int etc_dir, struct error *e);
/* Layers stacked for `mount image`, with `scratch` as a mount point for a moment; in a tree that is private already. */
int sources_of_images(struct sources *s, const struct plan *p, const char *scratch, struct error *e);
/* A mount of that type is made from one of `mounts`. */
int has_source(const char *type);
/* The name of a `file` frame's content in RUN's etc directory. */
void etc_name(const struct frame *f, int index, char *name, int size);
/* `name` is one of the comma-separated options. */
int has_option(const char *options, const char *name);

#endif
