/* SPDX-License-Identifier: MIT
 *
 * Pooling: every window reaches into the input.
 */
#include "../check.h"

/* Elements under a window whose sum 32 bits hold */
enum { MAX_WINDOW = 1 << 23, MAX_WINDOW_S16 = 1 << 15 };

static bool reaches_input(const mdg_window_check *w, int32_t in) {
    return mdg_is_window(w) && w->pad < w->kernel && (w->out - 1) * w->stride - w->pad < in;
}

static int32_t smaller(int32_t a, int32_t b) {
    return a < b ? a : b;
}

static bool pool2d(const void *params, const mdg_sizes *s, uint32_t size) {
    const mdg_pool2d_shape_params *p = (const mdg_pool2d_shape_params *)params;
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, 1, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, 1, p->pad_w};
    return reaches_input(&h, p->in_h) && reaches_input(&w, p->in_w) &&
           mdg_within((int32_t)mdg_count2(smaller(p->kernel_h, p->in_h), smaller(p->kernel_w, p->in_w)), 1,
                      size == 2 ? MAX_WINDOW_S16 : MAX_WINDOW) &&
           mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->channels), size) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->channels), size);
}

/* Four channels at a time; columns: of a window that 16 bits hold the sum of */
static bool lanes(const mdg_pool2d_params *p, const mdg_sizes *s, int32_t columns) {
    return pool2d(p, s, 1) && p->channels >= 4 && smaller(p->kernel_w, p->in_w) <= columns;
}

/* Two channels at a time */
static bool lanes_s16(const mdg_pool2d_params *p, const mdg_sizes *s, uint32_t size) {
    return pool2d(p, s, size) && p->channels >= 2;
}

/* elements: of a window that 16 bits hold the sum of */
static bool vectors(const mdg_pool2d_params *p, const mdg_sizes *s, uint32_t elements) {
    const uint32_t count = mdg_count2(smaller(p->kernel_h, p->in_h), smaller(p->kernel_w, p->in_w));
    return pool2d(p, s, 1) && count <= elements;
}

MDG_CHECK(average_pool2d_mve_s8, pool2d, vectors, 256)
MDG_CHECK(max_pool2d_mve_s8, pool2d, vectors, UINT32_MAX)
MDG_CHECK(average_pool2d_lanes_s8, pool2d, lanes, 256)
MDG_CHECK(max_pool2d_lanes_s8, pool2d, lanes, INT32_MAX)
MDG_CHECK(max_pool2d_scalar_s8, pool2d, lanes, INT32_MAX)
MDG_CHECK(average_pool2d_lanes_s16, pool2d, lanes_s16, sizeof(int16_t))
MDG_CHECK(max_pool2d_lanes_s16, pool2d, lanes_s16, sizeof(int16_t))
MDG_CHECK(average_pool2d_s8, pool2d, pool2d, 1)
MDG_CHECK(average_pool2d_s16, pool2d, pool2d, sizeof(int16_t))
MDG_CHECK(average_pool2d_f32, pool2d_f32, pool2d, sizeof(float))
MDG_CHECK(max_pool2d_s8, pool2d, pool2d, 1)
MDG_CHECK(max_pool2d_s16, pool2d, pool2d, sizeof(int16_t))
MDG_CHECK(max_pool2d_f32, pool2d_f32, pool2d, sizeof(float))
MDG_CHECK(l2_pool2d_f32, pool2d_f32, pool2d, sizeof(float))
