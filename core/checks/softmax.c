/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX.
 */
#include "../check.h"

enum { MAX_DEPTH = 8191 }; /* a row's sum of Q12.19 fits 32 bits */

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

MDG_CHECK(softmax_s8, softmax, softmax_s8, 1)
MDG_CHECK(softmax_f32, softmax_f32, has_rows, sizeof(float), sizeof(float))
