/* SPDX-License-Identifier: MIT */
#include "fuse/rows.h"

#include <string.h>

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_conv(const mdg_kernel_info *k) {
    return (begins(k->name, "conv2d_") || begins(k->name, "depthwise_conv2d_")) &&
           begins(k->params, "conv2d") && !strstr(k->params, "smlad");
}

static bool is_pool(const mdg_kernel_info *k) {
    return begins(k->params, "pool2d");
}

/* Operators that look at one element at a time, whose parameters begin with their count */
static bool is_unary(const mdg_call *c) {
    switch (c->kernel) {
    case MDG_K_requantize_s8_s8:
    case MDG_K_clamp_s8:
    case MDG_K_leaky_relu_s8:
    case MDG_K_lookup_8:
    case MDG_K_relu_f32:
    case MDG_K_clamp_f32: return true;
    default: return false;
    }
}

/* Two tensors of one shape, element by element */
static bool is_binary(const mdg_call *c) {
    const mdg_broadcast_params *p = c->params;
    switch (c->kernel) {
    case MDG_K_add_s8:
    case MDG_K_sub_s8:
    case MDG_K_mul_s8:
    case MDG_K_add_f32:
    case MDG_K_mul_f32: return p->rank == 1 && p->a_stride[0] == 1 && p->b_stride[0] == 1;
    default: return false;
    }
}

/* No output row lies in the padding alone. */
static bool sees_input(const mdg_rows *r) {
    return r->pad < r->extent && (r->out_h - 1) * r->stride - r->pad < r->in_h;
}

static void set_row_bytes(const mdg_program *p, const mdg_call *c, mdg_rows *r) {
    r->in_row_bytes = p->buffers[c->in[0]].bytes / (size_t)r->in_h;
    r->out_row_bytes = p->buffers[c->out[0]].bytes / (size_t)r->out_h;
}

static bool read_elementwise(const mdg_call *c, int32_t height, mdg_rows *r) {
    *r = (mdg_rows){.extent = 1, .stride = 1, .in_h = height, .out_h = height, .n_pictures = 1};
    if (is_binary(c)) r->n_pictures = 2;
    return height > 0 && (is_unary(c) || is_binary(c));
}

bool mdg_rows_read(const mdg_program *p, const mdg_call *c, int32_t height, mdg_rows *out) {
    if (c->step != MDG_STEP_KERNEL || c->custom || c->n_out < 1) return false;
    const mdg_kernel_info *k = mdg_call_kernel(c);
    if (is_conv(k)) {
        const mdg_conv2d_shape_params *q = c->params;
        *out = (mdg_rows){.extent = (q->kernel_h - 1) * q->dilation_h + 1, .stride = q->stride_h};
        out->pad = q->pad_h, out->in_h = q->in_h, out->out_h = q->out_h, out->n_pictures = 1;
        if (q->batches != 1) return false;
    } else if (is_pool(k)) {
        const mdg_pool2d_shape_params *q = c->params;
        *out = (mdg_rows){.extent = q->kernel_h, .stride = q->stride_h, .pad = q->pad_h, .in_h = q->in_h};
        out->out_h = q->out_h, out->n_pictures = 1;
        if (q->batches != 1) return false;
    } else if (!read_elementwise(c, height, out)) {
        return false;
    }
    set_row_bytes(p, c, out);
    return sees_input(out);
}

int32_t mdg_rows_from(const mdg_rows *r, int32_t row) {
    const int32_t from = row * r->stride - r->pad;
    return from < 0 ? 0 : from > r->in_h ? r->in_h : from;
}

int32_t mdg_rows_to(const mdg_rows *r, int32_t row) {
    const int32_t to = (row - 1) * r->stride - r->pad + r->extent;
    return to < 0 ? 0 : to > r->in_h ? r->in_h : to;
}

const void *mdg_rows_cut(const mdg_program *p, const mdg_call *c, const mdg_rows *r, int32_t from,
                         int32_t to) {
    const mdg_kernel_info *k = mdg_call_kernel(c);
    void *params = mdg_arena_copy(p->arena, c->params, k->params_bytes);
    const int32_t first = from * r->stride - r->pad, rows = mdg_rows_to(r, to) - mdg_rows_from(r, from);
    if (is_conv(k)) {
        mdg_conv2d_shape_params *q = params;
        q->in_h = rows, q->out_h = to - from, q->pad_h = first < 0 ? -first : 0;
    } else if (is_pool(k)) {
        mdg_pool2d_shape_params *q = params;
        q->in_h = rows, q->out_h = to - from, q->pad_h = first < 0 ? -first : 0;
    } else if (is_binary(c)) {
        mdg_broadcast_params *q = params;
        q->dim[0] = q->dim[0] / r->out_h * (to - from);
    } else {
        int32_t *count = params;
        *count = *count / r->out_h * (to - from);
    }
    return params;
}
