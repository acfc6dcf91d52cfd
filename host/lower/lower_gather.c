/* SPDX-License-Identifier: MIT
 *
 * GATHER, GATHER_ND, DYNAMIC_UPDATE_SLICE: places that are computed while the model runs. The kernels check
 * them; constant ones are checked here, so that a wrong model is told of.
 */
#include "lower/move.h"

/* Constant indices must lie in [0, dim[i % depth]). */
static mdg_status check_constant_indices(const mdg_lowering *lo, const mdg_tensor *t, const int32_t *dim,
                                         int depth) {
    const int32_t *values;
    int count;
    if (!mdg_lo_const_data(lo, t)) return MDG_OK;
    MDG_TRY(mdg_lo_need_const_ints(lo, t, &values, &count));
    for (int i = 0; i < count; i++)
        if (values[i] < 0 || values[i] >= dim[i % depth])
            return mdg_lo_fail(lo, MDG_INVALID, "index %d of a dimension of %d", (int)values[i],
                               (int)dim[i % depth]);
    return MDG_OK;
}

/* The output is the input with dimension `axis` replaced by those of the indices behind the batches. */
static mdg_shape gathered_shape(const mdg_shape *x, const mdg_shape *index, int axis, int batch_dims) {
    mdg_shape s = {.rank = 0};
    for (int d = 0; d < axis; d++) s.dim[s.rank++] = x->dim[d];
    for (int d = batch_dims; d < index->rank; d++) s.dim[s.rank++] = index->dim[d];
    for (int d = axis + 1; d < x->rank; d++) s.dim[s.rank++] = x->dim[d];
    return s;
}

static mdg_status lower_gather(mdg_lowering *lo) {
    const mdg_gather_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *index = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    const int index_rank = index->shape.rank;
    const int batch_dims = a->batch_dims < 0 ? a->batch_dims + index_rank : a->batch_dims;
    int axis;
    int32_t bytes;
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_element_bytes(lo, x, &bytes));
    MDG_TRY(mdg_lo_need_axis(lo, a->axis, x->shape.rank, &axis));
    MDG_TRY(mdg_lo_need(lo, batch_dims >= 0 && batch_dims <= axis && batch_dims <= index_rank,
                        "batch dimensions beyond the axis or the indices"));
    MDG_TRY(mdg_lo_need(lo, x->shape.rank - 1 + index_rank - batch_dims <= MDG_MAX_RANK,
                        "the output has too many dimensions"));
    for (int d = 0; d < batch_dims; d++)
        MDG_TRY(mdg_lo_need(lo, x->shape.dim[d] == index->shape.dim[d], "the batches differ"));
    const mdg_shape expected = gathered_shape(&x->shape, &index->shape, axis, batch_dims);
    MDG_TRY(mdg_lo_need_shape(lo, y, &expected));
    MDG_TRY(check_constant_indices(lo, index, &x->shape.dim[axis], 1));
    mdg_gather_params *p = mdg_lo_params(lo, sizeof *p);
    p->batches = mdg_lo_outer(&x->shape, batch_dims);
    p->outer = mdg_lo_outer(&x->shape, axis) / p->batches;
    p->axis = x->shape.dim[axis];
    p->indices = mdg_lo_elements(index) / p->batches;
    p->bytes = mdg_lo_inner(&x->shape, axis) * bytes;
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_gather_nd(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *index = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    mdg_gather_nd_params *p = mdg_lo_params(lo, sizeof *p);
    int32_t bytes;
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_element_bytes(lo, x, &bytes));
    MDG_TRY(mdg_lo_need_rank(lo, index, 1, MDG_MAX_RANK));
    p->depth = index->shape.dim[index->shape.rank - 1];
    MDG_TRY(mdg_lo_need(lo, p->depth >= 1, "an index has no numbers"));
    MDG_TRY(
        mdg_lo_need(lo, p->depth <= x->shape.rank, "an index has more numbers than the input dimensions"));
    p->count = mdg_lo_elements(index) / p->depth;
    for (int d = 0; d < p->depth; d++) {
        p->dim[d] = x->shape.dim[d];
        p->stride_bytes[d] = mdg_lo_stride(&x->shape, d) * bytes;
    }
    p->bytes = p->stride_bytes[p->depth - 1];
    MDG_TRY(mdg_lo_need_elements(lo, y, (int64_t)p->count * (p->bytes / bytes)));
    MDG_TRY(check_constant_indices(lo, index, p->dim, p->depth));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_dynamic_update_slice(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *block = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    mdg_dynamic_update_slice_params *p = mdg_lo_params(lo, sizeof *p);
    p->rank = x->shape.rank;
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_same_type(lo, x, block));
    MDG_TRY(mdg_lo_need_same_shape(lo, x, y));
    MDG_TRY(mdg_lo_need_element_bytes(lo, x, &p->element_bytes));
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_rank(lo, block, p->rank, p->rank));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, 2), p->rank));
    for (int d = 0; d < p->rank; d++) {
        p->dim[d] = x->shape.dim[d];
        p->block_dim[d] = block->shape.dim[d];
        MDG_TRY(mdg_lo_need(lo, p->block_dim[d] >= 1, "the update is empty"));
        MDG_TRY(mdg_lo_need(lo, p->block_dim[d] <= p->dim[d], "the update is larger than the input"));
    }
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

static const mdg_variant gather[] = {{"*,int32->*", MDG_K_gather}};
MDG_RULE(gather, 2, 2, 1, gather, lower_gather);

static const mdg_variant gather_nd[] = {{"*,int32->*", MDG_K_gather_nd}};
MDG_RULE(gather_nd, 2, 2, 1, gather_nd, lower_gather_nd);

static const mdg_variant dynamic_update_slice[] = {{"*,*,int32->*", MDG_K_dynamic_update_slice_s32},
                                                   {"*,*,int64->*", MDG_K_dynamic_update_slice_s64}};
MDG_RULE(dynamic_update_slice, 3, 3, 1, dynamic_update_slice, lower_dynamic_update_slice);
