/* SPDX-License-Identifier: MIT
 *
 * Features to mean 0 and deviation 1: as floats for training, as a multiplier and an offset for the device.
 */
#include "feature/feature.h"

#include <math.h>

mdg_feature_normalization mdg_feature_normalization_new(const mdg_features *f, mdg_arena *arena) {
    const size_t width = (size_t)f->width;
    return (mdg_feature_normalization){
        .width = f->width,
        .min_dev = (float)f->unit / 8,
        .sum = (int64_t *)mdg_arena_array(arena, width, sizeof(int64_t)),
        .sum_squares = (int64_t *)mdg_arena_array(arena, width, sizeof(int64_t)),
        .mean = (float *)mdg_arena_array(arena, width, sizeof(float)),
        .dev = (float *)mdg_arena_array(arena, width, sizeof(float)),
    };
}

void mdg_feature_normalization_add(mdg_feature_normalization *n, const int16_t *rows, size_t n_rows) {
    for (size_t i = 0; i < n_rows; i++)
        for (int k = 0; k < n->width; k++) {
            const int64_t x = *rows++;
            n->sum[k] += x;
            n->sum_squares[k] += x * x;
        }
    n->n_rows += (int64_t)n_rows;
}

void mdg_feature_normalization_finish(mdg_feature_normalization *n) {
    const double rows = n->n_rows ? (double)n->n_rows : 1.0;
    for (int k = 0; k < n->width; k++) {
        const double mean = (double)n->sum[k] / rows;
        const double variance = (double)n->sum_squares[k] / rows - mean * mean;
        n->mean[k] = (float)mean;
        n->dev[k] = fmaxf((float)sqrt(fmax(variance, 0.0)), n->min_dev);
    }
}

void mdg_feature_normalize(const mdg_feature_normalization *n, const int16_t *rows, size_t n_rows, float *x) {
    for (size_t i = 0; i < n_rows; i++)
        for (int k = 0; k < n->width; k++) *x++ = ((float)*rows++ - n->mean[k]) / n->dev[k];
}

mdg_status mdg_feature_quantization(const mdg_feature_normalization *n, float scale, int zero_point,
                                    int32_t *mult, int32_t *offset, mdg_diag *diag) {
    if (!(scale > 0) || !isfinite(scale))
        return mdg_fail(diag, MDG_INVALID, "features: the model's input has scale %g; it must be positive",
                        (double)scale);
    for (int k = 0; k < n->width; k++) {
        const double step = 65536.0 / ((double)n->dev[k] * scale);
        const double start = zero_point * 65536.0 - n->mean[k] * step;
        if (!(fabs(step) < INT32_MAX && fabs(start) < INT32_MAX))
            return mdg_fail(
                diag, MDG_INVALID,
                "features: coefficient %d (mean %g, deviation %g) does not fit an int8 input of scale %g; "
                "does the training data hold sound?",
                k, (double)n->mean[k], (double)n->dev[k], (double)scale);
        mult[k] = (int32_t)lround(step);
        offset[k] = (int32_t)lround(start);
    }
    return MDG_OK;
}
