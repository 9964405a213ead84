/* Volumes that are file systems of their own (`volume-device`): mounted on the host while a container that uses them runs. */
#ifndef JCR_VOLUMES_H
#define JCR_VOLUMES_H

#include "plan.h"

enum { DEVICES_MAX = 64 };

/* Locks held, one for each of the plan's volumes. */
struct volumes {
    int locks[DEVICES_MAX], count;
};

/* Mounts what is not mounted yet. May be called again for the next run. */
int volumes_mount(struct volumes *v, const struct plan *p, struct error *e);
/* Unmounts those that nobody else uses. */
void volumes_release(struct volumes *v, const struct plan *p);

#endif
