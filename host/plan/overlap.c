/* SPDX-License-Identifier: MIT */
#include "plan/overlap.h"

#include <string.h>

#include "plan/walk.h"

typedef bool order_fn(const void *params, mdg_overlap *out);

static mdg_overlap from_lead(int64_t lead) {
    return (mdg_overlap){.lead = (size_t)lead, .step = 1};
}

/* -- Convolutions -- */

static mdg_windows conv_windows(const mdg_conv2d_shape_params *p, int element) {
    return (mdg_windows){.batches = p->batches,
                         .in_h = p->in_h,
                         .in_w = p->in_w,
                         .out_h = p->out_h,
                         .out_w = p->out_w,
                         .kernel_h = p->kernel_h,
                         .kernel_w = p->kernel_w,
                         .stride_h = p->stride_h,
                         .stride_w = p->stride_w,
                         .dilation_h = p->dilation_h,
                         .dilation_w = p->dilation_w,
                         .pad_h = p->pad_h,
                         .pad_w = p->pad_w,
                         .in_bytes = (int64_t)p->in_c * element,
                         .out_bytes = (int64_t)p->out_c * element,
                         .group = 1};
}

/* The reference: a window is read for each channel. */
static bool conv_by_channel(const mdg_conv2d_shape_params *p, int element, int32_t last_channel,
                            mdg_overlap *out) {
    mdg_windows w = conv_windows(p, element);
    w.before_last = w.out_bytes - element;
    w.last_read = (int64_t)last_channel * element;
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool conv_8(const void *params, mdg_overlap *out) {
    return conv_by_channel(params, 1, 0, out);
}

static bool conv_16(const void *params, mdg_overlap *out) {
    return conv_by_channel(params, 2, 0, out);
}

static bool conv_32(const void *params, mdg_overlap *out) {
    return conv_by_channel(params, 4, 0, out);
}

static bool depthwise_8(const void *params, mdg_overlap *out) {
    const mdg_conv2d_shape_params *p = params;
    return conv_by_channel(p, 1, p->in_c - 1, out);
}

static bool depthwise_16(const void *params, mdg_overlap *out) {
    const mdg_conv2d_shape_params *p = params;
    return conv_by_channel(p, 2, p->in_c - 1, out);
}

static bool depthwise_32(const void *params, mdg_overlap *out) {
    const mdg_conv2d_shape_params *p = params;
    return conv_by_channel(p, 4, p->in_c - 1, out);
}

/* The windows of `group` pixels are gathered before any of them is written. */
static bool conv_groups(const mdg_conv2d_shape_params *p, int group, mdg_overlap *out) {
    mdg_windows w = conv_windows(p, 1);
    w.group = group;
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool conv_smlad(const void *params, mdg_overlap *out) {
    return conv_groups(params, 3, out);
}

static bool conv_by_two(const void *params, mdg_overlap *out) {
    return conv_groups(params, 2, out);
}

static bool conv_pixel(const void *params, mdg_overlap *out) {
    return conv_groups(params, 1, out);
}

static bool conv_scalar(const void *params, mdg_overlap *out) {
    return conv_groups(params, 4, out);
}

/* Pixels that follow each other, each from the one at its place */
static mdg_windows row_windows(int32_t pixels, int32_t in_bytes, int32_t out_bytes) {
    return (mdg_windows){.batches = 1,
                         .in_h = 1,
                         .in_w = pixels,
                         .out_h = 1,
                         .out_w = pixels,
                         .kernel_h = 1,
                         .kernel_w = 1,
                         .stride_h = 1,
                         .stride_w = 1,
                         .dilation_h = 1,
                         .dilation_w = 1,
                         .in_bytes = in_bytes,
                         .out_bytes = out_bytes,
                         .group = 1};
}

static bool row_groups(mdg_windows w, int group, mdg_overlap *out) {
    w.group = group;
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool pointwise_smlad(const void *params, mdg_overlap *out) {
    const mdg_pointwise_smlad_params *p = params;
    return row_groups(row_windows(p->pixels, p->in_c, p->out_c), 3, out);
}

/* Clustered weights: in one block of channels, or the input is read again for the next. */
static bool pointwise_lut(const void *params, mdg_overlap *out) {
    const mdg_pointwise_lut_params *p = params;
    return 2 * p->block == p->out_c && pointwise_smlad(params, out);
}

static bool conv_lut(const void *params, mdg_overlap *out) {
    const mdg_conv2d_lut_params *p = params;
    return 2 * p->block == p->out_c && conv_smlad(params, out);
}

static bool pointwise_scalar(const void *params, mdg_overlap *out) {
    const mdg_pointwise_scalar_params *p = params;
    return row_groups(row_windows(p->pixels, p->in_c, p->out_c), 4, out);
}

/* A single pixel may be read where it stands. */
static bool pointwise_mve(const void *params, mdg_overlap *out) {
    const mdg_pointwise_mve_params *p = params;
    return p->pixels > 1 && row_groups(row_windows(p->pixels, p->in_c, p->out_c), 2, out);
}

/* Four channels of all pixels come before the next four: input and output may only differ by whole pixels,
 * where one channel's bytes never fall on another's. The last four channels must not be computed twice. */
static bool depthwise_smlad(const void *params, mdg_overlap *out) {
    const mdg_conv2d_shape_params *p = params;
    mdg_windows w = conv_windows(p, 1);
    w.in_bytes = w.out_bytes = 1;
    *out = (mdg_overlap){.lead = (size_t)(mdg_windows_lead(&w) * p->in_c), .step = (size_t)p->in_c};
    return p->in_c % 4 == 0;
}

/* Kernels that spread a channel, or four, to planes, a band of rows after the other. Axis n is the one that
 * rows run along, m the other; span: input rows that an output row is made of */
typedef struct bands {
    int32_t batches, channels, in_n, in_m, out_n, out_m, stride_n, stride_m, pad_m, in_step_n;
    int32_t band, span;
} bands;

/* A band of rows is written when all its input is in the planes. */
static bool bands_along_rows(const bands *p, mdg_overlap *out) {
    mdg_walk walk = {0};
    for (int32_t b = 0; b < p->batches; b++) {
        int32_t next = 0; /* row of the input, of those that are not in the planes */
        for (int32_t m = 0; m < p->out_m; m += p->band) {
            const int32_t rows = p->out_m - m < p->band ? p->out_m - m : p->band;
            const int32_t needed = (m + rows - 1) * p->stride_m + p->span - p->pad_m;
            if (next < p->in_m) mdg_walk_read(&walk, ((int64_t)b * p->in_m + next) * p->in_n);
            if (needed > next) next = needed;
            mdg_walk_write(&walk, ((int64_t)b * p->out_m + m + rows) * p->out_n);
        }
    }
    *out = (mdg_overlap){.lead = (size_t)(walk.lead * p->channels), .step = (size_t)p->channels};
    return true;
}

/* Where rows run down the picture's columns, outputs are not written from front to back: only in place, which
 * is safe since a column is in the planes before it is written. */
static bool in_bands(const bands *p, mdg_overlap *out) {
    if (p->in_step_n == p->channels) return bands_along_rows(p, out);
    *out = (mdg_overlap){.lead = 0, .step = 0};
    return p->in_n == p->out_n && p->in_m == p->out_m && p->stride_m == 1 && p->stride_n == 1;
}

#define BANDS_OF(p, rows)                                                                                    \
    {                                                                                                        \
        .batches = (p)->batches, .channels = (p)->channels, .in_n = (p)->in_n, .in_m = (p)->in_m,            \
        .out_n = (p)->out_n, .out_m = (p)->out_m, .stride_n = (p)->stride_n, .stride_m = (p)->stride_m,      \
        .pad_m = (p)->pad_m, .in_step_n = (p)->in_step_n, .band = (p)->band, .span = (rows)                  \
    }

static bool depthwise3x3(const void *params, mdg_overlap *out) {
    const mdg_depthwise_planes_params *p = params;
    const bands b = BANDS_OF(p, 3);
    return in_bands(&b, out);
}

static bool depthwise_taps(const void *params, mdg_overlap *out) {
    const mdg_depthwise_taps_params *p = params;
    const bands b = BANDS_OF(p, (p->kernel_m - 1) * p->dilation_m + 1);
    return p->multiplier == 1 && in_bands(&b, out);
}

static bool depthwise_scalar(const void *params, mdg_overlap *out) {
    const mdg_depthwise_scalar_params *p = params;
    const bands b = BANDS_OF(p, (p->kernel_m - 1) * p->dilation_m + 1);
    return p->multiplier == 1 && in_bands(&b, out);
}

/* Rows go in by pairs at stride 1; at stride 2 the row that two outputs share goes in twice. */
static bool depthwise3x3_mve(const void *params, mdg_overlap *out) {
    const mdg_depthwise3x3_mve_params *p = params;
    const bands b = {.batches = p->batches,
                     .channels = p->channels,
                     .in_n = p->in_n,
                     .in_m = p->in_m,
                     .out_n = p->out_n,
                     .out_m = p->out_m,
                     .stride_n = p->stride,
                     .stride_m = p->stride,
                     .pad_m = p->pad_m,
                     .in_step_n = p->in_step_n,
                     .band = p->stride == 1 ? 2 : 1,
                     .span = p->stride == 1 ? 3 : 2};
    return in_bands(&b, out);
}

/* -- By lanes -- */

/* `lanes` channels at a time, the last ones maybe partly for the second time */
static bool by_lanes(mdg_windows w, int32_t channels, int32_t lanes, mdg_overlap *out) {
    if (channels % lanes != 0 && channels >= lanes) {
        w.before_last = channels / lanes * lanes;
        w.last_read = channels - lanes;
    }
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool depthwise_mve(const void *params, mdg_overlap *out) {
    const mdg_conv2d_shape_params *p = params;
    return by_lanes(conv_windows(p, 1), p->in_c, 8, out);
}

/* Outputs follow each other no closer than inputs. */
static bool along_line(int32_t channels, int32_t out_step, mdg_overlap *out) {
    *out = (mdg_overlap){.lead = 0, .step = (size_t)channels};
    return out_step >= channels;
}

static bool depthwise_line_smlad(const void *params, mdg_overlap *out) {
    const mdg_depthwise_line_smlad_params *p = params;
    return p->channels % 4 == 0 && along_line(p->channels, p->out_step, out);
}

static bool depthwise_line_scalar(const void *params, mdg_overlap *out) {
    const mdg_depthwise_line_scalar_params *p = params;
    return along_line(p->channels, p->out_step, out);
}

/* -- Pooling -- */

static mdg_windows pool_windows(const mdg_pool2d_shape_params *p, int element) {
    const mdg_conv2d_shape_params shape = {.batches = p->batches,
                                           .in_h = p->in_h,
                                           .in_w = p->in_w,
                                           .in_c = p->channels,
                                           .out_h = p->out_h,
                                           .out_w = p->out_w,
                                           .out_c = p->channels,
                                           .kernel_h = p->kernel_h,
                                           .kernel_w = p->kernel_w,
                                           .stride_h = p->stride_h,
                                           .stride_w = p->stride_w,
                                           .dilation_h = 1,
                                           .dilation_w = 1,
                                           .pad_h = p->pad_h,
                                           .pad_w = p->pad_w};
    return conv_windows(&shape, element);
}

static bool pool(const mdg_pool2d_shape_params *p, int element, mdg_overlap *out) {
    const mdg_windows w = pool_windows(p, element);
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool pool_8(const void *params, mdg_overlap *out) {
    return pool(params, 1, out);
}

static bool pool_16(const void *params, mdg_overlap *out) {
    return pool(params, 2, out);
}

static bool pool_32(const void *params, mdg_overlap *out) {
    return pool(params, 4, out);
}

static bool pool_lanes(const void *params, mdg_overlap *out) {
    const mdg_pool2d_shape_params *p = params;
    return by_lanes(pool_windows(p, 1), p->channels, 4, out);
}

static bool pool_lanes_16(const void *params, mdg_overlap *out) {
    const mdg_pool2d_shape_params *p = params;
    return by_lanes(pool_windows(p, 2), 2 * p->channels, 4, out);
}

static bool mean_lanes(const void *params, mdg_overlap *out) {
    const mdg_mean_lanes_params *p = params;
    return by_lanes(row_windows(p->outer, p->inputs * p->inner, p->inner), p->inner, 4, out);
}

/* -- Fully connected -- */

/* A row of the input is read for each output. */
static bool fully_connected(int32_t batches, int32_t in_bytes, int32_t out_bytes, mdg_overlap *out) {
    mdg_windows w = row_windows(batches, in_bytes, out_bytes);
    w.before_last = out_bytes - 1;
    *out = from_lead(mdg_windows_lead(&w));
    return true;
}

static bool fully_connected_8(const void *params, mdg_overlap *out) {
    const mdg_fully_connected_params *p = params;
    return fully_connected(p->batches, p->in_c, p->out_c, out);
}

static bool fully_connected_smlad(const void *params, mdg_overlap *out) {
    const mdg_fully_connected_smlad_params *p = params;
    return fully_connected(p->batches, p->in_c, p->out_c, out);
}

/* The order that a kernel keeps; input 0 is what it walks over. */
static order_fn *const orders[MDG_K_COUNT] = {
    [MDG_K_conv2d_s8] = conv_8,
    [MDG_K_conv2d_s8_w4] = conv_8,
    [MDG_K_conv2d_s16_b32] = conv_16,
    [MDG_K_conv2d_s16_b64] = conv_16,
    [MDG_K_conv2d_f32] = conv_32,
    [MDG_K_depthwise_conv2d_s8] = depthwise_8,
    [MDG_K_depthwise_conv2d_s8_w4] = depthwise_8,
    [MDG_K_depthwise_conv2d_s16_b64] = depthwise_16,
    [MDG_K_depthwise_conv2d_f32] = depthwise_32,
    [MDG_K_average_pool2d_s8] = pool_8,
    [MDG_K_average_pool2d_s16] = pool_16,
    [MDG_K_average_pool2d_f32] = pool_32,
    [MDG_K_max_pool2d_s8] = pool_8,
    [MDG_K_max_pool2d_s16] = pool_16,
    [MDG_K_max_pool2d_f32] = pool_32,
    [MDG_K_l2_pool2d_f32] = pool_32,
    [MDG_K_fully_connected_s8] = fully_connected_8,
    [MDG_K_fully_connected_s8_w4] = fully_connected_8,
    [MDG_K_fully_connected_per_channel_s8] = fully_connected_8,

    [MDG_K_conv2d_smlad_s8] = conv_smlad,
    [MDG_K_conv2d_smlad_s8_w4] = conv_smlad,
    [MDG_K_conv2d_smlad_s8_lut] = conv_lut,
    [MDG_K_pointwise_smlad_s8_lut] = pointwise_lut,
    [MDG_K_conv2d_narrow_smlad_s8] = conv_smlad,
    [MDG_K_conv2d_narrow_smlad_s8_w4] = conv_smlad,
    [MDG_K_conv2d_pixel_smlad_s8] = conv_pixel,
    [MDG_K_conv2d_rows_smlad_s8] = conv_by_two,
    [MDG_K_pointwise_smlad_s8] = pointwise_smlad,
    [MDG_K_pointwise_smlad_s8_w4] = pointwise_smlad,
    [MDG_K_depthwise_smlad_s8] = depthwise_smlad,
    [MDG_K_depthwise_line_smlad_s8] = depthwise_line_smlad,
    [MDG_K_depthwise3x3_smlad_s8] = depthwise3x3,
    [MDG_K_depthwise_taps_smlad_s8] = depthwise_taps,
    [MDG_K_average_pool2d_lanes_s8] = pool_lanes,
    [MDG_K_max_pool2d_lanes_s8] = pool_lanes,
    [MDG_K_average_pool2d_lanes_s16] = pool_lanes_16,
    [MDG_K_max_pool2d_lanes_s16] = pool_lanes_16,
    [MDG_K_mean_lanes_s8] = mean_lanes,
    [MDG_K_fully_connected_smlad_s8] = fully_connected_smlad,
    [MDG_K_fully_connected_smlad_s8_w4] = fully_connected_smlad,

    [MDG_K_conv2d_scalar_s8] = conv_scalar,
    [MDG_K_pointwise_scalar_s8] = pointwise_scalar,
    [MDG_K_depthwise_scalar_s8] = depthwise_scalar,
    [MDG_K_depthwise_line_scalar_s8] = depthwise_line_scalar,
    [MDG_K_conv2d_mve_s8] = conv_by_two,
    [MDG_K_pointwise_mve_s8] = pointwise_mve,
    [MDG_K_depthwise3x3_mve_s8] = depthwise3x3_mve,
    [MDG_K_depthwise_mve_s8] = depthwise_mve,
    [MDG_K_average_pool2d_mve_s8] = pool_8,
    [MDG_K_max_pool2d_mve_s8] = pool_8,
};

/* Kernels that compute an element of the output from those at its place in the inputs, of the same size, from
 * front to back */
static const bool by_element[MDG_K_COUNT] = {
    [MDG_K_add_s8] = true,        [MDG_K_add_s16] = true,        [MDG_K_add_f32] = true,
    [MDG_K_sub_s8] = true,        [MDG_K_sub_f32] = true,        [MDG_K_mul_s8] = true,
    [MDG_K_mul_s16] = true,       [MDG_K_mul_f32] = true,        [MDG_K_lookup_8] = true,
    [MDG_K_clamp_s8] = true,      [MDG_K_clamp_f32] = true,      [MDG_K_relu_f32] = true,
    [MDG_K_leaky_relu_s8] = true, [MDG_K_leaky_relu_f32] = true, [MDG_K_requantize_s8_s8] = true,
    [MDG_K_logistic_f32] = true,  [MDG_K_tanh_f32] = true,       [MDG_K_add_smlad_s8] = true,
    [MDG_K_add_mve_s8] = true,    [MDG_K_mul_scalar_s8] = true,  [MDG_K_mul_mve_s8] = true,
};

static bool is_used_twice(const mdg_program *p, const mdg_call *c, int k) {
    for (int i = 0; i < c->n_in; i++)
        if (i != k && c->in[i] >= 0 && (c->in[i] == c->in[k] || p->buffers[c->in[i]].whole == c->in[k]))
            return true;
    return false;
}

static bool is_alike(const mdg_buffer *a, const mdg_buffer *b) {
    return a->bytes == b->bytes && strcmp(a->element, b->element) == 0;
}

bool mdg_call_overlap(const mdg_program *p, const mdg_call *c, int k, mdg_overlap *out) {
    if (c->step != MDG_STEP_KERNEL || c->n_out < 1 || c->in[k] < 0 || c->out[0] < 0) return false;
    if (!c->custom && by_element[c->kernel] && is_alike(&p->buffers[c->in[k]], &p->buffers[c->out[0]])) {
        *out = from_lead(0);
        return true;
    }
    if (!c->custom && k == 0 && orders[c->kernel] && !is_used_twice(p, c, 0))
        return orders[c->kernel](c->params, out);
    *out = (mdg_overlap){.lead = 0, .step = 0};
    return c->inplace_in == k && c->inplace_out == 0;
}
