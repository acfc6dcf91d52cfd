/* SPDX-License-Identifier: MIT
 *
 * Removing channels: on nets with planted constant and dead channels the outputs stay what they were, byte
 * for byte, and what can go is gone, with the borders of padded convolutions and overflowing biases minded.
 */
#include "../lower/runs.h"
#include "pass/channels.h"

static mdg_graph *shrink(mdg_graph *g, int granule, mdg_channel_report *report) {
    mdg_graph *smaller;
    mdg_diag diag = {""};
    if (mdg_remove_channels(g, granule, g->arena, &smaller, report, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    return smaller;
}

static mdg_exec *open_exec(mdg_graph *g) {
    mdg_exec *x;
    mdg_diag diag = {""};
    if (mdg_exec_open(g, g->arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return x;
}

/* All -128, all 127, then noise */
static void fill_input(mdg_rng *r, int round, int8_t *x, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        x[i] = (int8_t)(round == 0 ? -128 : round == 1 ? 127 : run_random(r, -128, 127));
}

static void assert_same_outputs(mdg_graph *g, mdg_graph *smaller, mdg_rng *r) {
    mdg_exec *a = open_exec(g), *b = open_exec(smaller);
    const size_t bytes = mdg_exec_input_bytes(a, 0), out_bytes = mdg_exec_output_bytes(a, 0);
    assert_int_equal(bytes, mdg_exec_input_bytes(b, 0));
    assert_int_equal(out_bytes, mdg_exec_output_bytes(b, 0));
    int8_t *x = mdg_arena_alloc(g->arena, bytes);
    for (int round = 0; round < 6; round++) {
        fill_input(r, round, x, bytes);
        memcpy(mdg_exec_input(a, 0), x, bytes);
        memcpy(mdg_exec_input(b, 0), x, bytes);
        mdg_exec_invoke(a, NULL);
        mdg_exec_invoke(b, NULL);
        assert_memory_equal(mdg_exec_output(a, 0), mdg_exec_output(b, 0), out_bytes);
    }
}

/* Every value that an operator writes lies in its channel's range. */
static void check_ranges(void *context, const mdg_program *p, const mdg_call *call, void *const *out) {
    const mdg_channels *ch = context;
    if (call->op < 0 || ch->call[call->op] == NULL) return;
    const mdg_tensor_channels *y = mdg_channels_out(ch, call->op);
    const int8_t *values = out[0];
    for (size_t i = 0; y->n && i < p->buffers[call->out[0]].bytes; i++) {
        const mdg_range r = y->range[i % (size_t)y->n];
        if (values[i] < r.lo || values[i] > r.hi)
            fail_msg("op %d: channel %d holds %d, not from %d to %d", call->op, (int)(i % (size_t)y->n),
                     values[i], (int)r.lo, (int)r.hi);
    }
}

static void assert_ranges_hold(mdg_graph *g, mdg_rng *r) {
    mdg_channels ch;
    mdg_diag diag = {""};
    assert_int_equal(mdg_channels_open(g, g->arena, &ch, &diag), MDG_OK);
    const mdg_exec_tap tap = {check_ranges, &ch};
    mdg_exec *x = open_exec(g);
    for (int round = 0; round < 8; round++) {
        fill_input(r, round, mdg_exec_input(x, 0), mdg_exec_input_bytes(x, 0));
        mdg_exec_invoke(x, &tap);
    }
}

/* -- Nets from layers: each takes a tensor and returns its own -- */

typedef struct builder {
    mdg_graph *g;
    mdg_rng *r;
} builder;

static const mdg_shape *shape_of(const builder *b, int t) {
    return &b->g->subgraphs[0].tensors[t].shape;
}

static int32_t random_zero(mdg_rng *r) {
    return run_random(r, 0, 2) ? -128 : run_random(r, -20, 20);
}

static int activation_tensor(builder *b, mdg_shape shape) {
    const float scale = 0.02f + 0.001f * (float)run_random(b->r, 0, 40);
    return net_tensor(b->g, MDG_INT8, shape, scale, random_zero(b->r));
}

/* Weights [out][taps][in]: a third of the inputs unread, a third of the outputs with no weight but a bias. */
static int random_weights(builder *b, mdg_shape shape, int out_axis) {
    const int64_t n = mdg_shape_elements(&shape);
    const int in_c = shape.dim[shape.rank - 1], out_c = shape.dim[out_axis];
    int8_t *w = mdg_arena_alloc(b->g->arena, (size_t)n);
    bool dead[64], constant[64];
    for (int c = 0; c < 64; c++) {
        dead[c] = run_random(b->r, 0, 2) == 0;
        constant[c] = run_random(b->r, 0, 2) == 0;
    }
    for (int64_t i = 0; i < n; i++) {
        const int64_t out = out_axis == 0 ? i / (n / out_c) : i % out_c;
        const bool is_dead = out_axis == 0 && dead[i % in_c % 64];
        w[i] = (int8_t)(is_dead || constant[out % 64] ? 0 : run_random(b->r, -127, 127));
    }
    const int t = net_const(b->g, MDG_INT8, shape, 0.01f, w);
    float *scale = mdg_arena_array(b->g->arena, (size_t)out_c, sizeof *scale);
    for (int c = 0; c < out_c; c++) scale[c] = 0.001f * (float)run_random(b->r, 1, 30);
    if (out_c > 1 && run_random(b->r, 0, 2))
        mdg_tensor_quantize_channels(b->g, &b->g->subgraphs[0].tensors[t], out_axis, out_c, scale);
    return t;
}

/* Some sums can never get above a clamp, whatever the weights. */
static int random_bias(builder *b, int32_t n) {
    int32_t *bias = mdg_arena_array(b->g->arena, (size_t)n, sizeof *bias);
    for (int32_t c = 0; c < n; c++)
        bias[c] =
            run_random(b->r, 0, 4) ? run_random(b->r, -3000, 3000) : run_random(b->r, -9000000, 1000000);
    return run_random(b->r, 0, 3) ? net_const(b->g, MDG_INT32, mdg_shape_of(1, n), 0, bias) : -1;
}

static int32_t window_out(int padding, int32_t in, int32_t kernel, int32_t stride, int32_t dilation) {
    const int32_t covered = padding == MDG_PADDING_SAME ? in : in - (kernel - 1) * dilation;
    return covered > 0 ? (covered + stride - 1) / stride : 0;
}

static mdg_op *filter_op(builder *b, mdg_opcode code, int x, int w, int y, int32_t out_c) {
    return net_op(b->g, code, 3, (const int32_t[]){x, w, random_bias(b, out_c)}, y);
}

/* CONV_2D or DEPTHWISE_CONV_2D; x itself where the window does not fit */
static int convolution(builder *b, int x, bool is_depthwise) {
    const mdg_shape in = *shape_of(b, x);
    const int padding = run_random(b->r, 0, 1), act = run_random(b->r, 0, 1) ? MDG_ACT_RELU6 : MDG_ACT_NONE;
    const int32_t kernel = run_random(b->r, 1, 3), kernel_w = run_random(b->r, 1, 3);
    const int32_t stride = run_random(b->r, 1, 2), dilation = stride == 1 ? run_random(b->r, 1, 2) : 1;
    const int32_t h = window_out(padding, in.dim[1], kernel, stride, dilation);
    const int32_t width = window_out(padding, in.dim[2], kernel_w, stride, dilation);
    if (h < 1 || width < 1) return x;
    const int32_t mult = in.dim[3] == 1 ? run_random(b->r, 1, 6) : run_random(b->r, 0, 3) ? 1 : 2;
    const int32_t out_c = is_depthwise ? in.dim[3] * mult : run_random(b->r, 1, 12);
    if (out_c > 24) return x;
    const mdg_shape shape = is_depthwise ? mdg_shape_of(4, 1, kernel, kernel_w, out_c)
                                         : mdg_shape_of(4, out_c, kernel, kernel_w, in.dim[3]);
    const int w = random_weights(b, shape, is_depthwise ? 3 : 0);
    const int y = activation_tensor(b, mdg_shape_of(4, in.dim[0], h, width, out_c));
    mdg_op *op = filter_op(b, is_depthwise ? MDG_OP_DEPTHWISE_CONV_2D : MDG_OP_CONV_2D, x, w, y, out_c);
    if (is_depthwise) {
        mdg_depthwise_conv2d_attrs *a = op->attrs;
        *a = (mdg_depthwise_conv2d_attrs){.padding = padding, .activation = act, .depth_multiplier = mult};
        a->stride_h = a->stride_w = stride, a->dilation_h = a->dilation_w = dilation;
    } else {
        mdg_conv2d_attrs *a = op->attrs;
        *a = (mdg_conv2d_attrs){.padding = padding, .activation = act};
        a->stride_h = a->stride_w = stride, a->dilation_h = a->dilation_w = dilation;
    }
    return y;
}

/* A tensor like another, with its quantisation */
static int tensor_like(builder *b, int x, mdg_shape shape) {
    const mdg_tensor *t = &b->g->subgraphs[0].tensors[x];
    return net_tensor(b->g, MDG_INT8, shape, t->quant.scale[0], t->quant.zero_point[0]);
}

static int residual(builder *b, int x) {
    const int side = convolution(b, x, false);
    const int y = activation_tensor(b, *shape_of(b, x));
    const bool fits = mdg_shape_equal(shape_of(b, side), shape_of(b, x));
    const mdg_opcode codes[] = {MDG_OP_ADD, MDG_OP_MUL, MDG_OP_SUB};
    const mdg_opcode code = codes[run_random(b->r, 0, 2)];
    net_op(b->g, code, 2, (const int32_t[]){fits ? side : x, x}, y);
    return y;
}

static int pool(builder *b, int x) {
    const mdg_shape in = *shape_of(b, x);
    const int32_t h = window_out(MDG_PADDING_SAME, in.dim[1], 2, 2, 1);
    const int32_t w = window_out(MDG_PADDING_SAME, in.dim[2], 2, 2, 1);
    const int y = tensor_like(b, x, mdg_shape_of(4, in.dim[0], h, w, in.dim[3]));
    mdg_op *op = net_op(b->g, run_random(b->r, 0, 1) ? MDG_OP_MAX_POOL_2D : MDG_OP_AVERAGE_POOL_2D, 1, &x, y);
    *(mdg_pool2d_attrs *)op->attrs =
        (mdg_pool2d_attrs){.stride_h = 2, .stride_w = 2, .filter_h = 2, .filter_w = 2};
    return y;
}

static int pad(builder *b, int x) {
    static const int32_t borders[8] = {0, 0, 1, 0, 1, 1, 0, 0};
    const mdg_shape in = *shape_of(b, x);
    const int y = tensor_like(b, x, mdg_shape_of(4, in.dim[0], in.dim[1] + 1, in.dim[2] + 2, in.dim[3]));
    const int p = net_const(b->g, MDG_INT32, mdg_shape_of(2, 4, 2), 0, borders);
    net_op(b->g, MDG_OP_PAD, 2, (const int32_t[]){x, p}, y);
    return y;
}

static int concatenation(builder *b, int x) {
    const mdg_shape in = *shape_of(b, x);
    const int axis = run_random(b->r, 1, 3);
    mdg_shape out = in;
    out.dim[axis] *= 2;
    if (out.dim[3] > 24) return x;
    const int other = tensor_like(b, x, in), y = tensor_like(b, x, out);
    net_op(b->g, MDG_OP_RELU6, 1, &x, other);
    mdg_op *op = net_op(b->g, MDG_OP_CONCATENATION, 2, (const int32_t[]){x, other}, y);
    ((mdg_concatenation_attrs *)op->attrs)->axis = run_random(b->r, 0, 1) ? axis : axis - 4;
    return y;
}

static int rescale(builder *b, int x) {
    const int y = activation_tensor(b, *shape_of(b, x));
    net_op(b->g, run_random(b->r, 0, 1) ? MDG_OP_QUANTIZE : MDG_OP_RELU, 1, &x, y);
    return y;
}

static int mean(builder *b, int x) {
    static const int32_t axes[2] = {1, -2};
    const mdg_shape in = *shape_of(b, x);
    const int y = activation_tensor(b, mdg_shape_of(2, in.dim[0], in.dim[3]));
    const int a = net_const(b->g, MDG_INT32, mdg_shape_of(1, 2), 0, axes);
    net_op(b->g, MDG_OP_MEAN, 2, (const int32_t[]){x, a}, y);
    return y;
}

static int reshape(builder *b, int x) {
    const int y = tensor_like(b, x, mdg_shape_of(2, 1, (int)mdg_shape_elements(shape_of(b, x))));
    net_op(b->g, MDG_OP_RESHAPE, 1, &x, y);
    return y;
}

static int fully_connected(builder *b, int x, int32_t out_c) {
    const int32_t in_c = (int32_t)mdg_shape_elements(shape_of(b, x));
    const int w = random_weights(b, mdg_shape_of(2, out_c, in_c), 0);
    const int y = activation_tensor(b, mdg_shape_of(2, 1, out_c));
    filter_op(b, MDG_OP_FULLY_CONNECTED, x, w, y, out_c);
    return y;
}

static int random_layer(builder *b, int x) {
    switch (run_random(b->r, 0, 10)) {
    case 0: return residual(b, x);
    case 1: return pool(b, x);
    case 2: return pad(b, x);
    case 3: return concatenation(b, x);
    case 4: return rescale(b, x);
    case 5:
    case 6:
    case 7: return convolution(b, x, true);
    default: return convolution(b, x, false);
    }
}

static mdg_graph *random_net(mdg_arena *arena, mdg_rng *r) {
    builder b = {net_new(arena), r};
    const int32_t h = run_random(r, 3, 7), w = run_random(r, 3, 7), c = run_random(r, 1, 6);
    const int first = activation_tensor(&b, mdg_shape_of(4, 1, h, w, c));
    const int layers = run_random(r, 1, 9);
    int x = convolution(&b, first, false);
    for (int i = 0; i < layers; i++) x = random_layer(&b, x);
    const int end = run_random(r, 0, 3);
    if (end == 0) x = mean(&b, x);
    if (end == 1) x = reshape(&b, x);
    if (end < 3) x = fully_connected(&b, x, run_random(r, 1, 9));
    if (end < 2) x = fully_connected(&b, x, 3);
    if (x == first) return NULL;
    net_io(b.g, first, x);
    return b.g;
}

/* What is left of each convolution's channels is a multiple of the granule, or all. */
static void assert_filled_up(mdg_graph *g, int granule, mdg_rng *r) {
    mdg_channel_report report;
    mdg_graph *smaller = shrink(g, granule, &report);
    for (int op = 0; op < report.n_ops; op++) {
        const mdg_channel_row *row = &report.ops[op];
        if (row->channels_after % granule != 0) assert_int_equal(row->channels_after, row->channels_before);
    }
    assert_same_outputs(g, smaller, r);
}

/* A depthwise filter that makes several channels of each leaves all or none of them, until one is left. */
static bool has_multiplier(const mdg_graph *g) {
    const mdg_subgraph *s = &g->subgraphs[0];
    for (int i = 0; i < s->n_ops; i++) {
        if (s->ops[i].code != MDG_OP_DEPTHWISE_CONV_2D) continue;
        if (mdg_op_output(s, &s->ops[i], 0)->shape.dim[3] > mdg_op_input(s, &s->ops[i], 0)->shape.dim[3])
            return true;
    }
    return false;
}

static void random_nets_keep_their_outputs(void **state) {
    (void)state;
    size_t before = 0, after = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 0);
        mdg_graph *g = random_net(arena, &r);
        if (g) {
            mdg_channel_report report, again;
            mdg_graph *smaller = shrink(g, 1, &report);
            assert_same_outputs(g, smaller, &r);
            assert_ranges_hold(g, &r);
            assert_filled_up(g, run_random(&r, 2, 5), &r);
            shrink(smaller, 1, &again);
            if (again.total.channels_after != again.total.channels_before && !has_multiplier(g))
                fail_msg("net %d: not all at once", (int)seed);
            before += report.total.weights_before;
            after += report.total.weights_after;
        }
        mdg_arena_free(arena);
    }
    assert_true(after < before * 3 / 4);
}

/* -- The borders -- */

typedef struct border_case {
    int padding;
    int32_t kernel, constant, bias;
} border_case;

/* x [1][4][4][1], to two channels, of which channel 1 holds `constant`; then a convolution to two channels.
 */
static mdg_graph *border_net(mdg_arena *arena, border_case c) {
    static const int8_t first_w[2] = {64, 0};
    const int32_t first_bias[2] = {0, c.constant * 64}, bias[2] = {c.bias, -c.bias};
    int8_t w[2 * 9 * 2];
    for (int i = 0; i < 36; i++) w[i] = (int8_t)(i * 7 % 50 + 1);
    mdg_graph *g = net_new(arena);
    mdg_subgraph *s = &g->subgraphs[0];
    const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 4, 4, 1), 0.5f, 0);
    const int32_t w1 = net_const(g, MDG_INT8, mdg_shape_of(4, 2, 1, 1, 1), 1.0f / 64, first_w);
    const int32_t b1 = net_const(g, MDG_INT32, mdg_shape_of(1, 2), 0, first_bias);
    const int32_t y1 = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 4, 4, 2), 0.5f, 0);
    const int32_t w2 = net_const(g, MDG_INT8, mdg_shape_of(4, 2, c.kernel, c.kernel, 2), 0.01f, w);
    const int32_t b2 = net_const(g, MDG_INT32, mdg_shape_of(1, 2), 0, bias);
    const int32_t out = window_out(c.padding, 4, c.kernel, 1, 1);
    const int32_t y2 = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, out, out, 2), 0.5f, 0);
    const int32_t inputs[2][3] = {{x, w1, b1}, {y1, w2, b2}};
    for (int i = 0; i < 2; i++) {
        mdg_conv2d_attrs *a = net_op(g, MDG_OP_CONV_2D, 3, inputs[i], i ? y2 : y1)->attrs;
        a->padding = i ? c.padding : MDG_PADDING_VALID;
        a->stride_h = a->stride_w = 1;
    }
    assert_int_equal(s->n_ops, 2);
    net_io(g, x, y2);
    return g;
}

static void constants_meet_borders(void **state) {
    static const struct {
        border_case c;
        int left;
    } cases[] = {
        {{MDG_PADDING_VALID, 3, 21, 100}, 1},             /* no border: goes into the bias */
        {{MDG_PADDING_SAME, 3, 21, 100}, 2},              /* adds less at the border: stays */
        {{MDG_PADDING_SAME, 3, 0, 100}, 1},               /* the zero point is what the border is: goes */
        {{MDG_PADDING_SAME, 1, 21, 100}, 1},              /* a window of one has no border */
        {{MDG_PADDING_VALID, 3, 21, INT32_MAX - 100}, 2}, /* the bias would overflow */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mdg_rng r = mdg_rng_of(i, 1);
        mdg_channel_report report;
        mdg_graph *g = border_net(*state, cases[i].c), *smaller = shrink(g, 1, &report);
        assert_int_equal(report.ops[0].constant, 1);
        assert_int_equal(report.ops[0].channels_after, cases[i].left);
        assert_int_equal(report.ops[1].channels_after, 2);
        assert_same_outputs(g, smaller, &r);
    }
}

/* A dense layer with a scale for each output never gets down to one output: it would be taken for one with a
 * scale for all, whose factor TFLM rounds otherwise. */
static void dense_layers_keep_their_kind(void **state) {
    static const int8_t w1[4 * 2] = {0, 0, 0, 0, 5, 7, 0, 0}, w2[2 * 4] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const float scale[4] = {0.1f, 0.2f, 0.3f, 0.4f};
    for (int per_channel = 0; per_channel < 2; per_channel++) {
        mdg_rng r = mdg_rng_of(1, 1);
        mdg_channel_report report;
        mdg_graph *g = net_new(*state);
        const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(2, 1, 2), 0.5f, 3);
        const int32_t w = net_const(g, MDG_INT8, mdg_shape_of(2, 4, 2), 0.1f, w1);
        const int32_t y = net_tensor(g, MDG_INT8, mdg_shape_of(2, 1, 4), 0.5f, 3);
        const int32_t v = net_const(g, MDG_INT8, mdg_shape_of(2, 2, 4), 0.1f, w2);
        const int32_t z = net_tensor(g, MDG_INT8, mdg_shape_of(2, 1, 2), 0.5f, 3);
        if (per_channel) mdg_tensor_quantize_channels(g, &g->subgraphs[0].tensors[w], 0, 4, scale);
        net_op(g, MDG_OP_FULLY_CONNECTED, 2, (const int32_t[]){x, w}, y);
        net_op(g, MDG_OP_FULLY_CONNECTED, 2, (const int32_t[]){y, v}, z);
        net_io(g, x, z);
        mdg_graph *smaller = shrink(g, 1, &report);
        assert_int_equal(report.ops[0].constant, 3);
        assert_int_equal(report.ops[0].channels_after, per_channel ? 2 : 1);
        assert_same_outputs(g, smaller, &r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_TEST(random_nets_keep_their_outputs),
        RUN_TEST(constants_meet_borders),
        RUN_TEST(dense_layers_keep_their_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
