/* SPDX-License-Identifier: MIT */
#include "train/fake.h"

#include <math.h>
#include <string.h>

#include "util/affine.h"

enum { CALIBRATION_BATCH = 32, CALIBRATION_BATCHES = 16, LANES = 16 };

/* ==== Values ==== */

/* The nearest whole number: beyond 2^23 a float has no more digits than that. Within +-2^22. */
static float nearest(float x) {
    const float shift = 12582912.0f;
    return (x + shift) - shift;
}

void mdg_fake_values(float lo, float hi, float *x, size_t n, float *mask) {
    if (!(hi > lo)) {
        for (size_t i = 0; mask && i < n; i++) mask[i] = 1.0f;
        return;
    }
    const mdg_affine a = mdg_affine_of_range(lo, hi);
    const float least = (float)(-128 - a.zero_point), most = (float)(127 - a.zero_point);
    const float inverse = 1.0f / a.scale;
    for (size_t i = 0; i < n; i++) {
        const float steps = x[i] * inverse;
        const float above = steps < least ? least : steps, within = above > most ? most : above;
        x[i] = nearest(within) * a.scale;
        if (mask) mask[i] = steps == within ? 1.0f : 0.0f;
    }
}

/* In lanes, so that the compiler may compare several at a time. */
static void extremes(const float *x, size_t n, float *lo, float *hi) {
    float low[LANES] = {0.0f}, high[LANES] = {0.0f};
    for (size_t i = 0; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++) {
            low[k] = x[i + k] < low[k] ? x[i + k] : low[k];
            high[k] = x[i + k] > high[k] ? x[i + k] : high[k];
        }
    for (size_t i = n / LANES * LANES; i < n; i++) {
        low[0] = fminf(low[0], x[i]);
        high[0] = fmaxf(high[0], x[i]);
    }
    *lo = *hi = 0.0f;
    for (size_t k = 0; k < LANES; k++) {
        *lo = fminf(*lo, low[k]);
        *hi = fmaxf(*hi, high[k]);
    }
}

/* ==== Weights ==== */

/* What the exported weights of output channel c are multiplied by. */
static float factor_of(const mdg_net *net, const mdg_layer *l, size_t c) {
    float scale, shift;
    if (!l->norm.count) return 1.0f;
    mdg_norm_of(net, l, (int)c, &scale, &shift);
    return scale;
}

static float scale_of(const mdg_channel *ch, int bits) {
    return bits == 4 ? mdg_channel_scale_int4(ch) : mdg_channel_largest(ch) / 127.0f;
}

/* Weight i belongs to channel i / run % count. */
static void round_channels(float *w, size_t n, size_t run, int count, int bits) {
    for (int k = 0; k < count; k++) {
        const mdg_channel ch = mdg_channel_of(w, n, run, count, k);
        const float scale = scale_of(&ch, bits), limit = bits == 4 ? 7.0f : 127.0f;
        float *out = w + (ch.w - w);
        for (size_t i = 0; scale > 0.0f && i < ch.n_blocks * ch.run; i++) {
            float *x = out + i / ch.run * ch.step + i % ch.run;
            *x = scale * nearest(fminf(fmaxf(*x / scale, -limit), limit));
        }
    }
}

static void round_dense(float *w, size_t n, size_t run, int bits) {
    if (bits == 4)
        round_channels(w, n, n, 1, bits);
    else
        round_channels(w, n, run, (int)(n / run), bits);
}

/* As export_recurrent.c writes them: a convolution reads the input; dense layers, one for the sigmoids and
 * one for the tanh, read what is hidden. */
static void round_recurrent(const mdg_layer *l, int bits, float *w) {
    const size_t units = (size_t)l->out_c, gates = (size_t)mdg_layer_gates(l->spec.kind);
    const size_t in = l->weights.count / (gates * units) - units, sigmoids = (gates - 1) * units * units;
    float *hidden = w + gates * units * in;
    round_channels(w, gates * units * in, in, (int)(gates * units), bits);
    round_dense(hidden, sigmoids, units, bits);
    round_dense(hidden + sigmoids, units * units, units, bits);
}

static void round_weights(const mdg_net *net, const mdg_layer *l, float *w) {
    const size_t n = l->weights.count, channels = (size_t)l->out_c;
    const size_t run = l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D ? 1 : n / channels;
    for (size_t i = 0; i < n; i++) w[i] *= factor_of(net, l, i / run % channels);
    if (l->spec.kind == MDG_LAYER_DENSE)
        round_dense(w, n, run, net->spec.weight_bits);
    else
        round_channels(w, n, run, (int)channels, net->spec.weight_bits);
    for (size_t i = 0; i < n; i++) {
        const float factor = factor_of(net, l, i / run % channels);
        if (factor != 0.0f) w[i] /= factor;
    }
}

void mdg_fake_params(const mdg_net *net, float *out) {
    memcpy(out, net->params, net->n_params * sizeof *out);
    for (int i = 0; i < net->spec.n_layers; i++) {
        const mdg_layer *l = &net->layers[i];
        float *w = out + l->weights.at;
        if (mdg_layer_gates(l->spec.kind))
            round_recurrent(l, net->spec.weight_bits, w);
        else if (l->weights.count)
            round_weights(net, l, w);
    }
}

/* ==== In a net ==== */

/* Kinds that compute new values; the others move, pick or average them. */
static bool has_range(mdg_layer_kind kind) {
    return kind == MDG_LAYER_CONV2D || kind == MDG_LAYER_DEPTHWISE_CONV2D || kind == MDG_LAYER_DENSE ||
           kind == MDG_LAYER_ADD || kind == MDG_LAYER_GLOBAL_AVERAGE_POOL;
}

static mdg_span take_range(mdg_net *net) {
    const mdg_span span = {net->n_statistics, 2};
    net->n_statistics += 16; /* a cache line */
    return span;
}

void mdg_fake_plan(mdg_net *net) {
    if (!net->spec.weight_bits) return;
    net->input_range = take_range(net);
    for (int i = 0; i < net->spec.n_layers; i++)
        if (has_range(net->spec.layers[i].kind)) net->layers[i].range = take_range(net);
}

static mdg_status learn_ranges(mdg_net *net, mdg_shard *s, const mdg_train_source *source, float *y) {
    const size_t n_x = s->values[0].count / (size_t)s->batch;
    const int n = source->n_train;
    const int batches = n < CALIBRATION_BATCH * CALIBRATION_BATCHES
                            ? (n + CALIBRATION_BATCH - 1) / CALIBRATION_BATCH
                            : CALIBRATION_BATCHES;
    mdg_span *spans = mdg_arena_array(s->arena, (size_t)net->spec.n_layers + 1, sizeof *spans);
    spans[0] = net->input_range;
    for (int i = 0; i < net->spec.n_layers; i++) spans[i + 1] = net->layers[i].range;
    float *sums = mdg_floats(s->arena, net->n_statistics);
    for (int b = 0; b < batches; b++) {
        for (int i = 0; i < CALIBRATION_BATCH; i++) {
            const int64_t place = (int64_t)b * CALIBRATION_BATCH + i;
            const int at = (int)(place * n / ((int64_t)batches * CALIBRATION_BATCH));
            source->fill(source->context, false, at, NULL, s->values[0].data + (size_t)i * n_x, y);
        }
        MDG_TRY(mdg_shard_forward(s, MDG_PHASE_INFER));
        for (size_t i = 0; i < net->n_statistics; i++) sums[i] += s->statistics[i] / (float)batches;
    }
    for (int i = 0; i <= net->spec.n_layers; i++)
        memcpy(net->statistics + spans[i].at, sums + spans[i].at, spans[i].count * sizeof *sums);
    return MDG_OK;
}

/* While the ranges are still empty, values are only looked at. */
static mdg_status calibrate(mdg_net *net, const mdg_train_source *source, mdg_diag *diag) {
    mdg_shard *s = NULL;
    const int threads = mdg_dnn_one_thread();
    mdg_status status = mdg_shard_new(net, CALIBRATION_BATCH, false, &s, diag);
    if (status == MDG_OK)
        status = learn_ranges(net, s, source, mdg_floats(s->arena, mdg_shard_output(s)->count));
    mdg_shard_free(s);
    mdg_dnn_threads_restore(threads);
    return status;
}

mdg_status mdg_net_quantized(const mdg_net *trained, int bits, const mdg_train_source *source,
                             mdg_arena *arena, mdg_net **out, mdg_diag *diag) {
    mdg_net_spec spec = trained->spec;
    if (bits != 4 && bits != 8)
        return mdg_fail(diag, MDG_INVALID, "train: weights of %d bits are not known; known are 4 and 8",
                        bits);
    spec.weight_bits = bits;
    MDG_TRY(mdg_net_new(&spec, 0, arena, out, diag));
    memcpy((*out)->params, trained->params, trained->n_params * sizeof(float));
    memcpy((*out)->statistics, trained->statistics, trained->n_statistics * sizeof(float));
    for (int i = 0; i < spec.n_layers; i++) {
        (*out)->layers[i].loaded = trained->layers[i].loaded;
        (*out)->layers[i].frozen = trained->layers[i].frozen;
    }
    const mdg_status status = calibrate(*out, source, diag);
    if (status != MDG_OK) mdg_net_free(*out);
    return status;
}

/* ==== In a shard ==== */

/* What the task of one value works on. */
typedef struct rounding {
    const float *range; /* the net's running one */
    float *seen;        /* the shard's, of this batch */
    float *x, *mask;
    size_t count;
} rounding;

static void run_round(const mdg_task *task) {
    const rounding *r = task->context;
    extremes(r->x, r->count, &r->seen[0], &r->seen[1]);
    mdg_fake_values(r->range[0], r->range[1], r->x, r->count, r->mask);
}

static void run_mask(const mdg_task *task) {
    const rounding *r = task->context;
    for (size_t i = 0; i < r->count; i++) task->out[i] *= r->mask[i];
}

static void run_params(const mdg_task *task) {
    mdg_fake_params(task->context, task->out);
}

static rounding *add_rounding(mdg_shard *s, mdg_span range, const mdg_value *v, bool masks) {
    rounding *r = mdg_arena_alloc(s->arena, sizeof *r);
    *r = (rounding){.range = s->net->statistics + range.at,
                    .seen = s->statistics + range.at,
                    .x = v->data,
                    .mask = masks ? mdg_floats(s->arena, v->count) : NULL,
                    .count = v->count};
    mdg_tasks_add(&s->dnn, &s->forward, (mdg_task){.phase = MDG_PHASE_BOTH, .run = run_round, .context = r});
    return r;
}

void mdg_fake_begin(mdg_shard *s) {
    if (!s->net->spec.weight_bits) return;
    s->params = mdg_floats(s->arena, s->net->n_params);
    mdg_tasks_add(
        &s->dnn, &s->forward,
        (mdg_task){.phase = MDG_PHASE_BOTH, .run = run_params, .out = s->params, .context = s->net});
    add_rounding(s, s->net->input_range, &s->values[0], false);
}

void mdg_fake_forward(mdg_shard *s, mdg_node *n) {
    if (n->layer->range.count) n->rounding = add_rounding(s, n->layer->range, n->out, true);
}

void mdg_fake_backward(mdg_shard *s, mdg_node *n) {
    if (!n->rounding) return;
    mdg_tasks_add(
        &s->dnn, &s->backward,
        (mdg_task){.phase = MDG_PHASE_BOTH, .run = run_mask, .out = n->out->diff, .context = n->rounding});
}
