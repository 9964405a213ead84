/* Output of a container, in pieces, over rotation: what is in the log is what was written. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "fuzzing.h"
#include "log.h"

enum { FILES = 3, LOG_MAX = 1 << 16 };

const struct seed fuzz_seeds[] = {
    SEED("\0\x05one\n2\0\x02o\n"), SEED("\x40\x10line\nline\nline\nli\x01\x03\0\r\n"), SEED("\0\x01\n\x01\x01\n\0\x01x\x01\x01y"), {NULL, 0},
};

static char directory[] = "/tmp/jcr-log-fuzz-XXXXXX";
static int dir = -1;

/* Puts the records of one stream together. */
static size_t read_back(char stream, char *text)
{
    static char content[LOG_MAX];
    size_t size = 0;
    for (int i = FILES - 1; i >= 0; i--) {
        char name[16];
        snprintf(name, sizeof name, "log/%d.log", i);
        ssize_t length = file_read(dir, name, content, sizeof content);
        for (char *at = content, *end = content + (length > 0 ? length : 0); at < end;) {
            char *newline = memchr(at, '\n', end - at);
            CHECK(newline && newline - at >= 35 && at[30] == ' ' && at[32] == ' ' && at[34] == ' ');
            if (at[31] == stream) {
                memcpy(text + size, at + 35, newline - at - 35);
                size += newline - at - 35;
                if (at[33] == 'F')
                    text[size++] = '\n';
            }
            at = newline + 1;
        }
    }
    return size;
}

static void compare(char stream, char *written, size_t size)
{
    static char text[LOG_MAX];
    if (size && written[size - 1] != '\n')
        written[size++] = '\n';
    size_t kept = read_back(stream, text);
    CHECK(kept <= size && memcmp(text, written + size - kept, kept) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[2][LOG_MAX];
    size_t sizes[2] = {0, 0};
    int ends[2];
    struct log l;
    struct step step;
    if (dir < 0) {
        CHECK(mkdtemp(directory));
        dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    remove_tree(dir, "log");
    CHECK(log_open(&l, dir, size ? data[0] * 8 : 0, FILES) == 0 && pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    while (next_step(&data, &size, &step)) {
        int err = step.operation & 1;
        CHECK(write(ends[1], step.bytes, step.size) == (ssize_t)step.size);
        memcpy(written[err] + sizes[err], step.bytes, step.size);
        sizes[err] += step.size;
        log_pump(&l, ends[0], err ? 'e' : 'o', LOG_MAX);
    }
    log_finish(&l);
    compare('o', written[0], sizes[0]);
    compare('e', written[1], sizes[1]);
    close(ends[0]);
    close(ends[1]);
    close(l.fd);
    close(l.dir);
    return 0;
}
