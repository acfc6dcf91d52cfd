/* SPDX-License-Identifier: MIT
 *
 * RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR: pictures, and tables of rows and columns that are constant.
 */
#include "../check.h"

/* Constant input k has `count` positions in [0, size). */
static bool has_positions(const mdg_sizes *s, uint32_t k, uint32_t count, int32_t size) {
    if (!mdg_has_in(s, k, count, sizeof(int32_t)) || !s->constant[k]) return false;
    const int32_t *position = (const int32_t *)s->constant[k];
    for (uint32_t i = 0; i < count; i++)
        if (position[i] < 0 || position[i] >= size) return false;
    return true;
}

/* Input and output, the size of an element in bytes; an int counts to the end of both. */
static bool pictures(const mdg_resize_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->pixel), size) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->pixel), size);
}

static bool nearest(const mdg_resize_params *p, const mdg_sizes *s, uint32_t size) {
    return pictures(p, s, size) && has_positions(s, 1, mdg_count1(p->out_h), p->in_h) &&
           has_positions(s, 2, mdg_count1(p->out_w), p->in_w);
}

static bool bilinear_f32(const mdg_resize_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t h = mdg_count1(p->out_h), w = mdg_count1(p->out_w);
    return pictures(p, s, size) && has_positions(s, 1, mdg_times(h, 2), p->in_h) && mdg_has_in(s, 2, h, 4) &&
           has_positions(s, 3, mdg_times(w, 2), p->in_w) && mdg_has_in(s, 4, w, 4);
}

/* Parts of [-1024, 1024]: the kernel's sums fit 32 bits. */
static bool has_parts(const mdg_sizes *s, uint32_t k, int32_t count) {
    const int32_t *part = (const int32_t *)s->constant[k];
    if (!part) return false;
    for (int32_t i = 0; i < count; i++)
        if (!mdg_within(part[i], -1024, 1024)) return false;
    return true;
}

static bool bilinear_s8(const mdg_resize_params *p, const mdg_sizes *s, uint32_t size) {
    return bilinear_f32(p, s, size) && has_parts(s, 2, p->out_h) && has_parts(s, 4, p->out_w);
}

MDG_CHECK(resize_nearest, resize, nearest, 1)
MDG_CHECK(resize_bilinear_s8, resize, bilinear_s8, 1)
MDG_CHECK(resize_bilinear_f32, resize, bilinear_f32, sizeof(float))
