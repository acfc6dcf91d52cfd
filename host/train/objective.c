/* SPDX-License-Identifier: MIT */
#include "train/objective.h"

size_t mdg_net_outputs(const mdg_net *net) {
    const mdg_layer *last = &net->layers[net->spec.n_layers - 1];
    return (size_t)last->out_h * (size_t)last->out_w * (size_t)last->out_c;
}

/* The mean over a sample's values of (output - y)^2. No sample is right or wrong. */
static void squared_distance(const mdg_loss *l, const float *output, const float *y, size_t count,
                             float *diff, mdg_tally *tally) {
    const float share = 2.0f * l->gradient_scale / (float)count;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const float off = output[i] - y[i];
        sum += (double)off * (double)off;
        if (diff) diff[i] = share * off;
    }
    tally->loss += sum / (double)count;
    tally->count++;
}

void mdg_objective_loss(const mdg_net *net, const mdg_loss *loss, const float *output, const float *y, int n,
                        float *diff, mdg_tally *tally) {
    const size_t count = mdg_net_outputs(net);
    if (net->spec.objective == MDG_OBJECTIVE_CLASSES) {
        mdg_softmax_loss(loss, output, y, n, diff, tally);
        return;
    }
    for (size_t i = 0; i < (size_t)n; i++)
        squared_distance(loss, output + i * count, y + i * count, count, diff ? diff + i * count : NULL,
                         tally);
}

void mdg_objective_scores(const mdg_net *net, float *output, int n) {
    if (net->spec.objective == MDG_OBJECTIVE_CLASSES) mdg_softmax(output, n, net->spec.n_classes);
}
