#include "command.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "cgroup.h"
#include "files.h"
#include "init.h"
#include "keeper.h"
#include "mounts.h"
#include "sys.h"

int command_of_plan(struct command *c, const struct plan *p, struct error *e)
{
    *c = (struct command){.argv = plan_vector(p, "arg"), .env = plan_vector(p, "env"), .cwd = plan_text(p, "cwd", 1, "/")};
    c->uid = plan_number(p, "user", 1, 0);
    c->gid = plan_number(p, "user", 2, 0);
    c->init = plan_has(p, "init");
    c->tty = plan_has(p, "tty");
    for (const struct frame *f = NULL; (f = plan_next(p, "group", f)) && c->group_count < GROUPS_MAX;)
        c->groups[c->group_count++] = frame_number(f, 1);
    return c->argv && c->env ? 0 : fail(e, "prepare command", "out of memory");
}

void command_free(struct command *c)
{
    free(c->argv);
    free(c->env);
}

/* Without CAP_SYS_RESOURCE a hard limit cannot be raised: then what is there is used. */
static int set_limits(const struct plan *p, struct error *e)
{
    for (const struct frame *f = NULL; (f = plan_next(p, "rlimit", f));) {
        int resource = frame_number(f, 1);
        struct rlimit wanted = {.rlim_cur = frame_number(f, 2), .rlim_max = frame_number(f, 3)}, now;
        if (setrlimit(resource, &wanted) == 0)
            continue;
        if (errno != EPERM || getrlimit(resource, &now) < 0)
            return fail(e, "set limit", "number %d", resource);
        if (wanted.rlim_cur > now.rlim_max)
            wanted.rlim_cur = now.rlim_max;
        wanted.rlim_max = now.rlim_max;
        setrlimit(resource, &wanted);
    }
    return 0;
}

static int load_filter(const struct plan *p, struct error *e)
{
    const struct frame *f = plan_next(p, "seccomp", NULL);
    size_t length;
    if (!f)
        return 0;
    struct sock_fprog program = {.filter = (struct sock_filter *)frame_bytes(f, 1, &length)};
    program.len = length / sizeof *program.filter;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
        return fail(e, "load seccomp filter", "of %d instructions", program.len);
    return 0;
}

struct capabilities {
    unsigned long long bounding, effective, ambient;
};

static struct capabilities capabilities_of(const struct command *c, const struct plan *p)
{
    struct capabilities all = {~0ULL, ~0ULL, 0};
    const struct frame *f = plan_next(p, "caps", NULL);
    if (c->privileged || !f)
        return all;
    unsigned long long kept = cgroup_lacks_device_rules(p) ? ~(1ULL << CAP_MKNOD) : ~0ULL;
    return (struct capabilities){strtoull(frame_field(f, 1), NULL, 16) & kept, strtoull(frame_field(f, 2), NULL, 16) & kept,
                                 strtoull(frame_field(f, 3), NULL, 16) & kept};
}

static unsigned long long permitted_now(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {0};
    syscall(SYS_capget, &header, data);
    return data[0].permitted | (unsigned long long)data[1].permitted << 32;
}

static int drop_bounding(unsigned long long bounding, struct error *e)
{
    for (int cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
        if (!(bounding >> cap & 1) && prctl(PR_CAPBSET_DROP, cap) < 0)
            return fail(e, "drop capability", "number %d", cap);
    return 0;
}

static int set_capabilities(const struct capabilities *c, struct error *e)
{
    unsigned long long set = c->effective & permitted_now(), ambient = c->ambient & set;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = set, .permitted = set, .inheritable = ambient},
        {.effective = set >> 32, .permitted = set >> 32, .inheritable = ambient >> 32},
    };
    if (syscall(SYS_capset, &header, data) < 0)
        return fail(e, "set capabilities", "%llx", set);
    for (int cap = 0; cap < 64; cap++)
        if (ambient >> cap & 1)
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
    return 0;
}

static int become_user(const struct command *c, struct error *e)
{
    if (setgroups(c->group_count, c->groups) < 0 && !keeper_single_id())
        return fail(e, "set groups", "%s", "");
    if (setresgid(c->gid, c->gid, c->gid) < 0)
        return fail(e, "set group", "%u", c->gid);
    /* what is kept here is cut down right after, and a user that is not root loses the rest at exec */
    prctl(PR_SET_KEEPCAPS, 1);
    if (setresuid(c->uid, c->uid, c->uid) < 0)
        return fail(e, "set user", "%u", c->uid);
    prctl(PR_SET_KEEPCAPS, 0);
    return 0;
}

/* Loading a filter needs a capability unless privileges can no longer grow; so it comes as late as it can. */
static int give_up_rights(const struct command *c, const struct plan *p, struct error *e)
{
    struct capabilities caps = capabilities_of(c, p);
    int locked = plan_has(p, "no-new-privs");
    if (drop_bounding(caps.bounding, e) < 0 || become_user(c, e) < 0)
        return -1;
    if (locked && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return fail(e, "set no_new_privs", "%s", "");
    if (!locked && !c->privileged) {
        struct capabilities kept = {0, ~0ULL, 0};
        if (set_capabilities(&kept, e) < 0 || load_filter(p, e) < 0)
            return -1;
    }
    if (set_capabilities(&caps, e) < 0)
        return -1;
    return locked && !c->privileged ? load_filter(p, e) : 0;
}

static const char *path_of(const char **env)
{
    for (; *env; env++)
        if (strncmp(*env, "PATH=", 5) == 0)
            return *env + 5;
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

/* As a shell does it: a file that may not be executed counts only when no later one can be. */
static void execute(const struct command *c)
{
    const char *name = c->argv[0];
    char file[PATH_MAX];
    int refused = 0;
    if (!*name || strchr(name, '/')) {
        execve(name, (char **)c->argv, (char **)c->env);
        return;
    }
    for (const char *at = path_of(c->env); at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
        int length = strcspn(at, ":");
        snprintf(file, sizeof file, "%.*s%s%s", length, at, length ? "/" : "", name);
        execve(file, (char **)c->argv, (char **)c->env);
        if (errno == EACCES)
            refused = EACCES;
        else if (errno != ENOENT && errno != ENOTDIR)
            return;
    }
    errno = refused ? refused : ENOENT;
}

static const char *kind_of_failure(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return "command-not-found";
    case EACCES:
    case ENOEXEC:
    case EISDIR:
    case ELOOP:
        return "not-executable";
    default:
        return "failed";
    }
}

/* Takes effect when the command is executed. */
static int choose_profile(const struct plan *p, struct error *e)
{
    const char *profile = plan_text(p, "apparmor", 1, NULL);
    char text[256];
    if (!profile)
        return 0;
    snprintf(text, sizeof text, "exec %s", profile);
    if (file_write(AT_FDCWD, "/proc/self/attr/apparmor/exec", text) < 0 && file_write(AT_FDCWD, "/proc/self/attr/exec", text) < 0)
        return fail(e, "set AppArmor profile", "%s", profile);
    return 0;
}

int command_run(const struct command *c, const struct plan *p, struct error *e)
{
    if (set_limits(p, e) < 0 || enter_directory(c->cwd, e) < 0 || choose_profile(p, e) < 0 || give_up_rights(c, p, e) < 0)
        return -1;
    if (c->ends_with_parent)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    sys_close_range(3, ~0U, JCR_CLOSE_RANGE_CLOEXEC);
    if (c->init && init_in_front(c->tty, e) < 0)
        return -1;
    execute(c);
    return fail_as(e, kind_of_failure(errno), "execute", "%s", c->argv[0]);
}
