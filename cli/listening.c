/* SPDX-License-Identifier: MIT
 *
 * listening.c: the int8 model over hours of sound, through the front end and the decisions of the device.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pipeline.h"
#include "exec/exec.h"

enum { REPORT_EVERY = 64, NEVER = 1000 };

static int find(const char *const *labels, int n, const char *word) {
    for (int i = 0; word && i < n; i++)
        if (strcmp(labels[i], word) == 0) return i;
    return -1;
}

mdg_status mdg_pipeline_targets(mdg_pipeline *pl, const char *const *labels, int n, bool **out) {
    const mdg_project *p = &pl->project;
    int left = n;
    *out = mdg_arena_array(pl->arena, (size_t)n, sizeof **out);
    for (int i = 0; i < n; i++) (*out)[i] = true;
    for (int i = 0; i < p->decide.n_background + 2; i++) {
        const bool listed = i < p->decide.n_background;
        const char *word = listed                        ? p->decide.background[i]
                           : i == p->decide.n_background ? p->data.unknown
                                                         : p->data.silence;
        const int label = find(labels, n, word);
        if (listed && label < 0)
            return mdg_fail(pl->diag, MDG_INVALID, "%s/midge.yaml: decide.background: '%s' is no class",
                            p->folder, word);
        if (label >= 0 && (*out)[label]) (*out)[label] = false, left--;
    }
    if (p->model.n_normal && (*out)[0]) (*out)[0] = false, left--; /* normal, anomaly */
    if (left > 0) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID,
                    "%s/midge.yaml: decide.background: no class is left that could be an event", p->folder);
}

static int rows_of(const mdg_pipeline *pl, int duration_us, int least) {
    const int64_t hop_us = (int64_t)pl->features.hop * 1000000 / pl->frontend.opts.sample_rate;
    const int64_t rows = hop_us ? (duration_us + hop_us / 2) / hop_us : least;
    return rows > least ? (int)rows : least;
}

/* "yes=0.8/0.2": a class, its threshold, its hysteresis */
static mdg_status read_threshold(const mdg_pipeline *pl, const char *text, int *label, double *threshold,
                                 double *hysteresis) {
    const char *mark = strrchr(text, '=');
    const int n = pl->frontend.n_labels, length = mark ? (int)(mark - text) : 0;
    char *end = NULL;
    *label = mark ? find(pl->frontend.labels, n, mdg_arena_printf(pl->arena, "%.*s", length, text)) : -1;
    if (mark) *threshold = strtod(mark + 1, &end);
    const bool more = end && *end == '/';
    if (more) *hysteresis = strtod(end + 1, &end);
    const bool ok = end && end != mark + 1 && !*end && *threshold >= 0 && *threshold <= 1 &&
                    *hysteresis >= 0 && *hysteresis <= 1;
    if (mark && *label < 0)
        return mdg_fail(pl->diag, MDG_INVALID, "%s/midge.yaml: decide.thresholds: '%.*s' is no class",
                        pl->project.folder, length, text);
    if (ok) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID,
                    "%s/midge.yaml: decide.thresholds: '%s' is not a class with a threshold and a hysteresis "
                    "from 0 to 1, such as yes=0.8 or yes=0.8/0.2",
                    pl->project.folder, text);
}

/* The thresholds of all classes, those of decide.thresholds their own. */
static mdg_status class_thresholds(const mdg_pipeline *pl, double *threshold, double *hysteresis) {
    const mdg_project_decide *d = &pl->project.decide;
    for (int c = 0; c < pl->frontend.n_labels; c++) {
        threshold[c] = (double)(d->threshold > 0 ? d->threshold : pl->frontend.threshold);
        hysteresis[c] = (double)d->hysteresis;
    }
    for (int i = 0; i < d->n_thresholds; i++) {
        int c;
        double on = 0, below = (double)d->hysteresis;
        MDG_TRY(read_threshold(pl, d->thresholds[i], &c, &on, &below));
        threshold[c] = on;
        hysteresis[c] = below;
    }
    return MDG_OK;
}

mdg_status mdg_pipeline_decisions(mdg_pipeline *pl, const mdg_quant *q, int hop, mdg_decisions *out) {
    const mdg_project_decide *d = &pl->project.decide;
    const int n = pl->frontend.n_labels;
    const double scale = (double)q->scale[0];
    double *threshold = mdg_arena_array(pl->arena, (size_t)n, sizeof *threshold),
           *hysteresis = mdg_arena_array(pl->arena, (size_t)n, sizeof *hysteresis);
    int16_t *above = mdg_arena_array(pl->arena, (size_t)n, sizeof *above),
            *below = mdg_arena_array(pl->arena, (size_t)n, sizeof *below);
    bool *targets;
    MDG_TRY(class_thresholds(pl, threshold, hysteresis));
    MDG_TRY(mdg_pipeline_targets(pl, pl->frontend.labels, n, &targets));
    for (int c = 0; c < n; c++) {
        const int on = (int)ceil(threshold[c] / scale - 1e-6) + q->zero_point[0];
        above[c] = (int16_t)(targets[c] ? on : NEVER);
        below[c] = (int16_t)(on - (int)lrint(hysteresis[c] / scale));
    }
    out->rows = (rows_of(pl, d->every_us, 1) + hop - 1) / hop * hop;
    const int pause = rows_of(pl, d->refractory_us, 0);
    out->decide = (mdg_decide){n, d->smoothing, d->count, (pause + out->rows - 1) / out->rows, above, below};
    return MDG_OK;
}

/* A model that listens: the front end's stream and what it needs. */
typedef struct listener {
    mdg_pipeline *pl;
    mdg_exec *x;
    mdg_features_stream stream;
    int every, since; /* rows from one inference to the next; rows since the last */
    mdg_detect_stream *out;
    mdg_decisions *decisions;
    int8_t *scores;
} listener;

/* The whole model listens also for one that streams, whose scores are the same, though not at every row. */
static mdg_status open_listener(listener *l) {
    mdg_pipeline *pl = l->pl;
    mdg_model_file m, streaming;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &m));
    streaming = m;
    MDG_TRY(mdg_pipeline_stream(pl, &streaming));
    MDG_TRY(mdg_pipeline_frontend(pl));
    MDG_TRY(mdg_exec_open(m.graph, pl->arena, &l->x, pl->diag));
    const mdg_features *f = &pl->features;
    const size_t width = (size_t)f->width;
    int32_t *mult = mdg_arena_array(pl->arena, width, sizeof *mult);
    int32_t *offset = mdg_arena_array(pl->arena, width, sizeof *offset);
    const mdg_program *p = mdg_exec_program(l->x);
    MDG_TRY(mdg_frontend_quantizer(&pl->frontend, p->inputs[0].tensor, mult, offset, pl->diag));
    l->stream = (mdg_features_stream){
        .features = f,
        .mult = mult,
        .offset = offset,
        .samples = mdg_arena_array(pl->arena, (size_t)(f->window * f->channels), sizeof(int16_t)),
        .rows = mdg_arena_alloc(pl->arena, (size_t)f->frames * width),
        .state = mdg_arena_alloc(pl->arena, (size_t)f->state_bytes + 8),
        .scratch = mdg_arena_alloc(pl->arena, (size_t)f->scratch_bytes)};
    mdg_features_start(&l->stream);
    const int hop = pl->project.model.streams ? streaming.graph->streaming.hop : 1;
    MDG_TRY(mdg_pipeline_decisions(pl, &p->outputs[0].tensor->quant, hop, l->decisions));
    l->every = l->decisions->rows;
    return MDG_OK;
}

static mdg_status infer(listener *l) {
    mdg_features_read(&l->stream, mdg_exec_input(l->x, 0));
    if (mdg_exec_invoke(l->x, NULL) != MDG_OK) return mdg_exec_why(l->x, l->pl->diag);
    const size_t k = (size_t)l->out->n_classes;
    memcpy(l->scores + (size_t)l->out->n++ * k, mdg_exec_output(l->x, 0), k);
    l->since = 0;
    return MDG_OK;
}

static mdg_status hear(listener *l, const int16_t *samples, size_t n) {
    const mdg_features *f = &l->pl->features;
    for (size_t at = 0; at < n;) {
        const size_t piece = n - at < 4096 ? n - at : 4096;
        at += (size_t)mdg_features_push(&l->stream, samples + at * (size_t)f->channels, (int32_t)piece);
        l->since += l->stream.fresh;
        if (!l->stream.fresh || l->stream.n_rows < f->frames || (l->out->n && l->since < l->every)) continue;
        MDG_TRY(infer(l));
        if (l->out->n % REPORT_EVERY == 0 &&
            !mdg_progress_report(&l->pl->cli->progress, (int)(at >> 10), (int)(n >> 10) + 1, "listening"))
            return mdg_fail(l->pl->diag, MDG_INTERRUPTED, "interrupted while listening");
    }
    return MDG_OK;
}

mdg_status mdg_pipeline_listen(mdg_pipeline *pl, const int16_t *samples, size_t n, mdg_detect_stream *out,
                               mdg_decisions *decisions) {
    listener l = {.pl = pl, .out = out, .decisions = decisions};
    MDG_TRY(open_listener(&l));
    const mdg_features *f = &pl->features;
    const double rate = pl->frontend.opts.sample_rate;
    const size_t most = n / (size_t)(f->hop * l.every) + 2;
    *out = (mdg_detect_stream){.n_classes = pl->frontend.n_labels, .seconds = (double)n / rate};
    out->first_s = (double)(f->window + (f->frames - 1) * f->hop) / rate;
    out->step_s = (double)(f->hop * l.every) / rate;
    out->scores = l.scores = mdg_arena_alloc(pl->arena, most * (size_t)out->n_classes);
    return hear(&l, samples, n);
}
