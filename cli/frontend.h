/* SPDX-License-Identifier: MIT
 *
 * frontend.h: how samples become the model's input, kept beside the model as out/frontend.json, so that later
 * verbs (and other programs) need neither midge.yaml nor the training data to compute the same features.
 */
#ifndef MDG_CLI_FRONTEND_H
#define MDG_CLI_FRONTEND_H

#include "feature/feature.h"
#include "graph/graph.h"

typedef struct mdg_frontend {
    mdg_feature_opts opts;
    mdg_feature_normalization norm; /* width, mean and dev are what is kept */
    const float *full_scale;        /* series: [channels] what 32767 stands for */
    const char **channel_names;     /* series: [channels], or NULL */
    const char **labels;
    int n_labels;
    float threshold;
} mdg_frontend;

mdg_status mdg_frontend_save(const mdg_frontend *f, const char *path, mdg_diag *diag);
mdg_status mdg_frontend_load(const char *path, mdg_arena *arena, mdg_frontend *out, mdg_diag *diag);

/* The multipliers and offsets of mdg_features_quantize for a model whose int8 input is t: both [width].
 * Returns MDG_OK, MDG_UNSUPPORTED for another kind of input, or MDG_INVALID. */
mdg_status mdg_frontend_quantizer(const mdg_frontend *f, const mdg_tensor *t, int32_t *mult, int32_t *offset,
                                  mdg_diag *diag);

#endif
