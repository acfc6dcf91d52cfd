/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL: matrices in the last two dimensions, batches that broadcast in the others.
 */
#include "lower/lower.h"

#include <string.h>

/* Products of two int8 differences that a 32-bit sum holds */
enum { RANK = 5, MAX_DEPTH = 33000 };

/* A shape extended at the front to five dimensions, with its strides; one of size 1 has stride 0, so that it
 * repeats. */
typedef struct operand {
    int32_t dim[RANK], stride[RANK];
} operand;

static operand operand_of(const mdg_tensor *t) {
    operand o;
    int32_t stride = 1;
    for (int d = RANK - 1; d >= 0; d--) {
        const int from = d - (RANK - t->shape.rank);
        o.dim[d] = from < 0 ? 1 : t->shape.dim[from];
        o.stride[d] = o.dim[d] == 1 ? 0 : stride;
        stride *= o.dim[d];
    }
    return o;
}

static void transpose(operand *o) {
    const int32_t dim = o->dim[3], stride = o->stride[3];
    o->dim[3] = o->dim[4], o->stride[3] = o->stride[4];
    o->dim[4] = dim, o->stride[4] = stride;
}

static mdg_status need_output(const mdg_lowering *lo, const mdg_batch_matmul_shape_params *p) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1);
    const int rank = a->shape.rank > b->shape.rank ? a->shape.rank : b->shape.rank;
    const int32_t full[RANK] = {p->batch[0], p->batch[1], p->batch[2], p->rows, p->columns};
    mdg_shape shape = {.rank = rank};
    memcpy(shape.dim, full + RANK - rank, (size_t)rank * sizeof *full);
    return mdg_lo_need_shape(lo, mdg_lo_output(lo, 0), &shape);
}

static mdg_status set_shape(const mdg_lowering *lo, mdg_batch_matmul_shape_params *p) {
    const mdg_batch_matmul_attrs *attrs = lo->op->attrs;
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, 0), 2, RANK));
    MDG_TRY(mdg_lo_need_rank(lo, mdg_lo_input(lo, 1), 2, RANK));
    operand a = operand_of(mdg_lo_input(lo, 0)), b = operand_of(mdg_lo_input(lo, 1));
    if (attrs->adj_x) transpose(&a);
    if (attrs->adj_y) transpose(&b);
    if (a.dim[4] != b.dim[3])
        return mdg_lo_fail(lo, MDG_INVALID, "rows of %d cannot be multiplied with columns of %d",
                           (int)a.dim[4], (int)b.dim[3]);
    for (int d = 0; d < 3; d++) {
        MDG_TRY(mdg_lo_need(lo, a.dim[d] == b.dim[d] || a.dim[d] == 1 || b.dim[d] == 1,
                            "the batches cannot be broadcast"));
        p->batch[d] = a.dim[d] == 1 ? b.dim[d] : a.dim[d];
        p->a_batch_stride[d] = a.stride[d];
        p->b_batch_stride[d] = b.stride[d];
    }
    p->rows = a.dim[3], p->depth = a.dim[4], p->columns = b.dim[4];
    p->a_row_stride = a.stride[3], p->a_column_stride = a.stride[4];
    p->b_row_stride = b.stride[3], p->b_column_stride = b.stride[4];
    return need_output(lo, p);
}

static mdg_status set_quantisation(const mdg_lowering *lo, mdg_batch_matmul_params *p) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    const mdg_tensor *tensors[] = {a, b, y};
    for (int i = 0; i < 3; i++)
        MDG_TRY(y->type == MDG_INT16 ? mdg_lo_need_symmetric(lo, tensors[i])
                                     : mdg_lo_need_scale(lo, tensors[i]));
    if (y->type == MDG_INT8 && p->depth > MAX_DEPTH)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "rows of more than %d overflow the sum", MAX_DEPTH);
    p->a_zero = mdg_lo_zero(a), p->b_zero = mdg_lo_zero(b), p->out_zero = mdg_lo_zero(y);
    return mdg_lo_product_multiplier(lo, a, b, mdg_lo_scale(y), &p->mult, &p->shift);
}

static mdg_status lower(mdg_lowering *lo) {
    mdg_batch_matmul_shape_params *shape = mdg_lo_params(lo, sizeof *shape);
    MDG_TRY(set_shape(lo, shape));
    if (lo->kernel == MDG_K_batch_matmul_f32) {
        mdg_lo_call(lo, shape);
        return MDG_OK;
    }
    mdg_batch_matmul_params *p = mdg_lo_params(lo, sizeof *p);
    memcpy(p, shape, sizeof *shape);
    MDG_TRY(set_quantisation(lo, p));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"int8,int8->int8", MDG_K_batch_matmul_s8},
    {"int16,int16->int16", MDG_K_batch_matmul_s16},
    {"float32,float32->float32", MDG_K_batch_matmul_f32},
};
MDG_RULE(batch_matmul, 2, 2, 1, variants, lower);
