/* SPDX-License-Identifier: MIT
 *
 * Rows over time as MidgeStatistics.
 */
#include <math.h>

#include "classic/builder.h"
#include "exec/exec.h"

enum { MAX_STATISTICS = 4 };

/* As core/kernels/ref/statistics_s8.c has them before the factors: sum, frames times deviation, least,
 * largest */
static void raw_statistics(const int8_t *x, int frames, int width, double out[MAX_STATISTICS]) {
    double sum = 0, squares = 0, lo = INT8_MAX, hi = INT8_MIN;
    for (int f = 0; f < frames; f++) {
        const double v = x[f * width];
        sum += v;
        squares += v * v;
        lo = fmin(lo, v);
        hi = fmax(hi, v);
    }
    out[0] = sum;
    out[1] = floor(sqrt(frames * squares - sum * sum));
    out[2] = lo;
    out[3] = hi;
}

/* Factor and offset that bring column i's statistics to mean 0 and the deviation wanted. What hardly varies
 * is not blown up beyond the rounding of the input. */
static void fit_column(const mdg_examples *e, const mdg_classic_shape *in, int i, double mult[],
                       double offset[]) {
    double sum[MAX_STATISTICS] = {0}, squares[MAX_STATISTICS] = {0}, raw[MAX_STATISTICS];
    for (int n = 0; n < e->n; n++) {
        raw_statistics(mdg_example(e, n) + i, in->frames, in->width, raw);
        for (int k = 0; k < MAX_STATISTICS; k++) {
            sum[k] += raw[k];
            squares[k] += raw[k] * raw[k];
        }
    }
    for (int k = 0; k < MAX_STATISTICS; k++) {
        const double mean = sum[k] / e->n, least = k < 2 ? 0.5 * sqrt(in->frames) : 0.5;
        const double deviation = fmax(sqrt(fmax(squares[k] / e->n - mean * mean, 0)), least);
        mult[k] = fmin(65536.0 * MDG_CLASSIC_DEVIATION / deviation, (1 << 30) / (fabs(mean) + 1));
        offset[k] = -mean * mult[k];
    }
}

static mdg_status apply(mdg_builder *b, const mdg_examples *e, int n_features, mdg_examples *out) {
    mdg_exec *x;
    mdg_arena *arena = b->graph->arena;
    int8_t *values = mdg_arena_array(arena, (size_t)e->n * (size_t)n_features, sizeof *values);
    *out = (mdg_examples){e->n, n_features, e->n_classes, values, e->y};
    MDG_TRY(mdg_exec_open(mdg_builder_graph(b), arena, &x, b->diag));
    for (int i = 0; i < e->n; i++) {
        int8_t *input = mdg_exec_input(x, 0);
        for (int k = 0; k < e->n_features; k++) input[k] = mdg_example(e, i)[k];
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, b->diag);
        const int8_t *output = mdg_exec_output(x, 0);
        for (int k = 0; k < n_features; k++) *values++ = output[k];
    }
    return MDG_OK;
}

mdg_status mdg_build_statistics(mdg_builder *b, const mdg_examples *e, const mdg_classic_shape *in,
                                int statistics, mdg_examples *out) {
    const int width = in->width, count = statistics * width;
    int32_t *mult = mdg_arena_array(b->graph->arena, 2 * (size_t)count, sizeof *mult), *offset = mult + count;
    for (int i = 0; i < width; i++) {
        double m[MAX_STATISTICS], o[MAX_STATISTICS];
        fit_column(e, in, i, m, o);
        for (int k = 0; k < statistics; k++) {
            mult[k * width + i] = (int32_t)lrint(m[k]);
            offset[k * width + i] = (int32_t)lrint(o[k]);
        }
    }
    mdg_builder_op op = {.code = MDG_OP_MIDGE_STATISTICS, .n_constants = 2, .type = MDG_INT8, .n = count};
    op.constants[0] = mdg_builder_table(b, "factors", MDG_INT32, mult, statistics, width);
    op.constants[1] = mdg_builder_table(b, "offsets", MDG_INT32, offset, statistics, width);
    op.scale = 1.0f / MDG_CLASSIC_DEVIATION;
    mdg_builder_add(b, &op);
    return apply(b, e, count, out);
}
