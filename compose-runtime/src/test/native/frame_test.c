#include "frame.h"

#include <stdlib.h>
#include <string.h>

#include "testing.h"

static void what_is_put_is_taken_again(void)
{
    struct buffer b = {0};
    struct frame f;
    size_t used;
    frame_put(&b, "ok", "7", "", "text", NULL);
    CHECK(frame_take(b.data, b.end, &f, &used) == 1);
    CHECK(used == b.end);
    CHECK(frame_is(&f, "ok"));
    CHECK(frame_strings(&f) == 4);
    CHECK(strcmp(frame_field(&f, 1), "7") == 0);
    CHECK(strcmp(frame_field(&f, 2), "") == 0);
    CHECK(strcmp(frame_field(&f, 3), "text") == 0);
    CHECK(frame_field(&f, 4) == NULL);
    buffer_free(&b);
}

static void any_cut_is_incomplete(void)
{
    struct buffer b = {0};
    struct frame f;
    size_t used;
    frame_put(&b, "start", "1", "0123456789ab", NULL);
    for (size_t length = 0; length < b.end; length++) {
        char *cut = malloc(length + 1); /* of the exact size: reading beyond is noticed */
        memcpy(cut, b.data, length);
        CHECK(frame_take(cut, length, &f, &used) == 0);
        free(cut);
    }
    buffer_free(&b);
}

static void lengths_that_cannot_be_are_refused(void)
{
    struct frame f;
    size_t used;
    const char empty[] = {0, 0, 0, 0}, huge[] = {1, 0, 16, 0, 'x'}, negative[] = {-1, -1, -1, -1}, no_key[] = {2, 0, 0, 0, 'a', 'b'};
    CHECK(frame_take(empty, sizeof empty, &f, &used) == -1);
    CHECK(frame_take(huge, sizeof huge, &f, &used) == -1);
    CHECK(frame_take(negative, sizeof negative, &f, &used) == -1);
    CHECK(frame_take(no_key, sizeof no_key, &f, &used) == -1);
}

static void bytes_follow_their_strings(void)
{
    const char bytes[] = "\x09\0\0\0file\0a\0xy";
    struct frame f;
    size_t used, length;
    CHECK(frame_take(bytes, sizeof bytes - 1, &f, &used) == 1);
    CHECK(frame_strings(&f) == -1);
    CHECK(frame_field(&f, 2) == NULL);
    const char *rest = frame_bytes(&f, 2, &length);
    CHECK(length == 2 && memcmp(rest, "xy", 2) == 0);
    CHECK(frame_bytes(&f, 3, &length) == NULL);
}

static void a_buffer_gives_back_what_it_took_in_order(void)
{
    struct buffer b = {0};
    struct frame f;
    size_t used;
    char number[12];
    int next = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(number, sizeof number, "%d", i);
        frame_put(&b, "n", number, NULL);
        for (int take = i % 3; take > 0 && frame_take(b.data + b.start, b.end - b.start, &f, &used) == 1; take--) {
            CHECK(atoi(frame_field(&f, 1)) == next++);
            b.start += used;
        }
    }
    while (frame_take(b.data + b.start, b.end - b.start, &f, &used) == 1) {
        CHECK(atoi(frame_field(&f, 1)) == next++);
        b.start += used;
    }
    CHECK(next == 1000 && b.start == b.end);
    buffer_free(&b);
}

int main(void)
{
    what_is_put_is_taken_again();
    any_cut_is_incomplete();
    lengths_that_cannot_be_are_refused();
    bytes_follow_their_strings();
    a_buffer_gives_back_what_it_took_in_order();
    return 0;
}
