/* SPDX-License-Identifier: MIT
 *
 * fb.h: FlatBuffers, read from bytes that nobody vouches for. Every load is checked against the end of the
 * file. The first thing found wrong is kept in file->fault; from then on getters give defaults and empty
 * vectors, so a caller looks at fault after each object rather than after each field.
 *
 *     mdg_fb_file f = {.data = bytes, .size = size};
 *     mdg_fb_table model = mdg_fb_root(&f);
 *     mdg_fb_vector subgraphs = mdg_fb_vector_of(&model, 2, 4);
 *     mdg_fb_table first = mdg_fb_element_table(&subgraphs, 0);
 *     if (f.fault) ...
 *
 * Loads need no alignment and work on hosts of either byte order.
 */
#ifndef MDG_FB_H
#define MDG_FB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mdg_fb_file {
    const uint8_t *data;
    size_t size;
    const char *fault; /* what is wrong, or NULL */
} mdg_fb_file;

typedef struct mdg_fb_table {
    mdg_fb_file *file;
    size_t at; /* 0: an absent table, all of whose fields are absent */
    size_t vtable;
    size_t vtable_bytes, bytes;
} mdg_fb_table;

typedef struct mdg_fb_vector {
    mdg_fb_file *file;
    bool present;
    uint32_t count;
    size_t at;   /* of element 0 */
    size_t size; /* of an element */
} mdg_fb_vector;

mdg_fb_table mdg_fb_root(mdg_fb_file *f);

/* Scalars: the value, or `absent` when the table has no such field. size: 1, 2, 4 or 8 bytes. */
bool mdg_fb_has(const mdg_fb_table *t, int slot);
uint64_t mdg_fb_unsigned(const mdg_fb_table *t, int slot, size_t size, uint64_t absent);
int64_t mdg_fb_signed(const mdg_fb_table *t, int slot, size_t size, int64_t absent);
float mdg_fb_float(const mdg_fb_table *t, int slot, float absent);

mdg_fb_table mdg_fb_child(const mdg_fb_table *t, int slot);
mdg_fb_vector mdg_fb_vector_of(const mdg_fb_table *t, int slot, size_t element_bytes);

/* Text lies in the file, ends with a zero byte and has none inside; NULL where absent. */
const char *mdg_fb_text(const mdg_fb_table *t, int slot);

/* Elements, i < count. */
uint64_t mdg_fb_element(const mdg_fb_vector *v, uint32_t i);
float mdg_fb_element_float(const mdg_fb_vector *v, uint32_t i);
mdg_fb_table mdg_fb_element_table(const mdg_fb_vector *v, uint32_t i);

#endif
