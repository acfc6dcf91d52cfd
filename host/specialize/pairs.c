/* SPDX-License-Identifier: MIT
 *
 * Weights, groups and factors of the matrix core (core/kernels/scalar/pairs.h).
 */
#include "specialize/pairs.h"

#include "core/fixed.h"
#include "core/kernels/scalar/pairs_groups.h"

enum { LANES = 8, UPPER_SHIFT = 11 };

/* The multiplier's upper 20 bits, rounded, and the rest */
static int32_t upper_of(const mdg_spec_channel *c) {
    return (int32_t)(((int64_t)c->mult + (1 << (UPPER_SHIFT - 1))) >> UPPER_SHIFT);
}

static int32_t lower_of(const mdg_spec_channel *c) {
    return (int32_t)(c->mult - (int64_t)upper_of(c) * (1 << UPPER_SHIFT));
}

/* Both roundings add a half: of 2^31, and of 2^(31 + right); all without the lowest 22 bits. */
static int64_t offset_of(const mdg_spec_channel *c) {
    return ((int64_t)(2 * (c->zero + 128) + 1) << (c->right + 8)) + (1 << 8);
}

static int32_t shift_of(const mdg_spec_channel *c) {
    return c->right + 9;
}

/* Each product and each sum of the requantisation has 32 bits, for sums up to `most` in size. */
static bool fits(const mdg_spec_channel *c, int64_t most) {
    const int64_t limit = INT32_MAX, upper = upper_of(c), lower = lower_of(c);
    const int64_t rest = (most * (lower < 0 ? -lower : lower)) >> 11;
    return c->right >= 1 && c->right <= 15 && upper < 1 << 20 && most < 1 << 21 &&
           rest * 2048 + 2048 <= limit && 2047 * upper + rest + 1 <= limit &&
           ((most >> 11) + 1) * upper + (1 << 20) + offset_of(c) + 512 <= limit;
}

/* The output, from 0 to 255 */
static int32_t result_of(const mdg_spec_channel *c, int32_t sum) {
    return mdg_clamp(mdg_requantize(sum, c->mult, -c->right) + c->zero + 128, 0, 255);
}

/* Sums beyond 2^20 give what 2^20 gives. */
static bool fits_limited(const mdg_spec_channel *c) {
    const int32_t limit = 1 << 20;
    return fits(c, limit) && (c->min >= -limit || result_of(c, -limit) == 0) &&
           (c->max < limit || result_of(c, limit - 1) == 255);
}

static int64_t most_of(const mdg_spec_channel *c) {
    return c->max > -c->min ? c->max : -c->min;
}

bool mdg_spec_scalar_fits(mdg_spec_layer *l, bool removes_negative) {
    l->two_sided = !removes_negative;
    for (int32_t c = 0; c < l->out_c; c++) {
        if (!fits(&l->channels[c], most_of(&l->channels[c]))) l->two_sided = true;
    }
    for (int32_t c = 0; c < l->out_c && l->two_sided; c++) {
        if (!fits_limited(&l->channels[c])) return false;
    }
    return true;
}

/* Whether all sums of inputs from -128 to 127 times these weights have 16 bits */
static bool is_group(const int8_t *w, int32_t taps) {
    int32_t min = 0, max = 0;
    for (int32_t t = 0; t < taps; t++) {
        min += w[t] > 0 ? -128 * w[t] : 127 * w[t];
        max += w[t] > 0 ? 127 * w[t] : -128 * w[t];
    }
    return min >= INT16_MIN && max <= INT16_MAX;
}

/* The longest groups, from the last to the first; returns where the first byte is. */
static uint8_t *put_groups(uint8_t *end, const int8_t *w, int32_t taps) {
    int32_t longest = MDG_PAIRS_LONGEST_LAST;
    for (int32_t left = taps, n; left > 0; left -= n) {
        n = 1;
        while (n < longest && n < left && is_group(w + left - n - 1, n + 1)) n++;
        *--end = mdg_pairs_group(n, left == taps);
        longest = MDG_PAIRS_LONGEST;
    }
    return end;
}

void mdg_spec_add_bytes(mdg_spec *s, mdg_call *c, const char *name, const void *bytes, size_t count) {
    mdg_call_add_in(c, mdg_program_add_buffer(s->program, MDG_BUF_CONST, name, "int8_t", count, bytes));
}

static void add_weights(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps) {
    const size_t count = (size_t)(l->out_c + LANES - 1) / LANES * LANES * (size_t)taps;
    int8_t *bytes = mdg_arena_alloc(s->program->arena, count);
    for (int32_t i = 0; i < l->out_c; i++) {
        for (int32_t t = 0; t < taps; t++)
            bytes[(i / LANES * taps + t) * LANES + i % LANES] = l->w[i * l->depth + t];
    }
    mdg_spec_add_bytes(s, c, mdg_spec_weights_name(s), bytes, count);
}

static void add_groups(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps) {
    const size_t most = (size_t)l->out_c * (size_t)taps;
    uint8_t *bytes = mdg_arena_alloc(s->program->arena, most), *first = bytes + most;
    for (int32_t i = l->out_c - 1; i >= 0; i--) first = put_groups(first, l->w + i * l->depth, taps);
    mdg_spec_add_bytes(s, c, "groups", first, (size_t)(bytes + most - first));
}

void mdg_spec_scalar_factors(const mdg_spec_channel *c, int32_t to[2]) {
    to[0] = (int32_t)((uint32_t)upper_of(c) << 12 | ((uint32_t)lower_of(c) & 0xFFFu));
    to[1] = (int32_t)offset_of(c) + shift_of(c);
}

void mdg_spec_add_scalar_factors(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l) {
    int32_t *words = mdg_arena_array(s->program->arena, (size_t)l->out_c * 3, sizeof *words);
    for (int32_t i = 0; i < l->out_c; i++) {
        words[3 * i] = l->channels[i].bias;
        mdg_spec_scalar_factors(&l->channels[i], words + 3 * i + 1);
    }
    mdg_spec_add_const(s, c, "requantisation", words, (size_t)l->out_c * 3);
}

void mdg_spec_add_pairs(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps) {
    add_weights(s, c, l, taps);
    add_groups(s, c, l, taps);
    mdg_spec_add_scalar_factors(s, c, l);
}
