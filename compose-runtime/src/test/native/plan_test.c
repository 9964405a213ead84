#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "testing.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The smallest plan there is, without its end. Returns the number of frames. */
static int smallest(struct buffer *b)
{
    frame_put(b, "plan", "1", NULL);
    frame_put(b, "id", ID, NULL);
    frame_put(b, "rootfs", "/l", "/u", "/w", "/m", NULL);
    frame_put(b, "arg", "true", NULL);
    return 4;
}

static void end(struct buffer *b, int count)
{
    char number[12];
    snprintf(number, sizeof number, "%d", count);
    frame_put(b, "end", number, NULL);
}

/* Takes the buffer's bytes over, in memory of the exact size. */
static int parse(struct plan *p, struct buffer *b, struct error *e)
{
    size_t length = b->end;
    char *bytes = malloc(length + !length);
    if (length)
        memcpy(bytes, b->data, length);
    buffer_free(b);
    return plan_parse(p, bytes, length, e);
}

static int accepts(struct buffer *b)
{
    struct plan p;
    struct error e;
    int result = parse(&p, b, &e);
    plan_free(&p);
    return result == 0;
}

static void a_complete_plan_is_read(void)
{
    struct buffer b = {0};
    struct plan p;
    struct error e;
    int count = smallest(&b);
    frame_put(&b, "arg", "-x", NULL);
    frame_put(&b, "user", "5", "6", NULL);
    frame_put(&b, "x-label", "a", "b", "c", NULL);
    end(&b, count + 3);
    CHECK(parse(&p, &b, &e) == 0);
    CHECK(plan_count(&p, "arg") == 2);
    CHECK(plan_number(&p, "user", 2, -1) == 6);
    CHECK(plan_number(&p, "stop", 1, 15) == 15);
    CHECK(strcmp(plan_text(&p, "cwd", 1, "/"), "/") == 0);
    CHECK(!plan_has(&p, "tty"));
    const char **vector = plan_vector(&p, "arg");
    CHECK(strcmp(vector[0], "true") == 0 && strcmp(vector[1], "-x") == 0 && vector[2] == NULL);
    free(vector);
    plan_free(&p);
}

static void a_plan_cut_anywhere_is_refused(void)
{
    struct buffer whole = {0};
    end(&whole, smallest(&whole));
    for (size_t length = 0; length < whole.end; length++) {
        struct buffer part = {0};
        buffer_add(&part, whole.data, length);
        CHECK(!accepts(&part));
    }
    buffer_free(&whole);
}

static void a_key_nobody_knows_is_refused_by_name(void)
{
    struct buffer b = {0};
    struct plan p;
    struct error e;
    int count = smallest(&b);
    frame_put(&b, "colour", "red", NULL);
    end(&b, count + 1);
    CHECK(parse(&p, &b, &e) == -1);
    CHECK(strstr(e.path, "colour") != NULL);
    plan_free(&p);
}

static int accepts_field(const char *key, const char *a, const char *b_text, const char *c)
{
    struct buffer b = {0};
    int count = smallest(&b);
    frame_put(&b, key, a, b_text, c, NULL);
    end(&b, count + 1);
    return accepts(&b);
}

static void fields_have_their_number_and_their_form(void)
{
    CHECK(accepts_field("user", "0", "0", NULL));
    CHECK(!accepts_field("user", "0", NULL, NULL));
    CHECK(!accepts_field("user", "0", "0", "0"));
    CHECK(!accepts_field("user", "root", "0", NULL));
    CHECK(!accepts_field("user", "-1", "0", NULL));
    CHECK(!accepts_field("user", "", "0", NULL));
    CHECK(!accepts_field("user", " 1", "0", NULL));
    CHECK(accepts_field("rlimit", "7", "-1", "-1"));
    CHECK(!accepts_field("rlimit", "7", "-", "-1"));
    CHECK(accepts_field("caps", "a80425fb", "0", "0"));
    CHECK(!accepts_field("caps", "a80425fg", "0", "0"));
    CHECK(!accepts_field("caps", "11111111111111111", "0", "0"));
    CHECK(accepts_field("seccomp", NULL, NULL, NULL));
}

static void a_plan_without_what_it_needs_is_refused(void)
{
    struct buffer b = {0};
    frame_put(&b, "plan", "1", NULL);
    end(&b, 1);
    CHECK(!accepts(&b));
    frame_put(&b, "plan", "2", NULL);
    end(&b, 1);
    CHECK(!accepts(&b));
    end(&b, smallest(&b) + 1);
    CHECK(!accepts(&b));
}

/* Whatever bytes are changed, it is read or refused, and nothing else happens (the sanitizers look). */
static void broken_bytes_do_no_harm(void)
{
    struct buffer whole = {0};
    end(&whole, smallest(&whole));
    srand(1);
    for (int round = 0; round < 20000; round++) {
        struct buffer broken = {0};
        buffer_add(&broken, whole.data, whole.end);
        for (int changes = 1 + rand() % 4; changes > 0; changes--)
            broken.data[rand() % broken.end] = rand() % 3 ? rand() % 256 : 0;
        accepts(&broken);
    }
    buffer_free(&whole);
}

int main(void)
{
    a_complete_plan_is_read();
    a_plan_cut_anywhere_is_refused();
    a_key_nobody_knows_is_refused_by_name();
    fields_have_their_number_and_their_form();
    a_plan_without_what_it_needs_is_refused();
    broken_bytes_do_no_harm();
    return 0;
}
