/* SPDX-License-Identifier: MIT
 *
 * The graph that computes only new frames. Of a tensor that comes by frames, a call computes the last ones:
 * as many as a hop makes, or all if there are fewer. Where an operator needs earlier ones as well, they are
 * kept in a CIRCULAR_BUFFER behind what makes them, long enough for all who read it.
 */
#include "pass/stream_parts.h"

#include <string.h>

#include "graph/op_table.h"

typedef struct rewriting {
    const mdg_frames *f;
    mdg_graph *graph;
    mdg_subgraph *sub;
    int64_t *fresh;  /* [n_tensors] frames that a call computes */
    int64_t *needed; /* [n_tensors] the most that an operator reads */
    int32_t *ring;   /* [n_tensors] the tensor with the last `needed` frames, -1 = none */
} rewriting;

/* How many of the last frames of its inputs an operator needs: from the first one that its fresh outputs see
 */
static int64_t frames_needed(const rewriting *r, int op, int32_t input) {
    const mdg_stream_op *s = &r->f->ops[op];
    const int64_t all = mdg_frame_count(&r->f->sub->tensors[input]);
    if (!s->by_frames) return all;
    const int32_t y = r->f->sub->ops[op].outputs[0];
    const int64_t first = mdg_frame_count(&r->f->sub->tensors[y]) - r->fresh[y];
    return all - (s->view.offset + first * s->view.stride);
}

static void count_frames(rewriting *r) {
    const mdg_subgraph *s = r->f->sub;
    for (int t = 0; t < s->n_tensors; t++) {
        const int64_t all = mdg_frame_count(&s->tensors[t]);
        const int64_t made = r->f->step[t] ? r->f->hop / r->f->step[t] : all;
        r->fresh[t] = made < all ? made : all;
        r->ring[t] = -1;
    }
    for (int op = 0; op < s->n_ops; op++) {
        for (int k = 0; k < s->ops[op].n_inputs; k++) {
            const int32_t t = s->ops[op].inputs[k];
            if (t < 0 || r->f->step[t] == 0) continue;
            const int64_t n = frames_needed(r, op, t);
            if (n > r->needed[t]) r->needed[t] = n;
        }
    }
    for (int k = 0; k < s->n_outputs; k++)
        if (r->f->step[s->outputs[k]]) r->needed[s->outputs[k]] = mdg_frame_count(&s->tensors[s->outputs[k]]);
}

/* -- Tensors -- */

static void set_frames(mdg_tensor *t, int64_t frames) {
    const int axis = mdg_frame_axis(t);
    if (axis < 0 || t->shape.dim[axis] == frames) return;
    t->shape.dim[axis] = (int32_t)frames;
    t->signature = NULL;
    t->bytes = mdg_tensor_bytes(t);
}

/* Frames of the old graph's tensor, as a tensor of the new one */
static int32_t add_frames(rewriting *r, int32_t tensor, int64_t frames) {
    mdg_tensor t = r->f->sub->tensors[tensor];
    const char *name = mdg_arena_printf(r->f->arena, "the last %d of %s", (int)frames, t.name ? t.name : "");
    const int32_t added = mdg_tensor_add(r->graph, r->sub, name, t.type, t.shape);
    t.name = r->sub->tensors[added].name;
    r->sub->tensors[added] = t;
    set_frames(&r->sub->tensors[added], frames);
    return added;
}

static int32_t add_ints(rewriting *r, const int32_t *values, int n) {
    const int32_t t = mdg_tensor_add(r->graph, r->sub, "bounds", MDG_INT32, mdg_shape_of(1, n));
    const size_t bytes = (size_t)n * sizeof *values;
    mdg_tensor_set_data(&r->sub->tensors[t], mdg_arena_copy(r->f->arena, values, bytes));
    return t;
}

/* All tensors keep their index; what was found to be constant becomes it. */
static void copy_tensors(rewriting *r) {
    const mdg_subgraph *s = r->f->sub;
    for (int i = 0; i < s->n_tensors; i++) {
        mdg_tensor_add(r->graph, r->sub, "", s->tensors[i].type, s->tensors[i].shape);
        mdg_tensor *t = &r->sub->tensors[i];
        *t = s->tensors[i];
        if (!t->data) t->data = mdg_frames_constant(r->f, i);
        if (r->f->step[i]) set_frames(t, r->fresh[i]);
    }
}

/* -- Operators -- */

/* {"cycles_max": 1} as FlexBuffers: valid at every call */
static const uint8_t always_valid[] = {'c', 'y', 'c', 'l', 'e', 's', '_', 'm', 'a', 'x', 0,
                                       1,   12,  1,   1,   1,   1,   4,   2,   36,  1};

/* Behind what makes the tensor: the ring that takes it */
static void add_ring(rewriting *r, int32_t tensor) {
    if (r->f->step[tensor] == 0 || r->needed[tensor] <= r->fresh[tensor]) return;
    const int32_t ring = add_frames(r, tensor, r->needed[tensor]);
    mdg_op *op = mdg_op_add(r->graph, r->sub, MDG_OP_CIRCULAR_BUFFER, 1, 1);
    op->inputs[0] = tensor;
    op->outputs[0] = ring;
    op->custom = always_valid;
    op->custom_bytes = sizeof always_valid;
    r->ring[tensor] = ring;
}

/* The last `frames` of a tensor that has more of them */
static int32_t add_slice(rewriting *r, int32_t from, int32_t tensor, int64_t frames) {
    const mdg_tensor *x = &r->sub->tensors[from];
    const int axis = mdg_frame_axis(x);
    int32_t begin[MDG_MAX_RANK] = {0}, size[MDG_MAX_RANK];
    memcpy(size, x->shape.dim, sizeof size);
    begin[axis] = x->shape.dim[axis] - (int32_t)frames;
    size[axis] = (int32_t)frames;
    const int rank = x->shape.rank;
    const int32_t inputs[3] = {from, add_ints(r, begin, rank), add_ints(r, size, rank)};
    const int32_t cut = add_frames(r, tensor, frames);
    mdg_op *op = mdg_op_add(r->graph, r->sub, MDG_OP_SLICE, 3, 1);
    memcpy(op->inputs, inputs, sizeof inputs);
    op->outputs[0] = cut;
    return cut;
}

/* The last frames of a tensor of the old graph, in the new one */
static int32_t last_frames(rewriting *r, int32_t tensor, int64_t frames) {
    if (r->f->step[tensor] == 0 || frames == r->fresh[tensor]) return tensor;
    if (frames == r->needed[tensor] && r->ring[tensor] >= 0) return r->ring[tensor];
    return add_slice(r, frames < r->fresh[tensor] ? tensor : r->ring[tensor], tensor, frames);
}

/* A reshape states its output's shape; the operand that repeats it goes. */
static void restate_shape(rewriting *r, mdg_op *op) {
    const mdg_shape *shape = &r->sub->tensors[op->outputs[0]].shape;
    mdg_reshape_attrs *a = mdg_attrs_new(r->f->arena, MDG_OP_RESHAPE);
    a->new_shape.count = shape->rank;
    a->new_shape.values = mdg_arena_copy(r->f->arena, shape->dim, (size_t)shape->rank * sizeof *shape->dim);
    op->code = MDG_OP_RESHAPE;
    op->attrs = a;
    op->version = 0;
    op->n_inputs = 1;
}

/* A slice begins at the first frame that it gets, and ends with its last output. */
static void restate_bounds(rewriting *r, const mdg_stream_op *s, mdg_op *op) {
    const int axis = mdg_frame_axis(&r->f->sub->tensors[op->outputs[0]]);
    const int64_t made = r->fresh[op->outputs[0]];
    const bool strided = op->code == MDG_OP_STRIDED_SLICE;
    int64_t n = 0;
    const int32_t *old_begin = mdg_frames_ints(r->f, op, 1, &n), *old_end = mdg_frames_ints(r->f, op, 2, &n);
    if (axis >= n) return;
    int32_t *begin = mdg_arena_copy(r->f->arena, old_begin, (size_t)n * sizeof *begin);
    int32_t *end = mdg_arena_copy(r->f->arena, old_end, (size_t)n * sizeof *end);
    begin[axis] = 0;
    end[axis] = (int32_t)(strided ? (made - 1) * s->view.stride + 1 : made);
    op->inputs[1] = add_ints(r, begin, (int)n);
    op->inputs[2] = add_ints(r, end, (int)n);
    if (!strided) return;
    mdg_strided_slice_attrs *a = mdg_arena_copy(r->f->arena, op->attrs, sizeof *a);
    a->begin_mask &= ~(1 << axis);
    a->end_mask &= ~(1 << axis);
    op->attrs = a;
}

static bool is_reshape(mdg_opcode code) {
    return code == MDG_OP_RESHAPE || code == MDG_OP_EXPAND_DIMS || code == MDG_OP_SQUEEZE;
}

static void add_op(rewriting *r, int index) {
    const mdg_op *old = &r->f->sub->ops[index];
    const mdg_stream_op *s = &r->f->ops[index];
    if (old->n_outputs && mdg_frames_constant(r->f, old->outputs[0])) return;
    mdg_op op = *old;
    op.inputs = mdg_arena_copy(r->f->arena, old->inputs, (size_t)old->n_inputs * sizeof *op.inputs);
    if (s->by_frames && is_reshape(op.code)) restate_shape(r, &op);
    if (s->by_frames && (op.code == MDG_OP_SLICE || op.code == MDG_OP_STRIDED_SLICE))
        restate_bounds(r, s, &op);
    for (int k = 0; k < op.n_inputs; k++) {
        const int32_t t = old->inputs[k];
        if (t >= 0 && r->f->step[t]) op.inputs[k] = last_frames(r, t, frames_needed(r, index, t));
    }
    *mdg_op_add(r->graph, r->sub, op.code, 0, 0) = op;
    for (int k = 0; k < op.n_outputs; k++) add_ring(r, op.outputs[k]);
}

mdg_graph *mdg_stream_rewrite(const mdg_frames *f) {
    const size_t n = (size_t)f->sub->n_tensors;
    rewriting r = {.f = f, .graph = mdg_graph_new(f->arena)};
    r.fresh = mdg_arena_array(f->arena, n, sizeof *r.fresh);
    r.needed = mdg_arena_array(f->arena, n, sizeof *r.needed);
    r.ring = mdg_arena_array(f->arena, n, sizeof *r.ring);
    r.graph->source = f->graph->source;
    r.graph->description = f->graph->description;
    r.sub = mdg_subgraph_add(r.graph, f->sub->name ? f->sub->name : "main");
    count_frames(&r);
    copy_tensors(&r);
    add_ring(&r, f->sub->inputs[0]);
    for (int op = 0; op < f->sub->n_ops; op++) add_op(&r, op);
    int32_t *outputs = mdg_arena_array(f->arena, (size_t)f->sub->n_outputs, sizeof *outputs);
    for (int k = 0; k < f->sub->n_outputs; k++) {
        const int32_t t = f->sub->outputs[k];
        outputs[k] = last_frames(&r, t, mdg_frame_count(&f->sub->tensors[t]));
    }
    mdg_subgraph_set_io(r.graph, r.sub, 1, f->sub->inputs, f->sub->n_outputs, outputs);
    return r.graph;
}
