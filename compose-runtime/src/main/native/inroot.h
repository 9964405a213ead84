/* Files below a container's root, resolved so that no link or race leads out of it. */
#ifndef JCR_INROOT_H
#define JCR_INROOT_H

#include <sys/types.h>

/* Opens `path` as if `root` were /; magic links of /proc are refused. */
int inroot_open(int root, const char *path, int flags);
/* The same, O_PATH; a missing directory, or with `file` an empty file, is made, with all directories above it. */
int inroot_make(int root, const char *path, int file);
/* Opens the directory of `path`, made when missing; `name` gets the last component. */
int inroot_parent(int root, const char *path, const char **name);

#endif
