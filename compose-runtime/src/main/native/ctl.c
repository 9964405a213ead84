#include "ctl.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "files.h"

/* 0 at the end of `from`, -1 when `to` has gone. */
static int relay(int from, int to)
{
    char bytes[16384];
    ssize_t n;
    do
        n = read(from, bytes, sizeof bytes);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return 0;
    return write_all(to, bytes, n) < 0 ? -1 : 1;
}

/* 0 when the supervisor has said all and closed, which it does after we have closed our side; when it was the last
 * client and nothing runs any more, that is when it has cleared away everything of its own. */
static int relay_all(int supervisor)
{
    int finished = 0;
    struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {supervisor, POLLIN, 0}};
    for (;;) {
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents && relay(supervisor, STDOUT_FILENO) <= 0)
            return !finished;
        if (fds[0].revents && relay(STDIN_FILENO, supervisor) <= 0) {
            shutdown(supervisor, SHUT_WR);
            fds[0].fd = -1;
            finished = 1;
        }
    }
}

int ctl_main(const struct place *p)
{
    struct error e;
    char text[512];
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* a terminal sends these to us too; what they mean is for our parent to say, who may still need us */
    signal(SIGQUIT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    int supervisor = place_connect(p, &e);
    if (supervisor >= 0)
        return relay_all(supervisor);
    error_text(&e, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 125;
}
