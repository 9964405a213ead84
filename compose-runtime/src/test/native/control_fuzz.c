/* Bytes of a client on a supervisor's control socket, in pieces: answered or dropped, and nothing outside the project's directory is touched. */
#include "fuzzing.h"
#include "../../main/native/super.c"

const struct seed fuzz_seeds[] = {
    SEED("\0\x1b\x17\0\0\0start\0001\0abcdefabcdef\0"),
    SEED("\0\x10\x21\0\0\0stop\0002\0abcde\0\x13" "fabcdef\00010\0009\0\0\0\0"),
    SEED("\0\x1e\x1a\0\0\0ports\0003\0abcdefabcdef\0x\0\0"),
    SEED("\0\x1e\x1a\0\0\0forget\0004\0abcdefabcdef\0\0"),
    SEED("\0\x20\x1c\0\0\0monitor\0abcdefabcdef\00012\0-1\0"),
    SEED("\0\x20\x1c\0\0\0kill\00012345678901234567890\0n\0000\0"),
    {NULL, 0},
};

static struct super s;

static void open_super(void)
{
    static char directory[] = "/tmp/jcr-control-fuzz-XXXXXX";
    CHECK(mkdtemp(directory));
    s.s = (struct supervision){.place = {directory, directory, "fuzz"}, .networks.run = directory};
    s.s.dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int reaches_networks(const uint8_t *data, size_t size)
{
    return memmem(data, size, "drop-n", 6) != NULL; /* which would make a holder */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int ends[2];
    struct step step;
    if (!s.s.dir)
        open_super();
    if (reaches_networks(data, size))
        return 0;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    s.clients = calloc(1, sizeof *s.clients);
    s.clients->conn = (struct conn){.fd = ends[0], .passed = -1};
    while (next_step(&data, &size, &step)) {
        send(ends[1], step.bytes, step.size, MSG_NOSIGNAL);
        serve_client(&s, s.clients);
        conn_flush(&s.clients->conn);
    }
    CHECK(!s.s.containers && !s.requests);
    drop(&s, s.clients);
    close(ends[1]);
    return 0;
}
