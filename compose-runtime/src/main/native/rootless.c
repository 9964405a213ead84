#include "rootless.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "subid.h"
#include "keeper.h"
#include "launch.h"
#include "netns.h"
#include "rtnl.h"
#include "state.h"
#include "sys.h"
#include "title.h"

#define NO_USERNS "an ordinary user needs user namespaces: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1, " \
                  "kernel.apparmor_restrict_unprivileged_userns=0; or use sudo"

/* ---- the new namespaces ---- */

/* A process's network namespace cannot be left for the host's again, so a child makes it. */
static int make_net(struct error *e)
{
    int sockets[2], ns = -1;
    char byte;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
        return fail(e, "make network namespace", "%s", "");
    pid_t pid = fork();
    if (pid == 0) {
        cleanup_netlink struct netlink n;
        int ok = unshare(CLONE_NEWNET) == 0 && rtnl_open(&n, -1, e) == 0 && rtnl_up(&n, "lo", e) == 0;
        if (ok)
            send_with_fd(sockets[1], "n", 1, netns_here(e));
        _exit(!ok);
    }
    close(sockets[1]);
    ssize_t size = receive_with_fd(sockets[0], &byte, 1, &ns, 0);
    close(sockets[0]);
    waitpid(pid, NULL, 0);
    errno = EPERM;
    return size == 1 && ns >= 0 ? ns : fail(e, "make network namespace", "%s", "");
}

/* Ids are mapped from outside, when asked for and before we go on. */
static int make_namespaces(int talk, struct error *e)
{
    char byte;
    if (unshare(CLONE_NEWUSER) < 0)
        return fail(e, "make user namespace", NO_USERNS);
    send(talk, "u", 1, MSG_NOSIGNAL);
    if (recv(talk, &byte, 1, 0) != 1)
        _exit(1);
    return make_net(e);
}

/* Those of a killed keeper live on in the processes that are in them. */
static int take_namespaces(pid_t inhabitant, struct error *e)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", inhabitant);
    cleanup_close int user = open(path, O_RDONLY | O_CLOEXEC);
    if (user < 0 || setns(user, CLONE_NEWUSER) < 0)
        return fail(e, "enter user namespace", "of process %d", inhabitant);
    snprintf(path, sizeof path, "/proc/%d/ns/net", inhabitant);
    int net = open(path, O_RDONLY | O_CLOEXEC);
    return net < 0 ? fail(e, "open network namespace", "of process %d", inhabitant) : net;
}

/* The arguments' place becomes the title's. */
static void become_keeper(int argc, char **argv, pid_t inhabitant, int talk)
{
    const char *run_dir = strdup(argv[2]);
    struct error e;
    int net = inhabitant > 0 ? take_namespaces(inhabitant, &e) : make_namespaces(talk, &e);
    if (net < 0) {
        send(talk, &e, sizeof e, MSG_NOSIGNAL);
        _exit(1);
    }
    setsid();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    dup3(net, 20, O_CLOEXEC);
    dup3(talk, 21, O_CLOEXEC);
    sys_close_range(3, 19, 0);
    sys_close_range(22, ~0U, 0);
    if (!run_dir || chdir("/") < 0)
        _exit(1);
    title_take(argc, argv);
    title_set("jcr-keeper", run_dir);
    _exit(keeper_serve(run_dir, 20, 21));
}

static int hear(int talk, char expected, struct error *e)
{
    struct error told;
    ssize_t size = recv(talk, &told, sizeof told, 0);
    if (size == 1 && *(char *)&told == expected)
        return 0;
    if (size == sizeof told) {
        *e = told;
        return -1;
    }
    errno = EPIPE;
    return fail(e, "start the keeper", "%s", "");
}

/* ---- what carries packets to the outside ---- */

static int run(char *const *argv)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++)
            dup2(null, i);
        sys_close_range(3, ~0U, 0);
        setsid();
        execvp(argv[0], argv);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int carry_by_pasta(const char *user, const char *net, const char *pid_file)
{
    return run((char *[]){"pasta", "--config-net", "--quiet", "-t", "none", "-u", "none", "-T", "none", "-U", "none", "--pid", (char *)pid_file,
                          "--userns", (char *)user, "--netns", (char *)net, NULL});
}

static void become_slirp(const char *user, const char *net, const char *pid_file, int ready)
{
    char text[16], userns[PATH_MAX];
    if (fork() > 0)
        _exit(0);
    snprintf(text, sizeof text, "%d\n", getpid());
    snprintf(userns, sizeof userns, "--userns-path=%s", user);
    if (file_write(AT_FDCWD, pid_file, text) < 0)
        _exit(127);
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    dup2(ready, 3);
    sys_close_range(4, ~0U, 0);
    setsid();
    execlp("slirp4netns", "slirp4netns", "--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=3", userns,
           "--netns-type=path", net, "tap0", NULL);
    _exit(127);
}

/* It stays in the foreground, so it is left to itself once it has said that it is ready. */
static int carry_by_slirp(const char *user, const char *net, const char *pid_file)
{
    char byte;
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) < 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        become_slirp(user, net, pid_file, ready[1]);
    close(ready[1]);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    int result = pid > 0 && read(ready[0], &byte, 1) == 1 ? 0 : -1;
    close(ready[0]);
    return result;
}

static void write_note(const char *run_dir)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" KEEPER_NOTE, run_dir);
    cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
        dprintf(fd, "containers cannot reach other hosts: %s\n", access("/dev/net/tun", R_OK | W_OK) < 0 ? "/dev/net/tun cannot be opened (chmod 0666 /dev/net/tun)"
                    : "neither pasta nor slirp4netns works here (Debian: apt install passt, or slirp4netns)");
}

static void carry_packets(const char *run_dir, pid_t keeper)
{
    char user[64], net[64], pid_file[PATH_MAX];
    snprintf(user, sizeof user, "/proc/%d/ns/user", keeper);
    snprintf(net, sizeof net, "/proc/%d/fd/20", keeper);
    snprintf(pid_file, sizeof pid_file, "%s/" KEEPER_PASTA, run_dir);
    unlink(pid_file);
    close(open(pid_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (carry_by_pasta(user, net, pid_file) == 0 || carry_by_slirp(user, net, pid_file) == 0)
        return;
    unlink(pid_file);
    write_note(run_dir);
}

/* A monitor that is alive, of a container so many directories below this one, which is closed; 0 when there is none. */
static pid_t find_monitor(int directory, int depth)
{
    pid_t found = 0;
    cleanup_closedir DIR *entries = directory < 0 ? NULL : fdopendir(directory);
    for (struct dirent *entry; !found && entries && (entry = readdir(entries));) {
        struct state st;
        int one = *entry->d_name == '.' ? -1 : openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (one >= 0 && depth > 0) {
            found = find_monitor(one, depth - 1);
            continue;
        }
        if (one >= 0 && state_load(one, &st) == 0 && process_is_alive(st.mon, st.monstart))
            found = st.mon;
        close_at_exit(&one);
    }
    return found;
}

static pid_t find_inhabitant(const char *run_dir)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/projects", run_dir);
    return find_monitor(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), 1);
}

static int start_keeper(int argc, char **argv, struct error *e)
{
    const char *run_dir = argv[2];
    const pid_t inhabitant = find_inhabitant(run_dir);
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
        return fail(e, "start the keeper", "%s", run_dir);
    pid_t pid = fork();
    if (pid == 0)
        become_keeper(argc, argv, inhabitant, sockets[1]);
    close(sockets[1]);
    cleanup_close int talk = sockets[0];
    if (pid < 0)
        return fail(e, "start the keeper", "%s", run_dir);
    if (inhabitant > 0)
        return hear(talk, 'r', e); /* who carries packets lives on like the namespaces */
    if (hear(talk, 'u', e) < 0 || subid_write(pid, e) < 0)
        return -1;
    if (send(talk, "m", 1, MSG_NOSIGNAL) != 1 || hear(talk, 'r', e) < 0)
        return -1;
    carry_packets(run_dir, pid);
    return 0;
}

/* ---- entering ---- */

/* With the lock, so that the keeper cannot end before it sees us. */
static int enter(int argc, char **argv, struct error *e)
{
    const char *run_dir = argv[2];
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/" KEEPER_LOCK, run_dir);
    cleanup_close int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) < 0)
        return fail(e, "lock", "%s", path);
    cleanup_close int user = keeper_ask(run_dir, "user", NULL, e);
    if (user < 0 && (e->code == ENOENT || e->code == ECONNREFUSED) && start_keeper(argc, argv, e) == 0)
        user = keeper_ask(run_dir, "user", NULL, e);
    if (user < 0)
        return -1;
    if (setns(user, CLONE_NEWUSER) < 0)
        return fail(e, "enter user namespace", "of %s", run_dir);
    setgroups(0, NULL); /* not where only one id is mapped */
    return unshare(CLONE_NEWNS) < 0 ? fail(e, "make mount namespace", "%s", "") : 0;
}

int rootless_main(int argc, char **argv)
{
    const char *run_dir = argv[2];
    char **command = argv + 3;
    struct error e;
    char text[512];
    reset_signals();
    sys_close_range(3, ~0U, 0);
    if ((make_directories(run_dir, 0700) == 0 || fail(&e, "make directory", "%s", run_dir) == 0) && enter(argc, argv, &e) == 0) {
        setenv(KEEPER_DIRECTORY, run_dir, 1);
        if (subid_is_single())
            setenv(KEEPER_SINGLE_ID, "1", 1);
        else
            unsetenv(KEEPER_SINGLE_ID);
        execvp(command[0], command);
        fail(&e, "execute", "%s", command[0]);
    }
    error_text(&e, text, sizeof text);
    fprintf(stderr, "jcompose: %s\n", text);
    return 1;
}
