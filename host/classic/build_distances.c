/* SPDX-License-Identifier: MIT
 *
 * What measures distances: neighbours, Gaussians, Mahalanobis.
 */
#include <math.h>

#include "classic/heads.h"

enum {
    UNITS = 256,     /* of a nat, in distances of Gaussians */
    LOGIT_UNITS = 8, /* of a nat, in int8 logits: the nearest class's lead counts up to 32 */
    MAX_SHIFT = 24,
    FARTHEST = 1 << 29,
    Z_UNITS = 64 /* of a deviation, in what Mahalanobis squares */
};

void mdg_build_neighbours(mdg_builder *b, const mdg_examples *e, const int *chosen, int n, int k) {
    mdg_arena *arena = b->graph->arena;
    const size_t width = (size_t)e->n_features;
    int8_t *prototypes = mdg_arena_array(arena, (size_t)n * width, sizeof *prototypes);
    uint8_t *classes = mdg_arena_array(arena, (size_t)n, sizeof *classes);
    for (int m = 0; m < n; m++) {
        for (size_t i = 0; i < width; i++) prototypes[(size_t)m * width + i] = mdg_example(e, chosen[m])[i];
        classes[m] = (uint8_t)e->y[chosen[m]];
    }
    const int32_t voters = k < n ? k : n;
    int votes = 0; /* in all */
    for (int r = 0; r < voters; r++) votes += 2 * voters - r;
    mdg_builder_op op = {
        .code = MDG_OP_MIDGE_NEIGHBOURS, .n_constants = 3, .type = MDG_INT32, .n = e->n_classes};
    op.constants[0] = mdg_builder_table(b, "prototypes", MDG_INT8, prototypes, n, e->n_features);
    op.constants[1] = mdg_builder_list(b, "classes of prototypes", MDG_UINT8, classes, n);
    op.constants[2] = mdg_builder_list(b, "neighbours that vote", MDG_INT32, &voters, 1);
    op.scale = 1.0f / (float)votes;
    mdg_builder_add(b, &op);
    mdg_build_shares(b, e->n_classes);
}

/* -log of a component's share and of the height of its density, from the least of all on */
static int32_t *biases(const mdg_gaussians *g, mdg_arena *arena) {
    double *real = mdg_arena_array(arena, (size_t)g->n_components, sizeof *real), least = INFINITY;
    int32_t *out = mdg_arena_array(arena, (size_t)g->n_components, sizeof *out);
    for (int m = 0; m < g->n_components; m++) {
        real[m] = -log(fmax(g->share[m], 1e-12));
        for (int i = 0; i < g->n_features; i++) real[m] += 0.5 * log(g->variance[m * g->n_features + i]);
        least = fmin(least, real[m]);
    }
    for (int m = 0; m < g->n_components; m++)
        out[m] = (int32_t)lrint(fmin(FARTHEST, UNITS * (real[m] - least)));
    return out;
}

/* Factors of squares, as large as int16 allows: *shift says by how much more than a unit. */
static int16_t *factors(const mdg_gaussians *g, int32_t *shift, mdg_arena *arena) {
    const int n = g->n_components * g->n_features;
    int16_t *out = mdg_arena_array(arena, (size_t)n, sizeof *out);
    double most = 1e-9;
    for (int i = 0; i < n; i++) most = fmax(most, UNITS * 0.5 / g->variance[i]);
    for (*shift = 0; *shift < MAX_SHIFT && ldexp(most, *shift + 1) < INT16_MAX;) ++*shift;
    for (int i = 0; i < n; i++) out[i] = (int16_t)lrint(ldexp(UNITS * 0.5 / g->variance[i], *shift));
    return out;
}

void mdg_build_gaussians(mdg_builder *b, const mdg_gaussians *g, int n_classes) {
    mdg_arena *arena = b->graph->arena;
    const int n = g->n_components * g->n_features;
    int32_t settings[2] = {0, n_classes > 1}; /* shift, relative */
    int8_t *centres = mdg_arena_array(arena, (size_t)n, sizeof *centres);
    uint8_t *classes = mdg_arena_array(arena, (size_t)g->n_components, sizeof *classes);
    for (int i = 0; i < n; i++) centres[i] = (int8_t)lrint(g->mean[i]);
    for (int m = 0; m < g->n_components; m++) classes[m] = (uint8_t)g->class_of[m];
    const int16_t *weights = factors(g, &settings[0], arena);
    mdg_builder_op op = {.code = MDG_OP_MIDGE_GAUSSIANS, .n_constants = 5, .type = MDG_INT32, .n = n_classes};
    op.constants[0] = mdg_builder_table(b, "centres", MDG_INT8, centres, g->n_components, g->n_features);
    op.constants[1] = mdg_builder_table(b, "weights", MDG_INT16, weights, g->n_components, g->n_features);
    op.constants[2] = mdg_builder_list(b, "biases", MDG_INT32, biases(g, arena), g->n_components);
    op.constants[3] = mdg_builder_list(b, "classes of centres", MDG_UINT8, classes, g->n_components);
    op.constants[4] = mdg_builder_list(b, "shift, relative", MDG_INT32, settings, 2);
    op.scale = 1.0f / UNITS;
    mdg_builder_add(b, &op);
    if (n_classes == 1) return;
    const mdg_builder_op logits = {.code = MDG_OP_QUANTIZE,
                                   .type = MDG_INT8,
                                   .n = n_classes,
                                   .scale = 1.0f / LOGIT_UNITS,
                                   .zero_point = INT8_MAX};
    mdg_builder_add(b, &logits);
    mdg_build_softmax(b, n_classes);
}

/* Row j: a shift that lets its weights fill int16, as far as products and bias leave room */
static int row_shift(const double *row, int columns, double bias) {
    double most = 1e-9, sum = fabs(bias);
    for (int i = 0; i < columns; i++) {
        most = fmax(most, fabs(row[i]));
        sum += 128 * fabs(row[i]);
    }
    int shift = 0;
    while (shift < MAX_SHIFT && ldexp(Z_UNITS * most, shift + 1) < INT16_MAX &&
           ldexp(Z_UNITS * sum, shift + 1) < (1 << 30))
        shift++;
    return shift;
}

mdg_status mdg_build_whitener(mdg_builder *b, const mdg_whitener *w) {
    mdg_arena *arena = b->graph->arena;
    const int n = w->n_features;
    if (n > 256)
        return mdg_fail(
            b->diag, MDG_UNSUPPORTED,
            "mahalanobis takes up to 256 features, and there are %d; take fewer bands or model.statistics",
            n);
    int16_t *weights = mdg_arena_array(arena, (size_t)(n * (n + 1) / 2), sizeof *weights), *next = weights;
    int32_t *bias = mdg_arena_array(arena, (size_t)n, sizeof *bias);
    uint8_t *shifts = mdg_arena_array(arena, (size_t)n, sizeof *shifts);
    const double *row = w->weight;
    for (int j = 0; j < n; j++, row += j) {
        double real = 0;
        for (int i = 0; i <= j; i++) real += row[i] * w->mean[i];
        const int shift = row_shift(row, j + 1, real);
        const double unit = ldexp(Z_UNITS, shift);
        for (int i = 0; i <= j; i++) *next++ = (int16_t)lrint(unit * row[i]);
        bias[j] = (int32_t)lrint(unit * real);
        shifts[j] = (uint8_t)shift;
    }
    mdg_builder_op op = {.code = MDG_OP_MIDGE_MAHALANOBIS, .n_constants = 3, .type = MDG_INT32, .n = 1};
    op.constants[0] = mdg_builder_list(b, "whitening rows", MDG_INT16, weights, n * (n + 1) / 2);
    op.constants[1] = mdg_builder_list(b, "biases", MDG_INT32, bias, n);
    op.constants[2] = mdg_builder_list(b, "shifts", MDG_UINT8, shifts, n);
    op.scale = 1.0f / UNITS;
    mdg_builder_add(b, &op);
    return MDG_OK;
}
