/* What failed, on what, and the errno: every function returns 0, or -1 with one of these filled. */
#ifndef JCR_ERROR_H
#define JCR_ERROR_H

#define _printf(f, a) __attribute__((format(printf, f, a)))

struct error {
    int code;           /* errno, 0 if none applies */
    char kind[24];      /* "failed", "port-in-use", "command-not-found", ... (docs/native-runtime.md) */
    char what[128];     /* the attempt: "mount", "create veth" */
    char path[256];     /* on what */
};

/* Fills `e` with errno and returns -1. */
int fail(struct error *e, const char *what, const char *path_format, ...) _printf(3, 4);
/* The same with another kind than "failed". */
int fail_as(struct error *e, const char *kind, const char *what, const char *path_format, ...) _printf(4, 5);

/* "what path: reason" */
void error_text(const struct error *e, char *text, int size);

#endif
