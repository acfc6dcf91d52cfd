/* SPDX-License-Identifier: MIT */
#include "specialize/cost.h"

#include <string.h>

typedef struct cost {
    const char *isa, *kernel;
    int64_t product, output, read, start;    /* thousandths of an instruction */
    int64_t least_depth, most_depth, starts; /* of what was measured; depth: products of an output */
} cost;

static const cost costs[] = {
#define MDG_COST(isa, kernel, product, output, read, start, least, most, starts)                             \
    {#isa, #kernel, product, output, read, start, least, most, starts},
#include "specialize/costs.def"
#undef MDG_COST
};

static int64_t elements(const mdg_tensor *t) {
    return t ? mdg_shape_elements(&t->shape) : 0;
}

static int64_t dim_of(const mdg_tensor *t, int from_last) {
    return t && t->shape.rank > from_last ? t->shape.dim[t->shape.rank - 1 - from_last] : 1;
}

/* Of a window, in the padding too */
static int64_t pooled(const mdg_op *op) {
    const mdg_pool2d_attrs *a = op->attrs;
    return (int64_t)a->filter_h * a->filter_w;
}

mdg_kernel_work mdg_kernel_work_of(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *x = op->n_inputs ? mdg_op_input(s, op, 0) : NULL;
    const mdg_tensor *y = op->n_outputs && op->outputs[0] >= 0 ? mdg_op_output(s, op, 0) : NULL;
    const int64_t channels = dim_of(y, 0), w = dim_of(y, 1), h = dim_of(y, 2);
    mdg_kernel_work work = {
        .products = mdg_op_macs(s, op), .outputs = elements(y), .reads = elements(x), .starts = 1};
    const bool is_conv = op->code == MDG_OP_CONV_2D || op->code == MDG_OP_FULLY_CONNECTED ||
                         (op->code == MDG_OP_DEPTHWISE_CONV_2D && dim_of(x, 0) == 1 && channels > 1);
    if (op->code == MDG_OP_MAX_POOL_2D || op->code == MDG_OP_AVERAGE_POOL_2D)
        work.reads = work.outputs * pooled(op);
    if (op->code == MDG_OP_DEPTHWISE_CONV_2D) work.starts = channels * (w < h ? w : h);
    if (is_conv && channels > 0) {
        work.reads = work.products / channels;
        work.starts = work.outputs / channels;
    }
    return work;
}

static const cost *find(const char *isa, const char *kernel) {
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++)
        if (strcmp(costs[i].isa, isa) == 0 && strcmp(costs[i].kernel, kernel) == 0) return &costs[i];
    return strcmp(isa, "armv7em") == 0 ? find("ref", kernel) : NULL;
}

static const cost *cost_of(const char *isa, const char *kernel) {
    return find(strcmp(isa, "armv7m") == 0 ? "rv32" : isa, kernel);
}

bool mdg_kernel_cost_is_sure(const char *isa, const char *kernel, const mdg_kernel_work *work) {
    const cost *c = cost_of(isa, kernel);
    const int64_t depth = work->outputs ? (work->products ? work->products : work->reads) / work->outputs : 0;
    return c && 2 * depth >= c->least_depth && depth <= 2 * c->most_depth && 2 * work->starts >= c->starts;
}

int64_t mdg_kernel_cost(const char *isa, const char *kernel, const mdg_kernel_work *work) {
    const cost *c = cost_of(isa, kernel);
    if (!c) return -1;
    return (c->product * work->products + c->output * work->outputs + c->read * work->reads +
            c->start * work->starts) /
           1000;
}
