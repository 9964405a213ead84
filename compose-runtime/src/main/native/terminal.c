#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>

#include "cleanup.h"
#include "files.h"
#include "inroot.h"
#include "launch.h"
#include "sys.h"

enum { DEVPTS_MAGIC = 0x1cd1 };

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

static int show_as_console(int root, int peer)
{
    cleanup_close int place = inroot_make(root, "/dev/console", 1);
    cleanup_close int mount = sys_open_tree(peer, "", JCR_OPEN_TREE_CLONE | AT_EMPTY_PATH);
    return place < 0 || mount < 0 ? -1 : sys_move_mount(mount, place);
}

int terminal_give(int root, uid_t owner, int console, int talk, struct error *e)
{
    struct statfs fs;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int unlocked = 0;
    cleanup_close int master = inroot_open(root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
    if (master < 0 || fstatfs(master, &fs) < 0)
        return fail(e, "open terminal", "/dev/pts/ptmx");
    if (fs.f_type != DEVPTS_MAGIC) {
        errno = ENODEV;
        return fail(e, "open terminal", "/dev/pts is not a devpts");
    }
    ioctl(master, TIOCSPTLCK, &unlocked);
    ioctl(master, TIOCSWINSZ, &size);
    int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (peer < 0)
        return fail(e, "open terminal", "peer");
    fchown(peer, owner, -1);
    fchmod(peer, 0620);
    if (console && show_as_console(root, peer) < 0)
        return fail(e, "mount", "/dev/console");
    if (send_with_fd(talk, "t", 1, master) < 0)
        return fail(e, "hand out terminal", "%s", "");
    if (ioctl(peer, TIOCSCTTY, 0) < 0)
        return fail(e, "take terminal", "%s", "");
    for (int i = 0; i < 3; i++)
        dup2(peer, i);
    close(peer);
    return 0;
}

static volatile sig_atomic_t resized;

static void note_resize(int signal)
{
    (void)signal;
    resized = 1;
}

static void copy_size(int master)
{
    struct winsize size;
    resized = 0;
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        ioctl(master, TIOCSWINSZ, &size);
}

/* -1 at the end. */
static int copy(int from, int to)
{
    char bytes[4096];
    ssize_t n = read(from, bytes, sizeof bytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    return n <= 0 || write_all(to, bytes, n) < 0 ? -1 : 0;
}

static void copy_until_end(int master, int process, int with_input)
{
    const char end_of_input = 4;
    struct pollfd fds[] = {{master, POLLIN, 0}, {with_input ? STDIN_FILENO : -1, POLLIN, 0}, {process, POLLIN, 0}};
    for (;;) {
        if (resized)
            copy_size(master);
        if (poll(fds, 3, -1) < 0)
            continue;
        if (fds[0].revents && copy(master, STDOUT_FILENO) < 0)
            return;
        if (fds[1].revents && copy(STDIN_FILENO, master) < 0) {
            write_all(master, &end_of_input, 1);
            fds[1].fd = -1;
        }
        if (fds[2].revents && !fds[0].revents)
            return;
    }
}

void terminal_relay(int master, int process, int with_input)
{
    struct termios before, raw;
    int is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    sigaction(SIGWINCH, &(struct sigaction){.sa_handler = note_resize}, NULL);
    if (is_terminal && with_input) {
        raw = before;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    copy_size(master);
    copy_until_end(master, process, with_input);
    if (is_terminal && with_input)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}
