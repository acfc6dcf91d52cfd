/* SPDX-License-Identifier: MIT
 *
 * CUMSUM, ARG_MAX, ARG_MIN.
 */
#include "../check.h"

static bool cumsum(const mdg_cumsum_params *p, mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count3(p->outer, p->axis, p->inner);
    return mdg_has_in(s, 0, count, size) && mdg_has_out(s, 0, count, size) && mdg_may_share(s);
}

static bool cumsum_s8(const mdg_cumsum_params *p, mdg_sizes *s, uint32_t size) {
    return cumsum(p, s, size) && mdg_is_int(p->in_zero, 8) && mdg_is_fraction(p->mult, p->shift);
}

static bool arg(const mdg_arg_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_has_in(s, 0, mdg_count3(p->outer, p->axis, p->inner), size) &&
           mdg_has_out(s, 0, mdg_count2(p->outer, p->inner), sizeof(int32_t));
}

MDG_CHECK(cumsum_s8, cumsum, cumsum_s8, 1)
MDG_CHECK(cumsum_f32, cumsum, cumsum, sizeof(float))
MDG_CHECK(arg_max_s8, arg, arg, 1)
MDG_CHECK(arg_max_f32, arg, arg, sizeof(float))
MDG_CHECK(arg_min_s8, arg, arg, 1)
MDG_CHECK(arg_min_f32, arg, arg, sizeof(float))
