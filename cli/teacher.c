/* SPDX-License-Identifier: MIT */
#include "cli/teacher.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

enum { DESKS = 2 };

struct mdg_teacher {
    const mdg_pipeline *pl;
    const mdg_tensor *input, *output;
    float *factor,
        *offset; /* [width] from our network's input to that of a project's model; NULL: the same */
    mdg_exec *desks[DESKS]; /* one a thread */
    bool taken[DESKS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* ---- whether it can teach ---- */

static bool is_usable(const mdg_tensor *t, size_t n) {
    const bool quantised = t->type == MDG_INT8 && t->quant.count == 1;
    return (t->type == MDG_FLOAT32 || quantised) && (size_t)mdg_shape_elements(&t->shape) == n;
}

static mdg_status check_model(const mdg_teacher *t, const mdg_model_file *m) {
    const mdg_subgraph *s = &m->graph->subgraphs[0];
    const mdg_pipeline *pl = t->pl;
    if (s->n_inputs == 1 && s->n_outputs == 1 && is_usable(t->input, pl->row_values) &&
        is_usable(t->output, (size_t)pl->set.n_labels))
        return MDG_OK;
    return mdg_fail(
        pl->diag, MDG_INVALID,
        "%s: cannot teach this network: it must take one input of %zu values and give one output of %d, "
        "float32 or int8",
        m->path, pl->row_values, pl->set.n_labels);
}

static bool same_features(const mdg_feature_opts *a, const mdg_feature_opts *b) {
    return a->kind == b->kind && a->sample_rate == b->sample_rate && a->window_us == b->window_us &&
           a->hop_us == b->hop_us && a->n_mels == b->n_mels && a->n_coeffs == b->n_coeffs &&
           a->clip_ms == b->clip_ms && a->channels == b->channels && a->decimate == b->decimate;
}

static bool same_labels(const mdg_pipeline *pl, const mdg_frontend *f) {
    bool same = f->n_labels == pl->set.n_labels;
    for (int i = 0; same && i < f->n_labels; i++) same = strcmp(f->labels[i], pl->set.labels[i]) == 0;
    return same;
}

/* Theirs is (row - mean') / dev', ours (row - mean) / dev. */
static mdg_status adapt(mdg_teacher *t, const char *folder) {
    const mdg_pipeline *pl = t->pl;
    const mdg_feature_normalization *ours = &pl->frontend.norm;
    mdg_frontend f;
    MDG_TRY(mdg_frontend_load(mdg_arena_printf(pl->arena, "%s/out/frontend.json", folder), pl->arena, &f,
                              pl->diag));
    if (f.norm.width != ours->width || !same_features(&f.opts, &pl->frontend.opts))
        return mdg_fail(
            pl->diag, MDG_INVALID,
            "%s: cannot teach: its features are others than this project's; give both the same `features` "
            "and `data` (sample_rate, clip_ms)",
            folder);
    if (!same_labels(pl, &f))
        return mdg_fail(pl->diag, MDG_INVALID, "%s: cannot teach: its classes are others than this project's",
                        folder);
    t->factor = mdg_arena_array(pl->arena, (size_t)ours->width, sizeof *t->factor);
    t->offset = mdg_arena_array(pl->arena, (size_t)ours->width, sizeof *t->offset);
    for (int k = 0; k < ours->width; k++) {
        t->factor[k] = ours->dev[k] / f.norm.dev[k];
        t->offset[k] = (ours->mean[k] - f.norm.mean[k]) / f.norm.dev[k];
    }
    return MDG_OK;
}

mdg_status mdg_teacher_open(mdg_pipeline *pl, const char *path, mdg_teacher **out) {
    mdg_teacher *t = mdg_arena_alloc(pl->arena, sizeof *t);
    mdg_model_file m;
    *t = (mdg_teacher){.pl = pl};
    MDG_TRY(mdg_pipeline_float_model(pl, path, &m));
    const mdg_subgraph *s = &m.graph->subgraphs[0];
    t->input = &s->tensors[s->inputs[0]];
    t->output = &s->tensors[s->outputs[0]];
    if (!mdg_model_is_path(path)) MDG_TRY(adapt(t, path));
    MDG_TRY(check_model(t, &m));
    for (int i = 0; i < DESKS; i++) MDG_TRY(mdg_exec_open(m.graph, pl->arena, &t->desks[i], pl->diag));
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, NULL);
    *out = t;
    return MDG_OK;
}

/* ---- teaching ---- */

static int take_desk(mdg_teacher *t) {
    int i = 0;
    pthread_mutex_lock(&t->lock);
    for (;;) {
        for (i = 0; i < DESKS && t->taken[i]; i++) continue;
        if (i < DESKS) break;
        pthread_cond_wait(&t->changed, &t->lock);
    }
    t->taken[i] = true;
    pthread_mutex_unlock(&t->lock);
    return i;
}

static void leave_desk(mdg_teacher *t, int i) {
    pthread_mutex_lock(&t->lock);
    t->taken[i] = false;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

static void write_input(const mdg_teacher *t, const float *x, void *input) {
    const size_t width = (size_t)t->pl->features.width;
    const bool is_float = t->input->type == MDG_FLOAT32;
    for (size_t i = 0; i < t->pl->row_values; i++) {
        const size_t k = i % width;
        const float v = t->factor ? x[i] * t->factor[k] + t->offset[k] : x[i];
        if (is_float) {
            ((float *)input)[i] = v;
            continue;
        }
        const float q = rintf(v / t->input->quant.scale[0]) + (float)t->input->quant.zero_point[0];
        ((int8_t *)input)[i] = (int8_t)fminf(fmaxf(q, -128.0f), 127.0f);
    }
}

static void read_output(const mdg_teacher *t, const void *output, float *q, int n) {
    for (int c = 0; c < n; c++) {
        if (t->output->type == MDG_FLOAT32)
            q[c] = ((const float *)output)[c];
        else
            q[c] = t->output->quant.scale[0] *
                   (float)(((const int8_t *)output)[c] - t->output->quant.zero_point[0]);
    }
}

/* Scores of a softmax lie between 0 and 1 and add up to 1, give or take the rounding of int8. */
static void make_distribution(float *q, int n) {
    float sum = 0, top = q[0];
    bool plausible = true;
    for (int c = 0; c < n; c++) {
        plausible = plausible && q[c] >= 0.0f && q[c] <= 1.0f;
        sum += q[c];
        top = fmaxf(top, q[c]);
    }
    plausible = plausible && fabsf(sum - 1.0f) < 0.05f;
    float total = 0;
    for (int c = 0; c < n; c++) total += q[c] = plausible ? q[c] : expf(q[c] - top);
    for (int c = 0; c < n; c++) q[c] /= total;
}

/* A model that fails makes its answer no number, which training then reports. */
void mdg_teacher_answer(void *teacher, const float *x, float *q) {
    mdg_teacher *t = teacher;
    const int n = t->pl->set.n_labels, desk = take_desk(t);
    mdg_exec *exec = t->desks[desk];
    write_input(t, x, mdg_exec_input(exec, 0));
    if (mdg_exec_invoke(exec, NULL) == MDG_OK)
        read_output(t, mdg_exec_output(exec, 0), q, n);
    else
        for (int c = 0; c < n; c++) q[c] = NAN;
    leave_desk(t, desk);
    make_distribution(q, n);
}
