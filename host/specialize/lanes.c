/* SPDX-License-Identifier: MIT
 *
 * MEAN, SUM and pooling, a word of channels at a time: four of int8, two of int16.
 */
#include "specialize/spec.h"

enum { MAX_COLUMNS = 256 }; /* of a window whose sum average_pool2d_lanes_s8 holds in 16 bits */

/* The sizes above 1 and their strides, from the outermost; returns how many there are. */
static int nontrivial(const int32_t *size, const int32_t *stride, int32_t sizes[4], int32_t strides[4]) {
    int n = 0;
    for (int d = 0; d < 4; d++) {
        if (size[d] == 1) continue;
        sizes[n] = size[d];
        strides[n++] = stride[d];
    }
    return n;
}

/* Whether the tensor is [outer][inputs][inner], with inner the channels or 1 */
static bool is_run(const mdg_reduce_params *p, mdg_mean_lanes_params *q) {
    int32_t kept[4], kept_stride[4], reduced[4], reduced_stride[4];
    int n_kept = nontrivial(p->kept, p->kept_stride, kept, kept_stride);
    if (nontrivial(p->reduced, p->reduced_stride, reduced, reduced_stride) != 1) return false;
    q->inner = q->outer = 1;
    if (n_kept > 0 && kept_stride[n_kept - 1] == 1) q->inner = kept[--n_kept];
    if (n_kept > 1 || reduced_stride[0] != q->inner) return false;
    if (n_kept == 1) q->outer = kept[0];
    return n_kept == 0 || kept_stride[0] == q->inputs * q->inner;
}

/* least: channels that a word holds; takes_rows: which have one channel each */
static bool mean(mdg_spec *s, mdg_kernel_id kernel, int32_t least, bool takes_rows) {
    const mdg_reduce_params *p = s->call->params;
    mdg_mean_lanes_params q = {.inputs = p->inputs, .in_zero = p->in_zero, .out_zero = p->out_zero};
    q.mult = p->mult, q.shift = p->shift;
    if (!is_run(p, &q) || (q.inner == 1 ? !takes_rows : q.inner < least)) return false;
    mdg_spec_add_call(s, kernel, mdg_arena_copy(s->program->arena, &q, sizeof q));
    return true;
}

bool mdg_spec_mean(mdg_spec *s) {
    return mean(s, MDG_K_mean_lanes_s8, 4, true);
}

/* A shift of at least 1 makes the second rounding Helium's (core/kernels/mve/requantize.h). */
bool mdg_spec_mve_mean(mdg_spec *s) {
    const mdg_reduce_params *p = s->call->params;
    const bool with_helium =
        p->shift < 0 && mdg_spec_may_use(s, MDG_K_mean_mve_s8) && mean(s, MDG_K_mean_mve_s8, 2, false);
    return with_helium || mdg_spec_mean(s);
}

bool mdg_spec_mean_s16(mdg_spec *s) {
    return mean(s, MDG_K_mean_lanes_s16, 2, true);
}

static int32_t output_count(const mdg_pool2d_params *p) {
    return p->batches * p->out_h * p->out_w * p->channels;
}

static bool pool(mdg_spec *s, mdg_kernel_id kernel) {
    const mdg_pool2d_params *p = s->call->params;
    if (p->channels < 4) return false;
    mdg_spec_add_call(s, kernel, p);
    mdg_spec_add_clamp(s, output_count(p), p->act_min, p->act_max);
    return true;
}

static bool pool_s16(mdg_spec *s, mdg_kernel_id kernel) {
    const mdg_pool2d_params *p = s->call->params;
    if (p->channels < 2) return false;
    mdg_spec_add_call(s, kernel, p);
    mdg_spec_add_clamp_s16(s, output_count(p), p->act_min, p->act_max);
    return true;
}

bool mdg_spec_average_pool2d(mdg_spec *s) {
    const mdg_pool2d_params *p = s->call->params;
    const int32_t columns = p->kernel_w < p->in_w ? p->kernel_w : p->in_w;
    return columns <= MAX_COLUMNS && pool(s, MDG_K_average_pool2d_lanes_s8);
}

bool mdg_spec_max_pool2d(mdg_spec *s) {
    return pool(s, MDG_K_max_pool2d_lanes_s8);
}

/* Without SIMD, words pay where they stand on multiples of 4 and a window has many of them. */
bool mdg_spec_scalar_average_pool2d(mdg_spec *s) {
    enum { LEAST = 16 };
    const mdg_pool2d_params *p = s->call->params;
    const int32_t rows = p->kernel_h < p->in_h ? p->kernel_h : p->in_h;
    const int32_t columns = p->kernel_w < p->in_w ? p->kernel_w : p->in_w;
    return p->channels % 4 == 0 && rows * columns >= LEAST && mdg_spec_average_pool2d(s);
}

bool mdg_spec_scalar_max_pool2d(mdg_spec *s) {
    return pool(s, MDG_K_max_pool2d_scalar_s8);
}

bool mdg_spec_average_pool2d_s16(mdg_spec *s) {
    return pool_s16(s, MDG_K_average_pool2d_lanes_s16);
}

bool mdg_spec_max_pool2d_s16(mdg_spec *s) {
    return pool_s16(s, MDG_K_max_pool2d_lanes_s16);
}
