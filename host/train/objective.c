/* SPDX-License-Identifier: MIT */
#include "train/objective.h"

#include <math.h>

void mdg_net_output_shape(const mdg_net *net, int *h, int *w, int *c) {
    const mdg_layer *last = &net->layers[net->spec.n_layers - 1];
    *h = last->out_h;
    *w = last->out_w;
    *c = last->out_c;
}

size_t mdg_net_outputs(const mdg_net *net) {
    int h, w, c;
    mdg_net_output_shape(net, &h, &w, &c);
    return (size_t)h * (size_t)w * (size_t)c;
}

/* Distributions in a sample: 1, or the cells of a map. */
static int cells_of(const mdg_net *net) {
    int h, w, c;
    mdg_net_output_shape(net, &h, &w, &c);
    return h * w;
}

void mdg_map_target(const mdg_object *objects, int n, int h, int w, int n_classes, float *y) {
    for (int i = 0; i < h * w; i++)
        for (int c = 0; c < n_classes; c++) y[i * n_classes + c] = c == 0 ? 1.0f : 0.0f;
    for (int i = 0; i < n; i++) {
        const int row = (int)floorf(objects[i].y * (float)h), column = (int)floorf(objects[i].x * (float)w);
        if (row < 0 || row >= h || column < 0 || column >= w) continue;
        float *cell = y + (row * w + column) * n_classes;
        for (int c = 0; c < n_classes; c++) cell[c] = c == objects[i].label ? 1.0f : 0.0f;
    }
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
    if (net->spec.objective != MDG_OBJECTIVE_INPUT) {
        mdg_loss of_cell = *loss;
        of_cell.gradient_scale /= (float)cells_of(net);
        mdg_softmax_loss(&of_cell, output, y, n * cells_of(net), diff, tally);
        return;
    }
    for (size_t i = 0; i < (size_t)n; i++)
        squared_distance(loss, output + i * count, y + i * count, count, diff ? diff + i * count : NULL,
                         tally);
}

void mdg_objective_scores(const mdg_net *net, float *output, int n) {
    if (net->spec.objective != MDG_OBJECTIVE_INPUT)
        mdg_softmax(output, n * cells_of(net), net->spec.n_classes);
}
