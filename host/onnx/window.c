/* SPDX-License-Identifier: MIT
 *
 * Windows of convolutions and pools. TFLite knows the paddings SAME and VALID; other paddings become a PAD
 * before, with no more than the windows reach.
 */
#include "onnx/importer.h"

#include <math.h>

enum { MAX_SIZE = 1 << 20, SPATIAL = 2 };

/* A list attribute for h and w; with rank 3 the height's is `otherwise`. `per_axis` lists have ends after
 * begins. */
static mdg_status read_pairs(mdg_onx *in, const char *name, int rank, int64_t otherwise, int32_t *pairs,
                             int sides) {
    int64_t values[2 * SPATIAL];
    const int axes = rank - 2;
    int n;
    for (int i = 0; i < sides * SPATIAL; i++) pairs[i] = (int32_t)otherwise;
    MDG_TRY(mdg_onx_ints(in, name, -1, 2 * SPATIAL, values, &n));
    if (n < 0) return MDG_OK;
    if (n != sides * axes) return mdg_onx_fail(in, MDG_INVALID, "attribute %s has %d numbers", name, n);
    for (int i = 0; i < n; i++) {
        if (values[i] < otherwise || values[i] > MAX_SIZE)
            return mdg_onx_fail(in, MDG_UNSUPPORTED, "attribute %s has a %lld", name, (long long)values[i]);
        pairs[i / axes * SPATIAL + i % axes + SPATIAL - axes] = (int32_t)values[i];
    }
    return MDG_OK;
}

static bool is_same(const mdg_onx_window *w, int64_t reach) {
    int64_t total = (w->out - 1) * (int64_t)w->stride + reach - w->in;
    if (total < 0) total = 0;
    return w->out == (w->in + w->stride - 1) / w->stride && w->before == total / 2;
}

/* Output size, and padding behind cut to what is read. */
static mdg_status fit(const mdg_onx *in, mdg_onx_window *w, bool is_auto_same, bool rounds_up) {
    const int64_t reach = (w->kernel - 1) * (int64_t)w->dilation + 1;
    if (is_auto_same) {
        w->out = (w->in + w->stride - 1) / w->stride;
        const int64_t total = (w->out - 1) * (int64_t)w->stride + reach - w->in;
        w->before = total > 0 ? (int32_t)(total / 2) : 0;
    } else {
        const int64_t room = (int64_t)w->in + w->before + w->after - reach;
        MDG_TRY(mdg_onx_need(in, room >= 0, "its window is larger than its padded input"));
        w->out = (int32_t)(room / w->stride) + 1;
        const bool starts_inside = (int64_t)w->out * w->stride < (int64_t)w->in + w->before;
        if (rounds_up && room % w->stride && starts_inside) w->out++;
    }
    const int64_t after = (w->out - 1) * (int64_t)w->stride + reach - w->in - w->before;
    w->after = after > 0 ? (int32_t)after : 0;
    return MDG_OK;
}

static mdg_status read_auto_pad(mdg_onx *in, bool *is_same_upper, bool *is_valid) {
    *is_same_upper = mdg_onx_attr_is(in, "auto_pad", "SAME_UPPER");
    *is_valid = mdg_onx_attr_is(in, "auto_pad", "VALID");
    if (*is_same_upper || *is_valid || mdg_onx_attr_is(in, "auto_pad", "") ||
        mdg_onx_attr_is(in, "auto_pad", "NOTSET"))
        return MDG_OK;
    if (mdg_onx_attr_is(in, "auto_pad", "SAME_LOWER"))
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "auto_pad SAME_LOWER is not supported; export with explicit pads or SAME_UPPER");
    return mdg_onx_fail(in, MDG_INVALID, "auto_pad has no known value");
}

static void choose_padding(mdg_onx_windows *w) {
    bool valid = true, same = true;
    for (int i = 0; i < SPATIAL; i++) {
        const mdg_onx_window *a = &w->axis[i];
        valid = valid && a->before == 0 && a->after == 0;
        same = same && is_same(a, (a->kernel - 1) * (int64_t)a->dilation + 1);
    }
    w->padding = same && !valid ? MDG_PADDING_SAME : MDG_PADDING_VALID;
    w->is_padded = !same && !valid;
}

mdg_status mdg_onx_read_windows(mdg_onx *in, const mdg_shape *x, const int32_t *kernel,
                                mdg_onx_windows *out) {
    int32_t strides[SPATIAL], dilations[SPATIAL], pads[2 * SPATIAL];
    const mdg_shape *original = &mdg_onx_input(in, 0)->view.shape;
    bool is_same_upper, is_valid;
    MDG_TRY(read_auto_pad(in, &is_same_upper, &is_valid));
    MDG_TRY(read_pairs(in, "strides", original->rank, 1, strides, 1));
    MDG_TRY(read_pairs(in, "dilations", original->rank, 1, dilations, 1));
    MDG_TRY(read_pairs(in, "pads", original->rank, 0, pads, 2));
    for (int i = 0; i < SPATIAL; i++) {
        mdg_onx_window *w = &out->axis[i];
        *w = (mdg_onx_window){x->dim[2 + i], kernel[i], strides[i], dilations[i], 0, 0, 0};
        MDG_TRY(mdg_onx_need(in, w->kernel <= MAX_SIZE, "its kernel is too large"));
        if (!is_valid && !is_same_upper) w->before = pads[i], w->after = pads[SPATIAL + i];
        MDG_TRY(fit(in, w, is_same_upper, mdg_onx_attr_int(in, "ceil_mode", 0) != 0));
    }
    choose_padding(out);
    return MDG_OK;
}

mdg_status mdg_onx_read_kernel(mdg_onx *in, int rank, int32_t *kernel) {
    MDG_TRY(mdg_onx_need(in, mdg_onx_attr(in->node, "kernel_shape") != NULL, "it has no kernel_shape"));
    return read_pairs(in, "kernel_shape", rank, 1, kernel, 1);
}

/* -- maps -- */

mdg_status mdg_onx_map(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *map) {
    mdg_shape s = x->view.shape;
    if (s.rank == 3) s = mdg_shape_of(4, (int)s.dim[0], (int)s.dim[1], 1, (int)s.dim[2]);
    if (s.rank != 4)
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "\"%.80s\" has %d dimensions, supported are 3 and 4",
                            x->name, s.rank);
    return mdg_onx_reshape(in, x, &s, map);
}

mdg_onx_view mdg_onx_map_view(int rank, const mdg_shape *nhwc) {
    static const int order[] = {0, 2, 3, 1};
    const int32_t *d = nhwc->dim;
    const mdg_shape logical = mdg_shape_of(4, (int)d[0], (int)d[3], (int)d[1], (int)d[2]);
    mdg_onx_view v = mdg_onx_view_ordered(&logical, order);
    if (rank == 3) v.shape = mdg_shape_of(3, (int)d[0], (int)d[3], (int)d[2]);
    return v;
}

/* The number as x stores numbers; PADV2's third input. */
static int add_fill(mdg_onx *in, const mdg_tensor *x, float fill) {
    static const mdg_shape one = {.rank = 1, .dim = {1}};
    if (x->type == MDG_FLOAT32) return mdg_onx_add_floats(in, "fill", 1, &fill);
    const float q = roundf(fill / x->quant.scale[0]) + (float)x->quant.zero_point[0];
    int8_t *stored = mdg_arena_alloc(in->arena, 1);
    *stored = (int8_t)fmaxf(-128, fminf(127, q));
    const mdg_quant quant = x->quant;
    const int t = mdg_onx_add_tensor(in, "fill", MDG_INT8, &one, &quant);
    mdg_tensor_set_data(&in->sub->tensors[t], stored);
    return t;
}

mdg_status mdg_onx_pad(mdg_onx *in, int tensor, const int32_t *before, const int32_t *after,
                       const float *fill, int *out) {
    const mdg_tensor x = in->sub->tensors[tensor];
    mdg_shape shape = x.shape;
    int32_t pairs[2 * MDG_MAX_RANK];
    for (int d = 0; d < shape.rank; d++) {
        pairs[2 * d] = before[d], pairs[2 * d + 1] = after[d];
        const int64_t size = (int64_t)shape.dim[d] + before[d] + after[d];
        MDG_TRY(mdg_onx_need(in, size <= INT32_MAX, "its padded input is too large"));
        shape.dim[d] = (int32_t)size;
    }
    MDG_TRY(mdg_onx_need_shape(in, &shape));
    int inputs[] = {tensor, mdg_onx_add_ints(in, "paddings", 2 * shape.rank, pairs), -1};
    in->sub->tensors[inputs[1]].shape = mdg_shape_of(2, shape.rank, 2);
    if (fill) inputs[2] = add_fill(in, &x, *fill);
    *out = mdg_onx_add_tensor(in, x.name, x.type, &shape, x.quant.count ? &x.quant : NULL);
    mdg_onx_emit(in, fill ? MDG_OP_PADV2 : MDG_OP_PAD, fill ? 3 : 2, inputs, *out);
    return MDG_OK;
}

mdg_status mdg_onx_windowed(mdg_onx *in, const mdg_onx_value *x, const mdg_onx_windows *w, const float *fill,
                            int *tensor) {
    static const int order[] = {0, 2, 3, 1};
    MDG_TRY(mdg_onx_operand(in, x, order, tensor));
    if (!w->is_padded) return MDG_OK;
    const int32_t before[] = {0, w->axis[0].before, w->axis[1].before, 0},
                  after[] = {0, w->axis[0].after, w->axis[1].after, 0};
    return mdg_onx_pad(in, *tensor, before, after, fill, tensor);
}
