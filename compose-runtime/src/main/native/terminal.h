/* Pseudo terminals: made inside a container's own devpts, held outside. */
#ifndef JCR_TERMINAL_H
#define JCR_TERMINAL_H

#include <sys/types.h>

#include "error.h"

/* In the child: makes a terminal below `root`, sends its master over `talk`, takes the other side as standard streams and
 * controlling terminal, and with `console` shows it as /dev/console. */
int terminal_give(int root, uid_t owner, int console, int talk, struct error *e);

/* With standard streams of ours that are a terminal: copies both ways between them and `master` until `process` (a pidfd) has ended,
 * keeping sizes equal and our terminal raw meanwhile. */
void terminal_relay(int master, int process, int with_input);

#endif
