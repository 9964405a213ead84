#include "restart.h"

#include <string.h>

#include "files.h"

enum {
    BACKOFF_FIRST = 100, BACKOFF_LAST = 60000,  /* milliseconds */
    LONG_ENOUGH = 10000,                        /* a run of that length starts the back-off anew */
    DELAY = 1, WINDOW,                          /* fields of `restart-timing` */
};

int restart_is_wanted(const struct restart *r, const struct plan *p, const struct state *s)
{
    const char *policy = plan_text(p, "restart", 1, "no");
    long most = plan_number(p, "restart", 2, 0);
    if (strcmp(s->want, "running") != 0)
        return 0;
    if (r->forced)
        return 1;
    if (strcmp(policy, "on-failure") == 0)
        return s->exit != 0 && (most == 0 || s->restarts < most);
    return strcmp(policy, "always") == 0 || strcmp(policy, "unless-stopped") == 0;
}

long long restart_time(struct restart *r, const struct plan *p)
{
    long long now = now_ms();
    long window = plan_number(p, "restart-timing", WINDOW, 0), delay = plan_number(p, "restart-timing", DELAY, 0);
    if (r->began && now - r->began >= (window ? window : LONG_ENOUGH))
        r->backoff = 0;
    r->forced = 0;
    r->backoff = r->backoff == 0 ? BACKOFF_FIRST : r->backoff * 2 > BACKOFF_LAST ? BACKOFF_LAST : r->backoff * 2;
    return now + (plan_has(p, "restart-timing") && delay ? delay : r->backoff);
}
