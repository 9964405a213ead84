/* Visits to other network namespaces, and settings below /proc/sys/net of the namespace one is in. Single-threaded processes only. */
#ifndef JCR_NETNS_H
#define JCR_NETNS_H

#include "error.h"

/* A descriptor of the namespace the caller is in. */
int netns_here(struct error *e);
/* Enters `ns`; `back` is where netns_leave returns to. */
int netns_enter(int ns, int *back, struct error *e);
/* Returns; a process that cannot get back would do all further work in the wrong place, so it ends instead. */
void netns_leave(int back);
/* Writes `value` to /proc/sys/net/`name`. */
int netns_set(const char *name, const char *value, struct error *e);
void netns_close(const int *fd);
#define _closing __attribute__((cleanup(netns_close)))

#endif
