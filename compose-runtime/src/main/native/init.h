/* Our own first process of a container, for payloads that do not reap or handle signals as process 1 has to. */
#ifndef JCR_INIT_H
#define JCR_INIT_H

#include "error.h"

/* Returns in the child; the parent stays as init until the child has ended and exits as it did. */
int init_in_front(int tty, struct error *e);

#endif
