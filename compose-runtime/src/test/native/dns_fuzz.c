/* The dns process with a container that asks and a server that answers, both saying whatever they like, over UDP and TCP. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include "fuzzing.h"
#include "../../main/native/dns.c"

#define HEADER(id, answer) id answer "\0\0\x01\0\0\0\0\0\0"

const struct seed fuzz_seeds[] = {
    SEED("\0\x16" HEADER("\x12\x34", "\x01") "\x03web\0\0\x01\0\x01"),
    SEED("\0\x1a" HEADER("\x12\x34", "\x01") "\x07" "example\0\0\x1c\0\x01\x03\x1a" HEADER("\x12\x34", "\x81") "\x07" "example\0\0\x1c\0\x01"),
    SEED("\x01\x18\0\x16" HEADER("\x12\x34", "\x01") "\x03web\0\0\x01\0\x01\x02\0"),
    SEED("\x01\x1c\0\x1a" HEADER("\x12\x34", "\x01") "\x07" "example\0\0\x01\0\x01\x04\x1c\0\x1a" HEADER("\x12\x34", "\x81") "\x07" "example\0\0\x01\0\x01"),
    SEED("\0\x2b\x12\x34\x01\0\0\x01\0\0\0\0\0\x01\x01" "2\x01" "7\x03" "213\x02" "10\x07in-addr\x04" "arpa\0\0\x0c\0\x01\0\0\x29\x10\0\0\0\0\0\0\0"),
    {NULL, 0},
};

enum { ASK, ASK_TCP, HANG_UP, ANSWER, ANSWER_TCP, WAIT, OPERATIONS };

static struct sockaddr_in own, other;   /* of the container's sockets, of the server */
static int ours[2], server, server_tcp, asking, asking_tcp = -1, answering_tcp = -1;

static int socket_at(int type, struct sockaddr_in *at)
{
    socklen_t length = sizeof *at;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)at, length) == 0 && getsockname(fd, (struct sockaddr *)at, &length) == 0);
    if (type == SOCK_STREAM)
        CHECK(listen(fd, 64) == 0);
    return fd;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int old_root;

static void come_back(void)
{
    CHECK(fchdir(old_root) == 0 && chroot(".") == 0); /* who looks for leaks needs /proc */
}

/* The process finds its names below its root; without the right to change that there are none. */
static void make_names(const char *directory)
{
    old_root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (chroot(directory) == 0)
        atexit(come_back);
    int fd = open("/front/abcdefabcdef", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0 && write(fd, "10.213.7.2 web WEB.example\n", 27) == 27)
        close(fd);
}

static struct source always;

static void nothing(struct source *s, uint32_t events)
{
    (void)s;
    (void)events;
}

static void open_process(void)
{
    static char directory[] = "/tmp/jcr-dns-fuzz-XXXXXX", front[64];
    own = other = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ours[0] = socket_at(SOCK_DGRAM, &own);
    ours[1] = socket_at(SOCK_STREAM, &own);
    server = socket_at(SOCK_DGRAM, &other);
    server_tcp = socket_at(SOCK_STREAM, &other);
    asking = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    CHECK(connect(asking, (struct sockaddr *)&own, sizeof own) == 0);
    CHECK(mkdtemp(directory) && loop_open() == 0 && zones_open() == 0);
    always = (struct source){.fd = eventfd(1, EFD_CLOEXEC), .ready = nothing}; /* so that no round waits */
    CHECK(loop_add(&always, EPOLLIN) == 0);
    snprintf(front, sizeof front, "%s/front", directory);
    CHECK(mkdir(front, 0755) == 0);
    make_names(directory);
    memcpy(&host.address[0], &other, sizeof other);
    host.count = 1;
}

/* Every input has a container of its own. */
static void add_container(void)
{
    static struct netd_message m = {.operation = NETD_ADD_DNS, .id = "abcdefabcdef", .text = "front\n"};
    strcpy(m.text, "front\n");
    add_asker(&m, (const int[]){fcntl(ours[0], F_DUPFD_CLOEXEC, 3), fcntl(ours[1], F_DUPFD_CLOEXEC, 3)});
}

/* With the id and the sender of the query that is being answered, else nothing would be read of it. */
static void answer(const struct step *s)
{
    static uint8_t query[DNS_MESSAGE_MAX], bytes[256];
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    memcpy(bytes, s->bytes, s->size);
    if (recvfrom(server, query, sizeof query, 0, (struct sockaddr *)&from, &length) < 2)
        return;
    memcpy(bytes, query, 2);
    sendto(server, bytes, s->size, MSG_NOSIGNAL, (struct sockaddr *)&from, length);
}

static void answer_tcp(const struct step *s)
{
    static uint8_t query[DNS_MESSAGE_MAX], bytes[256];
    if (answering_tcp < 0)
        answering_tcp = accept4(server_tcp, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    memcpy(bytes, s->bytes, s->size);
    if (recv(answering_tcp, query, sizeof query, 0) >= 4)
        memcpy(bytes + 2, query + 2, 2);
    send(answering_tcp, bytes, s->size, MSG_NOSIGNAL);
}

static void ask_tcp(const struct step *s)
{
    if (asking_tcp < 0) {
        asking_tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(asking_tcp, (struct sockaddr *)&own, sizeof own);
    }
    send(asking_tcp, s->bytes, s->size, MSG_NOSIGNAL);
}

static void act(const struct step *s)
{
    switch (s->operation % OPERATIONS) {
    case ASK: send(asking, s->bytes, s->size, MSG_NOSIGNAL); break;
    case ASK_TCP: ask_tcp(s); break;
    case HANG_UP: close_one(&asking_tcp); break;
    case ANSWER: answer(s); break;
    case ANSWER_TCP: answer_tcp(s); break;
    default: break;
    }
}

static int rounds;

static int end_round(void)
{
    if (--rounds == 0)
        loop_stop();
    tick();
    return 0;
}

static void serve(int count)
{
    rounds = count;
    loop_run(end_round);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t rest[DNS_MESSAGE_MAX];
    struct step step;
    if (!ours[0])
        open_process();
    add_container();
    while (next_step(&data, &size, &step)) {
        act(&step);
        serve(3);
    }
    close_one(&asking_tcp);
    close_one(&answering_tcp);
    remove_asker("abcdefabcdef");
    serve(1);
    while (recv(asking, rest, sizeof rest, 0) > 0 || recv(server, rest, sizeof rest, 0) > 0 || recv(ours[0], rest, sizeof rest, 0) > 0)
        ;
    CHECK(asker_count == 0 && !askers);
    return 0;
}
