/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on shapes: Shape gives a constant, and what is computed from constant integers is one.
 */
#include "onnx/importer.h"

#include <string.h>

enum { MAX_NUMBERS = 256 };

typedef struct numbers {
    int n;
    int64_t at[MAX_NUMBERS];
} numbers;

static mdg_status define_numbers(mdg_onx *in, const int64_t *values, const mdg_shape *shape) {
    int64_t *copy;
    const size_t n = (size_t)mdg_shape_elements(shape);
    MDG_TRY(mdg_onx_alloc(in, n + 1, sizeof *copy, (void **)&copy));
    if (n) memcpy(copy, values, n * sizeof *copy);
    const mdg_onx_value y = {.type = MDG_INT64,
                             .stored = MDG_INT64,
                             .view = mdg_onx_view_plain(shape),
                             .data = copy,
                             .tensor = -1,
                             .real = -1};
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}

static mdg_status define_list(mdg_onx *in, const int64_t *values, int n) {
    const mdg_shape shape = mdg_shape_of(1, n);
    return define_numbers(in, values, &shape);
}

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
    return v < low ? low : v > high ? high : v;
}

mdg_status mdg_onx_shape_of(mdg_onx *in) {
    const mdg_shape *x = &mdg_onx_input(in, 0)->view.shape;
    const int64_t start = mdg_onx_attr_int(in, "start", 0), end = mdg_onx_attr_int(in, "end", x->rank);
    const int64_t first = clamp(start < 0 ? start + x->rank : start, 0, x->rank);
    const int64_t last = clamp(end < 0 ? end + x->rank : end, first, x->rank);
    int64_t dims[MDG_MAX_RANK];
    for (int d = 0; d < x->rank; d++) dims[d] = x->dim[d];
    return define_list(in, dims + first, (int)(last - first));
}

mdg_status mdg_onx_constant_of_shape(mdg_onx *in) {
    const Onnx__AttributeProto *a = mdg_onx_attr(in->node, "value");
    mdg_onx_value one = {.type = MDG_FLOAT32, .stored = MDG_FLOAT32};
    int64_t dims[MDG_MAX_RANK];
    int n;
    mdg_shape shape;
    MDG_TRY(mdg_onx_value_ints(in, mdg_onx_input(in, 0), MDG_MAX_RANK, dims, &n));
    MDG_TRY(mdg_onx_read_dims(in, (size_t)n, dims, "output", &shape));
    MDG_TRY(mdg_onx_need_shape(in, &shape));
    if (a && a->t) MDG_TRY(mdg_onx_read_constant(in, a->t, &one));
    MDG_TRY(mdg_onx_need(in, !one.data || mdg_shape_elements(&one.view.shape) == 1,
                         "its value is not one number"));
    const size_t size = mdg_type_bits(one.type) / 8, count = (size_t)mdg_shape_elements(&shape);
    uint8_t *data;
    MDG_TRY(mdg_onx_alloc(in, count, size, (void **)&data));
    for (size_t i = 0; one.data && i < count; i++) memcpy(data + i * size, one.data, size);
    one.view = mdg_onx_view_plain(&shape);
    one.data = data;
    one.tensor = one.real = -1;
    mdg_onx_define(in, 0, &one);
    return MDG_OK;
}

/* -- on lists of numbers -- */

static mdg_status compute(const mdg_onx *in, char op, int64_t a, int64_t b, int64_t *y) {
    bool over = false;
    switch (op) {
    case 'A': over = __builtin_add_overflow(a, b, y); break;
    case 'S': over = __builtin_sub_overflow(a, b, y); break;
    case 'M': over = __builtin_mul_overflow(a, b, y); break;
    default:
        over = b == 0 || (b == -1 && a == INT64_MIN);
        *y = over ? 0 : a / b;
        break;
    }
    return mdg_onx_need(in, !over, "the numbers of a shape overflow");
}

static mdg_status fold_binary(mdg_onx *in, numbers *a, numbers *b) {
    const bool repeat_a = a->n == 1, repeat_b = b->n == 1;
    const int n = repeat_a ? b->n : a->n;
    MDG_TRY(mdg_onx_need(in, repeat_a || repeat_b || a->n == b->n, "its inputs have different sizes"));
    int64_t y[MAX_NUMBERS];
    for (int i = 0; i < n; i++)
        MDG_TRY(compute(in, in->node->op->name[0], a->at[repeat_a ? 0 : i], b->at[repeat_b ? 0 : i], &y[i]));
    const mdg_shape *of_a = &mdg_onx_input(in, 0)->view.shape, *of_b = &mdg_onx_input(in, 1)->view.shape;
    const bool like_b = n == b->n && (n != a->n || of_b->rank > of_a->rank);
    return define_numbers(in, y, like_b ? of_b : of_a);
}

static mdg_status fold_gather(mdg_onx *in, const numbers *x, const numbers *index) {
    const mdg_shape *shape = &mdg_onx_input(in, 1)->view.shape;
    int64_t y[MAX_NUMBERS];
    MDG_TRY(mdg_onx_need(in, mdg_onx_input(in, 0)->view.shape.rank == 1, "it gathers from more than a list"));
    for (int i = 0; i < index->n; i++) {
        const int64_t k = index->at[i] < 0 ? index->at[i] + x->n : index->at[i];
        MDG_TRY(mdg_onx_need(in, k >= 0 && k < x->n, "an index is out of range"));
        y[i] = x->at[k];
    }
    return define_numbers(in, y, shape);
}

static mdg_status fold_slice(mdg_onx *in, const numbers *x) {
    int64_t start, end, step = 1, y[MAX_NUMBERS];
    int n_start, n_end, n_step, n = 0;
    MDG_TRY(mdg_onx_ints(in, "starts", 1, 1, &start, &n_start));
    MDG_TRY(mdg_onx_ints(in, "ends", 2, 1, &end, &n_end));
    MDG_TRY(mdg_onx_ints(in, "", 4, 1, &step, &n_step));
    MDG_TRY(mdg_onx_need(in,
                         n_start == 1 && n_end == 1 && step > 0 && mdg_onx_input(in, 0)->view.shape.rank == 1,
                         "it is no slice of a list"));
    start = clamp(start < 0 ? start + x->n : start, 0, x->n);
    end = clamp(end < 0 ? end + x->n : end, 0, x->n);
    for (int64_t i = start; i < end; i += step < x->n ? step : x->n) y[n++] = x->at[i];
    return define_list(in, y, n);
}

static mdg_status fold_concat(mdg_onx *in, numbers *x) {
    int64_t y[MAX_NUMBERS];
    int n = 0;
    for (int k = 0; k < in->node->n_inputs; k++) {
        MDG_TRY(mdg_onx_value_ints(in, mdg_onx_input(in, k), MAX_NUMBERS, x->at, &x->n));
        MDG_TRY(mdg_onx_need(in, mdg_onx_input(in, k)->view.shape.rank == 1 && n + x->n <= MAX_NUMBERS,
                             "it joins more than lists"));
        memcpy(y + n, x->at, (size_t)x->n * sizeof *y);
        n += x->n;
    }
    return define_list(in, y, n);
}

static bool is_number(const mdg_onx_value *x) {
    return x && mdg_onx_is_constant(x) && (x->type == MDG_INT64 || x->type == MDG_INT32);
}

static bool is_any(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(*names, name) == 0) return true;
    return false;
}

mdg_status mdg_onx_fold(mdg_onx *in, bool *done) {
    static const char *const foldable[] = {"Add",    "Sub",   "Mul",  "Div", "Gather",
                                           "Concat", "Slice", "Cast", NULL},
                             *const pairs[] = {"Add", "Sub", "Mul", "Div", "Gather", NULL};
    const char *op = in->node->op->name;
    numbers x, z;
    *done = is_any(op, foldable);
    for (int k = 0; k < in->node->n_inputs && *done; k++)
        *done = in->node->inputs[k] < 0 || is_number(mdg_onx_input(in, k));
    if (!*done || !mdg_onx_input(in, 0)) return MDG_OK;
    MDG_TRY(mdg_onx_value_ints(in, mdg_onx_input(in, 0), MAX_NUMBERS, x.at, &x.n));
    if (is_any(op, pairs)) {
        MDG_TRY(mdg_onx_need(in, mdg_onx_input(in, 1) != NULL, "an input is missing"));
        MDG_TRY(mdg_onx_value_ints(in, mdg_onx_input(in, 1), MAX_NUMBERS, z.at, &z.n));
        return strcmp(op, "Gather") == 0 ? fold_gather(in, &x, &z) : fold_binary(in, &x, &z);
    }
    if (strcmp(op, "Slice") == 0) return fold_slice(in, &x);
    if (strcmp(op, "Concat") == 0) return fold_concat(in, &x);
    return define_numbers(in, x.at, &mdg_onx_input(in, 0)->view.shape); /* Cast */
}

mdg_status mdg_onx_gather(mdg_onx *in) {
    return mdg_onx_fail(in, MDG_UNSUPPORTED, "it is supported on the numbers of a shape only");
}
