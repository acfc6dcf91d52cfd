/* SPDX-License-Identifier: MIT
 *
 * Softmax regression on all examples at once, by Nesterov's accelerated gradient with a step from the
 * largest curvature: there is nothing to tune. Classes weigh the same.
 */
#include <math.h>
#include <string.h>

#include "classic/learners.h"

enum { STEPS = 400, POWER_STEPS = 20 };

static const double decay = 1e-3, unit = 1.0 / 16; /* of x, so that it is about 1 */

typedef struct regression {
    const mdg_examples *e;
    size_t columns;  /* features and the bias */
    double *weights; /* [n] of examples; they sum to 1 */
} regression;

static double column(const int8_t *x, size_t i, size_t n) {
    return i < n ? unit * x[i] : 1;
}

/* The largest eigenvalue of the weighted sum of x x^T, by power iteration */
static double largest_curvature(const regression *g, mdg_arena *arena) {
    const size_t n = g->columns;
    double *v = mdg_arena_array(arena, 2 * n, sizeof *v), *next = v + n, length = 1;
    for (size_t i = 0; i < n; i++) v[i] = 1;
    for (int step = 0; step < POWER_STEPS; step++) {
        memset(next, 0, n * sizeof *next);
        for (int e = 0; e < g->e->n; e++) {
            const int8_t *x = mdg_example(g->e, e);
            double dot = 0;
            for (size_t i = 0; i < n; i++) dot += column(x, i, n - 1) * v[i];
            for (size_t i = 0; i < n; i++) next[i] += g->weights[e] * dot * column(x, i, n - 1);
        }
        length = 0;
        for (size_t i = 0; i < n; i++) length += next[i] * next[i];
        length = sqrt(length) + 1e-12;
        for (size_t i = 0; i < n; i++) v[i] = next[i] / length;
    }
    return length;
}

/* probabilities of one example, less 1 for its own class */
static void residual(const regression *g, const double *w, int example, double *out) {
    const int8_t *x = mdg_example(g->e, example);
    const int k = g->e->n_classes;
    double most = -INFINITY, sum = 0;
    for (int c = 0; c < k; c++) {
        out[c] = 0;
        for (size_t i = 0; i < g->columns; i++)
            out[c] += w[(size_t)c * g->columns + i] * column(x, i, g->columns - 1);
        most = fmax(most, out[c]);
    }
    for (int c = 0; c < k; c++) sum += out[c] = exp(out[c] - most);
    for (int c = 0; c < k; c++) out[c] = out[c] / sum - (c == g->e->y[example] ? 1 : 0);
}

static void gradient(const regression *g, const double *w, double *residuals, double *out) {
    const size_t count = g->columns * (size_t)g->e->n_classes;
    for (size_t i = 0; i < count; i++) out[i] = decay * w[i];
    for (int e = 0; e < g->e->n; e++) {
        residual(g, w, e, residuals);
        const int8_t *x = mdg_example(g->e, e);
        for (size_t i = 0; i < count; i++)
            out[i] += g->weights[e] * residuals[i / g->columns] * column(x, i % g->columns, g->columns - 1);
    }
}

static void balance(const regression *g, mdg_arena *arena) {
    int *count = mdg_arena_array(arena, (size_t)g->e->n_classes, sizeof *count);
    for (int i = 0; i < g->e->n; i++) count[g->e->y[i]]++;
    for (int i = 0; i < g->e->n; i++) g->weights[i] = 1.0 / (g->e->n_classes * count[g->e->y[i]]);
}

static void keep(const regression *g, const double *w, mdg_arena *arena, mdg_linear *out) {
    const size_t n = g->columns - 1;
    *out = (mdg_linear){.n_features = g->e->n_features, .n_outputs = g->e->n_classes};
    out->weight = mdg_arena_array(arena, n * (size_t)g->e->n_classes, sizeof *out->weight);
    out->bias = mdg_arena_array(arena, (size_t)g->e->n_classes, sizeof *out->bias);
    for (int c = 0; c < g->e->n_classes; c++) {
        for (size_t i = 0; i < n; i++) out->weight[(size_t)c * n + i] = unit * w[(size_t)c * g->columns + i];
        out->bias[c] = w[(size_t)c * g->columns + n];
    }
}

mdg_status mdg_logistic_train(const mdg_examples *e, mdg_arena *arena, const mdg_progress *progress,
                              mdg_linear *out, mdg_diag *diag) {
    const size_t columns = (size_t)e->n_features + 1, count = columns * (size_t)e->n_classes;
    regression g = {e, columns, mdg_arena_array(arena, (size_t)e->n, sizeof *g.weights)};
    double *w = mdg_arena_array(arena, 3 * count + (size_t)e->n_classes, sizeof *w);
    double *ahead = w + count, *slope = ahead + count, *residuals = slope + count;
    balance(&g, arena);
    const double step = 1 / (0.5 * largest_curvature(&g, arena) + decay);
    for (int t = 0; t < STEPS; t++) {
        gradient(&g, ahead, residuals, slope);
        for (size_t i = 0; i < count; i++) {
            const double next = ahead[i] - step * slope[i];
            ahead[i] = next + t / (t + 3.0) * (next - w[i]);
            w[i] = next;
        }
        if (!mdg_progress_report(progress, t + 1, STEPS, "steps"))
            return mdg_fail(diag, MDG_INTERRUPTED, "interrupted while training");
    }
    keep(&g, w, arena, out);
    return MDG_OK;
}
