#include "keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cleanup.h"
#include "files.h"
#include "net.h"
#include "pass.h"
#include "sys.h"
#include "title.h"

#define SOCKET_NAME "rootless.sock"
#define DENIED "ports below net.ipv4.ip_unprivileged_port_start (usually 1024) need root or `sysctl -w net.ipv4.ip_unprivileged_port_start=%d`"

enum { REQUEST = 128, RETRY_MS = 50, ANSWER_SECONDS = 10 };

const char *keeper_directory(void)
{
    const char *run_dir = getenv(KEEPER_DIRECTORY);
    return run_dir && *run_dir ? run_dir : NULL;
}

int keeper_single_id(void)
{
    return getenv(KEEPER_SINGLE_ID) != NULL;
}

/* ---- asking ---- */

static struct sockaddr_un address_in(int directory)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/" SOCKET_NAME, directory);
    return a;
}

static int connect_to(const char *run_dir, struct error *e)
{
    cleanup_close int directory = open(run_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    cleanup_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = ANSWER_SECONDS};
    if (directory < 0 || fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
        return fail(e, "open", "%s", run_dir);
    struct sockaddr_un a = address_in(directory);
    return connect(fd, (struct sockaddr *)&a, sizeof a) < 0 ? fail(e, "connect", "%s/" SOCKET_NAME, run_dir) : take_fd(&fd);
}

/* An answer is a port number with a descriptor, or an error without. */
union answer {
    int port;
    struct error error;
};

int keeper_ask(const char *run_dir, const char *request, int *port, struct error *e)
{
    union answer answer;
    int fd = -1, count = 1;
    cleanup_close int conn = connect_to(run_dir, e);
    if (conn < 0)
        return -1;
    if (send(conn, request, strlen(request), MSG_NOSIGNAL) < 0)
        return fail(e, "ask the keeper of", "%s", run_dir);
    ssize_t size = pass_receive(conn, &answer, sizeof answer, &fd, &count, 0);
    if (size == sizeof answer.port && count == 1) {
        if (port)
            *port = answer.port;
        return fd;
    }
    if (size != sizeof answer.error) {
        errno = EPROTO;
        return fail(e, "ask the keeper of", "%s", run_dir);
    }
    *e = answer.error;
    errno = e->code;
    return -1;
}

int keeper_join_net(struct error *e)
{
    const char *run_dir = keeper_directory();
    if (!run_dir)
        return 0;
    cleanup_close int ns = keeper_ask(run_dir, "net", NULL, e);
    if (ns < 0)
        return -1;
    return setns(ns, CLONE_NEWNET) < 0 ? fail(e, "enter network namespace", "of %s", run_dir) : 0;
}

int keeper_listen(const char *host_ip, int *port, const char *protocol, int *fd, struct error *e)
{
    char request[REQUEST];
    if (!keeper_directory())
        return net_listen(host_ip, port, protocol, fd, e);
    snprintf(request, sizeof request, "%s %s %d", protocol, *host_ip ? host_ip : "0.0.0.0", *port);
    *fd = keeper_ask(keeper_directory(), request, port, e);
    return *fd < 0 ? -1 : 0;
}

/* ---- answering ---- */

static int listen_for(const char *protocol, const char *ip, int *port, struct error *e)
{
    int fd, wanted = *port;
    if (net_listen(ip, port, protocol, &fd, e) == 0)
        return fd;
    if (e->code == EACCES) {
        errno = EACCES;
        return fail(e, "listen on", "%s:%d/%s, " DENIED, ip, wanted, protocol, wanted);
    }
    return -1;
}

static void answer(int conn, int user_ns, int net_ns)
{
    char request[REQUEST], protocol[8], ip[64];
    int port = 0, count = 0, fd = -1;
    struct error e = {0};
    ssize_t size = pass_receive(conn, request, sizeof request - 1, NULL, &count, 0);
    if (size <= 0)
        return;
    request[size] = '\0';
    errno = EINVAL;
    if (strcmp(request, "user") == 0)
        fd = fcntl(user_ns, F_DUPFD_CLOEXEC, 3);
    else if (strcmp(request, "net") == 0)
        fd = fcntl(net_ns, F_DUPFD_CLOEXEC, 3);
    else if (sscanf(request, "%7s %63s %d", protocol, ip, &port) == 3)
        fd = listen_for(protocol, ip, &port, &e);
    else
        fail(&e, "answer", "%s", request);
    if (fd < 0)
        pass_send(conn, &e, sizeof e, NULL, 0);
    else
        pass_send(conn, &port, sizeof port, &fd, 1);
    if (fd >= 0)
        close(fd);
}

/* ---- the process ---- */

static int open_living(pid_t pid)
{
    cleanup_close int pidfd = sys_pidfd_open(pid);
    struct pollfd ended = {pidfd, POLLIN, 0};
    return pidfd >= 0 && poll(&ended, 1, 0) == 0 ? take_fd(&pidfd) : -1;
}

static int carrier(int directory)
{
    char text[32] = "";
    cleanup_close int fd = openat(directory, KEEPER_PASTA, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, text, sizeof text - 1) > 0 ? atoi(text) : 0;
}

/* Some process of our user namespace but ourselves and the one that carries packets, or -1 when there is none. */
static int find_inhabitant(int directory, ino_t user_ns)
{
    int carries = carrier(directory);
    DIR *processes = opendir("/proc");
    int found = -1;
    if (!processes)
        return -1;
    for (struct dirent *entry; found < 0 && (entry = readdir(processes));) {
        struct stat st;
        char path[64];
        int pid = atoi(entry->d_name);
        snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
        if (pid > 0 && pid != getpid() && pid != carries && stat(path, &st) == 0 && st.st_ino == user_ns)
            found = open_living(pid);
    }
    closedir(processes);
    return found;
}

/* Ends the process that carries packets; its number is checked against its name. */
static void end_carrier(int directory)
{
    char name[32] = "", path[64];
    int pid = carrier(directory);
    cleanup_close int pidfd = pid > 0 ? sys_pidfd_open(pid) : -1;
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    cleanup_close int comm = open(path, O_RDONLY | O_CLOEXEC);
    if (pidfd >= 0 && comm >= 0 && read(comm, name, sizeof name - 1) > 0 && (strncmp(name, "pas", 3) == 0 || strncmp(name, "slirp", 5) == 0))
        sys_pidfd_send_signal(pidfd, SIGKILL); /* it is the first process of a namespace, which other signals do not reach */
    unlinkat(directory, KEEPER_PASTA, 0);
}

/* With the lock nobody comes in; so when nobody is there, nobody will be. */
static int may_end(int directory, ino_t user_ns, int *inhabitant)
{
    *inhabitant = find_inhabitant(directory, user_ns);
    if (*inhabitant >= 0)
        return 0;
    cleanup_close int lock = openat(directory, KEEPER_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) < 0)
        return 0; /* somebody is about to come in, and asks us first */
    *inhabitant = find_inhabitant(directory, user_ns);
    if (*inhabitant >= 0)
        return 0;
    end_carrier(directory);
    unlinkat(directory, SOCKET_NAME, 0);
    unlinkat(directory, KEEPER_NOTE, 0);
    return 1;
}

static int listen_in(int directory, const char *run_dir, struct error *e)
{
    struct sockaddr_un a = address_in(directory);
    cleanup_close int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    unlinkat(directory, SOCKET_NAME, 0);
    mode_t mask = umask(0177);
    int bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&a, sizeof a);
    umask(mask);
    return bound < 0 || listen(fd, 64) < 0 ? fail(e, "listen on", "%s/" SOCKET_NAME, run_dir) : take_fd(&fd);
}

int keeper_serve(const char *run_dir, int net_ns, int ready)
{
    struct error e;
    struct stat st;
    int directory = open(run_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int user_ns = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    int listener = directory < 0 ? -1 : listen_in(directory, run_dir, &e);
    if (listener < 0 || user_ns < 0 || fstat(user_ns, &st) < 0 || write(ready, "r", 1) != 1)
        return 1;
    for (int inhabitant = -1; inhabitant >= 0 || !may_end(directory, st.st_ino, &inhabitant);) {
        struct pollfd polled[] = {{listener, POLLIN, 0}, {inhabitant, POLLIN, 0}};
        if (poll(polled, 2, inhabitant < 0 ? RETRY_MS : -1) <= 0)
            continue;
        if (polled[1].revents) {
            close(inhabitant);
            inhabitant = -1;
        }
        cleanup_close int conn = polled[0].revents ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (conn >= 0)
            answer(conn, user_ns, net_ns);
    }
    return 0;
}
