/* SPDX-License-Identifier: MIT
 *
 * FlexBuffers: the last byte is the width of the root value in bytes, the one before it the root's type, and
 * before that stands the root. A type byte is kind << 2 | log2 of the width of what it refers to. References
 * are distances backwards. A map is
 *
 *     distance to the keys, width of the keys, count, value[count], type byte[count]
 *
 * and a reference to it leads to value[0]; its keys are a count and as many references to text.
 */
#include "tflite/flexbuffer.h"

#include <math.h>
#include <string.h>

enum flex_kind {
    FLEX_INT = 1,
    FLEX_UINT = 2,
    FLEX_FLOAT = 3,
    FLEX_INDIRECT_INT = 6,
    FLEX_INDIRECT_UINT = 7,
    FLEX_INDIRECT_FLOAT = 8,
    FLEX_MAP = 9,
    FLEX_BOOL = 26
};

/* A number as it is stored */
typedef struct flex_value {
    enum flex_kind kind;
    size_t at, width;
} flex_value;

static bool fits(const mdg_flex_map *m, size_t at, size_t bytes) {
    return at <= m->bytes && bytes <= m->bytes - at;
}

static bool is_width(uint64_t width) {
    return width == 1 || width == 2 || width == 4 || width == 8;
}

/* Little-endian, any alignment */
static bool load(const mdg_flex_map *m, size_t at, size_t width, uint64_t *out) {
    if (!fits(m, at, width)) return false;
    *out = 0;
    for (size_t i = width; i-- > 0;) *out = *out << 8 | m->data[at + i];
    return true;
}

/* The place that the reference at `at` leads to */
static bool follow(const mdg_flex_map *m, size_t at, size_t width, size_t *out) {
    uint64_t distance;
    if (!load(m, at, width, &distance) || distance > at) return false;
    *out = at - (size_t)distance;
    return true;
}

static size_t width_of(uint8_t type) {
    return (size_t)1 << (type & 3);
}

/* m->values is known; the rest of the map is found and checked from there. */
static bool open_map(mdg_flex_map *m) {
    const size_t w = m->value_width;
    uint64_t count, keys_count, key_width;
    if (m->values < 3 * w || !load(m, m->values - w, w, &count) || !load(m, m->values - 2 * w, w, &key_width))
        return false;
    if (!is_width(key_width) || !follow(m, m->values - 3 * w, w, &m->keys)) return false;
    m->key_width = (size_t)key_width;
    if (m->keys < m->key_width || !load(m, m->keys - m->key_width, m->key_width, &keys_count)) return false;
    if (count != keys_count || count > m->bytes) return false;
    m->count = (size_t)count;
    m->types = m->values + m->count * w;
    return fits(m, m->types, m->count) && fits(m, m->keys, m->count * m->key_width);
}

bool mdg_flex_open(const void *data, size_t bytes, mdg_flex_map *out) {
    *out = (mdg_flex_map){.data = data, .bytes = bytes};
    if (!data || bytes < 3) return false;
    const size_t root_width = out->data[bytes - 1];
    const uint8_t root_type = out->data[bytes - 2];
    if (!is_width(root_width) || bytes < 2 + root_width || root_type >> 2 != FLEX_MAP) return false;
    out->value_width = width_of(root_type);
    return follow(out, bytes - 2 - root_width, root_width, &out->values) && open_map(out);
}

static bool key_is(const mdg_flex_map *m, size_t i, const char *name) {
    const size_t length = strlen(name) + 1;
    size_t at;
    return follow(m, m->keys + i * m->key_width, m->key_width, &at) && fits(m, at, length) &&
           memcmp(m->data + at, name, length) == 0;
}

/* An indirect number is a reference to a number. */
static bool resolve(const mdg_flex_map *m, size_t i, flex_value *out) {
    const uint8_t type = m->data[m->types + i];
    *out = (flex_value){(enum flex_kind)(type >> 2), m->values + i * m->value_width, m->value_width};
    if (out->kind < FLEX_INDIRECT_INT || out->kind > FLEX_INDIRECT_FLOAT) return true;
    out->kind = (enum flex_kind)(out->kind - FLEX_INDIRECT_INT + FLEX_INT);
    const size_t reference = out->at;
    out->width = width_of(type);
    return follow(m, reference, m->value_width, &out->at);
}

static bool find(const mdg_flex_map *m, const char *name, flex_value *out) {
    for (size_t i = 0; i < m->count; i++)
        if (key_is(m, i, name)) return resolve(m, i, out);
    return false;
}

static bool real_of(uint64_t bits, size_t width, double *out) {
    const uint32_t word = (uint32_t)bits;
    float narrow;
    switch (width) {
    case 4:
        memcpy(&narrow, &word, sizeof narrow);
        *out = (double)narrow;
        return true;
    case 8: memcpy(out, &bits, sizeof *out); return true;
    default: return false;
    }
}

static int64_t signed_of(uint64_t bits, size_t width) {
    const unsigned unused = 64 - 8 * (unsigned)width;
    return (int64_t)(bits << unused) >> unused;
}

bool mdg_flex_int(const mdg_flex_map *m, const char *name, int64_t *out) {
    flex_value v;
    uint64_t bits;
    double real;
    if (!find(m, name, &v) || !load(m, v.at, v.width, &bits)) return false;
    switch (v.kind) {
    case FLEX_INT: *out = signed_of(bits, v.width); return true;
    case FLEX_UINT:
    case FLEX_BOOL:
        if (bits > INT64_MAX) return false;
        *out = (int64_t)bits;
        return true;
    case FLEX_FLOAT:
        if (!real_of(bits, v.width, &real) || !(fabs(real) < 9e18)) return false;
        *out = (int64_t)real;
        return true;
    default: return false;
    }
}

bool mdg_flex_i32(const mdg_flex_map *m, const char *name, int32_t *out) {
    int64_t wide;
    if (!mdg_flex_int(m, name, &wide) || wide < INT32_MIN || wide > INT32_MAX) return false;
    *out = (int32_t)wide;
    return true;
}

bool mdg_flex_real(const mdg_flex_map *m, const char *name, double *out) {
    flex_value v;
    uint64_t bits;
    if (!find(m, name, &v) || !load(m, v.at, v.width, &bits)) return false;
    switch (v.kind) {
    case FLEX_INT: *out = (double)signed_of(bits, v.width); return true;
    case FLEX_UINT:
    case FLEX_BOOL: *out = (double)bits; return true;
    case FLEX_FLOAT: return real_of(bits, v.width, out);
    default: return false;
    }
}

bool mdg_flex_bool(const mdg_flex_map *m, const char *name, bool *out) {
    double value;
    if (!mdg_flex_real(m, name, &value)) return false;
    *out = value != 0;
    return true;
}
