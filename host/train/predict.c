/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "train/objective.h"
#include "train/shard.h"

enum { PREDICT_BATCH = 32 };

static mdg_status predict(mdg_shard *s, const float *x, int n, float *probabilities) {
    const size_t batch = (size_t)s->batch, n_in = s->values[0].count / batch,
                 n_out = mdg_shard_output(s)->count / batch;
    for (int at = 0; at < n; at += s->batch) {
        const size_t count = (size_t)(n - at < s->batch ? n - at : s->batch);
        memcpy(s->values[0].data, x + (size_t)at * n_in, count * n_in * sizeof *x);
        MDG_TRY(mdg_shard_forward(s, MDG_PHASE_INFER));
        memcpy(probabilities + (size_t)at * n_out, mdg_shard_output(s)->data, count * n_out * sizeof *x);
    }
    mdg_objective_scores(s->net, probabilities, n);
    return MDG_OK;
}

mdg_status mdg_net_predict(const mdg_net *net, const float *x, int n, float *probabilities, mdg_diag *diag) {
    mdg_shard *s = NULL;
    const int threads = mdg_dnn_one_thread();
    mdg_status status = mdg_shard_new(net, PREDICT_BATCH, false, &s, diag);
    if (status == MDG_OK) status = predict(s, x, n, probabilities);
    mdg_shard_free(s);
    mdg_dnn_threads_restore(threads);
    return status;
}
