/* Frames, plans and requests of `jcr exec`: whatever the bytes are, they are refused or make sense throughout. */
#include <sys/mman.h>

#include "fuzzing.h"
#include "../../main/native/exec.c"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const struct seed fuzz_seeds[] = {
    SEED("\x07\0\0\0plan\0001\0\x44\0\0\0id\0" ID "\0\x13\0\0\0rootfs\0/l\0/u\0/w\0/m\0\x09\0\0\0arg\0true\0\x06\0\0\0end\0004\0"),
    SEED("\x10\0\0\0caps\0ff\0ff\0000\0\x09\0\0\0env\0A=1\0\x0b\0\0\0user\0007\0008\0\x08\0\0\0group\0009\0"),
    SEED("\x0b\0\0\0seccomp\0abc\x0d\0\0\0file\0/f\0644\0000\0000\0x\x0f\0\0\0rlimit\0007\0-1\000100\0"),
    SEED("\x09\0\0\0arg\0true\0\x0b\0\0\0user\0001\0001\0\x06\0\0\0tty\0001\0\x08\0\0\0env\0A=2\0"),
    {NULL, 0},
};

static void use(const struct plan *p)
{
    struct command c;
    struct error e;
    size_t length;
    for (const struct frame *f = NULL; (f = plan_next(p, "file", f));)
        CHECK(frame_bytes(f, 5, &length) && frame_number(f, 3) >= 0);
    for (const struct frame *f = NULL; (f = plan_next(p, "rlimit", f));)
        frame_number(f, 2);
    CHECK(strlen(plan_text(p, "id", 1, "")) == 64 && plan_text(p, "rootfs", 4, NULL));
    CHECK(command_of_plan(&c, p, &e) == 0 && c.argv[0]);
    command_free(&c);
}

static void as_plan(const uint8_t *data, size_t size)
{
    struct plan p;
    struct error e;
    char *bytes = malloc(size + !size);
    memcpy(bytes, data, size);
    if (plan_parse(&p, bytes, size, &e) == 0)
        use(&p);
    plan_free(&p);
}

static void as_request(const uint8_t *data, size_t size)
{
    struct request r = {.payload = -1};
    struct error e;
    char path[32];
    int memory = memfd_create("request", MFD_CLOEXEC);
    CHECK(memory >= 0 && write(memory, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    if (read_request(&r, path, &e) == 0) {
        fill_command(&r, &e);
        command_free(&r.command);
    }
    plan_free(&r.frames);
    close(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    as_plan(data, size);
    if (size % 4 == 0) /* it takes long: room for the longest request there can be */
        as_request(data, size);
    return 0;
}
