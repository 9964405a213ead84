/* What the sweeper needs of the holder's door. */
#ifndef JCR_HOLDER_H
#define JCR_HOLDER_H

#include "error.h"

/* Holding it, nobody else connects to, starts or ends the holder of this directory. Returns its descriptor, or -1. */
int holder_lock(const char *run_dir, struct error *e);
/* A connection, or -1 when none answers. */
int holder_connect(const char *run_dir, struct error *e);

#endif
