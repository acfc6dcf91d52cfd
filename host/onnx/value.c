/* SPDX-License-Identifier: MIT
 *
 * Values in the order and type that an operator needs.
 */
#include "onnx/importer.h"

#include <math.h>
#include <string.h>

mdg_onx_value *mdg_onx_input(const mdg_onx *in, int k) {
    const int v = k < in->node->n_inputs ? in->node->inputs[k] : -1;
    return v < 0 ? NULL : &in->values[v];
}

mdg_onx_value *mdg_onx_define(mdg_onx *in, int k, const mdg_onx_value *value) {
    if (k >= in->node->n_outputs || in->node->outputs[k] < 0) return NULL;
    mdg_onx_value *v = &in->values[in->node->outputs[k]];
    const mdg_onx_value old = *v;
    *v = *value;
    v->name = old.name;
    v->n_uses = old.n_uses;
    v->user = old.user;
    v->is_output = old.is_output;
    v->is_known = true;
    return v;
}

/* -- the graph -- */

int mdg_onx_add_tensor(mdg_onx *in, const char *name, mdg_type type, const mdg_shape *shape,
                       const mdg_quant *quant) {
    const int t = mdg_tensor_add(in->graph, in->sub, mdg_onx_clean(in, name), type, *shape);
    if (quant) in->sub->tensors[t].quant = *quant;
    return t;
}

static int add_constant(mdg_onx *in, const char *name, mdg_type type, int n, const void *values) {
    const mdg_shape shape = mdg_shape_of(1, n);
    const int t = mdg_onx_add_tensor(in, name, type, &shape, NULL);
    const void *copy = mdg_arena_copy(in->arena, values, (size_t)n * mdg_type_bits(type) / 8);
    mdg_tensor_set_data(&in->sub->tensors[t], copy);
    return t;
}

int mdg_onx_add_ints(mdg_onx *in, const char *name, int n, const int32_t *values) {
    return add_constant(in, name, MDG_INT32, n, values);
}

int mdg_onx_add_floats(mdg_onx *in, const char *name, int n, const float *values) {
    return add_constant(in, name, MDG_FLOAT32, n, values);
}

mdg_op *mdg_onx_emit(mdg_onx *in, mdg_opcode code, int n_inputs, const int *inputs, int output) {
    mdg_op *op = mdg_op_add(in->graph, in->sub, code, n_inputs, 1);
    for (int k = 0; k < n_inputs; k++) op->inputs[k] = inputs[k];
    op->outputs[0] = output;
    return op;
}

mdg_quant mdg_onx_quant(mdg_onx *in, float scale, int32_t zero_point) {
    mdg_quant q = {.count = 1};
    q.scale = mdg_arena_copy(in->arena, &scale, sizeof scale);
    q.zero_point = mdg_arena_copy(in->arena, &zero_point, sizeof zero_point);
    return q;
}

bool mdg_onx_same_quant(const mdg_quant *a, const mdg_quant *b) {
    return a->count == 1 && b->count == 1 && a->scale[0] == b->scale[0] &&
           a->zero_point[0] == b->zero_point[0];
}

int mdg_onx_requantize(mdg_onx *in, int tensor, const mdg_quant *quant) {
    const mdg_tensor *t = &in->sub->tensors[tensor];
    if (mdg_onx_same_quant(&t->quant, quant)) return tensor;
    const int y = mdg_onx_add_tensor(in, t->name, MDG_INT8, &t->shape, quant);
    mdg_onx_emit(in, MDG_OP_QUANTIZE, 1, &tensor, y);
    return y;
}

static int reshape_tensor(mdg_onx *in, int tensor, const mdg_shape *shape) {
    const mdg_tensor *t = &in->sub->tensors[tensor];
    if (mdg_shape_equal(&t->shape, shape)) return tensor;
    const mdg_quant quant = t->quant;
    const int y = mdg_onx_add_tensor(in, t->name, t->type, shape, &quant);
    const int inputs[] = {tensor, mdg_onx_add_ints(in, "shape", shape->rank, shape->dim)};
    mdg_reshape_attrs *a = mdg_onx_emit(in, MDG_OP_RESHAPE, 2, inputs, y)->attrs;
    a->new_shape.count = shape->rank;
    a->new_shape.values = in->sub->tensors[inputs[1]].data;
    return y;
}

/* -- rearranging -- */

/* Element by element, in the order of the factors. */
static void gather(const mdg_onx_view *v, size_t size, const uint8_t *from, uint8_t *to) {
    const int64_t n = mdg_shape_elements(&v->shape);
    int32_t index[MDG_ONX_MAX_FACTORS] = {0};
    size_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        memcpy(to + (size_t)i * size, from + at * size, size);
        for (int k = v->n; k-- > 0;) {
            at += (size_t)v->factor[k].stride;
            if (++index[k] < v->factor[k].size) break;
            at -= (size_t)v->factor[k].stride * (size_t)v->factor[k].size;
            index[k] = 0;
        }
    }
}

static mdg_status gather_constant(mdg_onx *in, mdg_onx_value *x) {
    const size_t size = mdg_type_bits(x->stored) / 8;
    void *data;
    MDG_TRY(mdg_onx_alloc(in, (size_t)mdg_shape_elements(&x->view.shape), size, &data));
    gather(&x->view, size, x->data, data);
    x->data = data;
    return MDG_OK;
}

/* From memory's order, factors sorted by stride, to the order of the factors. */
static mdg_status transpose_tensor(mdg_onx *in, mdg_onx_value *x) {
    const mdg_onx_view *v = &x->view;
    int order[MDG_ONX_MAX_FACTORS];
    int32_t perm[MDG_MAX_RANK];
    if (v->n > MDG_MAX_RANK)
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "\"%.80s\" is rearranged in too complicated a way", x->name);
    mdg_onx_factors_sort(v->factor, v->n, order);
    mdg_shape memory = {.rank = v->n}, result = {.rank = v->n};
    for (int i = 0; i < v->n; i++) {
        memory.dim[i] = v->factor[order[i]].size;
        result.dim[i] = v->factor[i].size;
        perm[order[i]] = i;
    }
    const int from = reshape_tensor(in, x->tensor, &memory);
    const mdg_quant quant = in->sub->tensors[from].quant;
    const int y = mdg_onx_add_tensor(in, x->name, x->stored, &result, &quant);
    const int inputs[] = {from, mdg_onx_add_ints(in, "order", v->n, perm)};
    mdg_onx_emit(in, MDG_OP_TRANSPOSE, 2, inputs, y);
    x->tensor = y;
    return MDG_OK;
}

/* Brings memory into logical order. */
static mdg_status settle(mdg_onx *in, mdg_onx_value *x) {
    if (mdg_onx_view_is_plain(&x->view)) return MDG_OK;
    MDG_TRY(mdg_onx_is_constant(x) ? gather_constant(in, x) : transpose_tensor(in, x));
    x->view = mdg_onx_view_plain(&x->view.shape);
    x->real = -1;
    return MDG_OK;
}

mdg_status mdg_onx_transpose(mdg_onx *in, const mdg_onx_value *x, const int *perm, mdg_onx_value *y) {
    *y = *x;
    if (!mdg_onx_view_transpose(&x->view, perm, &y->view)) {
        MDG_TRY(settle(in, y));
        const mdg_onx_view plain = y->view;
        MDG_TRY(mdg_onx_need(in, mdg_onx_view_transpose(&plain, perm, &y->view), "it is too complicated"));
    }
    for (int d = 0; x->quant.count > 1 && d < x->view.shape.rank; d++)
        if (perm[d] == x->quant.axis) y->quant.axis = d;
    return MDG_OK;
}

/* Per-channel scales survive when their dimension keeps its size and its place in the count. */
static mdg_status reshape_axis(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y) {
    const mdg_shape *from = &x->view.shape, *to = &y->view.shape;
    int64_t outer = 1, now = 1;
    for (int d = 0; d < x->quant.axis; d++) outer *= from->dim[d];
    for (int d = 0; d < to->rank; now *= to->dim[d++]) {
        if (now != outer || to->dim[d] != x->quant.count) continue;
        y->quant.axis = d;
        return MDG_OK;
    }
    return mdg_onx_fail(in, MDG_UNSUPPORTED, "\"%.80s\" is quantised per channel and loses its channels",
                        x->name);
}

mdg_status mdg_onx_reshape(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *shape, mdg_onx_value *y) {
    *y = *x;
    y->view.shape = *shape;
    return x->quant.count > 1 ? reshape_axis(in, x, y) : MDG_OK;
}

mdg_status mdg_onx_arrange(mdg_onx *in, const mdg_onx_value *x, const int *perm, mdg_onx_value *y) {
    *y = *x;
    if (perm) MDG_TRY(mdg_onx_transpose(in, x, perm, y));
    MDG_TRY(settle(in, y));
    if (!mdg_onx_is_constant(y)) y->tensor = reshape_tensor(in, y->tensor, &y->view.shape);
    return MDG_OK;
}

mdg_status mdg_onx_shaped(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *shape, int *tensor) {
    MDG_TRY(mdg_onx_need_shape(in, shape));
    if (!mdg_onx_is_constant(x)) {
        *tensor = reshape_tensor(in, x->tensor, shape);
        return MDG_OK;
    }
    mdg_quant quant = x->quant;
    *tensor = mdg_onx_add_tensor(in, x->name, x->stored, shape, &quant);
    mdg_tensor_set_data(&in->sub->tensors[*tensor], x->data);
    return MDG_OK;
}

mdg_status mdg_onx_operand(mdg_onx *in, const mdg_onx_value *x, const int *perm, int *tensor) {
    mdg_onx_value y;
    MDG_TRY(mdg_onx_arrange(in, x, perm, &y));
    return mdg_onx_shaped(in, &y, &y.view.shape, tensor);
}

mdg_status mdg_onx_rows(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y, int *tensor) {
    *y = *x;
    if (!mdg_onx_view_has_rows(&x->view)) MDG_TRY(mdg_onx_arrange(in, x, NULL, y));
    const mdg_shape *s = &y->view.shape;
    const int32_t last = s->rank ? s->dim[s->rank - 1] : 1;
    const mdg_shape rows = mdg_shape_of(2, (int)(mdg_shape_elements(s) / last), last);
    return mdg_onx_shaped(in, y, &rows, tensor);
}

/* -- real numbers -- */

static mdg_status real_constant(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y) {
    mdg_onx_value plain;
    float *values;
    MDG_TRY(mdg_onx_arrange(in, x, NULL, &plain));
    const mdg_quant *q = &x->quant;
    const int64_t n = mdg_shape_elements(&plain.view.shape);
    int64_t inner = 1;
    for (int d = q->axis + 1; q->count > 1 && d < plain.view.shape.rank; d++)
        inner *= plain.view.shape.dim[d];
    MDG_TRY(mdg_onx_alloc(in, (size_t)n + 1, sizeof *values, (void **)&values));
    for (int64_t i = 0; i < n; i++) {
        const int c = q->count > 1 ? (int)(i / inner % q->count) : 0;
        const int32_t v =
            x->stored == MDG_INT32 ? ((const int32_t *)plain.data)[i] : ((const int8_t *)plain.data)[i];
        values[i] = (float)((int64_t)v - q->zero_point[c]) * q->scale[c];
    }
    *y = plain;
    y->data = values;
    return MDG_OK;
}

mdg_status mdg_onx_real(mdg_onx *in, mdg_onx_value *x, mdg_onx_value *y) {
    *y = *x;
    if (!mdg_onx_is_integer(x)) {
        if (x->type == MDG_FLOAT32) return MDG_OK;
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "\"%.80s\" is %s; only float32 and quantised numbers can be computed with",
                            x->name, mdg_type_text(x->type));
    }
    if (mdg_onx_is_constant(x)) {
        MDG_TRY(real_constant(in, x, y));
    } else {
        if (x->real < 0) {
            const mdg_shape shape = in->sub->tensors[x->tensor].shape;
            x->real = mdg_onx_add_tensor(in, x->name, MDG_FLOAT32, &shape, NULL);
            mdg_onx_emit(in, MDG_OP_DEQUANTIZE, 1, &x->tensor, x->real);
        }
        y->tensor = x->real;
    }
    y->stored = MDG_FLOAT32;
    y->quant = (mdg_quant){.count = 0};
    return MDG_OK;
}

mdg_status mdg_onx_constant_floats(mdg_onx *in, mdg_onx_value *x, const float **values) {
    mdg_onx_value y;
    if (!mdg_onx_is_constant(x))
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "\"%.80s\" must be a constant", x->name);
    MDG_TRY(mdg_onx_real(in, x, &y));
    MDG_TRY(mdg_onx_arrange(in, &y, NULL, &y));
    *values = y.data;
    return MDG_OK;
}
