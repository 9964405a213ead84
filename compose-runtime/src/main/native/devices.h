/* Device nodes and links in a container's /dev. */
#ifndef JCR_DEVICES_H
#define JCR_DEVICES_H

#include "plan.h"

int devices_make(const struct plan *p, int root, struct error *e);

#endif
