/* SPDX-License-Identifier: MIT
 *
 * transpose_conv.h: the loop of every TRANSPOSE_CONV.
 *
 * Input element (iy, ix) adds to the outputs (iy * stride_h - pad_h + ky, ix * stride_w - pad_w + kx) for
 * each tap (ky, kx) of the kernel. Here each output gathers what it gets, in the order in which TFLM scatters
 * it: by row, column and channel of the input.
 *
 * MDG_TRANSPOSE_CONV_KERNEL(name, list, type, weight_type, sum_type, product, finish) defines the kernel
 * mdg_<name>, whose parameter list begins with `conv2d_shape`; y = finish(p, in, sum of product(p, x, w),
 * output channel).
 */
#ifndef MDG_REF_TRANSPOSE_CONV_H
#define MDG_REF_TRANSPOSE_CONV_H

#include "midge/kernel.h"
#include "span.h"

/* The positions i of the input whose taps reach output o: 0 <= o + pad - i * stride < kernel */
static inline mdg_span mdg_transpose_conv_span(int32_t o, int32_t stride, int32_t pad, int32_t kernel,
                                               int32_t size) {
    const int32_t last = (o + pad) / stride, before_first = o + pad - kernel;
    mdg_span s;
    s.from = before_first < 0 ? 0 : before_first / stride + 1;
    s.to = last < size ? last + 1 : size;
    return s;
}

#define MDG_TRANSPOSE_CONV_KERNEL(name, list, type, weight_type, sum_type, product, finish)                  \
    static inline sum_type mdg_##name##_sum(const mdg_##list##_params *p, const type *x,                     \
                                            const weight_type *w, int32_t oy, int32_t ox) {                  \
        const mdg_span ys = mdg_transpose_conv_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);        \
        const mdg_span xs = mdg_transpose_conv_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);        \
        sum_type sum = 0;                                                                                    \
        for (int32_t iy = ys.from; iy < ys.to; iy++) {                                                       \
            const int32_t ky = oy + p->pad_h - iy * p->stride_h;                                             \
            for (int32_t ix = xs.from; ix < xs.to; ix++) {                                                   \
                const int32_t kx = ox + p->pad_w - ix * p->stride_w;                                         \
                const type *tap = x + (iy * p->in_w + ix) * p->in_c;                                         \
                const weight_type *weight = w + (ky * p->kernel_w + kx) * p->in_c;                           \
                for (int32_t c = 0; c < p->in_c; c++) sum += product(p, tap[c], weight[c]);                  \
            }                                                                                                \
        }                                                                                                    \
        return sum;                                                                                          \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
        const type *x = (const type *)in[0];               /* [batches][in_h][in_w][in_c] */                 \
        const weight_type *w = (const weight_type *)in[1]; /* [out_c][kernel_h][kernel_w][in_c] */           \
        type *y = (type *)out[0];                          /* [batches][out_h][out_w][out_c] */              \
        const int32_t filter = p->kernel_h * p->kernel_w * p->in_c;                                          \
        for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c)                           \
            for (int32_t oy = 0; oy < p->out_h; oy++)                                                        \
                for (int32_t ox = 0; ox < p->out_w; ox++)                                                    \
                    for (int32_t oc = 0; oc < p->out_c; oc++)                                                \
                        *y++ = finish(p, in, mdg_##name##_sum(p, x, w + oc * filter, oy, ox), oc);           \
    }

#endif
