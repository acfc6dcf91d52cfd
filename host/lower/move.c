/* SPDX-License-Identifier: MIT */
#include "lower/move.h"

mdg_status mdg_lo_need_element_bytes(const mdg_lowering *lo, const mdg_tensor *t, int32_t *bytes) {
    const size_t bits = mdg_type_bits(t->type);
    *bytes = (int32_t)bits / 8;
    if (bits < 8 || bits > 64)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "\"%s\" is %s, whose elements cannot be moved", t->name,
                           mdg_type_text(t->type));
    return MDG_OK;
}

mdg_status mdg_lo_need_const_int(const mdg_lowering *lo, const mdg_tensor *t, int32_t *value) {
    const int32_t *values;
    int count;
    MDG_TRY(mdg_lo_need_elements(lo, t, 1));
    MDG_TRY(mdg_lo_need_const_ints(lo, t, &values, &count));
    *value = values[0];
    return MDG_OK;
}

mdg_status mdg_lo_need_axis(const mdg_lowering *lo, int32_t axis, int rank, int *out) {
    if (axis < -rank || axis >= rank)
        return mdg_lo_fail(lo, MDG_INVALID, "axis %d of a tensor with %d dimensions", (int)axis, rank);
    *out = axis < 0 ? axis + rank : axis;
    return MDG_OK;
}

int32_t mdg_lo_outer(const mdg_shape *s, int axis) {
    int32_t n = 1;
    for (int d = 0; d < axis; d++) n *= s->dim[d];
    return n;
}

int32_t mdg_lo_inner(const mdg_shape *s, int axis) {
    int32_t n = 1;
    for (int d = axis + 1; d < s->rank; d++) n *= s->dim[d];
    return n;
}

int32_t mdg_lo_stride(const mdg_shape *s, int d) {
    return mdg_lo_inner(s, d);
}

mdg_status mdg_lo_keep(mdg_lowering *lo, int j, int k) {
    const mdg_tensor *x = mdg_lo_input(lo, j), *y = mdg_lo_output(lo, k);
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    const int from = mdg_lo_input_buffer(lo, j);
    if (lo->program->buffers[from].kind == MDG_BUF_STATE)
        mdg_lo_copy(lo, from, mdg_lo_output_buffer(lo, k));
    else
        mdg_lo_alias(lo, j, k);
    return MDG_OK;
}

void mdg_lo_move_add(mdg_move_params *m, int32_t size, int32_t stride) {
    const int last = m->rank - 1;
    if (size == 1) return;
    if (m->rank && stride == m->stride[last] * m->dim[last]) {
        m->dim[last] *= size;
        return;
    }
    m->dim[m->rank] = size;
    m->stride[m->rank++] = stride;
}

/* A move whose dimensions stand from the outermost to the innermost, at least one */
static mdg_move_params *outermost_first(mdg_lowering *lo, const mdg_move_params *m) {
    mdg_move_params *p = mdg_lo_params(lo, sizeof *p);
    p->rank = m->rank ? m->rank : 1;
    p->offset = m->offset;
    for (int d = 0; d < MDG_MAX_RANK; d++) {
        const int from = m->rank - 1 - d;
        p->dim[d] = from < 0 ? 1 : m->dim[from];
        p->stride[d] = from < 0 ? 1 : m->stride[from];
    }
    return p;
}

/* Runs of neighbours at even distances are copied as bytes. */
static bool copy_runs(mdg_lowering *lo, int buffer, const mdg_move_params *p, int32_t bytes) {
    const int last = p->rank - 1;
    if (p->rank > 2 || p->stride[last] != 1 || (p->rank == 2 && p->stride[0] < 0)) return false;
    mdg_copy_params copy = {.blocks = p->rank == 2 ? p->dim[0] : 1, .block_bytes = p->dim[last] * bytes};
    copy.in_offset = p->offset * bytes;
    copy.in_step = p->rank == 2 ? p->stride[0] * bytes : copy.block_bytes;
    copy.out_step = copy.block_bytes;
    mdg_lo_copy_blocks(lo, buffer, mdg_lo_output_buffer(lo, 0), &copy);
    return true;
}

mdg_status mdg_lo_move_from(mdg_lowering *lo, int buffer, const mdg_move_params *m) {
    int32_t bytes;
    MDG_TRY(mdg_lo_need_element_bytes(lo, mdg_lo_output(lo, 0), &bytes));
    const mdg_move_params *p = outermost_first(lo, m);
    if (copy_runs(lo, buffer, p, bytes)) return MDG_OK;
    const mdg_kernel_id kernel = bytes == 1   ? MDG_K_move_8
                                 : bytes == 2 ? MDG_K_move_16
                                 : bytes == 4 ? MDG_K_move_32
                                              : MDG_K_move_64;
    mdg_call *c = mdg_lo_call_kernel(lo, kernel, p);
    mdg_call_add_in(c, buffer);
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

static bool is_identity(const mdg_move_params *m) {
    return m->offset == 0 && (m->rank == 0 || (m->rank == 1 && m->stride[0] == 1));
}

mdg_status mdg_lo_move(mdg_lowering *lo, int j, const mdg_move_params *m) {
    const mdg_tensor *x = mdg_lo_input(lo, j), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_type(lo, x, y));
    if (is_identity(m) && mdg_lo_elements(x) == mdg_lo_elements(y)) return mdg_lo_keep(lo, j, 0);
    return mdg_lo_move_from(lo, mdg_lo_input_buffer(lo, j), m);
}

void mdg_lo_copy_blocks(mdg_lowering *lo, int from, int to, const mdg_copy_params *p) {
    mdg_copy_params *copy = mdg_lo_params(lo, sizeof *copy);
    *copy = *p;
    mdg_call *c = mdg_lo_call_kernel(lo, MDG_K_copy, copy);
    mdg_call_add_in(c, from);
    mdg_call_add_out(c, to);
}
