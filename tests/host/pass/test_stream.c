/* SPDX-License-Identifier: MIT
 *
 * Streaming: random networks over a window, with strides, dilation, pools, cropped shortcuts, joins, reshapes
 * and whatever stands at the end, give hop by hop what the whole network gives on each window, byte for byte;
 * what pads along time is refused by name.
 */
#include "../lower/runs.h"
#include "graph/op_table.h"
#include "pass/stream.h"

typedef struct builder {
    mdg_graph *g;
    mdg_rng *r;
} builder;

static const mdg_tensor *tensor_of(const builder *b, int t) {
    return &b->g->subgraphs[0].tensors[t];
}

static mdg_shape shape_of(const builder *b, int t) {
    return tensor_of(b, t)->shape;
}

static int activation(builder *b, mdg_shape shape) {
    const float scale = 0.02f + 0.001f * (float)run_random(b->r, 0, 40);
    return net_tensor(b->g, MDG_INT8, shape, scale, run_random(b->r, -128, 20));
}

static int like(builder *b, int x, mdg_shape shape) {
    const mdg_quant *q = &tensor_of(b, x)->quant;
    return net_tensor(b->g, MDG_INT8, shape, q->scale[0], q->zero_point[0]);
}

static int weights(builder *b, mdg_shape shape) {
    const int64_t n = mdg_shape_elements(&shape);
    int8_t *w = mdg_arena_alloc(b->g->arena, (size_t)n);
    for (int64_t i = 0; i < n; i++) w[i] = (int8_t)run_random(b->r, -127, 127);
    return net_const(b->g, MDG_INT8, shape, 0.01f, w);
}

static int bias(builder *b, int32_t n) {
    int32_t *v = mdg_arena_array(b->g->arena, (size_t)n, sizeof *v);
    for (int32_t c = 0; c < n; c++) v[c] = run_random(b->r, -3000, 3000);
    return net_const(b->g, MDG_INT32, mdg_shape_of(1, n), 0, v);
}

static int ints(builder *b, int rank, const int32_t *values) {
    return net_const(b->g, MDG_INT32, mdg_shape_of(1, rank), 0, values);
}

/* Where time is: rows or columns; 0 where the shape has no dimensions for a window */
static int axis_of(mdg_shape s) {
    return s.rank != 4 ? 0 : s.dim[1] > 1 ? 1 : 2;
}

static int32_t frames_of(mdg_shape s) {
    int d = 0;
    while (d + 1 < s.rank && s.dim[d] == 1) d++;
    return s.dim[d];
}

/* -- Layers: each takes a tensor and returns its own, or the same where it does not fit -- */

static int convolution(builder *b, int x, bool is_depthwise) {
    const mdg_shape in = shape_of(b, x);
    const int axis = axis_of(in);
    const int32_t kernel = run_random(b->r, 1, 4), stride = run_random(b->r, 0, 3) ? 1 : 2;
    const int32_t dilation = stride == 1 ? run_random(b->r, 1, 2) : 1, reach = (kernel - 1) * dilation + 1;
    if (axis == 0 || in.dim[axis] < reach + stride) return x;
    mdg_shape out = in, w = mdg_shape_of(4, 1, 1, 1, in.dim[3]);
    out.dim[axis] = (in.dim[axis] - reach) / stride + 1;
    w.dim[axis] = kernel;
    out.dim[3] = is_depthwise ? in.dim[3] : run_random(b->r, 1, 8);
    if (is_depthwise)
        w.dim[3] = out.dim[3];
    else
        w.dim[0] = out.dim[3];
    const int32_t inputs[3] = {x, weights(b, w), bias(b, out.dim[3])};
    const int y = activation(b, out);
    mdg_op *op = net_op(b->g, is_depthwise ? MDG_OP_DEPTHWISE_CONV_2D : MDG_OP_CONV_2D, 3, inputs, y);
    const int32_t steps[3] = {1, axis == 1 ? stride : 1, axis == 2 ? stride : 1};
    const int32_t spread[3] = {1, axis == 1 ? dilation : 1, axis == 2 ? dilation : 1};
    if (is_depthwise) {
        mdg_depthwise_conv2d_attrs *a = op->attrs;
        *a = (mdg_depthwise_conv2d_attrs){.padding = MDG_PADDING_VALID, .depth_multiplier = 1};
        a->stride_h = steps[1], a->stride_w = steps[2], a->dilation_h = spread[1], a->dilation_w = spread[2];
    } else {
        mdg_conv2d_attrs *a = op->attrs;
        *a = (mdg_conv2d_attrs){.padding = MDG_PADDING_VALID, .activation = MDG_ACT_RELU};
        a->stride_h = steps[1], a->stride_w = steps[2], a->dilation_h = spread[1], a->dilation_w = spread[2];
    }
    return y;
}

/* SAME where nothing is padded by it */
static int pool(builder *b, int x) {
    const mdg_shape in = shape_of(b, x);
    const int axis = axis_of(in), size = run_random(b->r, 2, 3);
    if (axis == 0 || in.dim[axis] < 2 * size) return x;
    mdg_shape out = in;
    out.dim[axis] /= size;
    const int y = like(b, x, out);
    mdg_op *op = net_op(b->g, run_random(b->r, 0, 1) ? MDG_OP_MAX_POOL_2D : MDG_OP_AVERAGE_POOL_2D, 1, &x, y);
    mdg_pool2d_attrs *a = op->attrs;
    *a = (mdg_pool2d_attrs){.stride_h = 1, .stride_w = 1, .filter_h = 1, .filter_w = 1};
    a->padding = in.dim[axis] % size == 0 ? MDG_PADDING_SAME : MDG_PADDING_VALID;
    *(axis == 1 ? &a->stride_h : &a->stride_w) = size;
    *(axis == 1 ? &a->filter_h : &a->filter_w) = size;
    return y;
}

static int slice(builder *b, int x, int32_t first, int32_t count) {
    mdg_shape s = shape_of(b, x);
    const int axis = s.rank == 4 ? axis_of(s) : 0;
    int32_t begin[MDG_MAX_RANK] = {0}, step[MDG_MAX_RANK];
    for (int d = 0; d < s.rank; d++) step[d] = 1;
    begin[axis] = first;
    s.dim[axis] = count;
    const int y = like(b, x, s), from = ints(b, s.rank, begin);
    if (run_random(b->r, 0, 1)) {
        net_op(b->g, MDG_OP_SLICE, 3, (const int32_t[]){x, from, ints(b, s.rank, s.dim)}, y);
        return y;
    }
    int32_t end[MDG_MAX_RANK];
    memcpy(end, s.dim, sizeof end);
    end[axis] = first + count;
    net_op(b->g, MDG_OP_STRIDED_SLICE, 4,
           (const int32_t[]){x, from, ints(b, s.rank, end), ints(b, s.rank, step)}, y);
    return y;
}

/* Every second frame */
static int thinned(builder *b, int x) {
    mdg_shape s = shape_of(b, x);
    const int axis = axis_of(s);
    if (axis == 0 || s.dim[axis] < 6) return x;
    int32_t begin[4] = {0}, step[4] = {1, 1, 1, 1}, end[4];
    const int32_t first = run_random(b->r, 0, 2);
    begin[axis] = first - s.dim[axis];
    memcpy(end, s.dim, sizeof end);
    step[axis] = 2;
    s.dim[axis] = (s.dim[axis] - first + 1) / 2;
    const int y = like(b, x, s);
    const int32_t inputs[4] = {x, ints(b, 4, begin), ints(b, 4, end), ints(b, 4, step)};
    mdg_op *op = net_op(b->g, MDG_OP_STRIDED_SLICE, 4, inputs, y);
    ((mdg_strided_slice_attrs *)op->attrs)->end_mask = 1 << axis;
    return y;
}

/* What a convolution gives, added to or joined with as many frames of its input, from anywhere */
static int shortcut(builder *b, int x) {
    const mdg_shape in = shape_of(b, x);
    const int side = convolution(b, x, true);
    const mdg_shape out = shape_of(b, side);
    const int32_t spare = frames_of(in) - frames_of(out);
    if (side == x || frames_of(out) < 2) return side;
    const int cut = slice(b, x, run_random(b->r, 0, spare), frames_of(out));
    if (run_random(b->r, 0, 1)) {
        const int y = activation(b, out);
        net_op(b->g, MDG_OP_ADD, 2, (const int32_t[]){cut, side}, y);
        return y;
    }
    mdg_shape joined = out;
    joined.dim[3] *= 2;
    const int same = like(b, cut, out), y = like(b, cut, joined);
    net_op(b->g, MDG_OP_QUANTIZE, 1, &side, same);
    mdg_op *op = net_op(b->g, MDG_OP_CONCATENATION, 2, (const int32_t[]){cut, same}, y);
    ((mdg_concatenation_attrs *)op->attrs)->axis = -1;
    return joined.dim[3] > 16 ? side : y;
}

/* By constants, now and then others for each frame */
static int elementwise(builder *b, int x) {
    const mdg_shape s = shape_of(b, x);
    const int y = activation(b, s);
    if (run_random(b->r, 0, 1)) {
        net_op(b->g, MDG_OP_QUANTIZE, 1, &x, y);
        return y;
    }
    mdg_shape row = s;
    for (int d = 0; d + 1 < s.rank && run_random(b->r, 0, 7); d++) row.dim[d] = 1;
    net_op(b->g, MDG_OP_MUL, 2, (const int32_t[]){weights(b, row), x}, y);
    return y;
}

/* Zeros beside the columns, where time is in the rows */
static int pad(builder *b, int x) {
    static const int32_t borders[8] = {0, 0, 0, 0, 1, 1, 0, 0};
    mdg_shape s = shape_of(b, x);
    if (axis_of(s) != 1) return x;
    s.dim[2] += 2;
    const int y = like(b, x, s);
    const int p = net_const(b->g, MDG_INT32, mdg_shape_of(2, 4, 2), 0, borders);
    net_op(b->g, MDG_OP_PAD, 2, (const int32_t[]){x, p}, y);
    return y;
}

/* Time to another dimension, or two frames to one */
static int reshape(builder *b, int x) {
    const mdg_shape s = shape_of(b, x);
    const int32_t n = frames_of(s), frame = (int32_t)mdg_shape_elements(&s) / n;
    const bool pairs = n % 2 == 0 && n >= 8 && run_random(b->r, 0, 2) == 0;
    const int32_t rows = pairs ? n / 2 : n, row = pairs ? 2 * frame : frame;
    const mdg_shape to =
        run_random(b->r, 0, 1) ? mdg_shape_of(4, 1, rows, 1, row) : mdg_shape_of(4, 1, 1, rows, row);
    const int y = like(b, x, to);
    net_op(b->g, MDG_OP_RESHAPE, 2, (const int32_t[]){x, ints(b, 4, to.dim)}, y);
    return row > 24 ? x : y;
}

/* A dense layer for each frame, its softmax */
static int dense_frames(builder *b, int x) {
    const mdg_shape s = shape_of(b, x);
    const int32_t n = frames_of(s), frame = (int32_t)mdg_shape_elements(&s) / n, out = run_random(b->r, 2, 6);
    const int rows = like(b, x, mdg_shape_of(2, n, frame)), y = activation(b, mdg_shape_of(2, n, out));
    const int back = like(b, y, mdg_shape_of(4, 1, n, 1, out));
    net_op(b->g, MDG_OP_RESHAPE, 1, &x, rows);
    net_op(b->g, MDG_OP_FULLY_CONNECTED, 3,
           (const int32_t[]){rows, weights(b, mdg_shape_of(2, out, frame)), bias(b, out)}, y);
    const int p = net_tensor(b->g, MDG_INT8, mdg_shape_of(2, n, out), 1.0f / 256, -128);
    mdg_op *op = net_op(b->g, MDG_OP_SOFTMAX, 1, &y, p);
    ((mdg_softmax_attrs *)op->attrs)->beta = 1;
    const int probabilities = run_random(b->r, 0, 1);
    const int again = probabilities ? like(b, p, mdg_shape_of(4, 1, n, 1, out)) : back;
    net_op(b->g, MDG_OP_RESHAPE, 1, probabilities ? &p : &y, again);
    return again;
}

static int random_layer(builder *b, int x) {
    switch (run_random(b->r, 0, 11)) {
    case 0: return pool(b, x);
    case 1: return shortcut(b, x);
    case 2: return elementwise(b, x);
    case 3: return pad(b, x);
    case 4: return reshape(b, x);
    case 5: return dense_frames(b, x);
    case 6: return thinned(b, x);
    case 7:
    case 8: return convolution(b, x, true);
    default: return convolution(b, x, false);
    }
}

/* -- Ends -- */

static int mean_over_time(builder *b, int x) {
    const mdg_shape s = shape_of(b, x);
    static const int32_t axes[2] = {1, -2};
    if (s.rank != 4) return x;
    const int y = activation(b, mdg_shape_of(2, 1, s.dim[3]));
    net_op(b->g, MDG_OP_MEAN, 2, (const int32_t[]){x, ints(b, 2, axes)}, y);
    return y;
}

static int dense(builder *b, int x) {
    const mdg_shape s = shape_of(b, x);
    const int32_t n = (int32_t)mdg_shape_elements(&s);
    const int flat = like(b, x, mdg_shape_of(2, 1, n)), y = activation(b, mdg_shape_of(2, 1, 3));
    net_op(b->g, MDG_OP_RESHAPE, 1, &x, flat);
    net_op(b->g, MDG_OP_FULLY_CONNECTED, 3,
           (const int32_t[]){flat, weights(b, mdg_shape_of(2, 3, n)), bias(b, 3)}, y);
    return y;
}

static mdg_graph *random_net(mdg_arena *arena, mdg_rng *r) {
    builder b = {net_new(arena), r};
    const mdg_shape in = mdg_shape_of(4, 1, run_random(r, 8, 40), run_random(r, 1, 2), run_random(r, 1, 4));
    const int first = activation(&b, in);
    int x = convolution(&b, first, run_random(r, 0, 1));
    const int layers = run_random(r, 1, 7), end = run_random(r, 0, 4);
    for (int i = 0; i < layers; i++) x = random_layer(&b, x);
    if (end == 0) x = mean_over_time(&b, x);
    if (end <= 2) x = dense(&b, x);
    if (x == first) return NULL;
    net_io(b.g, first, x);
    return b.g;
}

/* -- The proof -- */

static mdg_exec *open_exec(mdg_graph *g) {
    mdg_exec *x;
    mdg_diag diag = {""};
    if (mdg_exec_open(g, g->arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return x;
}

static const void *invoke(mdg_exec *x, const void *in) {
    memcpy(mdg_exec_input(x, 0), in, mdg_exec_input_bytes(x, 0));
    mdg_exec_invoke(x, NULL);
    return mdg_exec_output(x, 0);
}

static void fill(mdg_rng *r, mdg_type type, int8_t *x, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) x[i] = (int8_t)run_random(r, -128, 127);
    for (size_t i = 0; type == MDG_FLOAT32 && i < bytes; i += sizeof(float)) {
        const float value = mdg_rng_uniform(r, -1, 1);
        memcpy(x + i, &value, sizeof value);
    }
}

/* Three windows of noise, twice, with a reset between */
static void assert_streams(mdg_graph *whole, mdg_graph *streaming, mdg_rng *r) {
    const mdg_streaming *s = &streaming->streaming;
    mdg_exec *a = open_exec(whole), *b = open_exec(streaming);
    const size_t window = mdg_exec_input_bytes(a, 0), hop = mdg_exec_input_bytes(b, 0);
    const size_t bytes = mdg_exec_output_bytes(a, 0);
    assert_int_equal(bytes, mdg_exec_output_bytes(b, 0));
    assert_int_equal(hop * (size_t)s->window, window * (size_t)s->hop);
    const int calls = 3 * (s->warm_up + 1);
    int8_t *x = mdg_arena_alloc(whole->arena, hop * (size_t)calls);
    for (int round = 0; round < 2; round++, mdg_exec_reset(b)) {
        fill(r, whole->subgraphs[0].tensors[whole->subgraphs[0].inputs[0]].type, x, hop * (size_t)calls);
        for (int i = 0; i < calls; i++) {
            const void *got = invoke(b, x + (size_t)i * hop);
            if (i < s->warm_up) continue;
            assert_true((size_t)(i + 1) * hop >= window);
            assert_memory_equal(got, invoke(a, x + (size_t)(i + 1) * hop - window), bytes);
        }
    }
}

static bool has_op(const mdg_graph *g, mdg_opcode code) {
    for (int i = 0; i < g->subgraphs[0].n_ops; i++)
        if (g->subgraphs[0].ops[i].code == code) return true;
    return false;
}

/* With the smallest hop, which some nets do not have, and with another */
static void random_nets_give_the_bytes_of_the_window(void **state) {
    (void)state;
    int streamed = 0, with_hop = 0, refused = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 0);
        mdg_graph *g = random_net(arena, &r), *streaming;
        mdg_diag diag = {""};
        if (g && mdg_stream(g, 0, arena, &streaming, &diag) == MDG_OK) {
            assert_streams(g, streaming, &r);
            streamed += has_op(streaming, MDG_OP_CIRCULAR_BUFFER);
        } else if (g) {
            if (!strstr(diag.text, "divide no hop") && !strstr(diag.text, "would save nothing"))
                fail_msg("net %d: %s", (int)seed, diag.text);
            refused++;
        }
        const int hop = run_random(&r, 1, 7);
        if (g && mdg_stream(g, hop, arena, &streaming, &diag) == MDG_OK) {
            assert_int_equal(streaming->streaming.hop, hop);
            assert_streams(g, streaming, &r);
            with_hop++;
        }
        mdg_arena_free(arena);
    }
    assert_true(streamed > 1000 && with_hop > 1000 && refused < 400);
}

/* -- One layer at a time -- */

/* x [1][12][1][4], a filter of 3 frames */
static mdg_graph *one_conv(mdg_arena *arena, int padding, int32_t stride) {
    mdg_rng r = mdg_rng_of(1, 0);
    builder b = {net_new(arena), &r};
    const int x = activation(&b, mdg_shape_of(4, 1, 12, 1, 4));
    const int32_t rows = padding == MDG_PADDING_SAME ? 12 / stride : (12 - 3) / stride + 1;
    const int y = activation(&b, mdg_shape_of(4, 1, rows, 1, 4));
    const int32_t inputs[3] = {x, weights(&b, mdg_shape_of(4, 4, 3, 1, 4)), bias(&b, 4)};
    mdg_conv2d_attrs *a = net_op(b.g, MDG_OP_CONV_2D, 3, inputs, y)->attrs;
    *a = (mdg_conv2d_attrs){.padding = padding, .stride_h = stride, .stride_w = 1};
    a->dilation_h = a->dilation_w = 1;
    net_io(b.g, x, mean_over_time(&b, y));
    return b.g;
}

/* x [1][14][2], to rows of a picture and through a filter of 3 frames, float */
static void floats_stream_as_well(void **state) {
    static float values[3 * 2 * 4 + 4 * 12 * 2];
    mdg_rng r = mdg_rng_of(3, 0);
    mdg_graph *g = net_new(*state), *streaming;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) values[i] = mdg_rng_uniform(&r, -1, 1);
    const int x = net_tensor(g, MDG_FLOAT32, mdg_shape_of(3, 1, 14, 2), 0, 0);
    const int row = net_tensor(g, MDG_FLOAT32, mdg_shape_of(4, 1, 1, 14, 2), 0, 0);
    const int y = net_tensor(g, MDG_FLOAT32, mdg_shape_of(4, 1, 1, 12, 4), 0, 0);
    const int out = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 1, 2), 0, 0);
    const int w = net_const(g, MDG_FLOAT32, mdg_shape_of(4, 4, 1, 3, 2), 0, values);
    const int dense_w = net_const(g, MDG_FLOAT32, mdg_shape_of(2, 2, 48), 0, values + 24);
    const int b = net_const(g, MDG_FLOAT32, mdg_shape_of(1, 4), 0, values);
    const int dense_b = net_const(g, MDG_FLOAT32, mdg_shape_of(1, 2), 0, values);
    const int axis = net_const(g, MDG_INT32, mdg_shape_of(0), 0, &(int32_t){1});
    net_op(g, MDG_OP_EXPAND_DIMS, 2, (const int32_t[]){x, axis}, row);
    mdg_conv2d_attrs *a = net_op(g, MDG_OP_CONV_2D, 3, (const int32_t[]){row, w, b}, y)->attrs;
    *a = (mdg_conv2d_attrs){.padding = MDG_PADDING_VALID, .stride_h = 1, .stride_w = 1};
    a->dilation_h = a->dilation_w = 1;
    net_op(g, MDG_OP_FULLY_CONNECTED, 3, (const int32_t[]){y, dense_w, dense_b}, out);
    net_io(g, x, out);
    mdg_diag diag = {""};
    if (mdg_stream(g, 0, *state, &streaming, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(streaming->streaming.warm_up, 13);
    assert_streams(g, streaming, &r);
}

/* Shapes that exporters compute at run time are known: they are constants of the new graph. */
static void computed_shapes_need_no_window(void **state) {
    mdg_rng r = mdg_rng_of(5, 0);
    builder b = {net_new(*state), &r};
    mdg_graph *streaming;
    const int x = activation(&b, mdg_shape_of(4, 1, 10, 1, 3)), y = convolution(&b, x, false);
    const int shape = net_tensor(b.g, MDG_INT32, mdg_shape_of(1, 4), 0, 0);
    const int same = like(&b, y, shape_of(&b, y));
    mdg_op *op = net_op(b.g, MDG_OP_SHAPE, 1, &y, shape);
    ((mdg_shape_attrs *)op->attrs)->out_type = MDG_INT32;
    net_op(b.g, MDG_OP_RESHAPE, 2, (const int32_t[]){y, shape}, same);
    net_io(b.g, x, mean_over_time(&b, same));
    mdg_diag diag = {""};
    if (mdg_stream(b.g, 0, *state, &streaming, &diag) != MDG_OK) fail_msg("%s", diag.text);
    assert_false(has_op(streaming, MDG_OP_SHAPE));
    assert_streams(b.g, streaming, &r);
}

static void assert_refused(mdg_graph *g, int hop, mdg_status status, const char *words) {
    mdg_graph *streaming;
    mdg_diag diag = {""};
    const mdg_status got = mdg_stream(g, hop, g->arena, &streaming, &diag);
    if (got != status || !strstr(diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)got, diag.text, words);
}

static void what_cannot_be_exact_is_refused(void **state) {
    assert_refused(one_conv(*state, MDG_PADDING_SAME, 1), 0, MDG_UNSUPPORTED,
                   "net: op 0 CONV_2D: it pads dimension 1, which is time");
    assert_refused(one_conv(*state, MDG_PADDING_VALID, 1), 12, MDG_INVALID,
                   "a hop of 12 frames is not less than the window, 12 frames");
    mdg_rng r = mdg_rng_of(1, 0);
    builder b = {net_new(*state), &r};
    const int x = activation(&b, mdg_shape_of(2, 1, 20));
    net_io(b.g, x, dense(&b, x));
    assert_refused(b.g, 0, MDG_UNSUPPORTED, "FULLY_CONNECTED: it needs the whole window");
}

static void padding_of_time_is_refused_before_other_layers(void **state) {
    static const int32_t borders[8] = {0, 0, 2, 0, 0, 0, 0, 0};
    mdg_rng r = mdg_rng_of(1, 0);
    builder b = {net_new(*state), &r};
    const int x = activation(&b, mdg_shape_of(4, 1, 9, 1, 4)), y = like(&b, x, mdg_shape_of(4, 1, 11, 1, 4));
    const int p = net_const(b.g, MDG_INT32, mdg_shape_of(2, 4, 2), 0, borders);
    net_op(b.g, MDG_OP_PAD, 2, (const int32_t[]){x, p}, y);
    net_io(b.g, x, dense(&b, convolution(&b, y, false)));
    assert_refused(b.g, 0, MDG_UNSUPPORTED, "op 0 PAD: it pads dimension 1, which is time");
}

static int32_t ring_frames(const mdg_graph *g, int n) {
    const mdg_subgraph *s = &g->subgraphs[0];
    for (int i = 0; i < s->n_ops; i++)
        if (s->ops[i].code == MDG_OP_CIRCULAR_BUFFER && n-- == 0)
            return mdg_op_output(s, &s->ops[i], 0)->shape.dim[1];
    return 0;
}

/* The filter keeps what its fresh outputs see, the mean all that it sums. */
static void rings_are_as_short_as_can_be(void **state) {
    static const struct {
        int32_t stride, hop, chosen, first, second, warm_up;
    } cases[] = {{1, 0, 1, 3, 10, 11}, {1, 4, 4, 6, 10, 2}, {2, 0, 2, 4, 5, 5},
                 {3, 0, 3, 0, 4, 3},   {3, 6, 6, 0, 4, 1},  {2, 3, 3, 12, 0, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mdg_graph *streaming, *g = one_conv(*state, MDG_PADDING_VALID, cases[i].stride);
        mdg_diag diag = {""};
        const mdg_status status = mdg_stream(g, cases[i].hop, *state, &streaming, &diag);
        if (cases[i].second == 0) { /* nothing would be saved */
            assert_int_equal(status, MDG_UNSUPPORTED);
            assert_non_null(strstr(diag.text, "its stride does not divide the hop"));
            continue;
        }
        if (status != MDG_OK) fail_msg("%s", diag.text);
        const int rings = cases[i].first ? 1 : 0;
        assert_int_equal(streaming->streaming.hop, cases[i].chosen);
        assert_int_equal(streaming->streaming.warm_up, cases[i].warm_up);
        if (rings) assert_int_equal(ring_frames(streaming, 0), cases[i].first);
        assert_int_equal(ring_frames(streaming, rings), cases[i].second);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_nets_give_the_bytes_of_the_window),
        RUN_TEST(floats_stream_as_well),
        RUN_TEST(computed_shapes_need_no_window),
        RUN_TEST(what_cannot_be_exact_is_refused),
        RUN_TEST(padding_of_time_is_refused_before_other_layers),
        RUN_TEST(rings_are_as_short_as_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
