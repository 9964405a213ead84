/* The supervisor of one project (docs/native-runtime.md). */
#ifndef JCR_SUPER_H
#define JCR_SUPER_H

#include "place.h"

int super_main(const struct place *p);

#endif
