/* Frames: a little-endian u32 length and that many bytes of NUL-terminated strings, the first being the key (docs/native-runtime.md). */
#ifndef JCR_FRAME_H
#define JCR_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_MAX = 1 << 20, FRAME_HEAD = 4 };

struct frame {
    const char *data;
    uint32_t size;
};

/* Takes the first frame of `bytes`. 1: taken, `used` bytes are done with; 0: more bytes are needed; -1: not a frame. */
int frame_take(const char *bytes, size_t length, struct frame *f, size_t *used);
/* String number i (0 is the key); NULL when there is none. */
const char *frame_field(const struct frame *f, int i);
/* The number of complete strings; -1 when the frame does not end with one. */
int frame_strings(const struct frame *f);
/* What follows string number i - 1, unterminated. NULL when there are fewer strings. */
const char *frame_bytes(const struct frame *f, int i, size_t *length);
int frame_is(const struct frame *f, const char *key);

/* Bytes that grow at the end and are consumed at the start. */
struct buffer {
    char *data;
    size_t start, end, capacity;
};

/* Makes room for `more` bytes at data + end; -1 without memory. */
int buffer_room(struct buffer *b, size_t more);
int buffer_add(struct buffer *b, const void *bytes, size_t length);
void buffer_free(struct buffer *b);

/* Appends a frame of these strings; the list ends with NULL. */
int frame_put(struct buffer *b, const char *key, ...) __attribute__((sentinel));
/* The same in pieces: begin, any number of adds, end. */
size_t frame_begin(struct buffer *b, const char *key);
int frame_add(struct buffer *b, const char *text);
int frame_end(struct buffer *b, size_t begin);

#endif
