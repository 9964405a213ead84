#include "root.h"

#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "cleanup.h"
#include "mounts.h"
#include "sys.h"
#include "volumes.h"

/* Volumes that are file systems of their own are mounted in our namespace only, and go with it. */
static int show(const char *path, struct error *e)
{
    static struct sources sources;
    static struct volumes volumes;
    struct plan plan;
    int result = plan_read(&plan, AT_FDCWD, path, e);
    unlink(path);
    if (result < 0)
        return -1;
    if (unshare(CLONE_NEWNS) < 0)
        return fail(e, "make mount namespace", "%s", "");
    if (volumes_mount(&volumes, &plan, e) < 0 || sources_open(&sources, &plan, -1, e) < 0)
        return -1;
    cleanup_close int root = root_assemble(&plan, &sources, e);
    return root < 0 ? -1 : root_enter(&plan, root, e);
}

int root_main(const char *path)
{
    struct error e = {0};
    char text[512];
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (show(path, &e) < 0) {
        error_text(&e, text, sizeof text);
        fprintf(stderr, "jcompose: %s\n", text);
        return 125;
    }
    if (write(STDOUT_FILENO, "ok\n", 3) == 3)
        while (read(STDIN_FILENO, text, sizeof text) > 0)
            continue;
    return 0;
}
