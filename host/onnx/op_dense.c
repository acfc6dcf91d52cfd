/* SPDX-License-Identifier: MIT
 *
 * Gemm and MatMul: FULLY_CONNECTED where one operand is constant, else BATCH_MATMUL.
 */
#include "onnx/importer.h"

typedef struct dense {
    mdg_onx_value x;     /* [..., inputs] */
    mdg_onx_value w;     /* [inputs, outputs] */
    mdg_onx_value *bias; /* or NULL */
    mdg_onx_tail tail;
    bool is_integer;
} dense;

/* [outputs, inputs], the inputs in the order in which memory has them: a flattened map costs nothing. */
static mdg_status arrange_weights(mdg_onx *in, const dense *d, int *tensor) {
    const int32_t outputs = d->w.view.shape.dim[1], inputs = d->w.view.shape.dim[0];
    const int last = d->x.view.shape.rank - 1;
    mdg_onx_groups g;
    int order[MDG_ONX_MAX_FACTORS], perm[MDG_MAX_RANK];
    mdg_onx_value split, arranged, w;
    MDG_TRY(mdg_onx_need(in, mdg_onx_view_group(&d->x.view, &g),
                         "its input is rearranged in too complicated a way"));
    const int n = g.n - g.first[last];
    MDG_TRY(mdg_onx_need(in, n < MDG_MAX_RANK, "its input is rearranged in too complicated a way"));
    mdg_onx_factors_sort(g.factor + g.first[last], n, order);
    mdg_shape shape = {.rank = n + 1};
    for (int i = 0; i < n; i++) shape.dim[i] = g.factor[g.first[last] + i].size;
    shape.dim[n] = outputs;
    perm[0] = n;
    for (int i = 0; i < n; i++) perm[i + 1] = order[i];
    MDG_TRY(mdg_onx_reshape(in, &d->w, &shape, &split));
    MDG_TRY(mdg_onx_arrange(in, &split, perm, &arranged));
    const mdg_shape matrix = mdg_shape_of(2, (int)outputs, (int)inputs);
    MDG_TRY(mdg_onx_reshape(in, &arranged, &matrix, &w));
    return mdg_onx_shaped(in, &w, &matrix, tensor);
}

static mdg_status emit_dense(mdg_onx *in, dense *d) {
    const int32_t outputs = d->w.view.shape.dim[1];
    mdg_onx_value rows;
    int inputs[3];
    if (d->is_integer) {
        MDG_TRY(mdg_onx_check_weights(in, &d->w, 1, false));
    } else {
        mdg_onx_value x = d->x, w = d->w;
        MDG_TRY(mdg_onx_real(in, &x, &d->x));
        MDG_TRY(mdg_onx_real(in, &w, &d->w));
    }
    MDG_TRY(mdg_onx_rows(in, &d->x, &rows, &inputs[0]));
    d->x = rows;
    MDG_TRY(arrange_weights(in, d, &inputs[1]));
    if (d->bias) MDG_TRY(mdg_onx_bias(in, d->bias, outputs, &d->x, &d->w, d->is_integer, &inputs[2]));
    const mdg_shape memory = mdg_shape_of(2, (int)in->sub->tensors[inputs[0]].shape.dim[0], (int)outputs);
    MDG_TRY(mdg_onx_need_shape(in, &memory));
    const mdg_onx_view view = mdg_onx_view_dense(&rows.view, outputs);
    const int y = mdg_onx_tail_finish(in, &d->tail, &memory, &view);
    mdg_fully_connected_attrs *a =
        mdg_onx_emit(in, MDG_OP_FULLY_CONNECTED, d->bias ? 3 : 2, inputs, y)->attrs;
    a->activation = d->tail.activation;
    return MDG_OK;
}

static bool is_bias(const mdg_onx_value *b, int32_t outputs) {
    const mdg_shape *s = &b->view.shape;
    const int64_t n = mdg_shape_elements(s);
    return b->is_known && mdg_onx_is_constant(b) &&
           (n == 1 || (n == outputs && s->dim[s->rank - 1] == outputs));
}

static mdg_status multiply(mdg_onx *in, dense *d) {
    const mdg_shape *x = &d->x.view.shape, *w = &d->w.view.shape;
    mdg_onx_value folded;
    MDG_TRY(
        mdg_onx_need(in, x->rank >= 1 && x->dim[x->rank - 1] == w->dim[0], "its inputs' sizes do not match"));
    mdg_onx_node *norm = x->rank == 2 ? mdg_onx_only_user(in, d->tail.value, "BatchNormalization") : NULL;
    const bool has_integers = mdg_onx_is_integer(&d->x) && mdg_onx_is_integer(&d->w) && !norm;
    if (norm && norm->inputs[0] == d->tail.value) {
        MDG_TRY(mdg_onx_fold_norm(in, norm, 1, &d->w, &d->bias, &folded));
        mdg_onx_tail_absorb(in, &d->tail, norm);
    }
    mdg_onx_tail_activation(in, &d->tail);
    d->is_integer = mdg_onx_tail_quantize(in, &d->tail, has_integers);
    return emit_dense(in, d);
}

/* -- Gemm -- */

static mdg_status read_matrix(mdg_onx *in, int k, const char *transposed, mdg_onx_value *m) {
    static const int swap[] = {1, 0};
    const mdg_onx_value *v = mdg_onx_input(in, k);
    MDG_TRY(mdg_onx_need(in, v->view.shape.rank == 2, "an operand is no matrix"));
    *m = *v;
    return mdg_onx_attr_int(in, transposed, 0) ? mdg_onx_transpose(in, v, swap, m) : MDG_OK;
}

static mdg_status scale_constant(mdg_onx *in, mdg_onx_value *v, float factor) {
    const int64_t n = mdg_shape_elements(&v->view.shape);
    const float *from;
    float *to;
    if (factor == 1) return MDG_OK;
    mdg_onx_value copy = *v;
    MDG_TRY(mdg_onx_constant_floats(in, &copy, &from));
    MDG_TRY(mdg_onx_alloc(in, (size_t)n + 1, sizeof *to, (void **)&to));
    for (int64_t i = 0; i < n; i++) to[i] = factor * from[i];
    const mdg_shape shape = v->view.shape;
    *v = (mdg_onx_value){.name = v->name,
                         .is_known = true,
                         .type = MDG_FLOAT32,
                         .stored = MDG_FLOAT32,
                         .view = mdg_onx_view_plain(&shape),
                         .data = to};
    return MDG_OK;
}

/* A third operand that is no bias is added afterwards. */
static mdg_status add_operand(mdg_onx *in, dense *d, mdg_onx_value *c) {
    mdg_onx_tail t = mdg_onx_tail_start(in);
    mdg_onx_value real, y;
    MDG_TRY(emit_dense(in, d));
    const mdg_onx_value product = in->values[d->tail.value];
    MDG_TRY(mdg_onx_real(in, c, &real));
    mdg_onx_tail_activation(in, &t);
    MDG_TRY(mdg_onx_binary(in, MDG_OP_ADD, &product, &real, &t, &y));
    mdg_onx_tail_define(in, &t, &y);
    return MDG_OK;
}

mdg_status mdg_onx_gemm(mdg_onx *in) {
    dense d = {.tail = mdg_onx_tail_start(in)};
    mdg_onx_value *c = mdg_onx_input(in, 2), scaled;
    MDG_TRY(read_matrix(in, 0, "transA", &d.x));
    MDG_TRY(read_matrix(in, 1, "transB", &d.w));
    MDG_TRY(
        mdg_onx_need(in, mdg_onx_is_constant(&d.w), "its second operand is no constant; use MatMul and Add"));
    MDG_TRY(
        mdg_onx_need(in, d.x.view.shape.dim[1] == d.w.view.shape.dim[0], "its inputs' sizes do not match"));
    MDG_TRY(scale_constant(in, &d.w, mdg_onx_attr_float(in, "alpha", 1)));
    if (c && mdg_onx_is_constant(c)) {
        scaled = *c;
        MDG_TRY(scale_constant(in, &scaled, mdg_onx_attr_float(in, "beta", 1)));
        c = &scaled;
    } else {
        MDG_TRY(mdg_onx_need(in, !c || mdg_onx_attr_float(in, "beta", 1) == 1,
                             "beta with a bias that is no constant"));
    }
    if (c && !is_bias(c, d.w.view.shape.dim[1])) return add_operand(in, &d, c);
    d.bias = c;
    return multiply(in, &d);
}

/* -- MatMul -- */

static mdg_status batch_shape(mdg_onx *in, const mdg_shape *a, const mdg_shape *b, mdg_shape *y) {
    const int rank = a->rank;
    MDG_TRY(mdg_onx_need(in, rank >= 2 && rank == b->rank && a->dim[rank - 1] == b->dim[rank - 2],
                         "its inputs' sizes do not match, or are of different rank"));
    *y = *a;
    y->dim[rank - 1] = b->dim[rank - 1];
    for (int d = 0; d < rank - 2; d++) {
        MDG_TRY(mdg_onx_need(in, a->dim[d] == b->dim[d] || a->dim[d] == 1 || b->dim[d] == 1,
                             "its inputs' sizes do not match"));
        y->dim[d] = a->dim[d] == 1 ? b->dim[d] : a->dim[d];
    }
    return mdg_onx_need_shape(in, y);
}

static mdg_status batch_matmul(mdg_onx *in) {
    mdg_onx_value *a = mdg_onx_input(in, 0), *b = mdg_onx_input(in, 1), x = *a, z = *b;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    mdg_shape shape;
    int inputs[2];
    MDG_TRY(batch_shape(in, &a->view.shape, &b->view.shape, &shape));
    const bool integers = mdg_onx_is_integer(a) && mdg_onx_is_integer(b) && b->quant.count == 1;
    if (!mdg_onx_tail_quantize(in, &t, integers)) {
        MDG_TRY(mdg_onx_real(in, a, &x));
        MDG_TRY(mdg_onx_real(in, b, &z));
    }
    MDG_TRY(mdg_onx_operand(in, &x, NULL, &inputs[0]));
    MDG_TRY(mdg_onx_operand(in, &z, NULL, &inputs[1]));
    const mdg_onx_view view = mdg_onx_view_plain(&shape);
    const int y = mdg_onx_tail_finish(in, &t, &shape, &view);
    mdg_onx_emit(in, MDG_OP_BATCH_MATMUL, 2, inputs, y);
    return MDG_OK;
}

mdg_status mdg_onx_matmul(mdg_onx *in) {
    mdg_onx_value *x = mdg_onx_input(in, 0), *w = mdg_onx_input(in, 1);
    if (!mdg_onx_is_constant(w) || w->view.shape.rank != 2) return batch_matmul(in);
    dense d = {.x = *x, .w = *w, .tail = mdg_onx_tail_start(in)};
    mdg_onx_node *add = mdg_onx_is_integer(x) ? NULL : mdg_onx_only_user(in, d.tail.value, "Add");
    if (add && add->n_inputs == 2 && add->inputs[0] >= 0 && add->inputs[1] >= 0) {
        mdg_onx_value *b = &in->values[add->inputs[add->inputs[0] == d.tail.value]];
        if (is_bias(b, w->view.shape.dim[1]) && b->type == MDG_FLOAT32 &&
            b->view.shape.rank <= x->view.shape.rank) {
            d.bias = b;
            mdg_onx_tail_absorb(in, &d.tail, add);
        }
    }
    return multiply(in, &d);
}
