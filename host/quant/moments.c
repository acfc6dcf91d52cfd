/* SPDX-License-Identifier: MIT */
#include "quant/moments.h"

#include <string.h>

/* Beyond it the products of all pairs of inputs are too many. */
enum { MAX_INPUTS = 1536 };

static int pad_before(int in, int out, int kernel, int stride, int dilation) {
    const int needed = (out - 1) * stride + (kernel - 1) * dilation + 1 - in;
    return needed > 0 ? needed / 2 : 0;
}

static void pad(mdg_quant_layer_shape *l, int32_t padding) {
    if (padding != MDG_PADDING_SAME) return;
    l->pad_top = pad_before(l->in_h, l->out_h, l->kernel_h, l->stride_h, l->dilation_h);
    l->pad_left = pad_before(l->in_w, l->out_w, l->kernel_w, l->stride_w, l->dilation_w);
}

static void conv_shape(const mdg_conv2d_attrs *a, const mdg_tensor *w, mdg_quant_layer_shape *l) {
    l->stride_h = a->stride_h, l->stride_w = a->stride_w;
    l->dilation_h = a->dilation_h, l->dilation_w = a->dilation_w;
    l->groups = 1;
    l->k = l->kernel_h * l->kernel_w * l->in_c;
    l->outs = w->shape.dim[0];
    pad(l, a->padding);
}

static void depthwise_shape(const mdg_depthwise_conv2d_attrs *a, const mdg_tensor *w,
                            mdg_quant_layer_shape *l) {
    l->stride_h = a->stride_h, l->stride_w = a->stride_w;
    l->dilation_h = a->dilation_h, l->dilation_w = a->dilation_w;
    l->groups = l->in_c;
    l->k = l->kernel_h * l->kernel_w;
    l->outs = w->shape.dim[3] / l->in_c;
    pad(l, a->padding);
}

/* As a convolution with a kernel of one pixel, over a picture of one column. */
static void dense_shape(const mdg_tensor *x, const mdg_tensor *w, mdg_quant_layer_shape *l) {
    const int k = w->shape.dim[1], rows = (int)(mdg_shape_elements(&x->shape) / k);
    *l = (mdg_quant_layer_shape){.in_h = rows, .in_w = 1, .in_c = k, .out_h = rows, .out_w = 1};
    l->kernel_h = l->kernel_w = l->stride_h = l->stride_w = l->dilation_h = l->dilation_w = 1;
    l->groups = 1;
    l->k = k;
    l->outs = w->shape.dim[0];
}

bool mdg_quant_layer_shape_of(const mdg_subgraph *s, const mdg_op *op, mdg_quant_layer_shape *out) {
    if (op->code != MDG_OP_CONV_2D && op->code != MDG_OP_DEPTHWISE_CONV_2D &&
        op->code != MDG_OP_FULLY_CONNECTED)
        return false;
    const mdg_tensor *x = mdg_op_input(s, op, 0), *w = mdg_op_input(s, op, 1), *y = mdg_op_output(s, op, 0);
    if (op->code == MDG_OP_FULLY_CONNECTED) {
        dense_shape(x, w, out);
        return true;
    }
    *out = (mdg_quant_layer_shape){.in_h = x->shape.dim[1],
                                   .in_w = x->shape.dim[2],
                                   .in_c = x->shape.dim[3],
                                   .out_h = y->shape.dim[1],
                                   .out_w = y->shape.dim[2],
                                   .kernel_h = w->shape.dim[1],
                                   .kernel_w = w->shape.dim[2]};
    const bool grouped = op->code == MDG_OP_CONV_2D && w->shape.dim[3] != out->in_c;
    if (grouped || x->shape.dim[0] != 1) return false;
    if (op->code == MDG_OP_CONV_2D)
        conv_shape(op->attrs, w, out);
    else
        depthwise_shape(op->attrs, w, out);
    return true;
}

size_t mdg_quant_weight_at(const mdg_quant_layer_shape *l, int c, int i) {
    return l->groups == 1 ? (size_t)c * (size_t)l->k + (size_t)i
                          : (size_t)i * (size_t)(l->groups * l->outs) + (size_t)c;
}

mdg_moments mdg_moments_new(const mdg_quant_layer_shape *shape, bool products, mdg_arena *arena) {
    const size_t k = (size_t)shape->k, n = (size_t)shape->groups * k;
    mdg_moments m = {.shape = *shape};
    m.mean_x = mdg_arena_array(arena, n, sizeof *m.mean_x);
    m.mean_q = mdg_arena_array(arena, n, sizeof *m.mean_q);
    m.patch_x = mdg_arena_array(arena, n, sizeof *m.patch_x);
    m.patch_q = mdg_arena_array(arena, n, sizeof *m.patch_q);
    m.row_x = mdg_arena_array(arena, k, sizeof *m.row_x);
    m.row_q = mdg_arena_array(arena, k, sizeof *m.row_q);
    if (!products || shape->k > MAX_INPUTS) return m;
    m.gram = mdg_arena_array(arena, n * k, sizeof *m.gram);
    m.cross = mdg_arena_array(arena, n * k, sizeof *m.cross);
    return m;
}

/* What the output at y, x is computed from: [kernel_h][kernel_w][in_c], zeros beyond the borders. */
static void cut_patch(const mdg_quant_layer_shape *l, const float *in, int y, int x, float *patch) {
    const size_t pixel = (size_t)l->in_c;
    for (int i = 0; i < l->kernel_h; i++)
        for (int j = 0; j < l->kernel_w; j++, patch += pixel) {
            const int in_y = y * l->stride_h - l->pad_top + i * l->dilation_h;
            const int in_x = x * l->stride_w - l->pad_left + j * l->dilation_w;
            if (in_y < 0 || in_y >= l->in_h || in_x < 0 || in_x >= l->in_w)
                memset(patch, 0, pixel * sizeof *patch);
            else
                memcpy(patch, in + (size_t)(in_y * l->in_w + in_x) * pixel, pixel * sizeof *patch);
        }
}

static void add_products(float *sums, const float *a, const float *b, size_t k) {
    for (size_t i = 0; i < k; i++) {
        if (a[i] == 0.0f) continue;
        for (size_t j = 0; j < k; j++) sums[i * k + j] += a[i] * b[j];
    }
}

static void add_row(mdg_moments *m, int group) {
    const size_t k = (size_t)m->shape.k, groups = (size_t)m->shape.groups, at = (size_t)group * k;
    for (size_t i = 0; i < k; i++) {
        m->row_x[i] = m->patch_x[i * groups + (size_t)group];
        m->row_q[i] = m->patch_q[i * groups + (size_t)group];
        m->mean_x[at + i] += (double)m->row_x[i];
        m->mean_q[at + i] += (double)m->row_q[i];
    }
    if (!m->gram) return;
    add_products(m->gram + at * k, m->row_q, m->row_q, k);
    add_products(m->cross + at * k, m->row_q, m->row_x, k);
}

void mdg_moments_add(mdg_moments *m, const float *x, const float *q, int max_rows) {
    const mdg_quant_layer_shape *l = &m->shape;
    const int positions = l->out_h * l->out_w, rows = positions < max_rows ? positions : max_rows;
    for (int r = 0; r < rows; r++) {
        const int at = (int)((int64_t)r * positions / rows);
        cut_patch(l, x, at / l->out_w, at % l->out_w, m->patch_x);
        cut_patch(l, q, at / l->out_w, at % l->out_w, m->patch_q);
        for (int g = 0; g < l->groups; g++) add_row(m, g);
    }
    m->rows += rows;
}

static void centre(const mdg_moments *m, float *products, const double *mean_b, size_t at) {
    const size_t k = (size_t)m->shape.k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            float *sum = &products[(at + i) * k + j];
            *sum = (float)((double)*sum / (double)m->rows - m->mean_q[at + i] * mean_b[at + j]);
        }
}

void mdg_moments_finish(mdg_moments *m) {
    const size_t k = (size_t)m->shape.k, n = (size_t)m->shape.groups * k;
    for (size_t i = 0; i < n; i++) {
        m->mean_x[i] /= (double)m->rows;
        m->mean_q[i] /= (double)m->rows;
    }
    for (size_t at = 0; m->gram && at < n; at += k) {
        centre(m, m->gram, m->mean_q, at);
        centre(m, m->cross, m->mean_x, at);
    }
}
