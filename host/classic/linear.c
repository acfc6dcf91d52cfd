/* SPDX-License-Identifier: MIT
 *
 * Linear regression, by its normal equations.
 */
#include "classic/learners.h"

static const double ridge = 1e-3, class_target = 4;

/* The sums of x x^T and x y^T with a last feature that is always 1 */
static void add_products(const mdg_examples *e, const float *target, int outputs, double *a, double *b) {
    const size_t n = (size_t)e->n_features, m = n + 1;
    for (int i = 0; i < e->n; i++) {
        const int8_t *x = mdg_example(e, i);
        for (size_t r = 0; r < m; r++) {
            const double v = r < n ? x[r] : 1;
            for (size_t c = 0; c <= r; c++) a[r * m + c] += v * (c < n ? x[c] : 1);
            for (int k = 0; k < outputs; k++) b[(size_t)k * m + r] += v * (double)target[i * outputs + k];
        }
    }
}

/* L L^T x = b, in place */
static void solve(const double *l, size_t n, double *b) {
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) b[i] -= l[i * n + k] * b[k];
        b[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) b[i] -= l[k * n + i] * b[k];
        b[i] /= l[i * n + i];
    }
}

void mdg_linear_fit(const mdg_examples *e, const float *target, int n_outputs, mdg_arena *arena,
                    mdg_linear *out) {
    const size_t n = (size_t)e->n_features, m = n + 1;
    double *a = mdg_arena_array(arena, m * m, sizeof *a);
    double *b = mdg_arena_array(arena, m * (size_t)n_outputs, sizeof *b);
    *out = (mdg_linear){.n_features = e->n_features, .n_outputs = n_outputs};
    out->weight = mdg_arena_array(arena, n * (size_t)n_outputs, sizeof *out->weight);
    out->bias = mdg_arena_array(arena, (size_t)n_outputs, sizeof *out->bias);
    add_products(e, target, n_outputs, a, b);
    for (size_t i = 0; i < n; i++) a[i * m + i] += ridge * (e->n + a[i * m + i]);
    mdg_cholesky(a, (int)m, 1e-9);
    for (int k = 0; k < n_outputs; k++) {
        double *y = b + (size_t)k * m;
        solve(a, m, y);
        for (size_t i = 0; i < n; i++) out->weight[(size_t)k * n + i] = y[i];
        out->bias[k] = y[n];
    }
}

void mdg_linear_train(const mdg_examples *e, mdg_arena *arena, mdg_linear *out) {
    float *target = mdg_arena_array(arena, (size_t)e->n * (size_t)e->n_classes, sizeof *target);
    for (int i = 0; i < e->n * e->n_classes; i++)
        target[i] = (float)(e->y[i / e->n_classes] == i % e->n_classes ? class_target : -class_target);
    mdg_linear_fit(e, target, e->n_classes, arena, out);
}
