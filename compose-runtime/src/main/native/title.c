#include "title.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

static char *place;
static int room;

void title_take(int argc, char **argv)
{
    place = argv[0];
    room = argv[argc - 1] + strlen(argv[argc - 1]) + 1 - place;
}

void title_set(const char *name, const char *about)
{
    prctl(PR_SET_NAME, name);
    if (!place)
        return;
    memset(place, 0, room);
    snprintf(place, room, "%s%s%s", name, *about ? " " : "", about);
}
