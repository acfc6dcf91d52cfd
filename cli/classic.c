/* SPDX-License-Identifier: MIT
 *
 * classic.c: clips into a classical learner.
 */
#include "cli/classic.h"

#include <math.h>
#include <string.h>

#include "classic/classic.h"
#include "data/augment.h"
#include "tflite/tflite.h"

enum { NORMAL, ANOMALY, RANGE_BINS = 512, RANGE_MOST = 16 };

static const float kept_in_range = 0.999f;

bool mdg_pipeline_is_classic(const mdg_pipeline *pl) {
    mdg_classic_kind kind;
    return pl->project.model.n_layers == 0 && mdg_classic_find(pl->project.model.architecture, &kind);
}

/* ---- normal or not ---- */

static int find_label(const mdg_pipeline *pl, const char *name) {
    for (int k = 0; k < pl->set.n_labels; k++)
        if (strcmp(pl->set.labels[k], name) == 0) return k;
    return -1;
}

mdg_status mdg_classic_relabel(mdg_pipeline *pl) {
    const mdg_project_model *m = &pl->project.model;
    static const char *const names[] = {"normal", "anomaly"};
    if (m->n_normal == 0) return MDG_OK;
    bool *is_normal = mdg_arena_array(pl->arena, (size_t)pl->set.n_labels, sizeof *is_normal);
    for (int i = 0; i < m->n_normal; i++) {
        const int label = find_label(pl, m->normal[i]);
        if (label < 0)
            return mdg_fail(pl->diag, MDG_INVALID, "%s/midge.yaml: model.normal: '%s' is no class of %s",
                            pl->project.folder, m->normal[i], pl->project.data.path);
        is_normal[label] = true;
    }
    pl->kinds = mdg_arena_array(pl->arena, (size_t)pl->set.n_clips + 1, sizeof *pl->kinds);
    for (int i = 0; i < pl->set.n_clips; i++) {
        mdg_clip *c = &pl->set.clips[i];
        pl->kinds[i] = pl->set.labels[c->label];
        c->label = is_normal[c->label] ? NORMAL : ANOMALY;
    }
    pl->set.labels = mdg_arena_copy(pl->arena, names, sizeof names);
    pl->set.n_labels = 2;
    return MDG_OK;
}

bool mdg_classic_learns_from(const mdg_pipeline *pl, const mdg_clip *c) {
    if (pl->project.model.n_normal == 0) return c->split == MDG_SPLIT_TRAIN;
    return c->split != MDG_SPLIT_TEST && c->label == NORMAL;
}

/* ---- examples ---- */

/* A scale of int8 that holds all but a thousandth of the normalised features, within 4 and 16 deviations */
static float input_scale(const mdg_pipeline *pl) {
    int64_t bins[RANGE_BINS + 1] = {0}, n = 0, held = 0;
    float *x = mdg_arena_array(pl->arena, pl->row_values, sizeof *x);
    for (int i = 0; i < pl->set.n_clips; i++) {
        if (!mdg_classic_learns_from(pl, &pl->set.clips[i])) continue;
        mdg_pipeline_input_float(pl, i, x);
        for (size_t k = 0; k < pl->row_values; k++, n++)
            bins[(int)fminf(fabsf(x[k]) * RANGE_BINS / RANGE_MOST, RANGE_BINS)]++;
    }
    int b = 0;
    while (b < RANGE_BINS && (float)(held += bins[b]) < kept_in_range * (float)n) b++;
    return fmaxf(4, (float)(b + 1) * RANGE_MOST / RANGE_BINS) / 127;
}

typedef struct quantizer {
    const mdg_pipeline *pl;
    int32_t *mult, *offset; /* [width] */
    int16_t *samples, *rows;
    void *scratch;
} quantizer;

static mdg_status quantizer_new(const mdg_pipeline *pl, float scale, quantizer *out) {
    const size_t width = (size_t)pl->frontend.norm.width;
    int32_t zero_point = 0;
    const mdg_tensor t = {.type = MDG_INT8,
                          .quant = {.count = 1, .scale = &scale, .zero_point = &zero_point}};
    *out = (quantizer){.pl = pl};
    out->mult = mdg_arena_array(pl->arena, width, sizeof *out->mult);
    out->offset = mdg_arena_array(pl->arena, width, sizeof *out->offset);
    out->samples = mdg_arena_array(pl->arena, pl->clip_values, sizeof *out->samples);
    out->rows = mdg_arena_array(pl->arena, pl->row_values, sizeof *out->rows);
    out->scratch = mdg_arena_alloc(pl->arena, mdg_feature_work_bytes(&pl->features));
    return mdg_frontend_quantizer(&pl->frontend, &t, out->mult, out->offset, pl->diag);
}

/* The clip as the device would see it, varied by r where that is given */
static void fill(const quantizer *q, int clip, mdg_rng *r, int8_t *x) {
    const mdg_pipeline *pl = q->pl;
    const int16_t *rows = pl->rows[clip];
    if (r) {
        mdg_augment_clip(&pl->set, &pl->set.clips[clip], &pl->project.augment, r, q->samples,
                         pl->clip_samples);
        mdg_feature_clip(&pl->features, q->samples, pl->clip_samples, q->scratch, q->rows);
        rows = q->rows;
    }
    for (int f = 0; f < pl->features.frames; f++)
        mdg_features_quantize(&pl->features, q->mult, q->offset, rows + f * pl->features.width,
                              x + f * pl->features.width);
}

/* Each clip, and behind it its variations */
static mdg_status gather(mdg_pipeline *pl, float scale, mdg_examples *out) {
    const size_t each = 1 + (size_t)pl->project.model.copies, most = (size_t)pl->set.n_clips * each;
    int8_t *x = mdg_arena_array(pl->arena, most * pl->row_values, sizeof *x);
    int *y = mdg_arena_array(pl->arena, most, sizeof *y);
    quantizer q;
    *out = (mdg_examples){.n_features = (int)pl->row_values, .x = x, .y = y};
    out->n_classes = pl->project.model.n_normal ? 1 : pl->set.n_labels;
    MDG_TRY(quantizer_new(pl, scale, &q));
    for (int i = 0; i < pl->set.n_clips; i++) {
        if (!mdg_classic_learns_from(pl, &pl->set.clips[i])) continue;
        for (size_t k = 0; k < each; k++, out->n++) {
            mdg_rng r = mdg_rng_of(pl->project.seed, (uint64_t)out->n);
            fill(&q, i, k ? &r : NULL, x + (size_t)out->n * pl->row_values);
            y[out->n] = pl->set.clips[i].label;
        }
        if (!mdg_progress_report(&pl->cli->progress, i + 1, pl->set.n_clips, "examples"))
            return mdg_fail(pl->diag, MDG_INTERRUPTED, "interrupted while computing features");
    }
    return MDG_OK;
}

/* ---- training ---- */

static mdg_classic_opts options(const mdg_pipeline *pl) {
    const mdg_project_model *m = &pl->project.model;
    mdg_classic_opts o = m->classic;
    mdg_classic_find(m->architecture, &o.kind);
    o.depth = m->opts.depth;
    o.is_anomaly = m->n_normal > 0;
    o.seed = pl->project.seed;
    if (pl->project.data.kind == MDG_DATA_IMAGES) o.statistics = 0;
    return o;
}

mdg_status mdg_classic_pipeline_train(mdg_pipeline *pl) {
    const mdg_classic_opts o = options(pl);
    mdg_classic_shape in = {.h = pl->shape.h, .w = pl->shape.w, .c = pl->shape.c};
    mdg_examples e;
    mdg_graph *graph;
    in.frames = pl->features.frames;
    in.width = pl->features.width;
    in.scale = input_scale(pl);
    MDG_TRY(gather(pl, in.scale, &e));
    mdg_cli_stage(pl->cli, "learning %s from %d clips", pl->project.model.architecture, e.n);
    MDG_TRY(mdg_classic_train(&e, &o, &in, pl->arena, &pl->cli->progress, &graph, pl->diag));
    graph->description = mdg_arena_printf(pl->arena, "%s, trained by midge " MIDGE_VERSION, pl->project.name);
    MDG_TRY(mdg_tflite_save(graph, mdg_pipeline_file(pl, "model.tflite"), pl->diag));
    return mdg_frontend_save(&pl->frontend, mdg_pipeline_file(pl, "frontend.json"), pl->diag);
}

/* ---- what became of the anomalies ---- */

/* Of one recording against all normal test clips: n of its clips, share found, area under the ROC curve */
typedef struct found {
    const char *name, *kind;
    int n, n_found;
    float auc;
} found;

static const mdg_clip *test_clip(const mdg_pipeline *pl, int i) {
    return &pl->set.clips[pl->clips_of[MDG_SPLIT_TEST][i]];
}

static bool is_alarm(const mdg_pipeline *pl, int i) {
    return pl->test_scores[2 * i + ANOMALY] >= pl->frontend.threshold;
}

static found judge(const mdg_pipeline *pl, const char *path) {
    const int n = pl->n_of[MDG_SPLIT_TEST];
    float *scores = mdg_arena_array(pl->arena, 2 * (size_t)n, sizeof *scores);
    int *truth = mdg_arena_array(pl->arena, (size_t)n, sizeof *truth);
    mdg_eval_clips clips = {.scores = scores, .truth = truth, .n_classes = 2};
    found out = {.name = path};
    for (int i = 0; i < n; i++) {
        const mdg_clip *c = test_clip(pl, i);
        const bool is_it = strcmp(c->path, path) == 0;
        if (!is_it && c->label != NORMAL) continue;
        if (is_it) {
            out.kind = pl->kinds[pl->clips_of[MDG_SPLIT_TEST][i]];
            out.n++;
            out.n_found += is_alarm(pl, i);
        }
        memcpy(&scores[2 * clips.n], &pl->test_scores[2 * i], 2 * sizeof *scores);
        truth[clips.n++] = is_it ? ANOMALY : NORMAL;
    }
    out.auc = mdg_eval_auc(&clips, ANOMALY, pl->arena);
    return out;
}

/* Recordings with an anomaly among the test clips, in order; returns how many */
static int judge_all(const mdg_pipeline *pl, found **out) {
    const int n = pl->n_of[MDG_SPLIT_TEST];
    int count = 0;
    *out = mdg_arena_array(pl->arena, (size_t)n + 1, sizeof **out);
    for (int i = 0; i < n; i++) {
        const mdg_clip *c = test_clip(pl, i);
        bool known = c->label == NORMAL;
        for (int k = 0; k < count; k++) known = known || strcmp((*out)[k].name, c->path) == 0;
        if (!known) (*out)[count++] = judge(pl, c->path);
    }
    return count;
}

static int false_alarms(const mdg_pipeline *pl, int *n_normal) {
    int count = 0;
    *n_normal = 0;
    for (int i = 0; i < pl->n_of[MDG_SPLIT_TEST]; i++) {
        if (pl->truth[i] != NORMAL) continue;
        ++*n_normal;
        count += is_alarm(pl, i);
    }
    return count;
}

void mdg_classic_print_anomalies(const mdg_pipeline *pl, FILE *out) {
    found *all;
    int n_normal;
    const int alarms = false_alarms(pl, &n_normal), n = judge_all(pl, &all);
    if (n_normal)
        fprintf(out, "\nfalse alarms  %.1f %% (%d of %d normal clips)\n", 100.0 * alarms / n_normal, alarms,
                n_normal);
    fprintf(out, "\n%8s %14s  %-16s recording\n", "AUC", "found", "class");
    for (int i = 0; i < n; i++)
        fprintf(out, "%8.4f %6d of %-4d  %-16s %s\n", (double)all[i].auc, all[i].n_found, all[i].n,
                all[i].kind, all[i].name);
}

json_t *mdg_classic_anomalies_json(const mdg_pipeline *pl) {
    found *all;
    int n_normal;
    const int alarms = false_alarms(pl, &n_normal), n = judge_all(pl, &all);
    json_t *o = json_object(), *list = json_array();
    json_object_set_new(o, "normal_clips", json_integer(n_normal));
    json_object_set_new(o, "false_alarms", json_integer(alarms));
    for (int i = 0; i < n; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "recording", json_string(all[i].name));
        json_object_set_new(row, "class", json_string(all[i].kind));
        json_object_set_new(row, "auc", isnan(all[i].auc) ? json_null() : json_real((double)all[i].auc));
        json_object_set_new(row, "found", json_integer(all[i].n_found));
        json_object_set_new(row, "clips", json_integer(all[i].n));
        json_array_append_new(list, row);
    }
    json_object_set_new(o, "recordings", list);
    return o;
}
