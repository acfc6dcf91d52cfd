/* SPDX-License-Identifier: MIT
 *
 * spec.h: what the files of this room share.
 *
 * A rule looks at one call of a reference kernel. It either adds the calls that do the same and returns true,
 * or adds nothing and returns false.
 */
#ifndef MDG_SPEC_H
#define MDG_SPEC_H

#include "specialize/specialize.h"

typedef struct mdg_spec {
    mdg_program *program;
    const mdg_call *call; /* that is to be replaced */
    mdg_optimize optimize;
    const bool *without; /* [MDG_K_COUNT] kernels that are not to be used (size.h) */
} mdg_spec;

typedef bool mdg_spec_rule(mdg_spec *s);

mdg_spec_rule mdg_spec_add, mdg_spec_conv2d, mdg_spec_depthwise_conv2d, mdg_spec_fully_connected,
    mdg_spec_mean, mdg_spec_average_pool2d, mdg_spec_max_pool2d, mdg_spec_mul, mdg_spec_softmax,
    mdg_spec_conv2d_s16_b32, mdg_spec_conv2d_s16_b64, mdg_spec_depthwise_conv2d_s16,
    mdg_spec_fully_connected_s16_b32, mdg_spec_fully_connected_s16_b64, mdg_spec_svdf_state8,
    mdg_spec_svdf_state16, mdg_spec_lstm, mdg_spec_lstm_s16, mdg_spec_mean_s16, mdg_spec_average_pool2d_s16,
    mdg_spec_max_pool2d_s16;

/* For processors without SIMD (scalar.c) */
mdg_spec_rule mdg_spec_scalar_conv2d, mdg_spec_scalar_depthwise_conv2d, mdg_spec_scalar_fully_connected,
    mdg_spec_scalar_mul, mdg_spec_scalar_average_pool2d, mdg_spec_scalar_max_pool2d;

/* Any processor (add_linear.c) */
mdg_spec_rule mdg_spec_add_linear;

/* DEPTHWISE_CONV_2D of one input channel is a CONV_2D. */
bool mdg_spec_conv_of_one_channel(mdg_spec *s);

/* -- Ask -- */

/* Whether the kernel may be used. Rules that know another one ask; a call of one that may not be used is
 * taken back. */
bool mdg_spec_may_use(const mdg_spec *s, mdg_kernel_id kernel);

/* Constant data of input k, NULL where it is absent or not constant */
const void *mdg_spec_const(const mdg_spec *s, int k);

/* -- Emit -- */

/* A call of another kernel with input 0 and output 0 of the call that is replaced */
mdg_call *mdg_spec_add_call(mdg_spec *s, mdg_kernel_id kernel, const void *params);
void mdg_spec_add_const(mdg_spec *s, mdg_call *c, const char *name, const int32_t *words, size_t count);
void mdg_spec_add_scratch(mdg_spec *s, mdg_call *c, size_t bytes);
/* After a kernel that saturates to int8, or int16: clamps output 0 where the range is narrower. */
void mdg_spec_add_clamp(mdg_spec *s, int32_t count, int32_t min, int32_t max);
void mdg_spec_add_clamp_s16(mdg_spec *s, int32_t count, int32_t min, int32_t max);

/* -- Sums (sums.c) -- */

/* What is known of the sum of one output channel, bias and input's zero point included */
typedef struct mdg_spec_channel {
    int64_t min, max;    /* that inputs from -128 to 127 can give */
    int32_t bias;        /* for inputs with zero point 0 */
    int32_t mult, right; /* right = -shift */
    int32_t zero;        /* the output's zero point */
} mdg_spec_channel;

typedef struct mdg_spec_layer {
    int32_t out_c, depth; /* depth: a multiple of 4 */
    int8_t *w;            /* [out_c][depth], zero where there are no taps */
    mdg_spec_channel *channels;
    bool two_sided;
    bool packed;                              /* weights of 4 bits that stay so (mac.h) */
    const struct mdg_spec_clusters *clusters; /* places in these instead of weights (clusters.h); or NULL */
} mdg_spec_layer;

/* How a layer's sums come about; bias may be NULL. Factor c is mult[c * factor_step]. */
typedef struct mdg_spec_sums {
    int32_t out_c, taps, in_zero, out_zero, act_min;
    const int8_t *w; /* weight of tap t of channel c: w[c * channel_step + t * tap_step] */
    int32_t channel_step, tap_step;
    const int32_t *bias, *mult, *shift;
    int32_t factor_step;
} mdg_spec_sums;

/* Bounds the sums. Channels whose result is one value for all inputs lose their weights. Returns false where
 * a sum may not fit 32 bits, or a factor is more than 1. */
bool mdg_spec_bound(mdg_spec *s, const mdg_spec_sums *sums, mdg_spec_layer *out);

/* The same of a CONV_2D or DEPTHWISE_CONV_2D; false where weights, bias or factors are not constant. */
bool mdg_spec_conv_bound(mdg_spec *s, bool is_depthwise, mdg_spec_layer *out);
/* The rule of a CONV_2D, or a DEPTHWISE_CONV_2D of one channel: bounds the layer, adds its call by `add`,
 * which answers whether it could, and the clamp behind it. */
typedef bool mdg_spec_add_layer(mdg_spec *s, const mdg_conv2d_params *p, mdg_spec_layer *l);
bool mdg_spec_conv(mdg_spec *s, bool is_depthwise, mdg_spec_add_layer *add);
/* Bounds the sums of a FULLY_CONNECTED. */
bool mdg_spec_fully_connected_bound(mdg_spec *s, mdg_spec_layer *out);
/* Constant channels have factors of their own. */
bool mdg_spec_has_one_factor(const mdg_spec_layer *l);
/* A clamp that begins at the output's zero point, -128, removes what is negative. */
bool mdg_spec_removes_negative(const mdg_conv2d_params *p);
/* Windows of one pixel each, side by side */
bool mdg_spec_is_pointwise(const mdg_conv2d_params *p);
/* One output, whose window is the whole input */
bool mdg_spec_is_fully_connected(const mdg_conv2d_params *p);
/* Parameters of the armv7em convolutions for those of the reference */
mdg_conv2d_smlad_params *mdg_spec_conv_params(mdg_spec *s, const mdg_spec_layer *l);
const char *mdg_spec_weights_name(const mdg_spec *s);

/* Whether two-sided requantisation (core/kernels/armv7em/mac.h) is exact for a channel */
bool mdg_spec_two_sided_fits(const mdg_spec_channel *c);

/* Whether a sum that stands 2^8 times as large fits one-sided requantisation */
bool mdg_spec_scaled_fits(const mdg_spec_channel *c);

/* Whether weights a and b can share a word (core/kernels/armv7em/mac.h): b is stored less 1 where a is
 * negative. */
bool mdg_spec_pair_fits(const int8_t *a, const int8_t *b, int32_t n);
/* (a[0] b[0] a[2] b[2]) or, odd, (a[1] b[1] a[3] b[3]) */
int32_t mdg_spec_pair(const int8_t *a, const int8_t *b, int odd);

/* Multiplier, offset and shift of two-sided requantisation */
void mdg_spec_two_sided(const mdg_spec_channel *c, int32_t out[3]);

/* One call of depthwise_line_smlad_s8 for a layer whose channels fit two-sided requantisation; false, and
 * nothing, where the kernel does not take it, or another is faster. */
bool mdg_spec_add_depthwise_line(mdg_spec *s, const mdg_spec_layer *l);

/* The same of depthwise_line_scalar_s8, for a layer that fits the requantisation there */
bool mdg_spec_add_depthwise_line_scalar(mdg_spec *s, const mdg_spec_layer *l);

/* One call of fully_connected_smlad_s8 for a layer that sees its whole input; false, and nothing, where that
 * is not exact. */
bool mdg_spec_add_fully_connected(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c);

#endif
