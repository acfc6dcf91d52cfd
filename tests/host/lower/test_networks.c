/* SPDX-License-Identifier: MIT
 *
 * Lowering of convolutions, matrices and recurrence: which kernel a model gets, and what is refused with
 * which words.
 */
#include "nets.h"

#include "lower/lower.h"

typedef struct result {
    mdg_status status;
    mdg_diag diag;
    mdg_program program;
} result;

static result lower(const mdg_graph *g) {
    result r = {.diag = {""}};
    r.status = mdg_lower(g, g->arena, &r.program, &r.diag);
    return r;
}

static void assert_kernel(const mdg_graph *g, mdg_kernel_id kernel) {
    const result r = lower(g);
    if (r.status != MDG_OK) fail_msg("%s", r.diag.text);
    assert_int_equal(r.program.calls[0].kernel, kernel);
}

static void assert_refused(const mdg_graph *g, mdg_status status, const char *words) {
    const result r = lower(g);
    if (r.status != status || !strstr(r.diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)r.status, r.diag.text, words);
}

static mdg_tensor *tensor(mdg_graph *g, int index) {
    return &g->subgraphs[0].tensors[index];
}

static void set_dim(mdg_graph *g, int index, int d, int32_t size) {
    mdg_tensor *t = tensor(g, index);
    t->shape.dim[d] = size;
    t->bytes = (size_t)mdg_shape_elements(&t->shape) * mdg_type_bits(t->type) / 8;
}

static void *zeros(mdg_graph *g, int bytes) {
    return mdg_arena_alloc(g->arena, (size_t)bytes);
}

/* The convolution of nets.h (input 0, weights 1, bias 2, output 3) on int16 */
static mdg_graph *conv_s16(mdg_arena *a, mdg_type bias) {
    mdg_graph *g = net_conv(a, 5);
    tensor(g, 0)->type = tensor(g, 3)->type = MDG_INT16;
    tensor(g, 0)->quant.zero_point[0] = tensor(g, 3)->quant.zero_point[0] = 0;
    tensor(g, 2)->type = bias;
    tensor(g, 2)->data = zeros(g, 32);
    for (int t = 0; t < 4; t++) tensor(g, t)->bytes = mdg_tensor_bytes(tensor(g, t));
    tensor(g, 2)->bytes = bias == MDG_INT64 ? 32 : 16;
    return g;
}

static void the_bias_tells_how_int16_is_summed(void **state) {
    mdg_graph *g = conv_s16(*state, MDG_INT64);
    assert_kernel(g, MDG_K_conv2d_s16_b64);
    assert_kernel(conv_s16(*state, MDG_INT32), MDG_K_conv2d_s16_b32);
    g->subgraphs[0].ops[0].n_inputs = 2;
    assert_kernel(g, MDG_K_conv2d_s16_b64);
    ((mdg_conv2d_attrs *)g->subgraphs[0].ops[0].attrs)->quantized_bias_type = MDG_INT32;
    assert_kernel(g, MDG_K_conv2d_s16_b32);
}

static void int16_needs_zero_point_0(void **state) {
    mdg_graph *g = conv_s16(*state, MDG_INT64);
    tensor(g, 0)->quant.zero_point[0] = 5;
    assert_refused(g, MDG_UNSUPPORTED, "\"t0\" has zero point 5; only 0 is supported here");
    g = conv_s16(*state, MDG_INT64);
    tensor(g, 0)->quant.scale[0] = 100000.0f;
    assert_refused(g, MDG_UNSUPPORTED, "more than 16384");
}

static void int4_weights_must_be_constant(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    mdg_tensor *w = tensor(g, 1);
    w->type = MDG_INT4;
    w->bytes = mdg_tensor_bytes(w);
    assert_kernel(g, MDG_K_conv2d_s8);
    w->data = NULL;
    w->is_variable = true;
    assert_refused(g, MDG_UNSUPPORTED, "\"t1\" must be a constant");
}

/* x [1][3][4][2] by filter [5][2][2][2], stride 2, to y [1][6][8][5] */
static mdg_graph *transpose_conv(mdg_arena *a) {
    mdg_graph *g = net_new(a);
    const int32_t shape = net_const(g, MDG_INT32, mdg_shape_of(1, 4), 0, (const int32_t[]){1, 6, 8, 5});
    const int32_t w = net_const(g, MDG_INT8, mdg_shape_of(4, 5, 2, 2, 2), 0.25f, zeros(g, 40));
    const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 3, 4, 2), 0.5f, 3);
    const int32_t y = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 6, 8, 5), 1.0f, 0);
    mdg_op *op = net_op(g, MDG_OP_TRANSPOSE_CONV, 3, (const int32_t[]){shape, w, x}, y);
    mdg_transpose_conv_attrs *attrs = mdg_arena_alloc(a, sizeof *attrs);
    *attrs = (mdg_transpose_conv_attrs){.padding = MDG_PADDING_SAME, .stride_w = 2, .stride_h = 2};
    op->attrs = attrs;
    net_io(g, x, y);
    return g;
}

static void transpose_conv_is_checked(void **state) {
    mdg_graph *g = transpose_conv(*state);
    mdg_transpose_conv_attrs *attrs = g->subgraphs[0].ops[0].attrs;
    assert_kernel(g, MDG_K_transpose_conv_s8);
    attrs->stride_h = 0;
    assert_refused(g, MDG_INVALID, "net: op 0 TRANSPOSE_CONV: stride 0");
    attrs->stride_h = INT32_MAX;
    assert_refused(g, MDG_INVALID, "out of range");
    attrs->stride_h = 2, attrs->padding = 7;
    assert_refused(g, MDG_INVALID, "unknown padding 7");
    attrs->padding = MDG_PADDING_SAME;
    set_dim(g, 3, 3, 4);
    assert_refused(g, MDG_INVALID, "the filter's channels fit neither input nor output");
}

/* a [2][3][4] by b [4][5] */
static mdg_graph *matmul(mdg_arena *a, mdg_type type) {
    mdg_graph *g = net_new(a);
    const int32_t x = net_tensor(g, type, mdg_shape_of(3, 2, 3, 4), 0.5f, 0);
    const int32_t b = net_const(g, type, mdg_shape_of(2, 4, 5), 0.25f, zeros(g, 80));
    const int32_t y = net_tensor(g, type, mdg_shape_of(3, 2, 3, 5), 1.0f, 0);
    mdg_op *op = net_op(g, MDG_OP_BATCH_MATMUL, 2, (const int32_t[]){x, b}, y);
    op->attrs = mdg_arena_alloc(a, sizeof(mdg_batch_matmul_attrs));
    net_io(g, x, y);
    return g;
}

static void matrices_must_fit(void **state) {
    assert_kernel(matmul(*state, MDG_INT8), MDG_K_batch_matmul_s8);
    assert_kernel(matmul(*state, MDG_INT16), MDG_K_batch_matmul_s16);
    assert_kernel(matmul(*state, MDG_FLOAT32), MDG_K_batch_matmul_f32);
    mdg_graph *g = matmul(*state, MDG_INT8);
    ((mdg_batch_matmul_attrs *)g->subgraphs[0].ops[0].attrs)->adj_y = 1;
    assert_refused(g, MDG_INVALID, "rows of 4 cannot be multiplied with columns of 5");
    g = matmul(*state, MDG_INT8);
    set_dim(g, 2, 0, 1);
    assert_refused(g, MDG_INVALID, "expected [2,3,5]");
    g = matmul(*state, MDG_INT16);
    tensor(g, 0)->quant.zero_point[0] = -1;
    assert_refused(g, MDG_UNSUPPORTED, "only 0 is supported");
}

/* x [2][3], 6 filters of 4 steps in units of rank 2 */
static mdg_graph *svdf(mdg_arena *a) {
    mdg_graph *g = net_new(a);
    const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 3), 0.5f, 0);
    const int32_t feature = net_const(g, MDG_INT8, mdg_shape_of(2, 6, 3), 0.25f, zeros(g, 18));
    const int32_t time = net_const(g, MDG_INT16, mdg_shape_of(2, 6, 4), 0.25f, zeros(g, 48));
    const int32_t state = net_tensor(g, MDG_INT16, mdg_shape_of(2, 2, 24), 0.25f, 0);
    const int32_t y = net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 3), 1.0f, 0);
    tensor(g, state)->is_variable = true;
    mdg_op *op = net_op(g, MDG_OP_SVDF, 5, (const int32_t[]){x, feature, time, -1, state}, y);
    mdg_svdf_attrs *attrs = mdg_arena_alloc(a, sizeof *attrs);
    attrs->rank = 2;
    op->attrs = attrs;
    net_io(g, x, y);
    return g;
}

static void svdf_keeps_its_state(void **state) {
    mdg_graph *g = svdf(*state);
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    const mdg_call *c = &r.program.calls[0];
    assert_int_equal(c->kernel, MDG_K_svdf_s8_state16);
    assert_int_equal(c->in[3], -1);
    assert_int_equal(r.program.buffers[c->out[1]].kind, MDG_BUF_STATE);
    assert_int_equal(r.program.buffers[c->out[1]].bytes, 96);
    mdg_svdf_attrs *attrs = g->subgraphs[0].ops[0].attrs;
    attrs->rank = 4;
    assert_refused(g, MDG_INVALID, "6 filters do not make units of rank 4");
    attrs->rank = 0;
    assert_refused(g, MDG_INVALID, "units of rank 0");
    attrs->rank = 2;
    set_dim(g, 3, 1, 23);
    assert_refused(g, MDG_INVALID, "the state does not hold the memory of all filters");
    g = svdf(*state);
    tensor(g, 3)->is_variable = false;
    tensor(g, 3)->data = zeros(g, 96);
    assert_refused(g, MDG_INVALID, "\"t3\" must be a variable");
}

/* x [1][2][3] to [1][2][4] */
static mdg_graph *lstm(mdg_arena *a) {
    mdg_graph *g = net_new(a);
    int32_t in[24];
    for (int i = 0; i < 24; i++) in[i] = -1;
    in[0] = net_tensor(g, MDG_FLOAT32, mdg_shape_of(3, 1, 2, 3), 0, 0);
    for (int i = 0; i < 4; i++) {
        in[1 + i] = net_const(g, MDG_FLOAT32, mdg_shape_of(2, 4, 3), 0, zeros(g, 48));
        in[5 + i] = net_const(g, MDG_FLOAT32, mdg_shape_of(2, 4, 4), 0, zeros(g, 64));
        in[12 + i] = net_const(g, MDG_FLOAT32, mdg_shape_of(1, 4), 0, zeros(g, 16));
    }
    for (int i = 18; i < 20; i++) {
        in[i] = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 1, 4), 0, 0);
        tensor(g, in[i])->is_variable = true;
    }
    const int32_t y = net_tensor(g, MDG_FLOAT32, mdg_shape_of(3, 1, 2, 4), 0, 0);
    mdg_op *op = net_op(g, MDG_OP_UNIDIRECTIONAL_SEQUENCE_LSTM, 24, in, y);
    mdg_sequence_lstm_attrs *attrs = mdg_arena_alloc(a, sizeof *attrs);
    attrs->activation = MDG_ACT_TANH;
    op->attrs = attrs;
    net_io(g, in[0], y);
    return g;
}

static void lstm_variants_are_refused(void **state) {
    mdg_graph *g = lstm(*state);
    mdg_op *op = &g->subgraphs[0].ops[0];
    mdg_sequence_lstm_attrs *attrs = op->attrs;
    assert_kernel(g, MDG_K_lstm_f32);
    attrs->activation = MDG_ACT_RELU;
    assert_refused(g, MDG_UNSUPPORTED, "only tanh cells");
    attrs->activation = MDG_ACT_TANH, attrs->cell_clip = -1;
    assert_refused(g, MDG_INVALID, "the cell clip is negative");
    attrs->cell_clip = 0;
    op->inputs[9] = op->inputs[12]; /* a peephole */
    assert_refused(g, MDG_UNSUPPORTED, "types float32");
    op->inputs[9] = -1;
    const int32_t cell = op->inputs[19];
    op->inputs[19] = op->inputs[18];
    assert_refused(g, MDG_INVALID, "hidden state and cell state are one tensor");
    op->inputs[19] = cell;
    set_dim(g, op->inputs[6], 1, 3);
    assert_refused(g, MDG_INVALID, "is [4,3], expected [4,4]");
}

/* One operator of one input and output of 3 elements each */
static mdg_graph *unary(mdg_arena *a, mdg_opcode code, mdg_type in, mdg_type out) {
    mdg_graph *g = net_new(a);
    const int32_t x = net_tensor(g, in, mdg_shape_of(2, 1, 3), 0.5f, 0);
    const int32_t y = net_tensor(g, out, mdg_shape_of(2, 1, 3), 0.0625f, 127);
    mdg_op *op = net_op(g, code, 1, &x, y);
    if (!op->attrs) op->attrs = mdg_arena_alloc(a, 64);
    net_io(g, x, y);
    return g;
}

static void outputs_of_softmax_have_one_scale(void **state) {
    mdg_graph *g = unary(*state, MDG_OP_LOG_SOFTMAX, MDG_INT8, MDG_INT8);
    assert_kernel(g, MDG_K_log_softmax_s8);
    tensor(g, 1)->quant.scale[0] = 0.1f;
    assert_refused(g, MDG_INVALID, "the output must have scale 1/16 and zero point 127");
    g = unary(*state, MDG_OP_SOFTMAX, MDG_INT8, MDG_INT16);
    assert_refused(g, MDG_INVALID, "the output must have scale 1/65536 and zero point -32768");
    g = unary(*state, MDG_OP_SOFTMAX, MDG_INT16, MDG_INT16);
    assert_refused(g, MDG_INVALID, "the output must have scale 1/32768 and zero point 0");
    g = unary(*state, MDG_OP_L2_NORMALIZATION, MDG_INT8, MDG_INT8);
    assert_kernel(g, MDG_K_l2_normalization_s8);
    ((mdg_l2_norm_attrs *)g->subgraphs[0].ops[0].attrs)->activation = MDG_ACT_RELU;
    assert_refused(g, MDG_UNSUPPORTED, "a fused activation is not supported");
}

static int arena_setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int arena_teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

int main(void) {
#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_bias_tells_how_int16_is_summed),
        TEST(int16_needs_zero_point_0),
        TEST(int4_weights_must_be_constant),
        TEST(transpose_conv_is_checked),
        TEST(matrices_must_fit),
        TEST(svdf_keeps_its_state),
        TEST(lstm_variants_are_refused),
        TEST(outputs_of_softmax_have_one_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
