/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <string.h>

#include "graph/op_table.h"

int64_t mdg_shape_elements(const mdg_shape *s) {
    int64_t n = 1;
    for (int i = 0; i < s->rank; i++) n *= s->dim[i];
    return n;
}

bool mdg_shape_is_sane(const mdg_shape *s) {
    if (s->rank < 0 || s->rank > MDG_MAX_RANK) return false;
    int64_t product = 1;
    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] < 0) return false;
        if (s->dim[i] > 0) product *= s->dim[i];
        if (product > INT32_MAX) return false;
    }
    return true;
}

bool mdg_shape_equal(const mdg_shape *a, const mdg_shape *b) {
    return a->rank == b->rank && memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

typedef struct type_row {
    size_t bits;
    const char *text;
} type_row;

static const type_row types[] = {
#define T(name, code, bits, text) [code] = {bits, text},
#include "graph/types.def"
#undef T
};

size_t mdg_type_bits(mdg_type t) {
    return types[t].bits;
}

const char *mdg_type_text(mdg_type t) {
    return (size_t)t < sizeof types / sizeof *types ? types[t].text : "unknown type";
}

const char *mdg_op_name(const mdg_op *op) {
    const char *name = mdg_op_info_of(op->code)->name;
    return name ? name : op->custom_name;
}

/* Texts and variants have no size by type: theirs is that of their data. */
size_t mdg_tensor_bytes(const mdg_tensor *t) {
    const size_t bits = mdg_type_bits(t->type);
    if (bits == 0) return t->bytes;
    return ((size_t)mdg_shape_elements(&t->shape) * bits + 7) / 8;
}

static int64_t dim_of(const mdg_tensor *t, int axis) {
    return t && axis < t->shape.rank ? t->shape.dim[axis] : 0;
}

static int64_t last_dim(const mdg_tensor *t) {
    return t && t->shape.rank > 0 ? t->shape.dim[t->shape.rank - 1] : 0;
}

static int64_t elements_of(const mdg_tensor *t) {
    return t ? mdg_shape_elements(&t->shape) : 0;
}

/* A product of sizes that stays at the top instead of running over. */
static int64_t times(int64_t a, int64_t b) {
    int64_t product;
    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/* Four gates, each a product with the input's and with the last output's features, for every step of every
 * batch. */
static int64_t lstm_macs(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *x = mdg_op_input(s, op, 0), *y = mdg_op_output(s, op, 0);
    return times(times(elements_of(y), 4), last_dim(x) + last_dim(y));
}

/* Each filter takes a product with the input, then one over its memory, for every batch. */
static int64_t svdf_macs(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *features = mdg_op_input(s, op, 1), *time = mdg_op_input(s, op, 2);
    return times(dim_of(mdg_op_input(s, op, 0), 0), elements_of(features) + elements_of(time));
}

int64_t mdg_op_macs(const mdg_subgraph *s, const mdg_op *op) {
    if (op->n_outputs < 1) return 0;
    const mdg_tensor *y = mdg_op_output(s, op, 0), *w = mdg_op_input(s, op, 1);
    switch (op->code) {
    case MDG_OP_CONV_2D: return times(times(elements_of(y), dim_of(w, 1)), times(dim_of(w, 2), dim_of(w, 3)));
    case MDG_OP_DEPTHWISE_CONV_2D: return times(elements_of(y), times(dim_of(w, 1), dim_of(w, 2)));
    case MDG_OP_TRANSPOSE_CONV:
        return times(times(elements_of(mdg_op_input(s, op, 2)), dim_of(w, 0)),
                     times(dim_of(w, 1), dim_of(w, 2)));
    case MDG_OP_FULLY_CONNECTED: return times(elements_of(y), last_dim(w));
    case MDG_OP_BATCH_MATMUL: {
        const mdg_tensor *x = mdg_op_input(s, op, 0);
        const mdg_batch_matmul_attrs *a = op->attrs;
        const int inner = x && x->shape.rank >= 2 ? x->shape.rank - (a->adj_x ? 2 : 1) : 0;
        return times(elements_of(y), dim_of(x, inner));
    }
    case MDG_OP_SVDF: return svdf_macs(s, op);
    case MDG_OP_UNIDIRECTIONAL_SEQUENCE_LSTM: return lstm_macs(s, op);
    default: return 0;
    }
}
