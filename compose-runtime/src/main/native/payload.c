#include "payload.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "files.h"
#include "sys.h"

enum { PATIENCE = 1000 };

void payload_of_launch(struct payload *p, const struct launch *l)
{
    *p = (struct payload){.pid = l->pid, .pidfd = l->pidfd, .is_child = 1, .status = -1};
}

int payload_adopt(struct payload *p, pid_t pid, unsigned long long start)
{
    cleanup_close int pidfd = sys_pidfd_open(pid);
    if (pidfd < 0 || process_start(pid) != start)
        return -1;
    *p = (struct payload){.pid = pid, .pidfd = take_fd(&pidfd), .status = -1};
    return 0;
}

int payload_events(const struct payload *p)
{
    return p->has_ended ? 0 : POLLIN;
}

void payload_reaped(struct payload *p, pid_t pid, int status)
{
    if (p->pidfd >= 0 && p->pid == pid)
        p->status = status;
}

int payload_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Since Linux 6.15 a descriptor tells the exit status after anybody has reaped the process. */
static int status_of_descriptor(int pidfd, int *status)
{
    struct {
        uint64_t mask, cgroup;
        uint32_t ids[11];
        int32_t exit;
    } info = {.mask = 1 << 3 /* PIDFD_INFO_EXIT */};
    if (ioctl(pidfd, _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, sizeof info), &info) < 0 || !(info.mask & 1 << 3))
        return -1;
    *status = info.exit;
    return 0;
}

static int find_status(struct payload *p)
{
    siginfo_t info = {0};
    if (p->is_child && waitid(3 /* P_PIDFD */, p->pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid) {
        p->status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
        return 0;
    }
    if (p->status < 0)
        p->status = process_zombie_status(p->pid);
    return p->status >= 0 ? 0 : status_of_descriptor(p->pidfd, &p->status);
}

int payload_ended(struct payload *p, int events, int *code)
{
    if (!events && p->status < 0 && !(p->give_up_at && p->give_up_at <= now_ms()))
        return 0;
    int known = find_status(p) == 0;
    if (!known && p->is_child)
        return 0;
    if (!known && (!p->give_up_at || p->give_up_at > now_ms())) {
        p->has_ended = 1;
        if (!p->give_up_at)
            p->give_up_at = now_ms() + PATIENCE;
        return 0;
    }
    *code = known ? payload_code(p->status) : UNKNOWN_CODE;
    close(p->pidfd);
    *p = (struct payload){.pidfd = -1, .status = -1};
    return 1;
}

int payload_is_alone(const struct plan *p)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "namespace", f));)
        if (strcmp(frame_field(f, 1), "pid") == 0)
            return strcmp(frame_field(f, 2), "private") == 0;
    return 1;
}
