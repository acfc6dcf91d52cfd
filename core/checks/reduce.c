/* SPDX-License-Identifier: MIT
 *
 * Reductions.
 */
#include "../check.h"

enum { MAX_SUM_S8 = 1 << 23 }; /* int8 differences that a 32-bit sum holds */

/* Every input goes into one output: so there is no more work than input. */
static bool reduce(const void *params, const mdg_sizes *s, uint32_t in_size, uint32_t out_size) {
    const mdg_reduce_shape_params *p = (const mdg_reduce_shape_params *)params;
    const uint32_t kept = mdg_span_of(p->kept, p->kept_stride, 4);
    const uint32_t reduced = mdg_span_of(p->reduced, p->reduced_stride, 4);
    return kept > 0 && reduced > 0 && kept <= INT32_MAX - reduced &&
           mdg_has_in(s, 0, kept + reduced - 1, in_size) &&
           mdg_has_in(s, 0, mdg_count2(p->inputs, p->outputs), in_size) &&
           mdg_has_out(s, 0, mdg_count1(p->outputs), out_size);
}

static bool mean_s8(const mdg_reduce_params *p, const mdg_sizes *s, uint32_t size) {
    return reduce(p, s, size, size) && p->inputs <= MAX_SUM_S8 && mdg_is_int(p->in_zero, 8) &&
           mdg_is_multiplier(p->mult, p->shift);
}

/* Sums of 16 bits wrap around. */
static bool mean_s16(const mdg_reduce_params *p, const mdg_sizes *s, uint32_t size) {
    return reduce(p, s, size, size) && mdg_is_int(p->in_zero, 16) && mdg_is_multiplier(p->mult, p->shift);
}

static bool mean_run(const mdg_mean_lanes_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_is_int(p->in_zero, 8 * (int32_t)size) && mdg_is_multiplier(p->mult, p->shift) &&
           mdg_has_in(s, 0, mdg_count3(p->outer, p->inputs, p->inner), size) &&
           mdg_has_out(s, 0, mdg_count2(p->outer, p->inner), size);
}

static bool mean_lanes_s8(const mdg_mean_lanes_params *p, const mdg_sizes *s, uint32_t size) {
    return (p->inner == 1 || p->inner >= 4) && p->inputs <= MAX_SUM_S8 && mean_run(p, s, size);
}

static bool mean_mve(const mdg_mean_lanes_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_within(p->shift, -31, -1) && mdg_is_int(p->out_zero, 8) && p->inputs <= MAX_SUM_S8 &&
           mean_run(p, s, size);
}

MDG_CHECK(mean_lanes_s8, mean_lanes, mean_lanes_s8, 1)
MDG_CHECK(mean_mve_s8, mean_lanes, mean_mve, 1)
MDG_CHECK(mean_lanes_s16, mean_lanes, mean_run, sizeof(int16_t))
MDG_CHECK(mean_s8, reduce, mean_s8, 1)
MDG_CHECK(mean_f32, reduce, reduce, sizeof(float), sizeof(float))
MDG_CHECK(mean_s16, reduce, mean_s16, sizeof(int16_t))
MDG_CHECK(sum_f32, reduce_shape, reduce, sizeof(float), sizeof(float))
MDG_CHECK(reduce_max_s8, reduce_shape, reduce, 1, 1)
MDG_CHECK(reduce_max_f32, reduce_shape, reduce, sizeof(float), sizeof(float))
MDG_CHECK(reduce_min_s8, reduce_shape, reduce, 1, 1)
MDG_CHECK(reduce_min_f32, reduce_shape, reduce, sizeof(float), sizeof(float))
MDG_CHECK(reduce_all, reduce_shape, reduce, 1, 1)
