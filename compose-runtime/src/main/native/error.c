#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct error *e, int code, const char *kind, const char *what, const char *format, va_list args)
{
    e->code = code;
    snprintf(e->kind, sizeof e->kind, "%s", kind);
    snprintf(e->what, sizeof e->what, "%s", what);
    vsnprintf(e->path, sizeof e->path, format, args);
}

int fail(struct error *e, const char *what, const char *path_format, ...)
{
    int code = errno;
    va_list args;
    va_start(args, path_format);
    fill(e, code, "failed", what, path_format, args);
    va_end(args);
    return -1;
}

int fail_as(struct error *e, const char *kind, const char *what, const char *path_format, ...)
{
    int code = errno;
    va_list args;
    va_start(args, path_format);
    fill(e, code, kind, what, path_format, args);
    va_end(args);
    return -1;
}

void error_text(const struct error *e, char *text, int size)
{
    snprintf(text, size, "%s%s%s%s%s", e->what, e->path[0] ? " " : "", e->path, e->code ? ": " : "",
             e->code ? strerror(e->code) : "");
}
