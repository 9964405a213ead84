#include "attach.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>

#include "files.h"
#include "sys.h"

enum { KEYS_MAX = 16, LOOK_AGAIN = 10, PATIENCE = 30000, PATIENCE_AGAIN = 3000, INPUT = 4096, LOST = 125 };

struct client {
    struct conn conn;
    int has_terminal, with_input, input_open;
    unsigned char keys[KEYS_MAX];
    int key_count, key_at;
    int code;                       /* -1: goes on */
};

static volatile sig_atomic_t resized;

static void note_resize(int signal)
{
    (void)signal;
    resized = 1;
}

static void send_size(struct client *c)
{
    struct winsize size = {0};
    char rows[8], columns[8];
    resized = 0;
    if (c->has_terminal && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    snprintf(rows, sizeof rows, "%d", size.ws_row);
    snprintf(columns, sizeof columns, "%d", size.ws_col);
    frame_put(&c->conn.out, "size", rows, columns, NULL);
}

/* The container may be about to start, or its monitor about to be replaced. */
static int connect_to_monitor(struct client *c, int patience)
{
    const struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "attach"};
    long long deadline = now_ms() + patience;
    do {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, (const struct sockaddr *)&name, sizeof name) == 0) {
            fcntl(fd, F_SETFL, O_NONBLOCK);
            c->conn = (struct conn){.fd = fd, .passed = -1};
            send_size(c);
            return 0;
        }
        if (fd >= 0)
            close(fd);
        poll(NULL, 0, LOOK_AGAIN);
    } while (now_ms() < deadline);
    return -1;
}

static void send_input(struct client *c, const char *bytes, size_t length)
{
    size_t begin = frame_begin(&c->conn.out, "input");
    buffer_add(&c->conn.out, bytes, length);
    frame_end(&c->conn.out, begin);
}

/* Keys that might be the beginning of those that detach are held back. 1: detached. */
static int type(struct client *c, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (c->key_count > 0 && (unsigned char)bytes[i] == c->keys[c->key_at]) {
            if (++c->key_at == c->key_count)
                return 1;
            continue;
        }
        if (c->key_at > 0)
            send_input(c, (const char *)c->keys, c->key_at);
        c->key_at = 0;
        if (c->key_count > 0 && (unsigned char)bytes[i] == c->keys[0])
            c->key_at = 1;
        else
            send_input(c, bytes + i, 1);
    }
    return 0;
}

static void read_input(struct client *c)
{
    char bytes[INPUT];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        frame_put(&c->conn.out, "close", NULL);
        c->input_open = 0;
    } else if (!c->has_terminal) {
        send_input(c, bytes, n);
    } else if (type(c, bytes, n)) {
        c->code = 0;
    }
}

static void take(struct client *c, const struct frame *f)
{
    size_t length;
    const char *bytes = frame_bytes(f, 2, &length);
    if (frame_is(f, "output") && bytes)
        write_all(*frame_field(f, 1) == 'e' ? STDERR_FILENO : STDOUT_FILENO, bytes, length);
    else if (frame_is(f, "exit") && frame_field(f, 1))
        c->code = atoi(frame_field(f, 1));
}

static void hear(struct client *c)
{
    struct frame f;
    int gone = conn_receive(&c->conn) < 0;
    while (c->code < 0 && conn_next(&c->conn, &f) == 1)
        take(c, &f);
    if (!gone || c->code >= 0)
        return;
    conn_close(&c->conn);
    if (connect_to_monitor(c, PATIENCE_AGAIN) < 0)
        c->code = LOST;
}

static void relay(struct client *c)
{
    while (c->code < 0) {
        const struct buffer *out = &c->conn.out;
        int more = out->end > out->start;
        struct pollfd fds[] = {{c->conn.fd, POLLIN | (more ? POLLOUT : 0), 0}, {c->input_open && !more ? STDIN_FILENO : -1, POLLIN, 0}};
        if (resized)
            send_size(c);
        if (poll(fds, 2, -1) > 0) {
            if (fds[1].revents)
                read_input(c);
            if (fds[0].revents & (POLLIN | POLLHUP | POLLERR))
                hear(c);
        }
        if (c->conn.fd >= 0)
            conn_flush(&c->conn);
    }
}

static void read_keys(struct client *c, char *text)
{
    for (char *number; (number = strsep(&text, ",")) && c->key_count < KEYS_MAX;)
        if (*number)
            c->keys[c->key_count++] = atoi(number);
}

/* Signals are the business of whoever started us: a terminal sends them to both. */
static void ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_IGN);
    sigaction(SIGWINCH, &(struct sigaction){.sa_handler = note_resize}, NULL);
}

int attach_main(int argc, char **argv)
{
    struct client c = {.code = -1, .conn = {.fd = -1, .passed = -1}};
    struct termios before, raw;
    int tty = 0;
    for (int i = 3; i < argc; i++) {
        tty |= strcmp(argv[i], "tty") == 0;
        c.with_input |= strcmp(argv[i], "stdin") == 0;
        if (strncmp(argv[i], "keys=", 5) == 0)
            read_keys(&c, argv[i] + 5);
    }
    c.input_open = c.with_input;
    c.has_terminal = tty && tcgetattr(STDIN_FILENO, &before) == 0;
    ignore_signals();
    if (chdir(argv[2]) < 0 || connect_to_monitor(&c, PATIENCE) < 0) {
        fprintf(stderr, "jcompose: cannot attach: %s\n", strerror(errno));
        return LOST;
    }
    if (c.has_terminal && c.with_input) {
        raw = before;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    relay(&c);
    if (c.has_terminal && c.with_input)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    return c.code;
}
