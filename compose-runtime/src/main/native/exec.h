/* `jcr exec`: one command in a running container, with our standard streams. */
#ifndef JCR_EXEC_H
#define JCR_EXEC_H

/* `request` names a file of frames, which is removed. Returns what to exit with. */
int exec_main(const char *request);

#endif
