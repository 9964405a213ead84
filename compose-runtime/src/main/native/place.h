/* Where a project's supervisor is found, and how it comes to life. */
#ifndef JCR_PLACE_H
#define JCR_PLACE_H

#include "error.h"

struct place {
    const char *run, *state, *project;
};

/* RUN/projects/<project>, made when missing. Returns its descriptor. */
int place_open(const struct place *p, struct error *e);
/* A connection to the supervisor, which is started when there is none; it is sure to stay until the connection ends. */
int place_connect(const struct place *p, struct error *e);
/* Copies our program into sealed memory and continues there: nothing that gets hold of it can change the file. Returns on failure only. */
int sealed_exec(char **argv, struct error *e);

enum { READY_FD = 3 };  /* where a new supervisor reports: "+" or a struct error */

#endif
