/* SPDX-License-Identifier: MIT */
#include "train/average.h"

#include <math.h>
#include <string.h>

void mdg_average_init(mdg_average *a, float keep, const mdg_net *net, mdg_arena *arena) {
    *a = (mdg_average){.keep = keep};
    if (!(keep > 0.0f)) return;
    a->params = mdg_floats(arena, net->n_params);
    a->statistics = mdg_floats(arena, net->n_statistics);
    mdg_average_begin(a, net);
}

void mdg_average_begin(mdg_average *a, const mdg_net *net) {
    if (!a->params) return;
    memcpy(a->params, net->params, net->n_params * sizeof(float));
    memcpy(a->statistics, net->statistics, net->n_statistics * sizeof(float));
}

static void move(float *average, const float *x, size_t n, float share) {
    for (size_t i = 0; i < n; i++) average[i] += share * (x[i] - average[i]);
}

void mdg_average_add(mdg_average *a, const mdg_net *net, uint64_t step) {
    if (!a->params) return;
    const float share = 1.0f - fminf(a->keep, (float)step / ((float)step + 9.0f));
    move(a->params, net->params, net->n_params, share);
    move(a->statistics, net->statistics, net->n_statistics, share);
}

static void swap(float *a, float *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const float kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* The numbers move, not the pointers: primitives know where the net's lie. */
void mdg_average_swap(mdg_average *a, mdg_net *net) {
    if (!a->params) return;
    swap(a->params, net->params, net->n_params);
    swap(a->statistics, net->statistics, net->n_statistics);
}
