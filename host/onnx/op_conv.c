/* SPDX-License-Identifier: MIT
 *
 * Conv: CONV_2D or DEPTHWISE_CONV_2D, with the BatchNormalization, activation and QuantizeLinear behind it.
 */
#include "onnx/importer.h"

#include <string.h>

typedef struct conv {
    mdg_onx_value *bias;
    mdg_onx_value x, w; /* maps */
    mdg_onx_windows windows;
    mdg_onx_tail tail;
    int groups;
    bool is_depthwise, is_integer;
} conv;

static mdg_status read(mdg_onx *in, conv *c) {
    mdg_onx_value *x = mdg_onx_input(in, 0), *w = mdg_onx_input(in, 1);
    int32_t kernel[2], named[2];
    MDG_TRY(mdg_onx_need(in, mdg_onx_is_constant(w), "its weights are no constant"));
    MDG_TRY(mdg_onx_need(in, x->view.shape.rank == w->view.shape.rank,
                         "its weights have another rank than its input"));
    MDG_TRY(mdg_onx_map(in, x, &c->x));
    MDG_TRY(mdg_onx_map(in, w, &c->w));
    MDG_TRY(mdg_onx_need_shape(in, &c->w.view.shape));
    const int32_t *s = c->w.view.shape.dim, in_c = c->x.view.shape.dim[1];
    const int64_t groups = mdg_onx_attr_int(in, "group", 1);
    MDG_TRY(mdg_onx_need(in, groups >= 1 && groups <= in_c && in_c == groups * s[1] && s[0] % groups == 0,
                         "its weights do not fit its input and groups"));
    c->groups = (int)groups;
    c->is_depthwise = groups > 1 && s[1] == 1;
    c->bias = mdg_onx_input(in, 2);
    kernel[0] = s[2], kernel[1] = s[3];
    if (mdg_onx_attr(in->node, "kernel_shape")) {
        MDG_TRY(mdg_onx_read_kernel(in, x->view.shape.rank, named));
        MDG_TRY(mdg_onx_need(in, memcmp(kernel, named, sizeof kernel) == 0,
                             "its kernel_shape is not that of its weights"));
    }
    return mdg_onx_read_windows(in, &c->x.view.shape, kernel, &c->windows);
}

/* What follows, and whether all of it is done in integers. */
static mdg_status read_tail(mdg_onx *in, conv *c, mdg_onx_value *folded) {
    c->tail = mdg_onx_tail_start(in);
    mdg_onx_node *norm = mdg_onx_only_user(in, c->tail.value, "BatchNormalization");
    const bool has_integers = mdg_onx_is_integer(&c->x) && mdg_onx_is_integer(&c->w) && !norm;
    if (norm && norm->inputs[0] == c->tail.value) {
        MDG_TRY(mdg_onx_fold_norm(in, norm, 0, &c->w, &c->bias, folded));
        mdg_onx_tail_absorb(in, &c->tail, norm);
    }
    mdg_onx_tail_activation(in, &c->tail);
    c->is_integer = mdg_onx_tail_quantize(in, &c->tail, has_integers);
    if (c->is_integer) return mdg_onx_check_weights(in, &c->w, 0, true);
    mdg_onx_value x = c->x;
    MDG_TRY(mdg_onx_real(in, mdg_onx_input(in, 0), &x));
    MDG_TRY(mdg_onx_map(in, &x, &c->x));
    x = c->w;
    return mdg_onx_real(in, &x, &c->w);
}

static void set_attrs(const conv *c, mdg_op *op) {
    const mdg_onx_window *h = &c->windows.axis[0], *w = &c->windows.axis[1];
    if (c->is_depthwise) {
        mdg_depthwise_conv2d_attrs *a = op->attrs;
        a->depth_multiplier = c->w.view.shape.dim[0] / c->groups;
        a->padding = c->windows.padding, a->activation = c->tail.activation;
        a->stride_h = h->stride, a->stride_w = w->stride;
        a->dilation_h = h->dilation, a->dilation_w = w->dilation;
    } else {
        mdg_conv2d_attrs *a = op->attrs;
        a->padding = c->windows.padding, a->activation = c->tail.activation;
        a->stride_h = h->stride, a->stride_w = w->stride;
        a->dilation_h = h->dilation, a->dilation_w = w->dilation;
    }
}

mdg_status mdg_onx_conv(mdg_onx *in) {
    static const int filter[] = {0, 2, 3, 1}, depthwise[] = {1, 2, 3, 0};
    conv c = {.bias = NULL};
    mdg_onx_value folded;
    int inputs[3];
    MDG_TRY(read(in, &c));
    MDG_TRY(read_tail(in, &c, &folded));
    const int32_t n = c.w.view.shape.dim[0];
    MDG_TRY(mdg_onx_windowed(in, &c.x, &c.windows, NULL, &inputs[0]));
    MDG_TRY(mdg_onx_operand(in, &c.w, c.is_depthwise ? depthwise : filter, &inputs[1]));
    if (c.bias) MDG_TRY(mdg_onx_bias(in, c.bias, n, &c.x, &c.w, c.is_integer, &inputs[2]));
    const mdg_shape memory = mdg_shape_of(4, (int)c.x.view.shape.dim[0], (int)c.windows.axis[0].out,
                                          (int)c.windows.axis[1].out, (int)n);
    MDG_TRY(mdg_onx_need_shape(in, &memory));
    const mdg_onx_view view = mdg_onx_map_view(mdg_onx_input(in, 0)->view.shape.rank, &memory);
    const int y = mdg_onx_tail_finish(in, &c.tail, &memory, &view);
    set_attrs(&c, mdg_onx_emit(in, c.is_depthwise ? MDG_OP_DEPTHWISE_CONV_2D : MDG_OP_CONV_2D, c.bias ? 3 : 2,
                               inputs, y));
    return MDG_OK;
}
