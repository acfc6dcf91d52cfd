/* SPDX-License-Identifier: MIT
 *
 * fb_out.h: FlatBuffers, written front to back: a parent first, its children behind it, so that every offset
 * points forward. An offset is written as zero with the parent, and set when its target is.
 *
 *     fb_out_table t = {0};
 *     fb_out_scalar(&t, 0, 4, 3, 0);               // slot 0: a 4-byte 3, left out where it equals 0, the
 * default fb_out_offset(&t, 1);                        // slot 1: an offset to something that comes later
 *     fb_out_table_end(&out, &t, place_of_offset); // writes the table; the offset at that place now leads to
 * it fb_out_text(&out, t.place[1], "name");
 */
#ifndef MDG_FB_OUT_H
#define MDG_FB_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

typedef struct fb_out {
    mdg_arena *arena;
    uint8_t *data;
    size_t size, room;
} fb_out;

enum { FB_OUT_SLOTS = 16 };

typedef struct fb_out_table {
    uint8_t bytes[FB_OUT_SLOTS]; /* of each field, 0 = absent */
    uint64_t value[FB_OUT_SLOTS];
    size_t place[FB_OUT_SLOTS]; /* where each field was written */
} fb_out_table;

void fb_out_pad(fb_out *o, size_t alignment, size_t ahead); /* until `ahead` bytes later is aligned */
void fb_out_append(fb_out *o, const void *data, size_t bytes);
void fb_out_set(fb_out *o, size_t at, size_t bytes, uint64_t value);

void fb_out_scalar(fb_out_table *t, int slot, size_t bytes, int64_t value, int64_t absent);
void fb_out_float(fb_out_table *t, int slot, float value, float absent);
void fb_out_offset(fb_out_table *t, int slot);
void fb_out_table_end(fb_out *o, fb_out_table *t, size_t place);

/* A vector of `count` zero elements, aligned to their size and to `alignment`. Returns the place of element
 * 0. */
size_t fb_out_vector(fb_out *o, size_t place, size_t count, size_t element_bytes, size_t alignment);

void fb_out_bytes(fb_out *o, size_t place, const void *data, size_t bytes, size_t alignment);
void fb_out_ints(fb_out *o, size_t place, const int32_t *values, int count);
void fb_out_text(fb_out *o, size_t place, const char *text);

#endif
