#include <stdio.h>
#include <string.h>

#include "attach.h"
#include "check.h"
#include "ctl.h"
#include "exec.h"
#include "keeper.h"
#include "leftovers.h"
#include "root.h"
#include "rootless.h"
#include "step.h"
#include "super.h"
#include "title.h"

#define PROTOCOL "1"
#define SEALED_EXEC "exec-sealed"
#define SEALED_STEP "step-sealed"

static int is_command(int argc, char **argv, const char *name, int arguments)
{
    return argc == 2 + arguments && strcmp(argv[1], name) == 0;
}

/* What enters a container runs from memory that cannot be changed from there. */
static int sealed(char **argv)
{
    struct error e;
    char text[512];
    sealed_exec(argv, &e);
    error_text(&e, text, sizeof text);
    fprintf(stderr, "jcompose: %s\n", text);
    return 125;
}

/* The arguments' place becomes the title's. */
static int supervise(int argc, char **argv)
{
    struct place place = {strdup(argv[2]), strdup(argv[3]), strdup(argv[4])};
    title_take(argc, argv);
    return place.run && place.state && place.project ? super_main(&place) : 1;
}

/* An ordinary user's networks are not in the host's namespace. */
static int in_net(int (*body)(char **argv), char **argv)
{
    struct error e;
    char text[512];
    if (keeper_join_net(&e) == 0)
        return body(argv);
    error_text(&e, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 125;
}

static int control(char **argv)
{
    return ctl_main(&(struct place){argv[2], argv[3], argv[4]});
}

static int sweep(char **argv)
{
    return leftovers_main(argv[2]);
}

static int step(char **argv)
{
    return step_main(argv[2], argv[3]);
}

static int step_sealed(char **argv)
{
    return sealed((char *[]){"jcr", SEALED_STEP, argv[2], argv[3], NULL});
}

int main(int argc, char **argv)
{
    if (is_command(argc, argv, "version", 0))
        return printf("jcr %s\n", PROTOCOL) < 0;
    if (is_command(argc, argv, "ctl", 3))
        return in_net(control, argv);
    if (is_command(argc, argv, "super", 3))
        return supervise(argc, argv);
    if (is_command(argc, argv, "step", 2))
        return step_sealed(argv);
    if (is_command(argc, argv, SEALED_STEP, 2))
        return in_net(step, argv);
    if (is_command(argc, argv, "exec", 1))
        return sealed((char *[]){"jcr", SEALED_EXEC, argv[2], NULL});
    if (is_command(argc, argv, "root", 1))
        return root_main(argv[2]);
    if (is_command(argc, argv, SEALED_EXEC, 1))
        return exec_main(argv[2]);
    if (argc > 2 && strcmp(argv[1], "attach") == 0)
        return attach_main(argc, argv);
    if (is_command(argc, argv, "sweep", 1))
        return in_net(sweep, argv);
    if (argc > 3 && strcmp(argv[1], "rootless") == 0)
        return rootless_main(argc, argv);
    if (is_command(argc, argv, "check", 0))
        return check_main();
    fprintf(stderr, "jcr is started by jcompose\n");
    return 125;
}
