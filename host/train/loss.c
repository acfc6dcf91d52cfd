/* SPDX-License-Identifier: MIT */
#include "train/loss.h"

#include <math.h>

static int largest(const float *x, int n) {
    int best = 0;
    for (int c = 1; c < n; c++)
        if (x[c] > x[best]) best = c;
    return best;
}

/* log of the sum of exp, shifted by the largest so that nothing overflows. */
static float log_sum_exp(const float *x, int n) {
    const float top = x[largest(x, n)];
    float sum = expf(x[0] - top);
    for (int c = 1; c < n; c++) sum += expf(x[c] - top);
    return top + logf(sum);
}

static float target(const mdg_loss *l, const float *y, int c) {
    const float smooth = (1.0f - l->smoothing) * y[c] + l->smoothing / (float)l->n_classes;
    return l->class_weights ? l->class_weights[c] * smooth : smooth;
}

/* d loss / d logit[c] = (sum of targets) * softmax[c] - target[c] */
static void sample_gradient(const mdg_loss *l, const float *logits, const float *y, float log_sum,
                            float *diff) {
    float mass = 0.0f;
    for (int c = 0; c < l->n_classes; c++) mass += target(l, y, c);
    for (int c = 0; c < l->n_classes; c++)
        diff[c] = l->gradient_scale * (mass * expf(logits[c] - log_sum) - target(l, y, c));
}

void mdg_softmax_loss(const mdg_loss *l, const float *logits, const float *y, int n, float *diff,
                      mdg_tally *tally) {
    for (int i = 0; i < n; i++) {
        const float *z = logits + i * l->n_classes, *t = y + i * l->n_classes;
        const float log_sum = log_sum_exp(z, l->n_classes);
        for (int c = 0; c < l->n_classes; c++)
            tally->loss -= (double)target(l, t, c) * (double)(z[c] - log_sum);
        tally->correct += largest(z, l->n_classes) == largest(t, l->n_classes);
        if (diff) sample_gradient(l, z, t, log_sum, diff + i * l->n_classes);
    }
    tally->count += n;
}

void mdg_softmax(float *logits, int n, int n_classes) {
    for (int i = 0; i < n; i++) {
        float *z = logits + i * n_classes;
        const float log_sum = log_sum_exp(z, n_classes);
        for (int c = 0; c < n_classes; c++) z[c] = expf(z[c] - log_sum);
    }
}
