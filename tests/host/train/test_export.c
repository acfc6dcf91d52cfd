/* SPDX-License-Identifier: MIT
 *
 * An exported graph, computed by the engine and here by slow plain loops after TFLite's definitions, must
 * give what the net itself infers: folding, weight order, SAME padding, flatten order, pooling without the
 * padding.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exec/exec.h"
#include "train/objective.h"

enum { SAMPLES = 5 };

/* ---- the oracle ---- */

typedef struct oracle {
    const mdg_subgraph *sub;
    float **values; /* of each tensor */
} oracle;

typedef struct window {
    int kernel_h, kernel_w, stride_h, stride_w, same;
} window;

static float clamp(float x, int activation) {
    if (activation != MDG_ACT_NONE && x < 0.0f) x = 0.0f;
    return activation == MDG_ACT_RELU6 && x > 6.0f ? 6.0f : x;
}

static const float *read_of(const oracle *o, int tensor) {
    const mdg_tensor *t = &o->sub->tensors[tensor];
    return t->data ? t->data : o->values[tensor];
}

static int before(int in, int out, int kernel, int stride, int same) {
    const int total = (out - 1) * stride + kernel - in;
    return same && total > 0 ? total / 2 : 0;
}

/* Calls visit for each cell of the input that lies under the kernel at an output's place. */
typedef void visitor(void *context, int y, int x, int ky, int kx);

static void slide(const int32_t *in, const int32_t *out, const window *w, int oy, int ox, visitor *visit,
                  void *context) {
    const int top = before(in[1], out[1], w->kernel_h, w->stride_h, w->same);
    const int left = before(in[2], out[2], w->kernel_w, w->stride_w, w->same);
    for (int ky = 0; ky < w->kernel_h; ky++)
        for (int kx = 0; kx < w->kernel_w; kx++) {
            const int y = oy * w->stride_h + ky - top, x = ox * w->stride_w + kx - left;
            if (y >= 0 && y < in[1] && x >= 0 && x < in[2]) visit(context, y, x, ky, kx);
        }
}

typedef struct cell {
    const float *x, *w;
    const int32_t *in, *kernel;  /* shapes */
    int out_channel, in_channel; /* in_channel -1: all of them (CONV_2D) */
    float sum, largest;
    int count;
} cell;

static void visit_conv(void *context, int y, int x, int ky, int kx) {
    cell *c = context;
    const float *from = c->x + (y * c->in[2] + x) * c->in[3];
    const float *w = c->w + ((c->out_channel * c->kernel[1] + ky) * c->kernel[2] + kx) * c->kernel[3];
    for (int i = 0; i < c->in[3]; i++) c->sum += from[i] * w[i];
}

static void visit_depthwise(void *context, int y, int x, int ky, int kx) {
    cell *c = context;
    c->sum += c->x[(y * c->in[2] + x) * c->in[3] + c->in_channel] *
              c->w[(ky * c->kernel[2] + kx) * c->kernel[3] + c->out_channel];
}

static void visit_pool(void *context, int y, int x, int ky, int kx) {
    cell *c = context;
    (void)ky, (void)kx;
    const float v = c->x[(y * c->in[2] + x) * c->in[3] + c->out_channel];
    c->sum += v;
    c->largest = c->count++ && c->largest > v ? c->largest : v;
}

static void each_cell(const oracle *o, const mdg_op *op, const window *w, int activation) {
    const int32_t *in = mdg_op_input(o->sub, op, 0)->shape.dim,
                  *out = mdg_op_output(o->sub, op, 0)->shape.dim;
    const bool pool = op->code == MDG_OP_AVERAGE_POOL_2D || op->code == MDG_OP_MAX_POOL_2D;
    float *y = o->values[op->outputs[0]];
    for (int i = 0; i < out[1] * out[2] * out[3]; i++) {
        cell c = {.x = read_of(o, op->inputs[0]), .in = in, .out_channel = i % out[3]};
        visitor *visit = pool ? visit_pool : op->code == MDG_OP_CONV_2D ? visit_conv : visit_depthwise;
        if (!pool) {
            c.w = read_of(o, op->inputs[1]);
            c.kernel = mdg_op_input(o->sub, op, 1)->shape.dim;
            c.in_channel = c.out_channel / (out[3] / in[3] ? out[3] / in[3] : 1);
            c.sum = read_of(o, op->inputs[2])[c.out_channel];
        }
        slide(in, out, w, i / out[3] / out[2], i / out[3] % out[2], visit, &c);
        const float average = c.count ? c.sum / (float)c.count : c.sum;
        y[i] = clamp(op->code == MDG_OP_MAX_POOL_2D ? c.largest : average, activation);
    }
}

static void dense(const oracle *o, const mdg_op *op) {
    const int32_t *shape = mdg_op_input(o->sub, op, 1)->shape.dim;
    const mdg_fully_connected_attrs *a = op->attrs;
    const float *x = read_of(o, op->inputs[0]), *w = read_of(o, op->inputs[1]),
                *b = op->inputs[2] < 0 ? NULL : read_of(o, op->inputs[2]);
    for (int i = 0; i < shape[0]; i++) {
        float sum = b ? b[i] : 0;
        for (int k = 0; k < shape[1]; k++) sum += x[k] * w[i * shape[1] + k];
        o->values[op->outputs[0]][i] = clamp(sum, a->activation);
    }
}

static void mean(const oracle *o, const mdg_op *op) {
    const int32_t *in = mdg_op_input(o->sub, op, 0)->shape.dim;
    const float *x = read_of(o, op->inputs[0]);
    for (int c = 0; c < in[3]; c++) {
        float sum = 0;
        for (int i = 0; i < in[1] * in[2]; i++) sum += x[i * in[3] + c];
        o->values[op->outputs[0]][c] = sum / (float)(in[1] * in[2]);
    }
}

/* Each row of the last axis to the sum 1 */
static void normalise(float *y, int64_t n, int row) {
    for (int64_t i = 0; i < n; i += row) {
        float sum = 0;
        for (int k = 0; k < row; k++) sum += y[i + k];
        for (int k = 0; k < row; k++) y[i + k] /= sum;
    }
}

static void elementwise(const oracle *o, const mdg_op *op) {
    const mdg_shape *shape = &mdg_op_output(o->sub, op, 0)->shape;
    const int64_t n = mdg_shape_elements(shape);
    const float *a = read_of(o, op->inputs[0]);
    float *y = o->values[op->outputs[0]];
    for (int64_t i = 0; i < n; i++) {
        const float second =
            op->n_inputs > 1 && op->code != MDG_OP_RESHAPE ? read_of(o, op->inputs[1])[i] : 0;
        if (op->code == MDG_OP_ADD)
            y[i] = clamp(a[i] + second, ((const mdg_add_attrs *)op->attrs)->activation);
        else
            y[i] = op->code == MDG_OP_SOFTMAX    ? expf(a[i])
                   : op->code == MDG_OP_MUL      ? a[i] * second
                   : op->code == MDG_OP_SUB      ? a[i] - second
                   : op->code == MDG_OP_TANH     ? tanhf(a[i])
                   : op->code == MDG_OP_LOGISTIC ? 1.0f / (1.0f + expf(-a[i]))
                                                 : a[i];
    }
    if (op->code == MDG_OP_SOFTMAX) normalise(y, n, shape->dim[shape->rank - 1]);
}

/* Of rows, or of one row's columns: either way the pieces lie one behind the other. */
static void split(const oracle *o, const mdg_op *op) {
    const float *x = read_of(o, op->inputs[1]);
    for (int k = 0; k < op->n_outputs; k++) {
        const size_t n = (size_t)mdg_shape_elements(&mdg_op_output(o->sub, op, k)->shape);
        memcpy(o->values[op->outputs[k]], x, n * sizeof *x);
        x += n;
    }
}

static void concat_rows(const oracle *o, const mdg_op *op) {
    float *y = o->values[op->outputs[0]];
    for (int k = 0; k < op->n_inputs; k++) {
        const size_t n = (size_t)mdg_shape_elements(&mdg_op_input(o->sub, op, k)->shape);
        memcpy(y, read_of(o, op->inputs[k]), n * sizeof *y);
        y += n;
    }
}

static void concat(const oracle *o, const mdg_op *op) {
    const int32_t *first = mdg_op_input(o->sub, op, 0)->shape.dim,
                  *second = mdg_op_input(o->sub, op, 1)->shape.dim;
    const int all = first[3] + second[3];
    for (int i = 0; i < first[1] * first[2]; i++)
        for (int c = 0; c < all; c++)
            o->values[op->outputs[0]][i * all + c] =
                c < first[3] ? read_of(o, op->inputs[0])[i * first[3] + c]
                             : read_of(o, op->inputs[1])[i * second[3] + c - first[3]];
}

static void compute(const oracle *o, const mdg_op *op) {
    const mdg_tensor *w = mdg_op_input(o->sub, op, 1);
    if (op->code == MDG_OP_CONV_2D) {
        const mdg_conv2d_attrs *a = op->attrs;
        const window window_ = {w->shape.dim[1], w->shape.dim[2], a->stride_h, a->stride_w,
                                a->padding == MDG_PADDING_SAME};
        each_cell(o, op, &window_, a->activation);
    } else if (op->code == MDG_OP_DEPTHWISE_CONV_2D) {
        const mdg_depthwise_conv2d_attrs *a = op->attrs;
        const window window_ = {w->shape.dim[1], w->shape.dim[2], a->stride_h, a->stride_w,
                                a->padding == MDG_PADDING_SAME};
        each_cell(o, op, &window_, a->activation);
    } else if (op->code == MDG_OP_AVERAGE_POOL_2D || op->code == MDG_OP_MAX_POOL_2D) {
        const mdg_pool2d_attrs *a = op->attrs;
        const window window_ = {a->filter_h, a->filter_w, a->stride_h, a->stride_w,
                                a->padding == MDG_PADDING_SAME};
        each_cell(o, op, &window_, a->activation);
    } else if (op->code == MDG_OP_FULLY_CONNECTED) {
        dense(o, op);
    } else if (op->code == MDG_OP_CONCATENATION) {
        (((const mdg_concatenation_attrs *)op->attrs)->axis ? concat : concat_rows)(o, op);
    } else if (op->code == MDG_OP_SPLIT) {
        split(o, op);
    } else if (op->code == MDG_OP_MEAN) {
        mean(o, op);
    } else {
        elementwise(o, op);
    }
}

static const float *infer(mdg_arena *arena, const mdg_graph *g, const float *x, size_t n) {
    const mdg_subgraph *sub = &g->subgraphs[0];
    oracle o = {sub, mdg_arena_array(arena, (size_t)sub->n_tensors, sizeof(float *))};
    for (int i = 0; i < sub->n_tensors; i++)
        o.values[i] =
            mdg_arena_array(arena, (size_t)mdg_shape_elements(&sub->tensors[i].shape), sizeof(float));
    memcpy(o.values[sub->inputs[0]], x, n * sizeof *x);
    for (int i = 0; i < sub->n_ops; i++) compute(&o, &sub->ops[i]);
    return o.values[sub->outputs[0]];
}

/* ---- nets ---- */

/* Numbers of no order, as training would leave: also statistics, scales and shifts. */
static void scramble(mdg_net *net, mdg_rng *r) {
    for (int i = 0; i < net->spec.n_layers; i++) {
        const mdg_layer *l = &net->layers[i];
        float *norm = net->params + l->norm.at, *bias = net->params + l->bias.at,
              *statistics = net->statistics + l->statistics.at;
        for (size_t k = 0; k < l->bias.count; k++) bias[k] = mdg_rng_uniform(r, -0.5f, 0.5f);
        for (size_t k = 0; k < l->norm.count; k++) norm[k] = mdg_rng_uniform(r, 0.3f, 1.2f);
        for (size_t k = 0; k < l->statistics.count; k++) statistics[k] = mdg_rng_uniform(r, 0.2f, 2.0f);
    }
}

static void assert_close(const char *what, const float *a, const float *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabsf(a[i] - b[i]) < 1e-5f * fmaxf(1.0f, fabsf(b[i]))))
            fail_msg("%s: class %zu: %g, not %g", what, i, (double)a[i], (double)b[i]);
}

static void check_net(const mdg_net_spec *spec) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_net *net;
    mdg_graph *graph;
    mdg_exec *engine;
    mdg_rng r = mdg_rng_of(29, 0);
    const size_t n = (size_t)(spec->in_h * spec->in_w * spec->in_c);
    assert_int_equal(mdg_net_new(spec, 31, arena, &net, &diag), MDG_OK);
    const size_t classes = mdg_net_outputs(net);
    float *x = mdg_arena_array(arena, SAMPLES * n, sizeof *x),
          *scores = mdg_arena_array(arena, SAMPLES * classes, sizeof *x);
    scramble(net, &r);
    for (size_t i = 0; i < SAMPLES * n; i++) x[i] = mdg_rng_normal(&r);
    if (mdg_net_predict(net, x, SAMPLES, scores, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_net_export(net, arena, &graph, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_exec_open(graph, arena, &engine, &diag) != MDG_OK) fail_msg("%s", diag.text);
    for (size_t i = 0; i < SAMPLES; i++) {
        assert_close("plain loops", infer(arena, graph, x + i * n, n), scores + i * classes, classes);
        memcpy(mdg_exec_input(engine, 0), x + i * n, n * sizeof *x);
        mdg_exec_invoke(engine, NULL);
        assert_close("the engine", mdg_exec_output(engine, 0), scores + i * classes, classes);
    }
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void check_architecture(const char *name, mdg_architecture_opts opts, int h, int w, int c) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_net_spec spec;
    if (mdg_net_architecture(name, &opts, h, w, c, 5, arena, &spec, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    check_net(&spec);
    mdg_arena_free(arena);
}

static void test_architectures(void **state) {
    (void)state;
    const mdg_architecture_opts small = {.width = 24, .depth = 2, .dropout = 0.2f};
    check_architecture("ds_cnn", small, 49, 10, 1);
    check_architecture("ds_cnn", small, 31, 40, 1);
    check_architecture("ds_cnn", small, 12, 11, 3);
    check_architecture("ds_cnn", small, 60, 1, 3);
    check_architecture("mlp", small, 7, 5, 2);
    check_architecture("resnet8", (mdg_architecture_opts){.width = 8}, 12, 10, 3);
    check_architecture("mobilenet_v1", (mdg_architecture_opts){.multiplier = 0.2f}, 24, 24, 1);
    check_architecture("mobilenet_v2", (mdg_architecture_opts){.multiplier = 0.2f, .depth = 9}, 24, 20, 3);
    check_architecture("tc_resnet", small, 31, 12, 1);
    check_architecture("conv1d", (mdg_architecture_opts){0}, 61, 1, 6);
    check_architecture("sparse_temporal", (mdg_architecture_opts){.segments = 2}, 49, 10, 1);
    check_architecture("crnn", small, 49, 10, 1);
    check_architecture("crnn", (mdg_architecture_opts){.width = 8, .depth = 2, .cell = "lstm"}, 30, 1, 6);
    check_architecture("centroid", (mdg_architecture_opts){.width = 8, .multiplier = 0.2f}, 32, 40, 3);
    check_architecture("autoencoder", (mdg_architecture_opts){.width = 16, .depth = 2}, 5, 4, 2);
}

static void test_layer_list(void **state) {
    (void)state;
    mdg_layer_spec layers[] = {
        {.kind = MDG_LAYER_CONV2D,
         .from = -1,
         .filters = 6,
         .kernel_h = 3,
         .kernel_w = 3,
         .stride_h = 2,
         .stride_w = 2,
         .same = true,
         .batch_norm = true,
         .activation = MDG_ACTIVATION_RELU6},
        {.kind = MDG_LAYER_DEPTHWISE_CONV2D,
         .from = 0,
         .filters = 2,
         .kernel_h = 2,
         .kernel_w = 3,
         .same = true,
         .batch_norm = true},
        {.kind = MDG_LAYER_CONV2D,
         .from = 1,
         .filters = 6,
         .kernel_h = 1,
         .kernel_w = 1,
         .activation = MDG_ACTIVATION_RELU},
        {.kind = MDG_LAYER_ADD, .from = 2, .with = 0, .activation = MDG_ACTIVATION_RELU},
        {.kind = MDG_LAYER_MAX_POOL,
         .from = 3,
         .kernel_h = 3,
         .kernel_w = 2,
         .stride_h = 2,
         .stride_w = 1,
         .same = true},
        {.kind = MDG_LAYER_AVERAGE_POOL,
         .from = 4,
         .kernel_h = 3,
         .kernel_w = 3,
         .stride_h = 1,
         .stride_w = 2,
         .same = true},
        {.kind = MDG_LAYER_CONCAT, .from = 5, .with = 5},
        {.kind = MDG_LAYER_RESHAPE, .from = 6, .kernel_h = 6},
        {.kind = MDG_LAYER_CONV2D, .from = 7, .filters = 5, .kernel_h = 3, .kernel_w = 1},
        {.kind = MDG_LAYER_FLATTEN, .from = 8},
        {.kind = MDG_LAYER_DENSE,
         .from = 9,
         .filters = 9,
         .batch_norm = true,
         .activation = MDG_ACTIVATION_RELU},
        {.kind = MDG_LAYER_DROPOUT, .from = 10, .rate = 0.5f},
        {.kind = MDG_LAYER_CONV2D, .from = 11, .filters = 8, .kernel_h = 1, .kernel_w = 1},
        {.kind = MDG_LAYER_DENSE, .from = 12, .filters = 4},
    };
    check_net(&(mdg_net_spec){10, 9, 2, sizeof layers / sizeof *layers, 4, layers, MDG_OBJECTIVE_CLASSES, 0});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_architectures),
        cmocka_unit_test(test_layer_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
