/* SPDX-License-Identifier: MIT */
#include "train/health.h"

#include <math.h>

/* x - x is 0 of a number, and NaN of anything else; a sum of them can be formed without a branch. */
bool mdg_all_finite(const float *x, size_t n) {
    enum { LANES = 8 };
    float sums[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) sums[k] += x[i + k] - x[i + k];
    for (; i < n; i++) sums[0] += x[i] - x[i];
    for (size_t k = 1; k < LANES; k++) sums[0] += sums[k];
    return sums[0] == 0.0f;
}

/* The index of the first layer with a number that is none, n_layers when all are fine; -1: the input already
 * has one. Before batch norm counts, too: its ReLU makes 0 of what is no number. */
static int first_bad_output(const mdg_shard *s) {
    const int n_layers = s->net->spec.n_layers;
    if (!mdg_all_finite(s->values[0].data, s->values[0].count)) return -1;
    for (int i = 0; i < n_layers; i++) {
        const mdg_node *n = &s->nodes[i];
        if (!mdg_all_finite(n->z, n->out->count) || !mdg_all_finite(n->out->data, n->out->count)) return i;
    }
    return n_layers;
}

/* Backwards, as gradients go: the last layer whose parameters have a gradient that is none; -1 = all are
 * fine. */
static int first_bad_gradient(const mdg_shard *s) {
    for (int i = s->net->spec.n_layers - 1; i >= 0; i--) {
        const mdg_layer *l = &s->net->layers[i];
        const mdg_span spans[] = {l->weights, l->bias, l->norm};
        for (int k = 0; k < 3; k++)
            if (!mdg_all_finite(s->gradients + spans[k].at, spans[k].count)) return i;
    }
    return -1;
}

static mdg_status blame_gradient(mdg_shard *const *shards, int n_shards, const mdg_moment *p,
                                 mdg_diag *diag) {
    const mdg_net_spec *spec = &shards[0]->net->spec;
    for (int i = 0; i < n_shards; i++) {
        const int bad = first_bad_gradient(shards[i]);
        if (bad >= 0 && bad < spec->n_layers - 1)
            return mdg_fail(diag, MDG_INVALID,
                            "train: epoch %d, step %d: a gradient is not finite, first in layer %d %s; set "
                            "gradient_clip (1, say) and lower learning_rate (now %g)",
                            p->epoch + 1, p->step + 1, bad + 1, mdg_layer_text(spec->layers[bad].kind),
                            (double)p->learning_rate);
    }
    return mdg_fail(diag, MDG_INVALID,
                    "train: epoch %d, step %d: the loss or its gradient is not finite though the network's "
                    "output is; look at targets and class weights, or lower learning_rate (now %g)",
                    p->epoch + 1, p->step + 1, (double)p->learning_rate);
}

mdg_status mdg_health_blame(mdg_shard *const *shards, int n_shards, const mdg_moment *p, mdg_diag *diag) {
    const mdg_net_spec *spec = &shards[0]->net->spec;
    int bad = spec->n_layers;
    for (int i = 0; i < n_shards && bad == spec->n_layers; i++) bad = first_bad_output(shards[i]);
    if (bad == spec->n_layers) return blame_gradient(shards, n_shards, p, diag);
    if (bad < 0)
        return mdg_fail(diag, MDG_INVALID,
                        "train: epoch %d, step %d: the features of a sample are not finite; look at the data "
                        "and the feature settings",
                        p->epoch + 1, p->step + 1);
    return mdg_fail(diag, MDG_INVALID,
                    "train: epoch %d, step %d: the loss is not finite, first in layer %d %s; lower "
                    "learning_rate (now %g), lengthen warmup_epochs, set gradient_clip, or give the layer "
                    "batch_norm",
                    p->epoch + 1, p->step + 1, bad + 1, mdg_layer_text(spec->layers[bad].kind),
                    (double)p->learning_rate);
}
