/* SPDX-License-Identifier: MIT
 *
 * fb.h: FlatBuffers, read from bytes that nobody vouches for. Every load is checked against the end of the
 * file. The first thing found wrong is kept in file->fault; from then on getters give defaults and empty
 * vectors, so a caller looks at fault after each object rather than after each field.
 *
 *     fb_file f = {.data = bytes, .size = size};
 *     fb_table model = fb_root(&f);
 *     fb_vector subgraphs = fb_vector_of(&model, 2, 4);
 *     fb_table first = fb_element_table(&subgraphs, 0);
 *     if (f.fault) ...
 *
 * Loads need no alignment and work on hosts of either byte order.
 */
#ifndef MDG_FB_H
#define MDG_FB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fb_file {
    const uint8_t *data;
    size_t size;
    const char *fault; /* what is wrong, or NULL */
} fb_file;

typedef struct fb_table {
    fb_file *file;
    size_t at; /* 0: an absent table, all of whose fields are absent */
    size_t vtable;
    size_t vtable_bytes, bytes;
} fb_table;

typedef struct fb_vector {
    fb_file *file;
    bool present;
    uint32_t count;
    size_t at;   /* of element 0 */
    size_t size; /* of an element */
} fb_vector;

fb_table fb_root(fb_file *f);

/* Scalars: the value, or `absent` when the table has no such field. size: 1, 2, 4 or 8 bytes. */
bool fb_has(const fb_table *t, int slot);
uint64_t fb_unsigned(const fb_table *t, int slot, size_t size, uint64_t absent);
int64_t fb_signed(const fb_table *t, int slot, size_t size, int64_t absent);
float fb_float(const fb_table *t, int slot, float absent);

fb_table fb_child(const fb_table *t, int slot);
fb_vector fb_vector_of(const fb_table *t, int slot, size_t element_bytes);

/* Text lies in the file, ends with a zero byte and has none inside; NULL where absent. */
const char *fb_text(const fb_table *t, int slot);

/* Elements, i < count. */
uint64_t fb_element(const fb_vector *v, uint32_t i);
float fb_element_float(const fb_vector *v, uint32_t i);
fb_table fb_element_table(const fb_vector *v, uint32_t i);

#endif
