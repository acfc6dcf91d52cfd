/* SPDX-License-Identifier: MIT */
#include "train/distill.h"

#include <math.h>
#include <string.h>

#include "train/loss.h"
#include "train/objective.h"

/* A probability of 0 has no logarithm; what is below this says as little. NaN remains. */
static const float LEAST = 1e-7f;

/* Both softened: a and b get n_classes values each. */
static void soften(const mdg_distillation *d, const float *logits, const float *q, float *p_soft,
                   float *q_soft) {
    for (int c = 0; c < d->n_classes; c++) {
        p_soft[c] = logits[c] / d->temperature;
        q_soft[c] = logf(q[c] < LEAST ? LEAST : q[c]) / d->temperature;
    }
    mdg_softmax(p_soft, 1, d->n_classes);
    mdg_softmax(q_soft, 1, d->n_classes);
}

double mdg_distill(const mdg_distillation *d, const float *logits, const float *q, int n, float *diff) {
    enum { MOST_CLASSES = 4096 };
    float p_soft[MOST_CLASSES], q_soft[MOST_CLASSES];
    const float pull = d->share * d->temperature * d->gradient_scale;
    double loss = 0;
    if (d->n_classes > MOST_CLASSES) return NAN;
    for (int i = 0; i < n; i++) {
        const int at = i * d->n_classes;
        soften(d, logits + at, q + at, p_soft, q_soft);
        for (int c = 0; c < d->n_classes; c++) {
            loss -= (double)q_soft[c] * log((double)(p_soft[c] < LEAST ? LEAST : p_soft[c]));
            diff[at + c] = (1.0f - d->share) * diff[at + c] + pull * (p_soft[c] - q_soft[c]);
        }
    }
    return loss * (double)(d->temperature * d->temperature);
}

const float *mdg_elder_answer(mdg_shard *elder, const float *x) {
    mdg_value *in = &elder->values[0];
    float *q = mdg_shard_output(elder)->data;
    memcpy(in->data, x, in->count * sizeof *x);
    mdg_shard_forward(elder, MDG_PHASE_INFER);
    mdg_objective_scores(elder->net, q, elder->batch);
    return q;
}
