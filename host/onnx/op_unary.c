/* SPDX-License-Identifier: MIT
 *
 * Operators on one value, element by element, which leave its view as it is.
 */
#include "onnx/importer.h"

#include <math.h>

static mdg_shape memory_of(const mdg_onx *in, const mdg_onx_value *x) {
    return mdg_onx_is_constant(x) ? x->view.shape : in->sub->tensors[x->tensor].shape;
}

/* The operator on x with this tail; outputs that can only be quantised in one way go through `fixed`. */
static mdg_status apply(mdg_onx *in, mdg_opcode code, mdg_onx_value *x, const mdg_onx_tail *t,
                        const mdg_quant *fixed) {
    int tensor;
    mdg_onx_value real = *x;
    if (t->quant.count == 0) MDG_TRY(mdg_onx_real(in, x, &real));
    const mdg_shape memory = memory_of(in, &real);
    MDG_TRY(mdg_onx_shaped(in, &real, &memory, &tensor));
    const bool is_fixed = fixed && t->quant.count && !mdg_onx_same_quant(fixed, &t->quant);
    const int between = is_fixed ? mdg_onx_add_tensor(in, x->name, MDG_INT8, &memory, fixed) : -1;
    if (is_fixed) {
        mdg_onx_emit(in, code, 1, &tensor, between);
        tensor = between;
    }
    const int y = mdg_onx_tail_finish(in, t, &memory, &real.view);
    mdg_onx_emit(in, is_fixed ? MDG_OP_QUANTIZE : code, 1, &tensor, y);
    return MDG_OK;
}

static mdg_status unary(mdg_onx *in, mdg_opcode code, const mdg_quant *fixed) {
    mdg_onx_value *x = mdg_onx_input(in, 0);
    mdg_onx_tail t = mdg_onx_tail_start(in);
    mdg_onx_tail_quantize(in, &t, mdg_onx_is_integer(x));
    return apply(in, code, x, &t, fixed);
}

mdg_status mdg_onx_relu(mdg_onx *in) {
    return unary(in, MDG_OP_RELU, NULL);
}

mdg_status mdg_onx_hard_swish(mdg_onx *in) {
    return unary(in, MDG_OP_HARD_SWISH, NULL);
}

mdg_status mdg_onx_sigmoid(mdg_onx *in) {
    const mdg_quant fixed = mdg_onx_quant(in, 1 / 256.0f, -128);
    return unary(in, MDG_OP_LOGISTIC, &fixed);
}

mdg_status mdg_onx_tanh(mdg_onx *in) {
    const mdg_quant fixed = mdg_onx_quant(in, 1 / 128.0f, 0);
    return unary(in, MDG_OP_TANH, &fixed);
}

mdg_status mdg_onx_leaky_relu(mdg_onx *in) {
    MDG_TRY(unary(in, MDG_OP_LEAKY_RELU, NULL));
    mdg_leaky_relu_attrs *a = in->sub->ops[in->sub->n_ops - 1].attrs;
    a->alpha = mdg_onx_attr_float(in, "alpha", 0.01f);
    return MDG_OK;
}

/* -- Clip -- */

/* y = max or min of x and one number; x keeps its type and quantisation. */
static mdg_status bound(mdg_onx *in, mdg_opcode code, const mdg_onx_value *x, float number,
                        mdg_onx_value *y) {
    static const mdg_shape one = {.rank = 1, .dim = {1}};
    int inputs[2];
    const mdg_quant *q = x->quant.count ? &x->quant : NULL;
    const mdg_shape memory = memory_of(in, x);
    MDG_TRY(mdg_onx_shaped(in, x, &memory, &inputs[0]));
    if (q) {
        const float rounded = roundf(number / q->scale[0]) + (float)q->zero_point[0];
        int8_t *stored = mdg_arena_alloc(in->arena, 1);
        *stored = (int8_t)fmaxf(-128, fminf(127, rounded));
        inputs[1] = mdg_onx_add_tensor(in, "bound", MDG_INT8, &one, q);
        mdg_tensor_set_data(&in->sub->tensors[inputs[1]], stored);
    } else {
        inputs[1] = mdg_onx_add_floats(in, "bound", 1, &number);
    }
    *y = *x;
    y->data = NULL;
    y->real = -1;
    y->tensor = mdg_onx_add_tensor(in, in->values[in->node->outputs[0]].name, x->stored, &memory, q);
    mdg_onx_emit(in, code, 2, inputs, y->tensor);
    return MDG_OK;
}

mdg_status mdg_onx_clip(mdg_onx *in) {
    mdg_onx_value *x = mdg_onx_input(in, 0), y;
    float low, high;
    MDG_TRY(mdg_onx_need(in, mdg_onx_clip_bounds(in, in->node, &low, &high), "its bounds are no constants"));
    MDG_TRY(mdg_onx_need(in, low <= high, "its bounds leave nothing"));
    mdg_onx_tail t = mdg_onx_tail_start(in);
    if (low == 0 && high >= 3e38f) return mdg_onx_relu(in);
    if (low == 0 && high == 6 && !mdg_onx_is_integer(x)) return apply(in, MDG_OP_RELU6, x, &t, NULL);
    if (mdg_onx_is_integer(x) && !mdg_onx_is_constant(x))
        y = *x;
    else
        MDG_TRY(mdg_onx_real(in, x, &y));
    if (low > -3e38f) MDG_TRY(bound(in, MDG_OP_MAXIMUM, &y, low, &y));
    if (high < 3e38f) MDG_TRY(bound(in, MDG_OP_MINIMUM, &y, high, &y));
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}

/* -- HardSigmoid: min(max(alpha x + beta, 0), 1) -- */

static mdg_status with_number(mdg_onx *in, mdg_opcode code, const mdg_onx_value *x, float number,
                              mdg_onx_value *y) {
    mdg_onx_tail t = mdg_onx_tail_start(in);
    float *data = mdg_arena_copy(in->arena, &number, sizeof number);
    const mdg_onx_value constant = {
        .name = "number", .type = MDG_FLOAT32, .stored = MDG_FLOAT32, .data = data};
    return mdg_onx_binary(in, code, x, &constant, &t, y);
}

mdg_status mdg_onx_hard_sigmoid(mdg_onx *in) {
    mdg_onx_value x, y;
    MDG_TRY(mdg_onx_real(in, mdg_onx_input(in, 0), &x));
    MDG_TRY(with_number(in, MDG_OP_MUL, &x, mdg_onx_attr_float(in, "alpha", 0.2f), &y));
    x = y;
    MDG_TRY(with_number(in, MDG_OP_ADD, &x, mdg_onx_attr_float(in, "beta", 0.5f), &y));
    MDG_TRY(bound(in, MDG_OP_MAXIMUM, &y, 0, &y));
    MDG_TRY(bound(in, MDG_OP_MINIMUM, &y, 1, &y));
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}
