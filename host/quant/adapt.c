/* SPDX-License-Identifier: MIT
 *
 * Each layer's integers are chosen anew so that its output errs least on the samples.
 *
 * With weights w that read x in the float graph, and the quantised w^ that read q = x + what went wrong
 * before, the squared error of the output is a quadratic form in w^, whose coefficients (moments.h) need one
 * look at the samples. Adaptive rounding goes down in it one weight at a time, each to the step that is best
 * while all others stay, until no weight moves any more. Bias correction makes the mean error 0.
 */
#include <math.h>
#include <string.h>

#include "quant/moments.h"
#include "quant/quantizer.h"
#include "quant/watch.h"

enum { MAX_ROWS = 8192, MAX_SWEEPS = 20 };

/* Gathers the inputs of one operator from both graphs. */
typedef struct gathering {
    int tensor; /* that the operator reads */
    size_t n;
    const mdg_tensor *quantized;
    float *x, *q;
} gathering;

static void keep_float(void *context, int tensor, const void *data) {
    const gathering *g = context;
    if (tensor == g->tensor) memcpy(g->x, data, g->n * sizeof *g->x);
}

static void keep_quantized(void *context, int tensor, const void *data) {
    const gathering *g = context;
    if (tensor != g->tensor) return;
    const mdg_quant *q = &g->quantized->quant;
    const bool wide = g->quantized->type == MDG_INT16;
    for (size_t i = 0; i < g->n; i++) {
        const int steps = wide ? ((const int16_t *)data)[i] : ((const int8_t *)data)[i];
        g->q[i] = q->scale[0] * (float)(steps - q->zero_point[0]);
    }
}

static mdg_status gather(const mdg_quantizer *q, gathering *g, const mdg_calibration *data, mdg_arena *arena,
                         mdg_moments *m, mdg_diag *diag) {
    mdg_watch original, quantized;
    const mdg_graph *converted = mdg_quantizer_convert(q, arena);
    g->quantized = &converted->subgraphs[0].tensors[g->tensor];
    MDG_TRY(mdg_watch_open(q->graph, arena, &original, diag));
    MDG_TRY(mdg_watch_open(converted, arena, &quantized, diag));
    uint8_t *x = mdg_arena_alloc(arena, mdg_watch_input_bytes(&original));
    for (int i = 0; i < data->n; i++) {
        data->fill(data->context, i, (float *)(void *)x);
        mdg_watch_set_inputs(&original, x);
        MDG_TRY(mdg_watch_run(&original, keep_float, g, diag));
        mdg_watch_quantize_inputs(&quantized, q->subgraph, x);
        MDG_TRY(mdg_watch_run(&quantized, keep_quantized, g, diag));
        mdg_moments_add(m, g->x, g->q, MAX_ROWS / data->n + 1);
    }
    mdg_moments_finish(m);
    return MDG_OK;
}

/* ==== One output channel ==== */

typedef struct solver {
    const mdg_moments *m;
    const mdg_quant_weights *weights;
    const float *w; /* the float weights */
    double *slope;  /* [k] half the derivative of the error by each weight */
    double damping; /* keeps weights near their float values where the samples say little */
} solver;

static float scale_of(const solver *s, int c) {
    return s->weights->scale[s->weights->count > 1 ? c : 0];
}

static double real_weight(const solver *s, int c, size_t at) {
    return (double)scale_of(s, c) * s->weights->steps[at];
}

static size_t first_row(const solver *s, int c) {
    return (size_t)(c / s->m->shape.outs % s->m->shape.groups) * (size_t)s->m->shape.k;
}

static void find_slope(solver *s, int c) {
    const mdg_quant_layer_shape *l = &s->m->shape;
    const size_t k = (size_t)l->k, row = first_row(s, c);
    double trace = 0.0;
    for (size_t i = 0; i < k; i++) trace += (double)s->m->gram[(row + i) * k + i];
    s->damping = 0.01 * trace / (double)k;
    for (size_t i = 0; i < k; i++) {
        const float *gram = s->m->gram + (row + i) * k, *cross = s->m->cross + (row + i) * k;
        const size_t own = mdg_quant_weight_at(l, c, (int)i);
        double sum = s->damping * (real_weight(s, c, own) - (double)s->w[own]);
        for (size_t j = 0; j < k; j++) {
            const size_t at = mdg_quant_weight_at(l, c, (int)j);
            sum += (double)gram[j] * real_weight(s, c, at) - (double)cross[j] * (double)s->w[at];
        }
        s->slope[i] = sum;
    }
}

/* Returns whether the weight moved. */
static bool improve_weight(solver *s, int c, size_t i) {
    const mdg_quant_layer_shape *l = &s->m->shape;
    const size_t k = (size_t)l->k;
    const float *gram = s->m->gram + (first_row(s, c) + i) * k;
    int8_t *step = &s->weights->steps[mdg_quant_weight_at(l, c, (int)i)];
    const double scale = (double)scale_of(s, c), limit = s->weights->bits == 4 ? 7.0 : 127.0;
    const double best = *step - s->slope[i] / (scale * ((double)gram[i] + s->damping));
    const double nearest = s->weights->values ? mdg_quant_nearest_value(s->weights, best) : round(best);
    const double to = fmin(fmax(nearest, -limit), limit), move = scale * (to - *step);
    if (move == 0.0) return false;
    *step = (int8_t)to;
    for (size_t j = 0; j < k; j++) s->slope[j] += move * (double)gram[j];
    s->slope[i] += move * s->damping;
    return true;
}

static void improve_channel(solver *s, int c) {
    bool moved = true;
    find_slope(s, c);
    for (int sweep = 0; moved && s->damping > 0.0 && sweep < MAX_SWEEPS; sweep++) {
        moved = false;
        for (size_t i = 0; i < (size_t)s->m->shape.k; i++) moved |= improve_weight(s, c, i);
    }
}

static void correct_bias(const solver *s, int c) {
    const mdg_quant_layer_shape *l = &s->m->shape;
    const size_t row = first_row(s, c);
    double error = 0.0;
    for (int i = 0; i < l->k; i++) {
        const size_t at = mdg_quant_weight_at(l, c, i), mean = row + (size_t)i;
        error += s->m->mean_q[mean] * real_weight(s, c, at) - s->m->mean_x[mean] * (double)s->w[at];
    }
    s->weights->bias[c] -= (float)error;
}

/* ==== Layer after layer ==== */

static mdg_status adapt_op(mdg_quantizer *q, int index, const mdg_calibration *data, mdg_arena *arena,
                           mdg_diag *diag) {
    const mdg_op *op = &q->subgraph->ops[index];
    mdg_quant_layer_shape shape;
    if (!mdg_quant_layer_shape_of(q->subgraph, op, &shape)) return MDG_OK;
    const int tensor = op->inputs[0];
    gathering g = {.tensor = tensor};
    g.n = (size_t)mdg_shape_elements(&q->subgraph->tensors[tensor].shape);
    g.x = mdg_arena_array(arena, g.n, sizeof *g.x);
    g.q = mdg_arena_array(arena, g.n, sizeof *g.q);
    mdg_moments m = mdg_moments_new(&shape, q->methods.adaptive_rounding, arena);
    MDG_TRY(gather(q, &g, data, arena, &m, diag));
    solver s = {.m = &m, .weights = &q->weights[index], .w = mdg_op_input(q->subgraph, op, 1)->data};
    s.slope = mdg_arena_array(arena, (size_t)shape.k, sizeof *s.slope);
    for (int c = 0; c < q->weights[index].channels; c++) {
        if (m.gram) improve_channel(&s, c);
        if (s.weights->bias) correct_bias(&s, c);
    }
    return MDG_OK;
}

mdg_status mdg_quantizer_adapt(mdg_quantizer *q, const mdg_calibration *data, const mdg_progress *progress,
                               mdg_diag *diag) {
    for (int i = 0; i < q->subgraph->n_ops; i++) {
        if (!mdg_progress_report(progress, i, q->subgraph->n_ops, "adapting weights")) return MDG_INTERRUPTED;
        mdg_arena *arena = mdg_arena_new();
        const mdg_status status = adapt_op(q, i, data, arena, diag);
        mdg_arena_free(arena);
        MDG_TRY(status);
    }
    return MDG_OK;
}
