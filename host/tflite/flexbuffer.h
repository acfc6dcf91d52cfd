/* SPDX-License-Identifier: MIT
 *
 * flexbuffer.h: the custom options of an operator, a FlexBuffers map from names to numbers, read from bytes
 * that nobody vouches for.
 *
 *     mdg_flex_map m;
 *     if (!mdg_flex_open(op->custom, op->custom_bytes, &m)) ... no map, or its bytes make no sense
 *     if (!mdg_flex_int(&m, "max_detections", &n)) ... no such name, or no number
 *
 * A map holds pointers into the bytes; it needs nothing to be freed.
 */
#ifndef MDG_FLEXBUFFER_H
#define MDG_FLEXBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mdg_flex_map {
    const uint8_t *data;
    size_t bytes;
    size_t keys, values, types; /* where element 0 of each lies in data */
    size_t key_width, value_width;
    size_t count;
} mdg_flex_map;

/* Returns false where the bytes are no map. */
bool mdg_flex_open(const void *data, size_t bytes, mdg_flex_map *out);

/* The number with that name, of whatever numeric type it is stored as: reals are cut off to integers, a bool
 * is 0 or 1. Return false, and leave *out alone, where there is none (or none that fits). */
bool mdg_flex_int(const mdg_flex_map *m, const char *name, int64_t *out);
bool mdg_flex_i32(const mdg_flex_map *m, const char *name, int32_t *out);
bool mdg_flex_real(const mdg_flex_map *m, const char *name, double *out);
bool mdg_flex_bool(const mdg_flex_map *m, const char *name, bool *out);

#endif
