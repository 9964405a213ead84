#include "subid.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "files.h"

#define SINGLE "jcompose: only one user id can be used in containers, because %s: files of other owners become yours, and `user:` other than root fails " \
               "(Debian: apt install uidmap; usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER)\n"

enum { RANGES = 16, NUMBER = 16 };

struct ranges {
    char text[3 + 3 * RANGES][NUMBER];
    char *argv[2 + 3 + 3 * RANGES + 1];
    int count;
};

static void own_name(char *name, int size)
{
    FILE *users = fopen("/etc/passwd", "re");
    *name = '\0';
    for (struct passwd *p; users && (p = fgetpwent(users));)
        if (p->pw_uid == getuid())
            snprintf(name, size, "%s", p->pw_name);
    if (users)
        fclose(users);
}

static void add(struct ranges *r, unsigned long inside, unsigned long outside, unsigned long count)
{
    const unsigned long numbers[] = {inside, outside, count};
    for (int i = 0; i < 3; i++) {
        int at = r->count * 3 + i;
        snprintf(r->text[at], NUMBER, "%lu", numbers[i]);
        r->argv[2 + at] = r->text[at];
    }
    r->argv[2 + ++r->count * 3] = NULL;
}

/* Lines of `<name or id>:<first>:<count>`, see subuid(5). */
static void read_ranges(struct ranges *r, const char *file, const char *name)
{
    char line[256], number[NUMBER];
    unsigned long first, count, next = 1;
    FILE *lines = fopen(file, "re");
    snprintf(number, sizeof number, "%u", getuid());
    while (lines && fgets(line, sizeof line, lines)) {
        char *rest = strchr(line, ':');
        if (!rest || r->count == RANGES)
            continue;
        *rest++ = '\0';
        if ((strcmp(line, name) != 0 && strcmp(line, number) != 0) || sscanf(rest, "%lu:%lu", &first, &count) != 2 || count == 0)
            continue;
        add(r, next, first, count);
        next += count;
    }
    if (lines)
        fclose(lines);
}

static int map(const char *program, pid_t pid, unsigned own, const char *file, const char *name)
{
    struct ranges r = {0};
    char number[NUMBER];
    int status;
    snprintf(number, sizeof number, "%d", pid);
    r.argv[0] = (char *)program;
    r.argv[1] = number;
    add(&r, 0, own, 1);
    read_ranges(&r, file, name);
    if (r.count < 2)
        return -1;
    pid_t mapper = fork();
    if (mapper == 0) {
        int null = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++)
            dup2(null, i);
        execvp(program, r.argv);
        _exit(127);
    }
    return mapper > 0 && waitpid(mapper, &status, 0) == mapper && status == 0 ? 0 : -1;
}

static int write_own(pid_t pid, const char *file, const char *text, struct error *e)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    return file_write(AT_FDCWD, path, text) < 0 ? fail(e, "write", "%s", path) : 0;
}

static int map_own_user(pid_t pid, struct error *e)
{
    char text[64];
    snprintf(text, sizeof text, "0 %u 1\n", getuid());
    return write_own(pid, "uid_map", text, e);
}

static int map_own_group(pid_t pid, struct error *e)
{
    char text[64];
    snprintf(text, sizeof text, "0 %u 1\n", getgid());
    return write_own(pid, "setgroups", "deny", e) < 0 ? -1 : write_own(pid, "gid_map", text, e);
}

int subid_write(pid_t pid, struct error *e)
{
    char name[64];
    own_name(name, sizeof name);
    if (map("newgidmap", pid, getgid(), "/etc/subgid", name) < 0) {
        fprintf(stderr, SINGLE, "newgidmap is not installed or /etc/subgid has no range for you");
        return map_own_user(pid, e) < 0 ? -1 : map_own_group(pid, e);
    }
    if (map("newuidmap", pid, getuid(), "/etc/subuid", name) == 0)
        return 0;
    fprintf(stderr, SINGLE, "/etc/subuid has no range for you");
    return map_own_user(pid, e);
}

static int has_one(const char *file)
{
    unsigned inside, outside, count = 0;
    FILE *map = fopen(file, "re");
    int single = map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3 && count == 1 && fscanf(map, "%u", &inside) != 1;
    if (map)
        fclose(map);
    return single;
}

int subid_is_single(void)
{
    return has_one("/proc/self/uid_map") || has_one("/proc/self/gid_map");
}

int subid_has_ranges(void)
{
    struct ranges users = {0}, groups = {0};
    char name[64];
    own_name(name, sizeof name);
    read_ranges(&users, "/etc/subuid", name);
    read_ranges(&groups, "/etc/subgid", name);
    return users.count > 0 && groups.count > 0;
}
