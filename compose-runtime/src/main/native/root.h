/* The root file system of a container that does not run, for whoever copies files from and to it. */
#ifndef JCR_ROOT_H
#define JCR_ROOT_H

/* `jcr root PLAN`: reads and unlinks the plan, mounts what it says in a mount namespace of its own, prints a line, and ends with its
 * standard input; until then it is found below /proc/<pid>/root. */
int root_main(const char *path);

#endif
