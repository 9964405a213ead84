/* `jcr ctl`: frames between the caller's pipes and a project's supervisor. */
#ifndef JCR_CTL_H
#define JCR_CTL_H

#include "place.h"

int ctl_main(const struct place *p);

#endif
