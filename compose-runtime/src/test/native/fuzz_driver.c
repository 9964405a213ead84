/* A fuzzer for compilers without libFuzzer: changes inputs at random, keeps those that reach code nobody has reached before.
 *
 *     <target>_fuzz SECONDS [SEED]     on a failure the input lies in crash-<target>_fuzz; `<target>_fuzz FILE` runs it again */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzzing.h"

enum { INPUT_MAX = 4096, KEPT = 4096, PLACES = 1 << 16, CHANGES = 6 };

static struct seed kept[KEPT];
static int kept_count;
static uint8_t reached[PLACES];
static int news;
static uint64_t state;
static struct { size_t size; uint8_t bytes[INPUT_MAX]; } current;

void __sanitizer_cov_trace_pc(void);

/* Called by the compiler at every edge of the code under test. */
void __sanitizer_cov_trace_pc(void)
{
    uintptr_t place = (uintptr_t)__builtin_return_address(0);
    uint8_t *at = &reached[(place ^ place >> 16) % PLACES];
    news |= !*at;
    *at = 1;
}

static unsigned chance(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below ? state % below : 0;
}

static void keep(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = kept_count < KEPT ? malloc(size + 1) : NULL;
    if (!copy)
        return;
    memcpy(copy, bytes, size);
    kept[kept_count++] = (struct seed){copy, size};
}

static size_t insert(uint8_t *bytes, size_t size, size_t at, const void *what, size_t length)
{
    if (length > INPUT_MAX - size)
        return size;
    memmove(bytes + at + length, bytes + at, size - at);
    memcpy(bytes + at, what, length);
    return size + length;
}

static size_t change(uint8_t *bytes, size_t size)
{
    static const uint8_t telling[] = {0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff, '\n', ' '};
    const struct seed *other = &kept[chance(kept_count)];
    size_t at = chance(size + 1), from = chance(other->size), length = chance(other->size - from + 1);
    switch (chance(size ? 6 : 2)) {
    case 0: return insert(bytes, size, at, &telling[chance(sizeof telling)], 1);
    case 1: return insert(bytes, size, at, (const uint8_t *)other->bytes + from, length);
    case 2: bytes[chance(size)] ^= 1 << chance(8); return size;
    case 3: bytes[chance(size)] = telling[chance(sizeof telling)]; return size;
    case 4: bytes[chance(size)] += chance(9) - 4; return size;
    default: length = chance(size - at + 1); memmove(bytes + at, bytes + at + length, size - at - length); return size - length;
    }
}

static void run(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size + !size); /* of the input's own size, so that a read beyond it is noticed */
    memcpy(exact, bytes, size);
    news = 0;
    LLVMFuzzerTestOneInput(exact, size);
    if (news)
        keep(bytes, size);
    free(exact);
}

static int run_file(const char *path)
{
    static uint8_t bytes[INPUT_MAX];
    int fd = open(path, O_RDONLY);
    ssize_t size = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (size < 0)
        return 2;
    run(bytes, size);
    return 0;
}

static int fuzz(int seconds, const char *name)
{
    time_t end = time(NULL) + seconds;
    unsigned long runs = 0;
    for (const struct seed *s = fuzz_seeds; s->size; s++) {
        memcpy(current.bytes, s->bytes, current.size = s->size);
        run(s->bytes, s->size);
        keep(s->bytes, s->size);
    }
    for (; (runs & 63) || time(NULL) < end; runs++) {
        const struct seed *base = &kept[chance(kept_count)];
        size_t size = base->size;
        memcpy(current.bytes, base->bytes, size);
        for (int changes = 1 + chance(CHANGES); changes > 0; changes--)
            size = change(current.bytes, size);
        current.size = size;
        run(current.bytes, size);
    }
    printf("%s: %lu inputs, %d of them reached something new\n", name, runs, kept_count);
    return 0;
}

/* The sanitizers call this when they have found something. */
void __sanitizer_set_death_callback(void (*callback)(void));

static const char *crash_file;

static void save(void)
{
    int fd = open(crash_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd >= 0 && write(fd, current.bytes, current.size) == (ssize_t)current.size)
        fprintf(stderr, "the input is in %s\n", crash_file);
}

int main(int argc, char **argv)
{
    static char path[512];
    const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    if (argc < 2)
        return fprintf(stderr, "usage: %s SECONDS [SEED] | FILE\n", name), 2;
    if (strspn(argv[1], "0123456789") != strlen(argv[1]))
        return run_file(argv[1]);
    snprintf(path, sizeof path, "crash-%s", name);
    crash_file = path;
    __sanitizer_set_death_callback(save);
    state = argc > 2 ? strtoull(argv[2], NULL, 10) * 2 + 1 : (uint64_t)time(NULL) * 2 + 1;
    printf("%s: seed %llu\n", name, (unsigned long long)state / 2);
    return fuzz(atoi(argv[1]), name);
}
