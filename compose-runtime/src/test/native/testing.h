/* The little a test program needs: named tests, checks that say where they failed. */
#ifndef JCR_TESTING_H
#define JCR_TESTING_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                             \
    do {                                                                             \
        if (!(condition)) {                                                          \
            fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition); \
            exit(1);                                                                 \
        }                                                                            \
    } while (0)

#endif
