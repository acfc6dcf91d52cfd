/* SPDX-License-Identifier: MIT
 *
 * Lowering of operators on single elements: tables against the functions they stand for, what is refused and
 * with which words, operands that change places, outputs in the place of inputs.
 */
#include <math.h>

#include "nets.h"

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

static void assert_refused(const mdg_graph *g, mdg_status status, const char *words) {
    const result r = lower(g);
    if (r.status != status || !strstr(r.diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)r.status, r.diag.text, words);
}

/* A tensor's type and quantisation; scale 0 = none */
typedef struct kind {
    mdg_type type;
    float scale;
    int32_t zero;
} kind;

static mdg_graph *net_unary(mdg_arena *a, mdg_opcode code, kind x, kind y) {
    mdg_graph *g = net_new(a);
    const int32_t in = net_tensor(g, x.type, mdg_shape_of(2, 2, 3), x.scale, x.zero);
    const int32_t out = net_tensor(g, y.type, mdg_shape_of(2, 2, 3), y.scale, y.zero);
    net_op(g, code, 1, &in, out);
    net_io(g, in, out);
    return g;
}

/* The second operand has b_columns columns. */
static mdg_graph *net_binary(mdg_arena *a, mdg_opcode code, kind x, kind y, int32_t b_columns) {
    mdg_graph *g = net_new(a);
    const int32_t in[2] = {net_tensor(g, x.type, mdg_shape_of(2, 2, 3), x.scale, x.zero),
                           net_tensor(g, x.type, mdg_shape_of(1, b_columns), x.scale, x.zero)};
    const int32_t out = net_tensor(g, y.type, mdg_shape_of(2, 2, 3), y.scale, y.zero);
    mdg_op *op = net_op(g, code, 2, in, out);
    op->attrs = mdg_arena_alloc(a, 64);
    net_io(g, in[0], out);
    g->subgraphs[0].inputs = mdg_arena_copy(a, in, sizeof in);
    g->subgraphs[0].n_inputs = 2;
    return g;
}

static void reshape(mdg_graph *g, int tensor, mdg_shape shape) {
    mdg_tensor *t = &g->subgraphs[0].tensors[tensor];
    t->shape = shape;
    t->bytes = mdg_tensor_bytes(t);
}

static double logistic(double x) {
    return 1 / (1 + exp(-x));
}
static double elu(double x) {
    return x < 0 ? expm1(x) : x;
}
static double hard_swish(double x) {
    return x * fmin(fmax(x + 3, 0), 6) / 6;
}
static double rsqrt(double x) {
    return x > 0 ? 1 / sqrt(x) : INFINITY;
}

static void assert_table_is_near(mdg_graph *g, double (*function)(double), kind x, kind y, double tolerance) {
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    const mdg_call *c = &r.program.calls[0];
    assert_int_equal(c->kernel, MDG_K_lookup_8);
    const int8_t *table = r.program.buffers[c->in[1]].data;
    for (int q = -128; q <= 127; q++) {
        const double real = function((double)x.scale * (q - x.zero)) / (double)y.scale + y.zero;
        const double want = fmin(fmax(real, -128), 127);
        if (!(fabs(table[q & 255] - want) <= tolerance)) fail_msg("%d: %d, not %g", q, table[q & 255], want);
    }
}

static void tables_are_near_their_functions(void **state) {
    mdg_arena *a = *state;
    const float scales[] = {0.001f, 0.04f, 0.1f, 1.0f, 7.9f};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        const kind x = {MDG_INT8, scales[i], 7};
        const kind unit = {MDG_INT8, 1.0f / 256, -128}, sign = {MDG_INT8, 1.0f / 128, 0};
        const kind wide = {MDG_INT8, scales[i] * 1.3f, -90}, fine = {MDG_INT8, 0.02f, -128};
        assert_table_is_near(net_unary(a, MDG_OP_LOGISTIC, x, unit), logistic, x, unit, 0.51);
        assert_table_is_near(net_unary(a, MDG_OP_TANH, x, sign), tanh, x, sign, 0.51);
        assert_table_is_near(net_unary(a, MDG_OP_ELU, x, wide), elu, x, wide, 0.51);
        assert_table_is_near(net_unary(a, MDG_OP_HARD_SWISH, x, wide), hard_swish, x, wide, 1.5);
        const kind positive = {MDG_INT8, scales[i], -128};
        assert_table_is_near(net_unary(a, MDG_OP_RSQRT, positive, fine), rsqrt, positive, fine, 1.0);
    }
}

static void assert_curve_is_near(mdg_graph *g, double (*function)(double), double scale) {
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    const mdg_call *c = &r.program.calls[0];
    mdg_sigmoid_params p = *(const mdg_sigmoid_params *)c->params;
    static int16_t x[65536], y[65536];
    for (int i = 0; i < 65536; i++) x[i] = (int16_t)(i - 32768);
    p.count = 65536;
    const void *in[] = {x, r.program.buffers[c->in[1]].data};
    void *out[] = {y};
    mdg_kernels[c->kernel].run(&p, in, out);
    for (int i = 0; i < 65536; i++) {
        const double want = function(x[i] * scale) * 32768;
        if (!(fabs(y[i] - want) < 24)) fail_msg("%d: %d, not %g", x[i], y[i], want);
    }
}

/* Input scales that are powers of two, and such that are not */
static void int16_curves_are_near_their_functions(void **state) {
    mdg_arena *a = *state;
    const float scales[] = {1.0f / 4096, 1.0f / 2048, 0.0001f, 0.0007f};
    const kind y = {MDG_INT16, 1.0f / 32768, 0};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        const kind x = {MDG_INT16, scales[i], 0};
        assert_curve_is_near(net_unary(a, MDG_OP_LOGISTIC, x, y), logistic, (double)scales[i]);
        assert_curve_is_near(net_unary(a, MDG_OP_TANH, x, y), tanh, (double)scales[i]);
    }
}

static void unfit_quantisation_is_refused(void **state) {
    mdg_arena *a = *state;
    const kind s8 = {MDG_INT8, 0.1f, 0}, s16 = {MDG_INT16, 0.1f, 0}, s16_zero = {MDG_INT16, 0.1f, 4};
    const kind coarse = {MDG_INT8, 1.5f, 0}, tiny = {MDG_INT8, 1e-6f, 0}, yes = {MDG_BOOL, 0, 0};
    assert_refused(net_unary(a, MDG_OP_LOGISTIC, s8, s8), MDG_INVALID, "zero point -128");
    assert_refused(net_unary(a, MDG_OP_TANH, s16, s16), MDG_INVALID, "output scale of 2^-15");
    assert_refused(net_unary(a, MDG_OP_TANH, (kind){MDG_INT16, 9.0f, 0}, (kind){MDG_INT16, 1.0f / 32768, 0}),
                   MDG_INVALID, "scale is out of range");
    assert_refused(net_unary(a, MDG_OP_HARD_SWISH, s8, tiny), MDG_INVALID, "128 times finer");
    assert_refused(net_unary(a, MDG_OP_ELU, s8, (kind){MDG_INT8, 0, 0}), MDG_INVALID, "no quantisation");
    assert_refused(net_binary(a, MDG_OP_MUL, s16_zero, s16, 3), MDG_UNSUPPORTED, "zero point other than 0");
    assert_refused(net_binary(a, MDG_OP_EQUAL, coarse, yes, 3), MDG_INVALID, "not between 0 and 1");
    assert_refused(net_binary(a, MDG_OP_LESS, s16, yes, 3), MDG_UNSUPPORTED, "int16,int16->bool");
    assert_refused(net_binary(a, MDG_OP_SUB, s8, (kind){MDG_INT8, 1e-9f, 0}, 3), MDG_INVALID,
                   "not between 0 and 1");
}

static void unfit_shapes_are_refused(void **state) {
    mdg_arena *a = *state;
    const kind f = {MDG_FLOAT32, 0, 0};
    assert_refused(net_binary(a, MDG_OP_DIV, f, f, 2), MDG_INVALID, "cannot be broadcast");
    mdg_graph *g = net_binary(a, MDG_OP_ADD_N, f, f, 3);
    assert_refused(g, MDG_INVALID, "\"t1\" is [3], expected [2,3]");
    g->subgraphs[0].ops[0].n_inputs = 1;
    assert_refused(g, MDG_INVALID, "1 inputs");
    g = net_unary(a, MDG_OP_NEG, f, f);
    reshape(g, 1, mdg_shape_of(1, 5));
    assert_refused(g, MDG_INVALID, "expected 6 elements");
}

static void selection_must_broadcast(void **state) {
    mdg_arena *a = *state;
    mdg_graph *g = net_new(a);
    const int32_t in[3] = {net_tensor(g, MDG_BOOL, mdg_shape_of(1, 3), 0, 0),
                           net_tensor(g, MDG_INT32, mdg_shape_of(2, 2, 3), 0, 0),
                           net_tensor(g, MDG_INT32, mdg_shape_of(0), 0, 0)};
    const int32_t out = net_tensor(g, MDG_INT32, mdg_shape_of(2, 2, 3), 0, 0);
    net_op(g, MDG_OP_SELECT_V2, 3, in, out);
    net_io(g, in[0], out);
    g->subgraphs[0].inputs = mdg_arena_copy(a, in, sizeof in);
    g->subgraphs[0].n_inputs = 3;
    const result r = lower(g);
    assert_int_equal(r.status, MDG_OK);
    const mdg_select_params *p = r.program.calls[0].params;
    assert_true(p->condition_stride[0] == 0 && p->condition_stride[1] == 1);
    assert_true(p->a_stride[0] == 3 && p->a_stride[1] == 1 && p->b_stride[0] == 0 && p->b_stride[1] == 0);
    assert_int_equal(r.program.calls[0].inplace_in, 1);
    reshape(g, 0, mdg_shape_of(1, 2));
    assert_refused(g, MDG_INVALID, "\"t0\" cannot be broadcast");
    reshape(g, 0, mdg_shape_of(3, 1, 2, 3));
    assert_refused(g, MDG_INVALID, "dimensions");
}

static void greater_is_less_of_exchanged_operands(void **state) {
    mdg_arena *a = *state;
    const result r = lower(net_binary(a, MDG_OP_GREATER, (kind){MDG_INT32, 0, 0}, (kind){MDG_BOOL, 0, 0}, 3));
    assert_int_equal(r.status, MDG_OK);
    const mdg_call *c = &r.program.calls[0];
    const mdg_broadcast_params *p = c->params;
    assert_int_equal(c->kernel, MDG_K_less_s32);
    assert_int_equal(c->in[0], r.program.inputs[1].buffer);
    assert_int_equal(c->in[1], r.program.inputs[0].buffer);
    assert_true(p->a_stride[0] == 0 && p->b_stride[0] == 3);
    assert_int_equal(c->inplace_in, -1);
}

/* A repeated operand, and one whose bytes are as many but not its elements, keep their place. */
static void outputs_take_the_place_of_equal_operands(void **state) {
    mdg_arena *a = *state;
    const kind f = {MDG_FLOAT32, 0, 0}, s8 = {MDG_INT8, 0.1f, 0};
    assert_int_equal(lower(net_binary(a, MDG_OP_SUB, f, f, 3)).program.calls[0].inplace_in, 0);
    assert_int_equal(lower(net_unary(a, MDG_OP_EXP, f, f)).program.calls[0].inplace_in, 0);
    const result r = lower(net_unary(a, MDG_OP_DEQUANTIZE, s8, f));
    assert_int_equal(r.program.calls[0].inplace_in, -1);
    mdg_graph *g = net_binary(a, MDG_OP_LESS, f, (kind){MDG_BOOL, 0, 0}, 4);
    reshape(g, 0, mdg_shape_of(1, 1));
    reshape(g, 2, mdg_shape_of(1, 4));
    const result s = lower(g);
    assert_int_equal(s.status, MDG_OK);
    assert_int_equal(s.program.calls[0].inplace_in, -1);
}

static int arena_setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int arena_teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(tables_are_near_their_functions),
        TEST(int16_curves_are_near_their_functions),
        TEST(unfit_quantisation_is_refused),
        TEST(unfit_shapes_are_refused),
        TEST(selection_must_broadcast),
        TEST(greater_is_less_of_exchanged_operands),
        TEST(outputs_take_the_place_of_equal_operands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
