/* SPDX-License-Identifier: MIT
 *
 * PAD: kernels take any padding in front, and what is behind follows from the output's size.
 */
#include "fuse/parts.h"

#include <string.h>

/* Height and width alone grow. */
static bool pads_picture(const mdg_pad_params *p) {
    return p->rank == 4 && p->in_dim[0] == p->out_dim[0] && p->in_dim[3] == p->out_dim[3];
}

/* The value that a kernel takes for what lies outside, which must be that of the padding */
static bool is_outside_value(const mdg_call *reader, const void *fill) {
    const int8_t byte = *(const int8_t *)fill;
    int16_t half;
    switch (reader->kernel) {
    case MDG_K_conv2d_s8:
    case MDG_K_depthwise_conv2d_s8: return byte == ((const mdg_conv2d_params *)reader->params)->in_zero;
    case MDG_K_max_pool2d_s8: return byte == INT8_MIN; /* no maximum, unless it is alone */
    case MDG_K_conv2d_s16_b32:
    case MDG_K_conv2d_s16_b64:
    case MDG_K_depthwise_conv2d_s16_b64: memcpy(&half, fill, sizeof half); return half == 0;
    default: return false;
    }
}

/* One axis of a window: its size after dilation, its step, how many there are */
typedef struct axis {
    int32_t extent, stride, out;
} axis;

/* With `before` more elements of padding, every window still reaches into the `in` elements that are left. */
static bool widen(int32_t *pad, int32_t *in, const axis *a, int32_t before, int32_t size) {
    *pad += before, *in = size;
    return *pad < a->extent && (a->out - 1) * a->stride - *pad < size;
}

static bool widen_conv(mdg_conv2d_params *q, const mdg_pad_params *p) {
    const axis h = {(q->kernel_h - 1) * q->dilation_h + 1, q->stride_h, q->out_h};
    const axis w = {(q->kernel_w - 1) * q->dilation_w + 1, q->stride_w, q->out_w};
    return widen(&q->pad_h, &q->in_h, &h, p->before[1], p->in_dim[1]) &&
           widen(&q->pad_w, &q->in_w, &w, p->before[2], p->in_dim[2]);
}

static bool widen_pool(mdg_pool2d_params *q, const mdg_pad_params *p) {
    const axis h = {q->kernel_h, q->stride_h, q->out_h}, w = {q->kernel_w, q->stride_w, q->out_w};
    return widen(&q->pad_h, &q->in_h, &h, p->before[1], p->in_dim[1]) &&
           widen(&q->pad_w, &q->in_w, &w, p->before[2], p->in_dim[2]);
}

/* The reader takes the unpadded tensor. */
static bool take_over(mdg_fuser *f, const mdg_call *pad, int reader, const void *params) {
    mdg_call *c = &f->program->calls[reader];
    const int padded = c->in[0];
    c->in[0] = pad->in[0];
    if (mdg_fuse_set_params(f, reader, params)) return true;
    c->in[0] = padded;
    return false;
}

bool mdg_fuse_pad(mdg_fuser *f, int call) {
    const mdg_call *c = &f->program->calls[call];
    if ((c->kernel != MDG_K_pad_8 && c->kernel != MDG_K_pad_16) || !mdg_fuse_is_link(f, c->out[0]))
        return false;
    const int reader = f->of[c->out[0]].reader;
    const mdg_call *r = &f->program->calls[reader];
    const void *fill = mdg_fuse_const(f, c, 1);
    if (!pads_picture(c->params) || r->custom || r->in[0] != c->out[0] || !fill ||
        !is_outside_value(r, fill) || mdg_fuse_buffer(f, c->in[0])->kind != MDG_BUF_ARENA)
        return false;
    mdg_conv2d_params conv;
    mdg_pool2d_params pool;
    bool taken;
    if (r->kernel == MDG_K_max_pool2d_s8) {
        memcpy(&pool, r->params, sizeof pool);
        taken = widen_pool(&pool, c->params) && take_over(f, c, reader, &pool);
    } else {
        memcpy(&conv, r->params, sizeof conv);
        taken = widen_conv(&conv, c->params) && take_over(f, c, reader, &conv);
    }
    if (taken) mdg_fuse_remove(f, call);
    return taken;
}
