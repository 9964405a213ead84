#include "frame.h"

#include <endian.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int frame_take(const char *bytes, size_t length, struct frame *f, size_t *used)
{
    uint32_t size;
    if (length < FRAME_HEAD)
        return 0;
    memcpy(&size, bytes, FRAME_HEAD);
    size = le32toh(size);
    if (size == 0 || size > FRAME_MAX)
        return -1;
    if (length - FRAME_HEAD < size)
        return 0;
    if (!memchr(bytes + FRAME_HEAD, '\0', size))
        return -1;
    *f = (struct frame){bytes + FRAME_HEAD, size};
    *used = FRAME_HEAD + size;
    return 1;
}

const char *frame_bytes(const struct frame *f, int i, size_t *length)
{
    const char *at = f->data, *end = f->data + f->size;
    for (; i > 0; i--) {
        const char *nul = memchr(at, '\0', end - at);
        if (!nul)
            return NULL;
        at = nul + 1;
    }
    *length = end - at;
    return at;
}

const char *frame_field(const struct frame *f, int i)
{
    size_t rest;
    const char *at = frame_bytes(f, i, &rest);
    return at && rest && memchr(at, '\0', rest) ? at : NULL;
}

int frame_strings(const struct frame *f)
{
    int count = 0;
    if (f->data[f->size - 1] != '\0')
        return -1;
    for (uint32_t i = 0; i < f->size; i++)
        count += f->data[i] == '\0';
    return count;
}

int frame_is(const struct frame *f, const char *key)
{
    return strcmp(f->data, key) == 0;
}

int buffer_room(struct buffer *b, size_t more)
{
    if (b->start == b->end)
        b->start = b->end = 0;
    if (b->end + more <= b->capacity)
        return 0;
    if (b->start > 0) {
        memmove(b->data, b->data + b->start, b->end - b->start);
        b->end -= b->start;
        b->start = 0;
    }
    if (b->end + more <= b->capacity)
        return 0;
    size_t capacity = b->end + more + b->capacity;
    char *data = realloc(b->data, capacity);
    if (!data)
        return -1;
    b->data = data;
    b->capacity = capacity;
    return 0;
}

int buffer_add(struct buffer *b, const void *bytes, size_t length)
{
    if (buffer_room(b, length) < 0)
        return -1;
    if (length)
        memcpy(b->data + b->end, bytes, length);
    b->end += length;
    return 0;
}

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){0};
}

/* Positions are relative to the start: making room may move the bytes. */
size_t frame_begin(struct buffer *b, const char *key)
{
    size_t begin = b->end - b->start;
    uint32_t head = 0;
    buffer_add(b, &head, FRAME_HEAD);
    frame_add(b, key);
    return begin;
}

int frame_add(struct buffer *b, const char *text)
{
    return buffer_add(b, text, strlen(text) + 1);
}

int frame_end(struct buffer *b, size_t begin)
{
    if (b->end - b->start < begin + FRAME_HEAD)
        return -1;
    uint32_t size = htole32(b->end - b->start - begin - FRAME_HEAD);
    memcpy(b->data + b->start + begin, &size, FRAME_HEAD);
    return 0;
}

int frame_put(struct buffer *b, const char *key, ...)
{
    va_list fields;
    size_t begin = frame_begin(b, key);
    const char *field;
    va_start(fields, key);
    while ((field = va_arg(fields, const char *)))
        frame_add(b, field);
    va_end(fields);
    return frame_end(b, begin);
}
