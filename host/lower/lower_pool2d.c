/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D.
 */
#include "lower/lower.h"

#include <string.h>

/* Elements under a window whose sum 32 bits hold */
enum { MAX_WINDOW = 1 << 23, MAX_WINDOW_S16 = 1 << 15 };

static mdg_status read_shape(const mdg_lowering *lo, mdg_pool2d_shape_params *p) {
    const mdg_pool2d_attrs *a = lo->op->attrs;
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, 0), 4, 4));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_output(lo, 0), 4, 4));
    const int32_t *x = mdg_lo_input(lo, 0)->shape.dim, *y = mdg_lo_output(lo, 0)->shape.dim;
    MDG_TRY(
        mdg_lo_need(lo, x[0] == y[0] && x[3] == y[3], "input and output differ in batch size or channels"));
    *p = (mdg_pool2d_shape_params){.batches = x[0], .in_h = x[1], .in_w = x[2], .channels = x[3]};
    p->out_h = y[1], p->out_w = y[2];
    p->kernel_h = a->filter_h, p->kernel_w = a->filter_w;
    p->stride_h = a->stride_h, p->stride_w = a->stride_w;
    const mdg_window h = {a->padding, p->in_h, p->kernel_h, p->stride_h, 1, p->out_h};
    const mdg_window w = {a->padding, p->in_w, p->kernel_w, p->stride_w, 1, p->out_w};
    MDG_TRY(mdg_lo_window(lo, &h, &p->pad_h));
    MDG_TRY(mdg_lo_window(lo, &w, &p->pad_w));
    const int64_t rows = p->kernel_h < p->in_h ? p->kernel_h : p->in_h;
    const int64_t columns = p->kernel_w < p->in_w ? p->kernel_w : p->in_w;
    if (rows * columns <= (mdg_lo_output(lo, 0)->type == MDG_INT16 ? MAX_WINDOW_S16 : MAX_WINDOW))
        return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "a window over %lld elements overflows the sum",
                       (long long)(rows * columns));
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_pool2d_attrs *a = lo->op->attrs;
    mdg_pool2d_shape_params shape;
    MDG_TRY(read_shape(lo, &shape));
    if (mdg_lo_output(lo, 0)->type == MDG_FLOAT32) {
        mdg_pool2d_f32_params *p = mdg_lo_params(lo, sizeof *p);
        memcpy(p, &shape, sizeof shape);
        MDG_TRY(mdg_lo_activation_f32(lo, a->activation, &p->act_min, &p->act_max));
        mdg_lo_call(lo, p);
        return MDG_OK;
    }
    mdg_pool2d_params *p = mdg_lo_params(lo, sizeof *p);
    memcpy(p, &shape, sizeof shape);
    MDG_TRY(mdg_lo_need_same_scale(lo, mdg_lo_input(lo, 0), mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_activation(lo, a->activation, mdg_lo_output(lo, 0), &p->act_min, &p->act_max));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant average[] = {
    {"int8->int8", MDG_K_average_pool2d_s8},
    {"int16->int16", MDG_K_average_pool2d_s16},
    {"float32->float32", MDG_K_average_pool2d_f32},
};
MDG_RULE(average_pool2d, 1, 1, 1, average, lower);

static const mdg_variant max[] = {
    {"int8->int8", MDG_K_max_pool2d_s8},
    {"int16->int16", MDG_K_max_pool2d_s16},
    {"float32->float32", MDG_K_max_pool2d_f32},
};
MDG_RULE(max_pool2d, 1, 1, 1, max, lower);

static const mdg_variant l2[] = {{"float32->float32", MDG_K_l2_pool2d_f32}};
MDG_RULE(l2_pool2d, 1, 1, 1, l2, lower);
