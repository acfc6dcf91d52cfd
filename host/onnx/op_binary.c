/* SPDX-License-Identifier: MIT
 *
 * Operators on two values with broadcasting. Both are brought to the order in which the larger one lies in
 * memory; constants follow for nothing.
 */
#include "onnx/importer.h"

#include <math.h>
#include <string.h>

static mdg_status broadcast(const mdg_onx *in, mdg_shape *a, mdg_shape *b, mdg_shape *y) {
    mdg_shape *shapes[] = {a, b};
    y->rank = a->rank > b->rank ? a->rank : b->rank;
    for (int k = 0; k < 2; k++) { /* ones in front */
        const mdg_shape old = *shapes[k];
        const int more = y->rank - old.rank;
        shapes[k]->rank = y->rank;
        for (int d = 0; d < y->rank; d++) shapes[k]->dim[d] = d < more ? 1 : old.dim[d - more];
    }
    for (int d = 0; d < y->rank; d++) {
        if (a->dim[d] != b->dim[d] && a->dim[d] != 1 && b->dim[d] != 1)
            return mdg_onx_fail(in, MDG_INVALID, "its inputs have %d and %d elements in one dimension",
                                (int)a->dim[d], (int)b->dim[d]);
        y->dim[d] = a->dim[d] == 1 ? b->dim[d] : a->dim[d];
    }
    return mdg_onx_need_shape(in, y);
}

/* Splits the dimensions of both as the leading value's factors are split (a flattened map is N,C,H,W again),
 * so that memory's order is one of whole dimensions. Leaves them where that makes too many dimensions. */
static void refine(mdg_onx_value *lead, mdg_onx_value *other) {
    mdg_onx_groups g;
    mdg_shape a = {.rank = 0}, b = {.rank = 0};
    if (!mdg_onx_view_group(&lead->view, &g)) return;
    for (int d = 0; d < lead->view.shape.rank; d++) {
        const int n = g.first[d + 1] - g.first[d];
        const int32_t whole = other->view.shape.dim[d];
        if (a.rank + (n ? n : 1) > MDG_MAX_RANK) return;
        if (n == 0) {
            a.dim[a.rank++] = 1;
            b.dim[b.rank++] = whole;
        }
        for (int i = g.first[d]; i < g.first[d + 1]; i++) {
            a.dim[a.rank++] = g.factor[i].size;
            b.dim[b.rank++] = whole == 1 ? 1 : g.factor[i].size;
        }
    }
    lead->view.shape = a;
    other->view.shape = b;
}

static void set_activation(mdg_op *op, int activation) {
    switch (op->code) {
    case MDG_OP_ADD: ((mdg_add_attrs *)op->attrs)->activation = activation; break;
    case MDG_OP_SUB: ((mdg_sub_attrs *)op->attrs)->activation = activation; break;
    case MDG_OP_MUL: ((mdg_mul_attrs *)op->attrs)->activation = activation; break;
    case MDG_OP_DIV: ((mdg_div_attrs *)op->attrs)->activation = activation; break;
    default: break;
    }
}

static bool leads(const mdg_onx_value *b, const mdg_onx_value *a) {
    const int64_t of_a = mdg_shape_elements(&a->view.shape), of_b = mdg_shape_elements(&b->view.shape);
    return mdg_onx_is_constant(a) ? !mdg_onx_is_constant(b) : !mdg_onx_is_constant(b) && of_b > of_a;
}

mdg_status mdg_onx_binary(mdg_onx *in, mdg_opcode code, const mdg_onx_value *a, const mdg_onx_value *b,
                          const mdg_onx_tail *t, mdg_onx_value *y) {
    mdg_onx_value operand[] = {*a, *b};
    const int lead = leads(b, a);
    int perm[MDG_MAX_RANK], inputs[2];
    mdg_shape logical, split;
    MDG_TRY(broadcast(in, &operand[0].view.shape, &operand[1].view.shape, &logical));
    refine(&operand[lead], &operand[!lead]);
    if (!mdg_onx_view_order(&operand[lead].view, perm))
        for (int d = 0; d < MDG_MAX_RANK; d++) perm[d] = d;
    for (int k = 0; k < 2; k++) MDG_TRY(mdg_onx_operand(in, &operand[k], perm, &inputs[k]));
    MDG_TRY(broadcast(in, &operand[0].view.shape, &operand[1].view.shape, &split));
    *y = (mdg_onx_value){
        .type = t->type, .stored = t->quant.count ? MDG_INT8 : MDG_FLOAT32, .quant = t->quant};
    y->view = mdg_onx_view_ordered(&split, perm);
    y->view.shape = logical;
    y->real = -1;
    y->name = in->values[t->value].name;
    const mdg_shape memory = mdg_onx_shape_permuted(&split, perm);
    y->tensor = mdg_onx_add_tensor(in, y->name, y->stored, &memory, t->quant.count ? &t->quant : NULL);
    set_activation(mdg_onx_emit(in, code, 2, inputs, y->tensor), t->activation);
    return MDG_OK;
}

/* A number beside quantised values is exact as +-127 steps. */
static void quantize_number(mdg_onx *in, mdg_onx_value *x) {
    if (x->type != MDG_FLOAT32 || x->quant.count || !mdg_onx_is_constant(x)) return;
    if (mdg_shape_elements(&x->view.shape) != 1) return;
    float number;
    memcpy(&number, x->data, sizeof number);
    if (!isfinite(number)) return;
    const float scale = fabsf(number) / 127;
    int8_t *stored = mdg_arena_alloc(in->arena, 1);
    *stored = scale > 0 ? (number > 0 ? 127 : -127) : 0;
    x->data = stored;
    x->stored = MDG_INT8;
    x->quant = mdg_onx_quant(in, scale > 0 ? scale : 1, 0);
}

static bool is_integer(const mdg_onx_value *x) {
    return mdg_onx_is_integer(x) && x->stored == MDG_INT8 && x->quant.count == 1;
}

static mdg_status binary(mdg_onx *in, mdg_opcode code, bool has_integers) {
    mdg_onx_value *a = mdg_onx_input(in, 0), *b = mdg_onx_input(in, 1);
    mdg_onx_value operand[] = {*a, *b}, y;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    if (is_integer(a)) quantize_number(in, &operand[1]);
    if (is_integer(b)) quantize_number(in, &operand[0]);
    mdg_onx_tail_activation(in, &t);
    if (!mdg_onx_tail_quantize(in, &t, has_integers && is_integer(&operand[0]) && is_integer(&operand[1]))) {
        MDG_TRY(mdg_onx_real(in, a, &operand[0]));
        MDG_TRY(mdg_onx_real(in, b, &operand[1]));
    }
    MDG_TRY(mdg_onx_binary(in, code, &operand[0], &operand[1], &t, &y));
    mdg_onx_tail_define(in, &t, &y);
    return MDG_OK;
}

mdg_status mdg_onx_add(mdg_onx *in) {
    return binary(in, MDG_OP_ADD, true);
}

mdg_status mdg_onx_sub(mdg_onx *in) {
    return binary(in, MDG_OP_SUB, true);
}

mdg_status mdg_onx_mul(mdg_onx *in) {
    return binary(in, MDG_OP_MUL, true);
}

mdg_status mdg_onx_div(mdg_onx *in) {
    return binary(in, MDG_OP_DIV, false);
}

/* Max, Min of two values: integers of one scale are compared as they are. */
static mdg_status choose(mdg_onx *in, mdg_opcode code) {
    mdg_onx_value *a = mdg_onx_input(in, 0), *b = mdg_onx_input(in, 1), x, z, y;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    if (!b) return mdg_onx_identity(in);
    if (is_integer(a) && is_integer(b) && mdg_onx_same_quant(&a->quant, &b->quant)) {
        x = *a, z = *b;
        t.quant = a->quant;
    } else {
        MDG_TRY(mdg_onx_real(in, a, &x));
        MDG_TRY(mdg_onx_real(in, b, &z));
    }
    MDG_TRY(mdg_onx_binary(in, code, &x, &z, &t, &y));
    mdg_onx_tail_define(in, &t, &y);
    return MDG_OK;
}

mdg_status mdg_onx_max(mdg_onx *in) {
    return choose(in, MDG_OP_MAXIMUM);
}

mdg_status mdg_onx_min(mdg_onx *in) {
    return choose(in, MDG_OP_MINIMUM);
}
