/* SPDX-License-Identifier: MIT
 *
 * Concat, Slice, Pad: elements move, in the order that memory has; quantised ones stay what they are.
 */
#include "onnx/importer.h"

#include <string.h>

static void order_of(const mdg_onx_value *x, int *perm) {
    if (mdg_onx_view_order(&x->view, perm)) return;
    for (int d = 0; d < x->view.shape.rank; d++) perm[d] = d;
}

static int place_of(const int *perm, int axis) {
    int d = 0;
    while (perm[d] != axis) d++;
    return d;
}

/* Integers stay integers, all else becomes real. */
static mdg_status as_it_is(mdg_onx *in, mdg_onx_value *x, mdg_onx_value *y) {
    *y = *x;
    return mdg_onx_is_integer(x) && !mdg_onx_is_constant(x) ? MDG_OK : mdg_onx_real(in, x, y);
}

/* -- Concat -- */

/* One quantisation for all, if all inputs are integers: that of the tail, or the one they share. */
static bool find_quant(mdg_onx *in, mdg_onx_tail *t, mdg_quant *quant) {
    bool all = true, alike = true;
    const mdg_onx_value *first = mdg_onx_input(in, 0);
    for (int k = 0; k < in->node->n_inputs; k++) {
        const mdg_onx_value *x = mdg_onx_input(in, k);
        all = all && mdg_onx_is_integer(x) && x->stored == MDG_INT8 && x->quant.count == 1;
        alike = all && alike && mdg_onx_same_quant(&x->quant, &first->quant);
    }
    if (!all) return false;
    *quant = first->quant;
    if (alike) return true;
    const bool found = mdg_onx_tail_quantize(in, t, true);
    *quant = t->quant;
    return found;
}

static mdg_status concat_shape(mdg_onx *in, int axis, mdg_shape *y) {
    int64_t sum = 0;
    *y = mdg_onx_input(in, 0)->view.shape;
    for (int k = 0; k < in->node->n_inputs; k++) {
        const mdg_shape *x = &mdg_onx_input(in, k)->view.shape;
        MDG_TRY(mdg_onx_need(in, x->rank == y->rank, "its inputs differ in rank"));
        for (int d = 0; d < y->rank; d++)
            MDG_TRY(mdg_onx_need(in, d == axis || x->dim[d] == y->dim[d], "its inputs differ in size"));
        sum += x->dim[axis];
    }
    MDG_TRY(mdg_onx_need(in, sum <= INT32_MAX, "its output is too large"));
    y->dim[axis] = (int32_t)sum;
    return mdg_onx_need_shape(in, y);
}

mdg_status mdg_onx_concat(mdg_onx *in) {
    const int n = in->node->n_inputs;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    mdg_quant quant = {.count = 0};
    mdg_shape shape;
    int axis, perm[MDG_MAX_RANK], *inputs, lead = 0;
    for (int k = 0; k < n; k++)
        MDG_TRY(mdg_onx_need(in, mdg_onx_input(in, k) != NULL, "an input is missing"));
    MDG_TRY(mdg_onx_axis(in, mdg_onx_attr_int(in, "axis", 0), mdg_onx_input(in, 0)->view.shape.rank, &axis));
    MDG_TRY(concat_shape(in, axis, &shape));
    MDG_TRY(mdg_onx_alloc(in, (size_t)n, sizeof *inputs, (void **)&inputs));
    if (find_quant(in, &t, &quant)) t.quant = quant;
    while (lead < n - 1 && mdg_onx_is_constant(mdg_onx_input(in, lead))) lead++;
    order_of(mdg_onx_input(in, lead), perm);
    for (int k = 0; k < n; k++) {
        mdg_onx_value *x = mdg_onx_input(in, k), y = *x;
        if (!quant.count) MDG_TRY(mdg_onx_real(in, x, &y));
        MDG_TRY(mdg_onx_operand(in, &y, perm, &inputs[k]));
        if (quant.count) inputs[k] = mdg_onx_requantize(in, inputs[k], &quant);
    }
    const mdg_shape memory = mdg_onx_shape_permuted(&shape, perm);
    const mdg_onx_view view = mdg_onx_view_ordered(&shape, perm);
    const int y = mdg_onx_tail_finish(in, &t, &memory, &view);
    ((mdg_concatenation_attrs *)mdg_onx_emit(in, MDG_OP_CONCATENATION, n, inputs, y)->attrs)->axis =
        place_of(perm, axis);
    return MDG_OK;
}

/* -- Slice -- */

typedef struct slices {
    int32_t begin[MDG_MAX_RANK], end[MDG_MAX_RANK], step[MDG_MAX_RANK]; /* logical */
    mdg_shape shape;
} slices;

static int64_t clamp(int64_t v, int64_t high) {
    return v < 0 ? 0 : v > high ? high : v;
}

static mdg_status read_slices(mdg_onx *in, const mdg_shape *x, slices *s) {
    int64_t starts[MDG_MAX_RANK], ends[MDG_MAX_RANK], axes[MDG_MAX_RANK], steps[MDG_MAX_RANK];
    int n, n_ends, n_axes, n_steps;
    MDG_TRY(mdg_onx_ints(in, "starts", 1, MDG_MAX_RANK, starts, &n));
    MDG_TRY(mdg_onx_ints(in, "ends", 2, MDG_MAX_RANK, ends, &n_ends));
    MDG_TRY(mdg_onx_ints(in, "axes", 3, MDG_MAX_RANK, axes, &n_axes));
    MDG_TRY(mdg_onx_ints(in, "", 4, MDG_MAX_RANK, steps, &n_steps));
    MDG_TRY(mdg_onx_need(in,
                         n >= 0 && n <= x->rank && n_ends == n && (n_axes < 0 || n_axes == n) &&
                             (n_steps < 0 || n_steps == n),
                         "its lists of starts, ends, axes and steps differ in length"));
    s->shape = *x;
    for (int d = 0; d < x->rank; d++) s->begin[d] = 0, s->end[d] = x->dim[d], s->step[d] = 1;
    for (int i = 0; i < n; i++) {
        int d;
        MDG_TRY(mdg_onx_axis(in, n_axes < 0 ? i : axes[i], x->rank, &d));
        const int64_t size = x->dim[d], step = n_steps < 0 ? 1 : steps[i];
        MDG_TRY(mdg_onx_need(in, step > 0, "steps below 1 are not supported"));
        s->begin[d] = (int32_t)clamp(starts[i] < 0 ? starts[i] + size : starts[i], size);
        s->end[d] = (int32_t)clamp(ends[i] < 0 ? ends[i] + size : ends[i], size);
        s->step[d] = (int32_t)(step < size ? step : size);
        MDG_TRY(mdg_onx_need(in, s->begin[d] < s->end[d], "it leaves nothing"));
        s->shape.dim[d] = (s->end[d] - s->begin[d] + s->step[d] - 1) / s->step[d];
    }
    return MDG_OK;
}

mdg_status mdg_onx_slice(mdg_onx *in) {
    mdg_onx_value x;
    slices s;
    int perm[MDG_MAX_RANK], inputs[4];
    int32_t lists[3][MDG_MAX_RANK];
    MDG_TRY(as_it_is(in, mdg_onx_input(in, 0), &x));
    MDG_TRY(read_slices(in, &x.view.shape, &s));
    order_of(&x, perm);
    MDG_TRY(mdg_onx_operand(in, &x, perm, &inputs[0]));
    const int rank = s.shape.rank;
    for (int d = 0; d < rank; d++) {
        lists[0][d] = s.begin[perm[d]];
        lists[1][d] = s.end[perm[d]];
        lists[2][d] = s.step[perm[d]];
    }
    static const char *const names[] = {"begin", "end", "strides"};
    for (int k = 0; k < 3; k++) inputs[k + 1] = mdg_onx_add_ints(in, names[k], rank, lists[k]);
    const mdg_shape memory = mdg_onx_shape_permuted(&s.shape, perm);
    const mdg_onx_view view = mdg_onx_view_ordered(&s.shape, perm);
    x.data = NULL;
    mdg_onx_emit(in, MDG_OP_STRIDED_SLICE, 4, inputs, mdg_onx_finish_like(in, &x, &memory, &view));
    return MDG_OK;
}

/* -- Pad -- */

static mdg_status read_pads(mdg_onx *in, const mdg_shape *x, int32_t *before, int32_t *after) {
    int64_t pads[2 * MDG_MAX_RANK], axes[MDG_MAX_RANK];
    int n, n_axes;
    memset(before, 0, MDG_MAX_RANK * sizeof *before);
    memset(after, 0, MDG_MAX_RANK * sizeof *after);
    MDG_TRY(mdg_onx_ints(in, "pads", 1, 2 * MDG_MAX_RANK, pads, &n));
    MDG_TRY(mdg_onx_ints(in, "", 3, MDG_MAX_RANK, axes, &n_axes));
    const int count = n_axes < 0 ? x->rank : n_axes;
    MDG_TRY(mdg_onx_need(in, n == 2 * count, "its pads are not two for each axis"));
    for (int i = 0; i < count; i++) {
        int d;
        MDG_TRY(mdg_onx_axis(in, n_axes < 0 ? i : axes[i], x->rank, &d));
        MDG_TRY(mdg_onx_need(
            in, pads[i] >= 0 && pads[i] < INT32_MAX && pads[count + i] >= 0 && pads[count + i] < INT32_MAX,
            "negative pads are not supported; use Slice"));
        before[d] = (int32_t)pads[i];
        after[d] = (int32_t)pads[count + i];
    }
    return MDG_OK;
}

static mdg_status read_fill(mdg_onx *in, float *fill) {
    mdg_onx_value *v = mdg_onx_input(in, 2);
    const float *values;
    *fill = mdg_onx_attr_float(in, "value", 0);
    if (!v || mdg_shape_elements(&v->view.shape) != 1) return MDG_OK;
    MDG_TRY(mdg_onx_constant_floats(in, v, &values));
    *fill = values[0];
    return MDG_OK;
}

mdg_status mdg_onx_pad_node(mdg_onx *in) {
    mdg_onx_value x;
    int32_t before[MDG_MAX_RANK], after[MDG_MAX_RANK], placed[2][MDG_MAX_RANK];
    int perm[MDG_MAX_RANK], tensor;
    float fill;
    MDG_TRY(mdg_onx_need(in, mdg_onx_attr_is(in, "mode", "") || mdg_onx_attr_is(in, "mode", "constant"),
                         "only mode \"constant\" is supported"));
    MDG_TRY(as_it_is(in, mdg_onx_input(in, 0), &x));
    MDG_TRY(read_pads(in, &x.view.shape, before, after));
    MDG_TRY(read_fill(in, &fill));
    order_of(&x, perm);
    MDG_TRY(mdg_onx_operand(in, &x, perm, &tensor));
    mdg_shape shape = x.view.shape;
    for (int d = 0; d < shape.rank; d++) {
        placed[0][d] = before[perm[d]];
        placed[1][d] = after[perm[d]];
    }
    MDG_TRY(mdg_onx_pad(in, tensor, placed[0], placed[1], fill != 0 ? &fill : NULL, &tensor));
    for (int d = 0; d < shape.rank; d++) shape.dim[d] += before[d] + after[d];
    x.data = NULL;
    x.real = -1;
    x.tensor = tensor;
    x.view = mdg_onx_view_ordered(&shape, perm);
    mdg_onx_define(in, 0, &x);
    return MDG_OK;
}
