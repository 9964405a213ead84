#include "log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing.h"
#include "files.h"

static char directory[] = "/tmp/jcr-log-test-XXXXXX";
static int dir;

/* Puts the texts through a pipe, a NULL ends them; returns what 0.log holds then. */
static char *logged(struct log *l, const char *const *texts)
{
    static char content[1 << 16];
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    for (; *texts; texts++) {
        CHECK(write_all(ends[1], *texts, strlen(*texts)) == 0);
        CHECK(log_pump(l, ends[0], 'o', 1 << 20) == 1);
    }
    close(ends[0]);
    close(ends[1]);
    CHECK(file_read(dir, "log/0.log", content, sizeof content) >= 0);
    return content;
}

static void fresh(struct log *l, int limit, int files)
{
    remove_tree(dir, "log");
    CHECK(log_open(l, dir, limit, files) == 0);
}

static void finish(struct log *l)
{
    close(l->fd);
    close(l->dir);
}

static void every_line_gets_time_and_stream(void)
{
    struct log l;
    fresh(&l, 0, 1);
    char *text = logged(&l, (const char *[]){"one\ntwo\n", NULL});
    CHECK(strlen(text) == 2 * (strlen("2026-01-01T00:00:00.000000000Z o F one\n")));
    CHECK(text[10] == 'T' && text[29] == 'Z');
    CHECK(strstr(text, "Z o F one\n") && strstr(text, "Z o F two\n"));
    finish(&l);
}

static void a_line_that_is_not_ended_is_a_part_until_it_is(void)
{
    struct log l;
    fresh(&l, 0, 1);
    CHECK(strstr(logged(&l, (const char *[]){"ab", "c\n", "tail", NULL}), "o P ab\n"));
    log_finish(&l);
    char *text = logged(&l, (const char *[]){NULL});
    CHECK(strstr(text, "o F c\n") && strstr(text, "o P tail\n") && strstr(text, "o F \n"));
    finish(&l);
}

static void files_move_on_when_one_is_full(void)
{
    struct log l;
    char old[4096];
    fresh(&l, 100, 2);
    char *text = logged(&l, (const char *[]){"first\n", "second\n", "third\n", NULL});
    CHECK(strstr(text, "third") && !strstr(text, "second"));
    CHECK(file_read(dir, "log/1.log", old, sizeof old) > 0);
    CHECK(strstr(old, "second"));
    CHECK(faccessat(dir, "log/2.log", F_OK, 0) < 0);
    finish(&l);
}

static void output_without_lines_is_bounded_too(void)
{
    struct log l;
    fresh(&l, 200, 2);
    for (int i = 0; i < 100; i++)
        logged(&l, (const char *[]){"no end of line ", NULL});
    CHECK(l.size < 300);
    CHECK(faccessat(dir, "log/1.log", F_OK, 0) == 0 && faccessat(dir, "log/2.log", F_OK, 0) < 0);
    finish(&l);
}

static void old_files_stay_when_no_new_one_can_be_made(void)
{
    struct log l;
    char old[4096];
    fresh(&l, 100, 3);
    logged(&l, (const char *[]){"first\n", "second\n", "third\n", NULL});
    close(l.fd);
    l.fd = -1; /* as after a rotation that failed */
    CHECK(renameat(dir, "log/0.log", dir, "log/kept") == 0 && mkdirat(dir, "log/0.log", 0700) == 0);
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK) == 0 && write_all(ends[1], "lost\n", 5) == 0 && log_pump(&l, ends[0], 'o', 100) == 1);
    CHECK(unlinkat(dir, "log/0.log", AT_REMOVEDIR) == 0);
    CHECK(strstr(logged(&l, (const char *[]){"fourth\n", NULL}), "fourth"));
    CHECK(file_read(dir, "log/1.log", old, sizeof old) > 0 && strstr(old, "first"));
    close(ends[0]);
    close(ends[1]);
    finish(&l);
}

int main(void)
{
    CHECK(mkdtemp(directory));
    dir = open(directory, O_RDONLY | O_DIRECTORY);
    every_line_gets_time_and_stream();
    a_line_that_is_not_ended_is_a_part_until_it_is();
    files_move_on_when_one_is_full();
    output_without_lines_is_bounded_too();
    old_files_stay_when_no_new_one_can_be_made();
    remove_tree(AT_FDCWD, directory);
    return 0;
}
