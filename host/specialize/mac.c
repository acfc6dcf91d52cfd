/* SPDX-License-Identifier: MIT
 *
 * The stream of the matrix core (core/kernels/armv7em/mac.h).
 */
#include "specialize/mac.h"

#include <string.h>

#include "core/kernels/armv7em/mac_shift.h"
#include "specialize/clusters.h"
#include "specialize/weights4.h"

enum { B_SHIFT = 8 }; /* a sum of b stands 2^8 times as large */

static bool below(const mdg_spec_channel *c, int bits) {
    const int64_t limit = (int64_t)1 << bits;
    return c->min >= -limit && c->max < limit;
}

/* The sum, times 2^left, fits 32 bits, and so does the zero point, times 2^(right + left - 1); the left shift
 * keeps the half of the first rounding whole. */
static bool one_sided_fits(const mdg_spec_channel *c, int32_t left) {
    return left >= 2 && c->right + left <= 24 && below(c, 31 - left);
}

/* 2^left: what the sum is multiplied with before. Both roundings add a half: of 2^31, and of 2^(31 + right).
 */
static void one_sided(const mdg_spec_channel *c, int32_t left, int32_t out[2]) {
    const int32_t down = c->right + left - 1;
    out[0] = c->mult;
    out[1] = (1 << (left - 2)) + (c->right ? 1 << (down - 1) : 0) + c->zero * (1 << down);
}

bool mdg_spec_scaled_fits(const mdg_spec_channel *c) {
    return one_sided_fits(c, B_SHIFT);
}

static int32_t a_shift(const mdg_spec_channel *c) {
    return MDG_MAC_SHIFT + 1 - c->right;
}

/* Channels a and b of a pair: of an odd number, channel 1 is in the first two. */
static int32_t first_of_pair(const mdg_spec_layer *l, int32_t pair) {
    return l->out_c % 2 && pair > 0 ? 2 * pair - 1 : 2 * pair;
}

static int32_t pair_count(const mdg_spec_layer *l) {
    return (l->out_c + 1) / 2;
}

static bool can_be_one_sided(const mdg_spec_layer *l) {
    for (int32_t i = 0; i < pair_count(l); i++) {
        const mdg_spec_channel *a = &l->channels[first_of_pair(l, i)];
        if (!one_sided_fits(a, a_shift(a)) || !one_sided_fits(a + 1, B_SHIFT)) return false;
    }
    return true;
}

static bool can_be_two_sided(const mdg_spec_layer *l) {
    for (int32_t i = 0; i < l->out_c; i++) {
        if (!mdg_spec_two_sided_fits(&l->channels[i])) return false;
    }
    return true;
}

static bool pairs_fit(const mdg_spec_layer *l) {
    for (int32_t i = 0; i < pair_count(l); i++) {
        const int32_t c = first_of_pair(l, i);
        const int8_t *a = l->w + c * l->depth;
        if (!below(&l->channels[c + 1], 23) || !mdg_spec_pair_fits(a, a + l->depth, l->depth)) return false;
    }
    return true;
}

bool mdg_spec_mac_fits(mdg_spec_layer *l, bool removes_negative) {
    if (l->out_c < 2 || !pairs_fit(l)) return false;
    l->two_sided = !removes_negative || !can_be_one_sided(l);
    return !l->two_sided || can_be_two_sided(l);
}

/* The sum of a stands 2^12 times as large, and no negative a borrows from a b of -8. */
static bool pair_fits_4_bits(const mdg_spec_layer *l, int32_t index) {
    const int8_t *a = l->w + index * l->depth, *b = a + l->depth;
    for (int32_t t = 0; t < l->depth; t++)
        if (a[t] + 16 * b[t] < -128) return false;
    return below(&l->channels[index], 19);
}

bool mdg_spec_mac4_fits(const mdg_spec_layer *l) {
    if (!mdg_spec_fits_4_bits(l->w, (size_t)l->out_c * (size_t)l->depth)) return false;
    for (int32_t i = 0; i < pair_count(l); i++)
        if (!pair_fits_4_bits(l, first_of_pair(l, i))) return false;
    return true;
}

/* A stream as it grows: the table in front, which is filled as offsets and shifts come up, and the pairs */
typedef struct stream {
    const mdg_spec_layer *layer;
    int32_t *table, *pairs;
} stream;

enum { MAX_TABLE = 2 * 2 * 32 + 1 }; /* two kinds, of every shift */

/* Where offset and shift stand in the table, in bytes */
static uint32_t place_of(stream *s, int32_t offset, int32_t shift) {
    int32_t i = 1;
    while (i < s->table[0] && (s->table[i] != offset || s->table[i + 1] != shift)) i += 2;
    if (i == s->table[0]) {
        s->table[i] = offset;
        s->table[i + 1] = shift;
        s->table[0] += 2;
    }
    return (uint32_t)i * 4;
}

static uint32_t place_of_channel(stream *s, const mdg_spec_channel *c, bool is_b) {
    int32_t q[3];
    if (s->layer->two_sided) {
        mdg_spec_two_sided(c, q);
    } else {
        one_sided(c, is_b ? B_SHIFT : a_shift(c), q);
        q[2] = is_b ? c->right + B_SHIFT - 1 : a_shift(c);
    }
    return place_of(s, q[1], q[2]);
}

/* Of the sums low and raw of channels a and the next */
static void put_biases(stream *s, const mdg_spec_channel *a) {
    *s->pairs++ = a->bias;
    *s->pairs++ = (int32_t)((uint32_t)a->bias + 256u * (uint32_t)a[1].bias);
}

/* Biases and weights */
static void put_bytes(stream *s, const mdg_spec_channel *a, const int8_t *wa, const int8_t *wb) {
    put_biases(s, a);
    for (int32_t t = 0; t < s->layer->depth; t += 4) {
        *s->pairs++ = mdg_spec_pair(wa + t, wb + t, 0);
        *s->pairs++ = mdg_spec_pair(wa + t, wb + t, 1);
    }
}

/* The same, with weights of 4 bits */
static void put_nibbles(stream *s, const mdg_spec_channel *a, const int8_t *wa, const int8_t *wb) {
    *s->pairs++ = (int32_t)((uint32_t)a->bias << 12);
    *s->pairs++ = (int32_t)((uint32_t)a->bias + 16u * (uint32_t)a[1].bias);
    for (int32_t t = 0; t < s->layer->depth; t += 4) {
        uint32_t word = 0;
        for (int i = 0; i < 4; i++) word |= (uint32_t)(uint8_t)(wa[t + i] + 16 * wb[t + i]) << 8 * i;
        *s->pairs++ = (int32_t)word;
    }
}

/* The same, clustered */
static void put_places(stream *s, const mdg_spec_channel *a, const int8_t *wa, const int8_t *wb) {
    put_biases(s, a);
    for (int32_t t = 0; t < s->layer->depth; t += 4)
        *s->pairs++ = mdg_spec_cluster_pair(s->layer->clusters, wa + t, wb + t);
}

static void put_pair(stream *s, int32_t index) {
    const mdg_spec_layer *l = s->layer;
    const mdg_spec_channel *a = &l->channels[index], *b = a + 1;
    const int8_t *wa = l->w + index * l->depth, *wb = wa + l->depth;
    if (l->clusters)
        put_places(s, a, wa, wb);
    else if (l->packed)
        put_nibbles(s, a, wa, wb);
    else
        put_bytes(s, a, wa, wb);
    *s->pairs++ = a->mult;
    *s->pairs++ = b->mult;
    const uint32_t place_a = place_of_channel(s, a, false);
    *s->pairs++ = (int32_t)(place_a | place_of_channel(s, b, true) << 16);
}

void mdg_spec_add_mac_stream(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, const char *name) {
    mdg_arena *arena = s->program->arena;
    const size_t count = (size_t)pair_count(l) * (size_t)(5 + l->depth / (l->packed || l->clusters ? 4 : 2));
    int32_t *pairs = mdg_arena_array(arena, count, sizeof *pairs);
    stream to = {.layer = l, .table = mdg_arena_array(arena, MAX_TABLE, sizeof *to.table), .pairs = pairs};
    to.table[0] = 1;
    for (int32_t i = 0; i < pair_count(l); i++) put_pair(&to, first_of_pair(l, i));
    const size_t table_words = (size_t)to.table[0];
    int32_t *words = mdg_arena_array(arena, table_words + count, sizeof *words);
    memcpy(words, to.table, 4 * table_words);
    memcpy(words + table_words, pairs, 4 * count);
    mdg_spec_add_const(s, c, name, words, table_words + count);
}
