/* Device rules of the unified hierarchy: a small program that the kernel asks before a device is opened or made. */
#ifndef JCR_DEVICE_BPF_H
#define JCR_DEVICE_BPF_H

#include "plan.h"

/* Has `directory` (a group of the unified hierarchy) such a program? 1, or 0 also where that cannot be known. */
int device_bpf_attached(const char *directory);
/* Attaches one with the plan's device rules. -1 where the kernel offers none, or not to us. */
int device_bpf_attach(const struct plan *p, const char *directory, struct error *e);

#endif
