/* SPDX-License-Identifier: MIT
 *
 * Weights of 16 values a layer: those with the least squared error, weights counted as much as their scale
 * makes them count in an output. In one dimension k-means has an exact solution: the best k clusters of the
 * steps up to j are the best k - 1 up to some i and one cluster of the rest.
 */
#include <math.h>

#include "quant/quantizer.h"

enum { STEPS = 255, LOWEST = -127, LEAST = 64 /* weights that are worth a table on the target */ };

/* Moments of the weights that round to a step, and to all steps below */
typedef struct mass {
    double n, sum, squares;
} mass;

bool mdg_quant_can_cluster(const mdg_op *op, size_t n_weights) {
    return (op->code == MDG_OP_CONV_2D || op->code == MDG_OP_FULLY_CONNECTED) && n_weights >= LEAST;
}

static float scale_of(const mdg_quant_weights *w, size_t i) {
    return w->scale[w->count > 1 ? i / w->run % (size_t)w->count : 0];
}

/* below[s]: of all weights that round to a step below LOWEST + s */
static void add_up(const mdg_quant_weights *w, const float *x, mass below[STEPS + 1]) {
    for (size_t i = 0; i < w->n; i++) {
        const double scale = (double)scale_of(w, i), share = scale * scale, at = (double)x[i] / scale;
        mass *m = &below[w->steps[i] - LOWEST + 1];
        m->n += share, m->sum += share * at, m->squares += share * at * at;
    }
    for (int s = 1; s <= STEPS; s++) {
        below[s].n += below[s - 1].n;
        below[s].sum += below[s - 1].sum;
        below[s].squares += below[s - 1].squares;
    }
}

/* Squared error of one cluster of the steps from..to - 1 */
static double error_of(const mass *below, int from, int to) {
    const double n = below[to].n - below[from].n, sum = below[to].sum - below[from].sum;
    return n > 0.0 ? below[to].squares - below[from].squares - sum * sum / n : 0.0;
}

static int8_t value_of(const mass *below, int from, int to) {
    const double n = below[to].n - below[from].n;
    return n > 0.0 ? (int8_t)lround((below[to].sum - below[from].sum) / n) : 0;
}

/* first[k][j]: where the last of k + 1 clusters of the steps below j begins */
static void partition(const mass *below, int (*first)[STEPS + 1]) {
    double least[2][STEPS + 1];
    for (int j = 0; j <= STEPS; j++) least[0][j] = error_of(below, 0, j);
    for (int k = 1; k < MDG_QUANT_CLUSTERS; k++) {
        const double *before = least[(k - 1) % 2];
        double *now = least[k % 2];
        for (int j = 0; j <= STEPS; j++) {
            now[j] = INFINITY;
            for (int i = 0; i <= j; i++) {
                const double error = before[i] + error_of(below, i, j);
                if (error >= now[j]) continue;
                now[j] = error;
                first[k][j] = i;
            }
        }
    }
}

/* One value is 0: that of channels that are off, and of what fills words up on the target. */
static void include_zero(int8_t *values) {
    int nearest = 0;
    for (int k = 1; k < MDG_QUANT_CLUSTERS; k++)
        if (abs(values[k]) < abs(values[nearest])) nearest = k;
    values[nearest] = 0;
}

int8_t mdg_quant_nearest_value(const mdg_quant_weights *w, double step) {
    int8_t nearest = w->values[0];
    for (int k = 1; k < MDG_QUANT_CLUSTERS; k++)
        if (fabs(w->values[k] - step) < fabs(nearest - step)) nearest = w->values[k];
    return nearest;
}

void mdg_quant_cluster(mdg_quantizer *q, mdg_quant_weights *w, const float *x) {
    mass below[STEPS + 1] = {{0}};
    int(*first)[STEPS + 1] = mdg_arena_array(q->arena, MDG_QUANT_CLUSTERS, sizeof *first);
    w->values = mdg_arena_alloc(q->arena, MDG_QUANT_CLUSTERS);
    add_up(w, x, below);
    partition(below, first);
    for (int k = MDG_QUANT_CLUSTERS - 1, to = STEPS; k >= 0; to = first[k][to], k--)
        w->values[k] = value_of(below, first[k][to], to);
    include_zero(w->values);
    for (size_t i = 0; i < w->n; i++)
        w->steps[i] = mdg_quant_nearest_value(w, (double)x[i] / (double)scale_of(w, i));
}
