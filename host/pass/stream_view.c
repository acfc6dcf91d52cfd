/* SPDX-License-Identifier: MIT
 *
 * Which tensors come frame by frame, and how operators look at time. An operator that is not known here, or
 * mixes what changes otherwise, is run on whole tensors: that is always exact.
 */
#include "pass/stream_parts.h"

#include <string.h>

/* At an operator with an input that comes by frames */
typedef struct look {
    const mdg_frames *f;
    const mdg_op *op;
    const mdg_tensor *x, *y; /* the first such input, and output 0 */
    int64_t step;            /* of x */
    int axis;                /* of time in x */
    bool pads;               /* it pads along time */
} look;

/* Fills the view and returns NULL, or returns why there is none. */
typedef const char *view_fn(look *l, mdg_view *v);

int mdg_frame_axis(const mdg_tensor *t) {
    for (int d = 0; d < t->shape.rank; d++)
        if (t->shape.dim[d] != 1) return d;
    return -1;
}

int32_t mdg_frame_count(const mdg_tensor *t) {
    const int axis = mdg_frame_axis(t);
    return axis < 0 ? 1 : t->shape.dim[axis];
}

/* -- Constants -- */

const void *mdg_frames_constant(const mdg_frames *f, int32_t tensor) {
    const int buffer = f->program.tensor_buffer[tensor];
    if (f->sub->tensors[tensor].data) return f->sub->tensors[tensor].data;
    const mdg_buffer *b = buffer >= 0 ? &f->program.buffers[buffer] : NULL;
    return b && b->kind == MDG_BUF_CONST ? b->data : NULL;
}

const int32_t *mdg_frames_ints(const mdg_frames *f, const mdg_op *op, int k, int64_t *count) {
    const mdg_tensor *t = mdg_op_input(f->sub, op, k);
    const void *data = t ? mdg_frames_constant(f, op->inputs[k]) : NULL;
    if (!data || t->type != MDG_INT32) return NULL;
    *count = mdg_shape_elements(&t->shape);
    return data;
}

/* -- Views -- */

/* Each frame is made of one. */
static const char *see_one(mdg_view *v) {
    *v = (mdg_view){0, 1, 1};
    return NULL;
}

/* Broadcasting: all that comes by frames has the output's time; constants have none. */
static const char *view_elementwise(look *l, mdg_view *v) {
    const mdg_shape *y = &l->y->shape;
    for (int k = 0; k < l->op->n_inputs; k++) {
        const mdg_tensor *t = mdg_op_input(l->f->sub, l->op, k);
        if (!t) continue;
        const int time = l->axis - (y->rank - t->shape.rank);
        const int32_t frames = time < 0 ? 1 : t->shape.dim[time];
        const bool changes = l->f->step[l->op->inputs[k]] > 0;
        if (changes && (t->shape.rank != y->rank || frames != y->dim[l->axis]))
            return "its operands do not have the same frames";
        if (!changes && frames != 1) return "an operand differs from frame to frame";
    }
    return see_one(v);
}

/* What works along the last dimension */
static const char *view_rows(look *l, mdg_view *v) {
    return l->axis == l->x->shape.rank - 1 ? "it works along time" : see_one(v);
}

/* Each frame is one row of the batch. */
static const char *view_fully_connected(look *l, mdg_view *v) {
    const mdg_tensor *w = mdg_op_input(l->f->sub, l->op, 1);
    const int64_t frame = mdg_shape_elements(&l->x->shape) / l->x->shape.dim[l->axis];
    return frame == w->shape.dim[w->shape.rank - 1] ? see_one(v) : "it takes all frames at once";
}

/* The bytes stay as they are: `ratio` frames make one. */
static const char *view_reshape(look *l, mdg_view *v) {
    const int64_t frame = mdg_shape_elements(&l->x->shape) / mdg_frame_count(l->x);
    const int64_t made = mdg_shape_elements(&l->y->shape) / mdg_frame_count(l->y);
    if (made % frame != 0) return "it takes frames apart";
    *v = (mdg_view){0, made / frame, made / frame};
    return NULL;
}

static const char *view_concatenation(look *l, mdg_view *v) {
    const int axis = ((const mdg_concatenation_attrs *)l->op->attrs)->axis;
    if ((axis < 0 ? axis + l->x->shape.rank : axis) == l->axis) return "it joins along time";
    for (int k = 0; k < l->op->n_inputs; k++)
        if (l->op->inputs[k] < 0 || l->f->step[l->op->inputs[k]] == 0)
            return "an operand does not come frame by frame";
    return see_one(v);
}

static const char *view_reduce(look *l, mdg_view *v) {
    int64_t count = 0;
    const int32_t *axes = mdg_frames_ints(l->f, l->op, 1, &count);
    if (!axes) return "its axes are not constant";
    for (int64_t i = 0; i < count; i++)
        if ((axes[i] < 0 ? axes[i] + l->x->shape.rank : axes[i]) == l->axis) return "it sums over time";
    return see_one(v);
}

static const char *view_pad(look *l, mdg_view *v) {
    int64_t count = 0;
    const int32_t *pads = mdg_frames_ints(l->f, l->op, 1, &count);
    if (!pads || count != 2 * l->x->shape.rank) return "its paddings are not constant";
    l->pads = pads[2 * l->axis] != 0 || pads[2 * l->axis + 1] != 0;
    return see_one(v);
}

static const char *view_slice(look *l, mdg_view *v) {
    int64_t count = 0;
    const int32_t *begin = mdg_frames_ints(l->f, l->op, 1, &count);
    if (!begin || !mdg_frames_ints(l->f, l->op, 2, &count)) return "its bounds are not constant";
    *v = (mdg_view){begin[l->axis], 1, 1};
    return NULL;
}

static const char *view_strided_slice(look *l, mdg_view *v) {
    const mdg_strided_slice_attrs *a = l->op->attrs;
    int64_t count = 0, n_end = 0;
    const int32_t *begin = mdg_frames_ints(l->f, l->op, 1, &count);
    const int32_t *stride = mdg_frames_ints(l->f, l->op, 3, &count);
    if (!begin || !stride || !mdg_frames_ints(l->f, l->op, 2, &n_end)) return "its bounds are not constant";
    if (a->shrink_axis_mask) return "it removes dimensions";
    see_one(v);
    if (l->axis >= count) return NULL;
    if (stride[l->axis] < 0) return "it reverses time";
    const int32_t first = begin[l->axis] < 0 ? begin[l->axis] + mdg_frame_count(l->x) : begin[l->axis];
    v->offset = (a->begin_mask >> l->axis & 1) || first < 0 ? 0 : first;
    v->stride = stride[l->axis];
    return NULL;
}

/* A window of `kernel` that slides along the two dimensions between batch and channels */
typedef struct sliding {
    int32_t kernel[2], stride[2], dilation[2]; /* of rows, of columns */
} sliding;

static const char *view_window(look *l, const sliding *s, mdg_view *v) {
    if (l->axis == 0) return see_one(v);
    if (l->axis == 3) return "time is its channels";
    const int d = l->axis - 1;
    const int64_t reach = ((int64_t)s->kernel[d] - 1) * s->dilation[d] + 1;
    *v = (mdg_view){0, s->stride[d], reach};
    l->pads = (int64_t)(l->y->shape.dim[l->axis] - 1) * v->stride + reach > l->x->shape.dim[l->axis];
    return NULL;
}

static const char *view_conv2d(look *l, mdg_view *v) {
    const mdg_conv2d_attrs *a = l->op->attrs;
    const int32_t *w = mdg_op_input(l->f->sub, l->op, 1)->shape.dim;
    const sliding s = {{w[1], w[2]}, {a->stride_h, a->stride_w}, {a->dilation_h, a->dilation_w}};
    return view_window(l, &s, v);
}

static const char *view_depthwise(look *l, mdg_view *v) {
    const mdg_depthwise_conv2d_attrs *a = l->op->attrs;
    const int32_t *w = mdg_op_input(l->f->sub, l->op, 1)->shape.dim;
    const sliding s = {{w[1], w[2]}, {a->stride_h, a->stride_w}, {a->dilation_h, a->dilation_w}};
    return view_window(l, &s, v);
}

static const char *view_pool(look *l, mdg_view *v) {
    const mdg_pool2d_attrs *a = l->op->attrs;
    const sliding s = {{a->filter_h, a->filter_w}, {a->stride_h, a->stride_w}, {1, 1}};
    return view_window(l, &s, v);
}

static view_fn *const views[MDG_OP_COUNT] = {
    [MDG_OP_CONV_2D] = view_conv2d,
    [MDG_OP_DEPTHWISE_CONV_2D] = view_depthwise,
    [MDG_OP_AVERAGE_POOL_2D] = view_pool,
    [MDG_OP_MAX_POOL_2D] = view_pool,
    [MDG_OP_L2_POOL_2D] = view_pool,
    [MDG_OP_FULLY_CONNECTED] = view_fully_connected,
    [MDG_OP_RESHAPE] = view_reshape,
    [MDG_OP_EXPAND_DIMS] = view_reshape,
    [MDG_OP_SQUEEZE] = view_reshape,
    [MDG_OP_CONCATENATION] = view_concatenation,
    [MDG_OP_PAD] = view_pad,
    [MDG_OP_PADV2] = view_pad,
    [MDG_OP_MIRROR_PAD] = view_pad,
    [MDG_OP_SLICE] = view_slice,
    [MDG_OP_STRIDED_SLICE] = view_strided_slice,
    [MDG_OP_MEAN] = view_reduce,
    [MDG_OP_SUM] = view_reduce,
    [MDG_OP_REDUCE_MAX] = view_reduce,
    [MDG_OP_REDUCE_MIN] = view_reduce,
    [MDG_OP_SOFTMAX] = view_rows,
    [MDG_OP_LOG_SOFTMAX] = view_rows,
    [MDG_OP_L2_NORMALIZATION] = view_rows,
    [MDG_OP_ADD] = view_elementwise,
    [MDG_OP_SUB] = view_elementwise,
    [MDG_OP_MUL] = view_elementwise,
    [MDG_OP_DIV] = view_elementwise,
    [MDG_OP_MAXIMUM] = view_elementwise,
    [MDG_OP_MINIMUM] = view_elementwise,
    [MDG_OP_SQUARED_DIFFERENCE] = view_elementwise,
    [MDG_OP_ADD_N] = view_elementwise,
    [MDG_OP_PRELU] = view_elementwise,
    [MDG_OP_LEAKY_RELU] = view_elementwise,
    [MDG_OP_RELU] = view_elementwise,
    [MDG_OP_RELU6] = view_elementwise,
    [MDG_OP_ELU] = view_elementwise,
    [MDG_OP_HARD_SWISH] = view_elementwise,
    [MDG_OP_LOGISTIC] = view_elementwise,
    [MDG_OP_TANH] = view_elementwise,
    [MDG_OP_ABS] = view_elementwise,
    [MDG_OP_NEG] = view_elementwise,
    [MDG_OP_EXP] = view_elementwise,
    [MDG_OP_LOG] = view_elementwise,
    [MDG_OP_SQRT] = view_elementwise,
    [MDG_OP_RSQRT] = view_elementwise,
    [MDG_OP_SQUARE] = view_elementwise,
    [MDG_OP_QUANTIZE] = view_elementwise,
    [MDG_OP_DEQUANTIZE] = view_elementwise,
    [MDG_OP_CAST] = view_elementwise,
};

/* -- Following -- */

/* Operators that take several inputs frame by frame */
static bool is_joining(view_fn *view) {
    return view == view_elementwise || view == view_concatenation;
}

/* Operators that may give time another dimension */
static bool is_moving(view_fn *view) {
    return view == view_reshape || view == view_fully_connected || view == view_reduce;
}

/* All operands but the first are constant, or come with the same frames where the operator may join them. */
static const char *check_operands(const look *l, view_fn *view) {
    const mdg_frames *f = l->f;
    if (!is_joining(view) && (l->op->inputs[0] < 0 || f->step[l->op->inputs[0]] == 0))
        return "it looks at time by its second operand";
    for (int k = 0; k < l->op->n_inputs; k++) {
        const int32_t t = l->op->inputs[k];
        if (t < 0 || mdg_frames_constant(f, t) || (k == 0 && !is_joining(view))) continue;
        if (f->step[t] == 0 || !is_joining(view)) return "an operand tells of the whole window";
        if (f->step[t] != l->step || mdg_frame_count(&f->sub->tensors[t]) != mdg_frame_count(l->x))
            return "its operands do not have the same frames";
    }
    return NULL;
}

/* Where time is in the output, -1 where there is one frame, or it is not outermost */
static int output_axis(const look *l, view_fn *view) {
    const int axis = mdg_frame_axis(l->y);
    return is_moving(view) || (axis == l->axis && l->y->shape.rank == l->x->shape.rank) ? axis : -1;
}

/* Fills the view where the output's frames are as it says, and the hop is whole frames of them. */
static const char *find_view(look *l, mdg_view *v) {
    view_fn *view = views[l->op->code];
    if (!view || l->op->n_outputs != 1) return "it is not known how it looks at time";
    if (mdg_shape_elements(&l->x->shape) == 0 || mdg_shape_elements(&l->y->shape) == 0) return "it is empty";
    const int axis = output_axis(l, view);
    if (axis < 0) return "it takes all frames at once";
    const char *why = check_operands(l, view);
    if (!why) why = view(l, v);
    if (why || l->pads) return why;
    const int64_t last = v->offset + (l->y->shape.dim[axis] - 1) * v->stride;
    if (last + v->length > mdg_frame_count(l->x)) return "it makes more frames than there are";
    const int64_t step = l->step * v->stride;
    if (step > INT32_MAX || (l->f->hop && l->f->hop % step != 0)) return "its stride does not divide the hop";
    return NULL;
}

static const mdg_tensor *first_by_frames(const mdg_frames *f, const mdg_op *op) {
    for (int k = 0; k < op->n_inputs; k++)
        if (op->inputs[k] >= 0 && f->step[op->inputs[k]]) return &f->sub->tensors[op->inputs[k]];
    return NULL;
}

static mdg_status follow_op(mdg_frames *f, int index) {
    const mdg_op *op = &f->sub->ops[index];
    mdg_stream_op *s = &f->ops[index];
    look l = {.f = f, .op = op, .x = first_by_frames(f, op)};
    *s = (mdg_stream_op){.by_frames = false};
    if (!l.x || op->n_outputs == 0 || mdg_frames_constant(f, op->outputs[0])) return MDG_OK;
    l.y = mdg_op_output(f->sub, op, 0);
    l.step = f->step[l.x - f->sub->tensors];
    l.axis = mdg_frame_axis(l.x);
    s->why = find_view(&l, &s->view);
    if (l.pads)
        return mdg_fail(
            f->diag, MDG_UNSUPPORTED,
            "%s: op %d %s: it pads dimension %d, which is time: what it gives near the ends of the "
            "window changes when the window moves on; only models that do not pad along time "
            "(VALID) can be streamed exactly",
            f->graph->source, index, mdg_op_name(op), l.axis);
    s->by_frames = !s->why;
    if (s->by_frames) f->step[op->outputs[0]] = l.step * s->view.stride;
    return MDG_OK;
}

mdg_status mdg_stream_follow(mdg_frames *f) {
    memset(f->step, 0, (size_t)f->sub->n_tensors * sizeof *f->step);
    f->step[f->sub->inputs[0]] = 1;
    for (int i = 0; i < f->sub->n_ops; i++) MDG_TRY(follow_op(f, i));
    return MDG_OK;
}
