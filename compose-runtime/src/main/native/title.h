/* What `ps` shows: a fork says what it has become, and a container sees nothing of the host in it. */
#ifndef JCR_TITLE_H
#define JCR_TITLE_H

/* Takes the place of the arguments over, which must not be used any more. */
void title_take(int argc, char **argv);
/* `name` is the process's short name too; `about` follows it. */
void title_set(const char *name, const char *about);

#endif
