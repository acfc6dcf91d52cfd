/* SPDX-License-Identifier: MIT
 *
 * Pools and means.
 */
#include "onnx/importer.h"

#include <float.h>
#include <string.h>

static mdg_status emit_pool(mdg_onx *in, mdg_opcode code, const mdg_onx_value *x, const mdg_onx_windows *w,
                            const float *fill) {
    int tensor;
    MDG_TRY(mdg_onx_windowed(in, x, w, fill, &tensor));
    const mdg_shape *s = &x->view.shape;
    const mdg_shape memory =
        mdg_shape_of(4, (int)s->dim[0], (int)w->axis[0].out, (int)w->axis[1].out, (int)s->dim[1]);
    MDG_TRY(mdg_onx_need_shape(in, &memory));
    const mdg_onx_view view = mdg_onx_map_view(mdg_onx_input(in, 0)->view.shape.rank, &memory);
    mdg_onx_value like = *x;
    like.data = NULL;
    const int y = mdg_onx_finish_like(in, &like, &memory, &view);
    *(mdg_pool2d_attrs *)mdg_onx_emit(in, code, 1, &tensor, y)->attrs = (mdg_pool2d_attrs){
        w->padding, w->axis[1].stride, w->axis[0].stride, w->axis[1].kernel, w->axis[0].kernel, MDG_ACT_NONE};
    return MDG_OK;
}

static mdg_status read(mdg_onx *in, mdg_onx_value *map, mdg_onx_windows *w) {
    mdg_onx_value *x = mdg_onx_input(in, 0), real = *x;
    int32_t kernel[2];
    if (!mdg_onx_is_integer(x) || mdg_onx_is_constant(x)) MDG_TRY(mdg_onx_real(in, x, &real));
    MDG_TRY(mdg_onx_map(in, &real, map));
    MDG_TRY(mdg_onx_read_kernel(in, x->view.shape.rank, kernel));
    MDG_TRY(mdg_onx_read_windows(in, &map->view.shape, kernel, w));
    return mdg_onx_need(in, w->axis[0].dilation == 1 && w->axis[1].dilation == 1,
                        "pools with dilations are not supported");
}

mdg_status mdg_onx_max_pool(mdg_onx *in) {
    static const float lowest = -FLT_MAX;
    mdg_onx_value x;
    mdg_onx_windows w;
    MDG_TRY(mdg_onx_need(in, in->node->n_outputs == 1 || in->node->outputs[1] < 0,
                         "its second output (indices) is not supported"));
    MDG_TRY(read(in, &x, &w));
    return emit_pool(in, MDG_OP_MAX_POOL_2D, &x, &w, &lowest);
}

/* Integers to another scale: a pool would round twice, a convolution with ones, 1 / their number the scale,
 * does once. */
static mdg_status average_by_convolution(mdg_onx *in, const mdg_onx_value *x, const mdg_onx_windows *w,
                                         const mdg_onx_tail *t) {
    const mdg_onx_window *h = &w->axis[0], *v = &w->axis[1];
    const int32_t channels = x->view.shape.dim[1];
    const mdg_shape ones = mdg_shape_of(4, 1, (int)h->kernel, (int)v->kernel, (int)channels);
    const mdg_shape memory =
        mdg_shape_of(4, (int)x->view.shape.dim[0], (int)h->out, (int)v->out, (int)channels);
    const mdg_quant share = mdg_onx_quant(in, 1 / ((float)h->kernel * (float)v->kernel), 0);
    int inputs[2];
    void *data;
    MDG_TRY(mdg_onx_need_shape(in, &ones));
    MDG_TRY(mdg_onx_need_shape(in, &memory));
    MDG_TRY(mdg_onx_alloc(in, (size_t)mdg_shape_elements(&ones), 1, &data));
    memset(data, 1, (size_t)mdg_shape_elements(&ones));
    MDG_TRY(mdg_onx_windowed(in, x, w, NULL, &inputs[0]));
    inputs[1] = mdg_onx_add_tensor(in, "ones", MDG_INT8, &ones, &share);
    mdg_tensor_set_data(&in->sub->tensors[inputs[1]], data);
    const mdg_onx_view view = mdg_onx_map_view(mdg_onx_input(in, 0)->view.shape.rank, &memory);
    const int y = mdg_onx_tail_finish(in, t, &memory, &view);
    *(mdg_depthwise_conv2d_attrs *)mdg_onx_emit(in, MDG_OP_DEPTHWISE_CONV_2D, 2, inputs, y)->attrs =
        (mdg_depthwise_conv2d_attrs){MDG_PADDING_VALID, v->stride, h->stride, 1, MDG_ACT_NONE, 1, 1};
    return MDG_OK;
}

/* TFLite's pool leaves borders out of the average; where they count, they are added first. */
mdg_status mdg_onx_average_pool(mdg_onx *in) {
    mdg_onx_value x;
    mdg_onx_windows w;
    const bool counts_border = mdg_onx_attr_int(in, "count_include_pad", 0) != 0;
    MDG_TRY(
        mdg_onx_need(in, mdg_onx_attr_int(in, "channels_last", 0) == 0, "channels_last is not supported"));
    MDG_TRY(read(in, &x, &w));
    const bool has_border = w.padding == MDG_PADDING_SAME || w.is_padded;
    MDG_TRY(mdg_onx_need(
        in, !w.is_padded || counts_border,
        "this padding is not supported in an average; use count_include_pad=1 or auto_pad SAME_UPPER"));
    MDG_TRY(mdg_onx_need(in, !has_border || !counts_border || mdg_onx_attr_int(in, "ceil_mode", 0) == 0,
                         "ceil_mode with count_include_pad is not supported"));
    if (has_border && counts_border) {
        w.is_padded = true;
        w.padding = MDG_PADDING_VALID;
    }
    mdg_onx_tail t = mdg_onx_tail_start(in);
    const bool is_valid = w.padding == MDG_PADDING_VALID;
    if (mdg_onx_tail_quantize(in, &t, is_valid && mdg_onx_is_integer(&x)) &&
        !mdg_onx_same_quant(&t.quant, &x.quant))
        return average_by_convolution(in, &x, &w, &t);
    return emit_pool(in, MDG_OP_AVERAGE_POOL_2D, &x, &w, NULL);
}

mdg_status mdg_onx_global_max_pool(mdg_onx *in) {
    mdg_onx_value *x = mdg_onx_input(in, 0), real = *x, map;
    if (!mdg_onx_is_integer(x) || mdg_onx_is_constant(x)) MDG_TRY(mdg_onx_real(in, x, &real));
    MDG_TRY(mdg_onx_map(in, &real, &map));
    mdg_onx_windows w = {.padding = MDG_PADDING_VALID};
    for (int i = 0; i < 2; i++)
        w.axis[i] =
            (mdg_onx_window){.kernel = map.view.shape.dim[2 + i], .stride = 1, .dilation = 1, .out = 1};
    return emit_pool(in, MDG_OP_MAX_POOL_2D, &map, &w, NULL);
}

/* -- means -- */

static mdg_status emit_mean(mdg_onx *in, const bool *reduced, bool keeps) {
    mdg_onx_value *x = mdg_onx_input(in, 0), real = *x, ordered;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    int perm[MDG_MAX_RANK], inputs[2], n = 0;
    int32_t axes[MDG_MAX_RANK];
    if (!mdg_onx_tail_quantize(in, &t, mdg_onx_is_integer(x))) MDG_TRY(mdg_onx_real(in, x, &real));
    const bool has_order = mdg_onx_view_order(&real.view, perm);
    for (int d = 0; d < real.view.shape.rank && !has_order; d++) perm[d] = d;
    MDG_TRY(mdg_onx_arrange(in, &real, perm, &ordered));
    MDG_TRY(mdg_onx_shaped(in, &ordered, &ordered.view.shape, &inputs[0]));
    mdg_shape logical = x->view.shape, kept = {.rank = 0};
    for (int d = 0; d < logical.rank; d++)
        if (reduced[perm[d]]) axes[n++] = d;
    for (int d = 0; d < logical.rank; d++) {
        if (reduced[d]) logical.dim[d] = 1;
        if (!reduced[d]) kept.dim[kept.rank++] = logical.dim[d];
    }
    const mdg_shape memory = mdg_onx_shape_permuted(&logical, perm);
    mdg_onx_view view = mdg_onx_view_ordered(&logical, perm);
    if (!keeps) view.shape = kept;
    inputs[1] = mdg_onx_add_ints(in, "axes", n, axes);
    const int y = mdg_onx_tail_finish(in, &t, &memory, &view);
    ((mdg_reducer_attrs *)mdg_onx_emit(in, MDG_OP_MEAN, 2, inputs, y)->attrs)->keep_dims = true;
    return MDG_OK;
}

mdg_status mdg_onx_global_average_pool(mdg_onx *in) {
    const int rank = mdg_onx_input(in, 0)->view.shape.rank;
    bool reduced[MDG_MAX_RANK] = {false};
    MDG_TRY(
        mdg_onx_need(in, mdg_onx_attr_int(in, "channels_last", 0) == 0, "channels_last is not supported"));
    MDG_TRY(mdg_onx_need(in, rank >= 3, "its input is no map"));
    for (int d = 2; d < rank; d++) reduced[d] = true;
    return emit_mean(in, reduced, true);
}

mdg_status mdg_onx_reduce_mean(mdg_onx *in) {
    const int rank = mdg_onx_input(in, 0)->view.shape.rank;
    bool reduced[MDG_MAX_RANK] = {false};
    int64_t axes[MDG_MAX_RANK];
    int n;
    MDG_TRY(mdg_onx_ints(in, "axes", 1, MDG_MAX_RANK, axes, &n));
    if (n <= 0 && mdg_onx_attr_int(in, "noop_with_empty_axes", 0)) return mdg_onx_identity(in);
    for (int d = 0; d < rank && n <= 0; d++) reduced[d] = true;
    for (int i = 0; i < n; i++) {
        int axis;
        MDG_TRY(mdg_onx_axis(in, axes[i], rank, &axis));
        reduced[axis] = true;
    }
    return emit_mean(in, reduced, mdg_onx_attr_int(in, "keepdims", 1) != 0);
}
