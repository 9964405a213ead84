/* Mounts whose files show other owners (mount_setattr(2), MOUNT_ATTR_IDMAP). */
#ifndef JCR_IDMAP_H
#define JCR_IDMAP_H

#include "error.h"

/* Lets the owner given first show as the second one and the other way round; `owners` is `uid:gid:uid:gid`, `source` for messages. */
int idmap_owner(int mount, const char *source, const char *owners, struct error *e);

#endif
