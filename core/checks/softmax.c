/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX, LOG_SOFTMAX.
 */
#include "../check.h"

/* A row's sum of Q12.19 fits 32 bits, that of LOG_SOFTMAX with a sign; one of Q16.15 does. */
enum { MAX_DEPTH = 8191, MAX_LOG_DEPTH = 4095, MAX_DEPTH_S16 = 65535 };

static bool has_rows(const mdg_softmax_f32_params *p, mdg_sizes *s, uint32_t x_size, uint32_t y_size) {
    const uint32_t count = mdg_count2(p->rows, p->depth);
    return mdg_has_in(s, 0, count, x_size) && mdg_has_out(s, 0, count, y_size);
}

/* The row's maximum counts always, and every difference that counts is within Q5.26. */
static bool softmax_s8(const mdg_softmax_params *p, mdg_sizes *s, uint32_t y_size) {
    const mdg_softmax_f32_params shape = {p->rows, p->depth, 0};
    return has_rows(&shape, s, 1, y_size) && p->depth <= MAX_DEPTH && p->mult >= 0 &&
           mdg_within(p->shift, 0, 31) && p->diff_min <= 0 &&
           (-(int64_t)p->diff_min) << p->shift <= (int64_t)31 << 26;
}

/* As above, and the factor's inverse */
static bool log_softmax_s8(const mdg_log_softmax_params *p, mdg_sizes *s, uint32_t size) {
    const mdg_softmax_params scaling = {p->rows, p->depth, p->mult, p->shift, p->diff_min};
    return softmax_s8(&scaling, s, size) && p->depth <= MAX_LOG_DEPTH && p->shift <= 30 &&
           mdg_is_multiplier(p->inverse_mult, p->inverse_shift);
}

static bool log_softmax_f32(const mdg_rows_params *p, mdg_sizes *s, uint32_t size) {
    const mdg_softmax_f32_params shape = {p->rows, p->depth, 0};
    return has_rows(&shape, s, size, size);
}

/* Exponentials are not negative, and the row's maximum has one that is positive: so is the sum. */
static bool has_exp_table(const mdg_sizes *s, uint32_t k) {
    enum { ENTRIES = 513 };
    if (!mdg_has_in(s, k, ENTRIES, sizeof(int16_t)) || !s->constant[k]) return false;
    const int16_t *table = (const int16_t *)s->constant[k];
    for (int i = 0; i < ENTRIES; i++)
        if (table[i] < 0) return false;
    return table[ENTRIES - 2] > 1 && table[ENTRIES - 1] > 1;
}

static bool softmax_s16(const mdg_softmax_params *p, mdg_sizes *s, uint32_t size) {
    const mdg_softmax_f32_params shape = {p->rows, p->depth, 0};
    return has_rows(&shape, s, size, size) && p->depth <= MAX_DEPTH_S16 &&
           mdg_is_multiplier(p->mult, p->shift) && has_exp_table(s, 1) && mdg_has_in(s, 2, 513, size);
}

/* The row's maximum counts: so no sum is 0. */
static bool softmax_table(const mdg_softmax_table_params *p, mdg_sizes *s, uint32_t size) {
    const mdg_softmax_f32_params shape = {p->rows, p->depth, 0};
    const int32_t *table = (const int32_t *)s->constant[1];
    if (!has_rows(&shape, s, size, size) || p->depth > MAX_DEPTH || !table ||
        !mdg_has_in(s, 1, mdg_count1(p->entries), sizeof *table) || table[0] < 1 << 11)
        return false;
    for (int32_t i = 0; i < p->entries; i++)
        if (table[i] < 0) return false;
    return true;
}

MDG_CHECK(softmax_table_s8, softmax_table, softmax_table, 1)
MDG_CHECK(softmax_s8, softmax, softmax_s8, 1)
MDG_CHECK(softmax_f32, softmax_f32, has_rows, sizeof(float), sizeof(float))
MDG_CHECK(softmax_s8_s16, softmax, softmax_s8, sizeof(int16_t))
MDG_CHECK(softmax_s16, softmax, softmax_s16, sizeof(int16_t))
MDG_CHECK(log_softmax_s8, log_softmax, log_softmax_s8, 1)
MDG_CHECK(log_softmax_f32, rows, log_softmax_f32, sizeof(float))
