/* SPDX-License-Identifier: MIT
 *
 * pool_util.h: the loop of every pooling kernel.
 *
 * MDG_POOL2D_KERNEL(name, list, type, window, limit) defines the kernel mdg_<name>, whose parameter list
 * begins with `pool2d_shape`: y = limit(window(p, x, rows, columns), act_min, act_max) for each output, where
 * x points at the channel and the window's part inside the input is rows x columns.
 */
#ifndef MDG_REF_POOL_UTIL_H
#define MDG_REF_POOL_UTIL_H

#include "span.h"

/* The part of output o's window that lies inside the input; never empty */
static inline mdg_span mdg_pool_span(int32_t o, int32_t stride, int32_t pad, int32_t kernel, int32_t size) {
    const int32_t start = o * stride - pad;
    mdg_span s;
    s.from = start < 0 ? 0 : start;
    s.to = start + kernel > size ? size : start + kernel;
    return s;
}

#define MDG_POOL2D_KERNEL(name, list, type, window, limit)                                                   \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
        const type *x = (const type *)in[0]; /* [batches][in_h][in_w][channels] */                           \
        type *y = (type *)out[0];            /* [batches][out_h][out_w][channels] */                         \
        for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->channels) {                     \
            for (int32_t oy = 0; oy < p->out_h; oy++) {                                                      \
                const mdg_span rows = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);        \
                for (int32_t ox = 0; ox < p->out_w; ox++) {                                                  \
                    const mdg_span columns = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w); \
                    for (int32_t c = 0; c < p->channels; c++)                                                \
                        *y++ = (type)limit(window(p, x + c, rows, columns), p->act_min, p->act_max);         \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }

#endif
