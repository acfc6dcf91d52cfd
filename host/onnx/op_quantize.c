/* SPDX-License-Identifier: MIT
 *
 * QuantizeLinear, DequantizeLinear. Behind DequantizeLinear a value stays the integers that it was; operators
 * that can compute with them do, and mdg_onx_real adds DEQUANTIZE for those that can't.
 */
#include "onnx/importer.h"

#include <math.h>

static mdg_status read_scales(mdg_onx *in, mdg_onx_value *scale, mdg_quant *q) {
    const float *values;
    const int64_t n = mdg_shape_elements(&scale->view.shape);
    MDG_TRY(mdg_onx_need(in, scale->is_known && mdg_onx_is_constant(scale) && n > 0,
                         "its scale is no constant; quantise the model statically"));
    MDG_TRY(mdg_onx_constant_floats(in, scale, &values));
    q->count = (int)n;
    MDG_TRY(mdg_onx_alloc(in, (size_t)n, sizeof *q->scale, (void **)&q->scale));
    MDG_TRY(mdg_onx_alloc(in, (size_t)n, sizeof *q->zero_point, (void **)&q->zero_point));
    for (int64_t i = 0; i < n; i++) {
        MDG_TRY(mdg_onx_need(in, isfinite(values[i]) && values[i] > 0, "a scale is not above 0"));
        q->scale[i] = values[i];
    }
    return MDG_OK;
}

static int32_t zero_at(const mdg_onx_value *z, const void *data, int64_t i) {
    switch (z->type) {
    case MDG_UINT8: return ((const uint8_t *)data)[i];
    case MDG_INT8: return ((const int8_t *)data)[i];
    default: return ((const int32_t *)data)[i];
    }
}

static mdg_status read_zero_points(mdg_onx *in, const mdg_onx_value *z, mdg_quant *q) {
    mdg_onx_value plain;
    MDG_TRY(mdg_onx_need(in, z->is_known && mdg_onx_is_constant(z), "its zero point is no constant"));
    MDG_TRY(mdg_onx_need(in, z->type == MDG_INT8 || z->type == MDG_UINT8 || z->type == MDG_INT32,
                         "only int8 and uint8 quantisation are supported"));
    MDG_TRY(mdg_onx_arrange(in, z, NULL, &plain));
    const int64_t n = mdg_shape_elements(&plain.view.shape);
    MDG_TRY(mdg_onx_need(in, n == 1 || n == q->count, "there are not as many zero points as scales"));
    for (int i = 0; i < q->count; i++) q->zero_point[i] = zero_at(z, plain.data, n == 1 ? 0 : i);
    return MDG_OK;
}

mdg_status mdg_onx_read_quant(mdg_onx *in, const mdg_onx_node *n, mdg_type *type, mdg_quant *quant) {
    const mdg_onx_value *zero = n->n_inputs > 2 && n->inputs[2] >= 0 ? &in->values[n->inputs[2]] : NULL;
    const Onnx__AttributeProto *axis = mdg_onx_attr(n, "axis"), *output = mdg_onx_attr(n, "output_dtype"),
                               *block = mdg_onx_attr(n, "block_size");
    MDG_TRY(mdg_onx_need(in, n->inputs[0] >= 0 && n->inputs[1] >= 0, "it has no scale"));
    MDG_TRY(mdg_onx_need(in, !block || block->i == 0, "quantisation in blocks is not supported"));
    *quant = (mdg_quant){.count = 0};
    MDG_TRY(read_scales(in, &in->values[n->inputs[1]], quant));
    if (output && output->i && !zero) MDG_TRY(mdg_onx_read_type(in, (int32_t)output->i, "output", type));
    if (zero) {
        *type = zero->type;
        MDG_TRY(read_zero_points(in, zero, quant));
    }
    for (int i = 0; *type == MDG_UINT8 && i < quant->count; i++) quant->zero_point[i] -= MDG_ONX_SHIFT_U8;
    if (quant->count > 1) {
        const int rank = in->values[n->inputs[0]].view.shape.rank;
        const int64_t attribute = axis ? axis->i : 1;
        MDG_TRY(mdg_onx_axis(in, n->has_axis ? n->axis : attribute, rank, &quant->axis));
        MDG_TRY(mdg_onx_need(in, in->values[n->inputs[0]].view.shape.dim[quant->axis] == quant->count,
                             "there are not as many scales as channels"));
    }
    return MDG_OK;
}

static mdg_status shift_constant(mdg_onx *in, mdg_onx_value *y) {
    const int64_t n = mdg_shape_elements(&y->view.shape);
    const uint8_t *from = y->data;
    int8_t *to;
    MDG_TRY(mdg_onx_alloc(in, (size_t)n + 1, 1, (void **)&to));
    for (int64_t i = 0; i < n; i++) to[i] = (int8_t)(from[i] - MDG_ONX_SHIFT_U8);
    y->data = to;
    return MDG_OK;
}

/* A tensor of uint8 can only be the model's input: it is shifted once, for all readers. */
static void shift_input(mdg_onx *in, mdg_onx_value *x, const mdg_quant *quant) {
    mdg_tensor *t = &in->sub->tensors[x->tensor];
    const mdg_shape shape = t->shape;
    t->quant = mdg_onx_quant(in, quant->scale[0], quant->zero_point[0] + MDG_ONX_SHIFT_U8);
    const int shifted = mdg_onx_add_tensor(in, x->name, MDG_INT8, &shape, quant);
    mdg_onx_emit(in, MDG_OP_QUANTIZE, 1, &x->tensor, shifted);
    x->tensor = shifted;
    x->stored = MDG_INT8;
    x->quant = *quant;
}

static mdg_status know_quant(mdg_onx *in, mdg_onx_value *x, const mdg_quant *quant) {
    MDG_TRY(mdg_onx_need(in, quant->count == 1, "only constants may be quantised per channel"));
    MDG_TRY(mdg_onx_need(in, x->type != MDG_INT32, "int32 that is no constant can't be dequantised"));
    if (x->stored == MDG_UINT8) {
        shift_input(in, x, quant);
    } else if (x->quant.count == 0) {
        in->sub->tensors[x->tensor].quant = x->quant = *quant;
    } else if (!mdg_onx_same_quant(&x->quant, quant)) {
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "it reads \"%.80s\" with another scale than it was written with", x->name);
    }
    return MDG_OK;
}

mdg_status mdg_onx_dequantize_linear(mdg_onx *in) {
    mdg_onx_value *x = mdg_onx_input(in, 0), y;
    mdg_quant quant;
    MDG_TRY(mdg_onx_need(in, x && (x->type == MDG_INT8 || x->type == MDG_UINT8 || x->type == MDG_INT32),
                         "only int8, uint8 and int32 can be dequantised"));
    mdg_type type = x->type;
    MDG_TRY(mdg_onx_read_quant(in, in->node, &type, &quant));
    MDG_TRY(mdg_onx_need(in, type == x->type, "its zero point has another type than its input"));
    if (!mdg_onx_is_constant(x)) MDG_TRY(know_quant(in, x, &quant));
    y = *x;
    if (y.stored == MDG_UINT8) MDG_TRY(shift_constant(in, &y));
    y.stored = type == MDG_INT32 ? MDG_INT32 : MDG_INT8;
    y.quant = quant;
    y.type = MDG_FLOAT32;
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}

static int8_t quantized(float x, float scale, int32_t zero) {
    const double q = nearbyint((double)x / (double)scale) + zero;
    return (int8_t)fmax(-128, fmin(127, q)); /* not a number: 127 */
}

static mdg_status quantize_constant(mdg_onx *in, mdg_onx_value *x, mdg_onx_value *y) {
    const float *from;
    int8_t *to;
    const mdg_shape *s = &x->view.shape;
    const int64_t n = mdg_shape_elements(s);
    int64_t inner = 1;
    for (int d = y->quant.axis + 1; y->quant.count > 1 && d < s->rank; d++) inner *= s->dim[d];
    MDG_TRY(mdg_onx_constant_floats(in, x, &from));
    MDG_TRY(mdg_onx_alloc(in, (size_t)n + 1, 1, (void **)&to));
    for (int64_t i = 0; i < n; i++) {
        const int c = y->quant.count > 1 ? (int)(i / inner % y->quant.count) : 0;
        to[i] = quantized(from[i], y->quant.scale[c], y->quant.zero_point[c]);
    }
    y->view = mdg_onx_view_plain(s);
    y->data = to;
    return MDG_OK;
}

/* From float32, or from the integers of another scale. */
static void quantize_activation(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y) {
    if (mdg_onx_is_integer(x)) {
        y->tensor = mdg_onx_requantize(in, x->tensor, &y->quant);
        return;
    }
    const mdg_shape shape = in->sub->tensors[x->tensor].shape;
    y->tensor = mdg_onx_add_tensor(in, in->values[in->node->outputs[0]].name, MDG_INT8, &shape, &y->quant);
    mdg_onx_emit(in, MDG_OP_QUANTIZE, 1, &x->tensor, y->tensor);
}

mdg_status mdg_onx_quantize_linear(mdg_onx *in) {
    mdg_onx_value *x = mdg_onx_input(in, 0), y;
    MDG_TRY(mdg_onx_need(in, x && x->type == MDG_FLOAT32, "it quantises something else than float32"));
    y = *x;
    y.type = MDG_UINT8;
    MDG_TRY(mdg_onx_read_quant(in, in->node, &y.type, &y.quant));
    MDG_TRY(mdg_onx_need(in, y.type == MDG_INT8 || y.type == MDG_UINT8,
                         "only int8 and uint8 quantisation are supported"));
    y.stored = MDG_INT8;
    y.real = -1;
    if (mdg_onx_is_constant(x)) {
        MDG_TRY(quantize_constant(in, x, &y));
    } else {
        MDG_TRY(mdg_onx_need(in, y.quant.count == 1, "only constants may be quantised per channel"));
        quantize_activation(in, x, &y);
    }
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}
