/* What a fuzzer of a parser is: a function that takes any bytes, with the names libFuzzer knows, and examples to begin with. */
#ifndef JCR_FUZZING_H
#define JCR_FUZZING_H

#include <stddef.h>
#include <stdint.h>

#include "testing.h"

struct seed {
    const void *bytes;
    size_t size;
};

#define SEED(text) {text, sizeof(text) - 1}

/* Ends with an empty one. */
extern const struct seed fuzz_seeds[];
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a program: an operation, a length, that many bytes. */
struct step {
    unsigned operation;
    const uint8_t *bytes;
    size_t size;
};

static inline int next_step(const uint8_t **at, size_t *left, struct step *s)
{
    if (*left < 2)
        return 0;
    size_t wanted = (*at)[1], size = wanted < *left - 2 ? wanted : *left - 2;
    *s = (struct step){(*at)[0], *at + 2, size};
    *at += 2 + size;
    *left -= 2 + size;
    return 1;
}

#endif
