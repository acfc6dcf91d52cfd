/* SPDX-License-Identifier: MIT
 *
 * fb_out.h: FlatBuffers, written front to back: a parent first, its children behind it, so that every offset
 * points forward. An offset is written as zero with the parent, and set when its target is.
 *
 *     mdg_fb_out_table t = {0};
 *     mdg_fb_out_scalar(&t, 0, 4, 3, 0);               // slot 0: a 4-byte 3, left out where it equals 0, the
 * default mdg_fb_out_offset(&t, 1);                        // slot 1: an offset to something that comes later
 *     mdg_fb_out_table_end(&out, &t, place_of_offset); // writes the table; the offset at that place now
 * leads to it mdg_fb_out_text(&out, t.place[1], "name");
 */
#ifndef MDG_FB_OUT_H
#define MDG_FB_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

typedef struct mdg_fb_out {
    mdg_arena *arena;
    uint8_t *data;
    size_t size, room;
} mdg_fb_out;

enum { MDG_FB_OUT_SLOTS = 16 };

typedef struct mdg_fb_out_table {
    uint8_t bytes[MDG_FB_OUT_SLOTS]; /* of each field, 0 = absent */
    uint64_t value[MDG_FB_OUT_SLOTS];
    size_t place[MDG_FB_OUT_SLOTS]; /* where each field was written */
} mdg_fb_out_table;

void mdg_fb_out_pad(mdg_fb_out *o, size_t alignment, size_t ahead); /* until `ahead` bytes later is aligned */
void mdg_fb_out_append(mdg_fb_out *o, const void *data, size_t bytes);
void mdg_fb_out_set(mdg_fb_out *o, size_t at, size_t bytes, uint64_t value);

void mdg_fb_out_scalar(mdg_fb_out_table *t, int slot, size_t bytes, int64_t value, int64_t absent);
void mdg_fb_out_float(mdg_fb_out_table *t, int slot, float value, float absent);
void mdg_fb_out_offset(mdg_fb_out_table *t, int slot);
void mdg_fb_out_table_end(mdg_fb_out *o, mdg_fb_out_table *t, size_t place);

/* A vector of `count` zero elements, aligned to their size and to `alignment`. Returns the place of element
 * 0. */
size_t mdg_fb_out_vector(mdg_fb_out *o, size_t place, size_t count, size_t element_bytes, size_t alignment);

void mdg_fb_out_bytes(mdg_fb_out *o, size_t place, const void *data, size_t bytes, size_t alignment);
void mdg_fb_out_ints(mdg_fb_out *o, size_t place, const int32_t *values, int count);
void mdg_fb_out_text(mdg_fb_out *o, size_t place, const char *text);

#endif
