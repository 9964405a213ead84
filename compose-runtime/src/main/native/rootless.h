/* An ordinary user's namespaces: entered, or made when nothing of the user's runs yet. */
#ifndef JCR_ROOTLESS_H
#define JCR_ROOTLESS_H

/* `jcr rootless RUN PROGRAM ARGUMENT...`: runs the program as root of RUN's user namespace, in a mount namespace of its own. Returns only
 * when it cannot. */
int rootless_main(int argc, char **argv);

#endif
