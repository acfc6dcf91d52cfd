/* SPDX-License-Identifier: MIT
 *
 * SLICE, STRIDED_SLICE.
 */
#include "lower/move.h"

/* What is taken of one dimension */
typedef struct range {
    int32_t start, step, length;
    bool shrink; /* the output lacks this dimension */
} range;

/* The output's shape must follow from the ranges [rank]; emits the move. */
static mdg_status take(mdg_lowering *lo, const range *r) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    mdg_move_params m = {.rank = 0};
    mdg_shape expected = {.rank = 0};
    for (int d = 0; d < x->shape.rank; d++)
        if (!r[d].shrink) expected.dim[expected.rank++] = r[d].length;
    MDG_TRY(mdg_lo_need_shape(lo, mdg_lo_output(lo, 0), &expected));
    for (int d = x->shape.rank - 1; d >= 0; d--) {
        const int32_t stride = mdg_lo_stride(&x->shape, d);
        m.offset += r[d].start * stride;
        mdg_lo_move_add(&m, r[d].length, r[d].length > 1 ? r[d].step * stride : 0);
    }
    return mdg_lo_move(lo, 0, &m);
}

static mdg_status lower_slice(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    const int32_t *begin, *size;
    int n_begin, n_size;
    range r[MDG_MAX_RANK];
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &begin, &n_begin));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 2), &size, &n_size));
    MDG_TRY(mdg_lo_need(lo, n_begin == x->shape.rank && n_size == x->shape.rank,
                        "begin and size need one number for each dimension"));
    for (int d = 0; d < x->shape.rank; d++) {
        const int32_t n = x->shape.dim[d];
        MDG_TRY(mdg_lo_need(lo, begin[d] >= 0 && begin[d] <= n && size[d] >= -1,
                            "begin or size lies outside of the input"));
        const int32_t length = size[d] == -1 ? n - begin[d] : size[d];
        MDG_TRY(
            mdg_lo_need(lo, length >= 1 && length <= n - begin[d], "the slice lies outside of the input"));
        r[d] = (range){begin[d], 1, length, false};
    }
    return take(lo, r);
}

/* An index as people write it, negative from the end, to one in [low, high] */
static int64_t clamp_index(int64_t index, int64_t n, int64_t low, int64_t high) {
    if (index < 0) index += n;
    return index < low ? low : index > high ? high : index;
}

/* The constant operands of STRIDED_SLICE, `count` numbers each */
typedef struct strides {
    const int32_t *begin, *end, *step;
    int count;
} strides;

static mdg_status stride_range(const mdg_lowering *lo, const strides *s, int d, range *r) {
    const mdg_strided_slice_attrs *a = lo->op->attrs;
    const int64_t n = mdg_lo_input(lo, 0)->shape.dim[d];
    if (d >= s->count) {
        *r = (range){0, 1, (int32_t)n, false};
        return MDG_OK;
    }
    const int64_t step = s->step[d];
    const bool forward = step > 0;
    const int64_t low = forward ? 0 : -1, high = forward ? n : n - 1;
    MDG_TRY(mdg_lo_need(lo, step != 0, "a stride is 0"));
    const int64_t first =
        a->begin_mask >> d & 1 ? (forward ? 0 : n - 1) : clamp_index(s->begin[d], n, low, high);
    r->shrink = a->shrink_axis_mask >> d & 1;
    if (r->shrink) {
        *r = (range){(int32_t)first, 1, 1, true};
        return mdg_lo_need(lo, first >= 0 && first < n, "an index lies outside of the input");
    }
    const int64_t end = a->end_mask >> d & 1 ? (forward ? n : -1) : clamp_index(s->end[d], n, low, high);
    const int64_t span = forward ? end - first : first - end, stride = forward ? step : -step;
    *r =
        (range){(int32_t)first, (int32_t)step, span > 0 ? (int32_t)((span + stride - 1) / stride) : 0, false};
    return mdg_lo_need(lo, r->length > 0, "the slice is empty");
}

static mdg_status lower_strided_slice(mdg_lowering *lo) {
    const mdg_strided_slice_attrs *a = lo->op->attrs;
    const int rank = mdg_lo_input(lo, 0)->shape.rank;
    strides s;
    int n_end, n_step;
    range r[MDG_MAX_RANK];
    if (a->ellipsis_mask || a->new_axis_mask || a->offset)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "ellipsis, new axes and offsets are not supported");
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &s.begin, &s.count));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 2), &s.end, &n_end));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 3), &s.step, &n_step));
    MDG_TRY(mdg_lo_need(lo, s.count == n_end && s.count == n_step && s.count <= rank,
                        "begin, end and strides need one number for each dimension"));
    for (int d = 0; d < rank; d++) MDG_TRY(stride_range(lo, &s, d, &r[d]));
    return take(lo, r);
}

static const mdg_variant slice[] = {{"*,int32,int32->*", MDG_K_move_8}, {"*,int64,int64->*", MDG_K_move_8}};
MDG_RULE(slice, 3, 3, 1, slice, lower_slice);

static const mdg_variant strided_slice[] = {{"*,int32,int32,int32->*", MDG_K_move_8},
                                            {"*,int64,int64,int64->*", MDG_K_move_8}};
MDG_RULE(strided_slice, 4, 4, 1, strided_slice, lower_strided_slice);
