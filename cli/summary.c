/* SPDX-License-Identifier: MIT
 *
 * summary.c: what a build found out, as out/report.html.
 */

#include <math.h>

#include "cli/cost_report.h"
#include "cli/finding.h"
#include "cli/judging.h"
#include "report/report.h"

enum { REPORT_CLIPS = 6 };

static void add_accuracy(mdg_report_accuracy *rows, int *n, const char *name, const mdg_eval *e) {
    if (e->n) rows[(*n)++] = (mdg_report_accuracy){NULL, name, e->accuracy, e->n_correct, e->n};
}

static void add_f1(mdg_report_accuracy *rows, int *n, const char *name, const mdg_located *l) {
    if (l->n_objects)
        rows[(*n)++] = (mdg_report_accuracy){"F1 of kind and place", name, l->f1, l->n_right, l->n_objects};
}

static void add_all(const mdg_pipeline *pl, mdg_report_accuracy *rows, int *n) {
    const char *target = mdg_arena_printf(pl->arena, "int8, emulated %s", pl->project.target);
    add_accuracy(rows, n, "float, this machine", &pl->eval_float);
    add_accuracy(rows, n, "int8, this machine", &pl->eval_int8);
    add_accuracy(rows, n, target, &pl->eval_target);
    add_f1(rows, n, "float, this machine", &pl->found_float);
    add_f1(rows, n, "int8, this machine", &pl->found_int8);
    add_f1(rows, n, target, &pl->found_target);
}

/* By class, of the int8 model; where it finds objects, class 0 is nothing */
static const mdg_eval *judged(const mdg_pipeline *pl) {
    return mdg_pipeline_finds(pl) ? &pl->found_int8.eval : &pl->eval_int8;
}

static mdg_report_epoch *epochs_of(const mdg_pipeline *pl) {
    mdg_report_epoch *out = mdg_arena_array(pl->arena, (size_t)pl->history.n_epochs + 1, sizeof *out);
    for (int i = 0; i < pl->history.n_epochs; i++) {
        const mdg_epoch *e = &pl->history.epochs[i];
        out[i] = (mdg_report_epoch){e->loss, e->accuracy, e->validation_loss, e->validation_accuracy};
    }
    return out;
}

static void count_clip(const mdg_clip *clip, int label, mdg_report_class *c) {
    if (!mdg_clip_holds(clip, label)) return;
    switch (clip->split) {
    case MDG_SPLIT_TRAIN: c->n_train++; break;
    case MDG_SPLIT_VALIDATION: c->n_validation++; break;
    default: c->n_test++;
    }
}

static mdg_report_class *classes_of(const mdg_pipeline *pl) {
    const int n = pl->frontend.n_labels;
    mdg_report_class *out = mdg_arena_array(pl->arena, (size_t)n, sizeof *out);
    for (int k = 0; k < n; k++) {
        const mdg_class_figures *f = &judged(pl)->classes[k];
        out[k] = (mdg_report_class){
            .label = pl->frontend.labels[k], .precision = f->precision, .recall = f->recall, .f1 = f->f1};
        if (pl->judge_int8.auc && !isnan(pl->judge_int8.auc[k])) out[k].auc = pl->judge_int8.auc[k];
    }
    for (int i = 0; i < pl->set.n_clips; i++)
        for (int k = 0; k < n; k++) count_clip(&pl->set.clips[i], k, &out[k]);
    return out;
}

/* A picture stands upright in a chart whose columns run from left to right and whose rows from the bottom up;
 * its colours are averaged. */
static void stand_up(const mdg_pipeline *pl, int clip, float *out) {
    const mdg_feature_shape s = pl->shape;
    const int16_t *rows = pl->rows[clip];
    for (int y = 0; y < s.h; y++)
        for (int x = 0; x < s.w; x++) {
            float sum = 0;
            for (int c = 0; c < s.c; c++) sum += rows[(y * s.w + x) * s.c + c];
            out[x * s.h + s.h - 1 - y] = sum / (float)s.c;
        }
}

static mdg_report_clip clip_of(const mdg_pipeline *pl, int i) {
    const int clip = pl->clips_of[MDG_SPLIT_TEST][i], k = pl->frontend.n_labels;
    const float *scores = pl->test_scores + (ptrdiff_t)i * k;
    const int predicted = mdg_eval_argmax(scores, k);
    const mdg_feature_opts *o = &pl->frontend.opts;
    float *features = mdg_arena_array(pl->arena, pl->row_values, sizeof *features);
    const bool mel = o->kind == MDG_FEATURE_LOG_MEL;
    /* The first MFCC, the loudness, would drown the others: those are shown normalised. */
    if (o->image_h)
        stand_up(pl, clip, features);
    else if (!mel)
        mdg_feature_normalize(&pl->frontend.norm, pl->rows[clip], (size_t)pl->features.frames, features);
    for (size_t v = 0; mel && v < pl->row_values; v++)
        features[v] = (float)pl->rows[clip][v] / (float)pl->features.unit;
    return (mdg_report_clip){
        .name = pl->set.clips[clip].path,
        .label = pl->frontend.labels[pl->truth[i]],
        .predicted = pl->frontend.labels[predicted],
        .score = scores[predicted],
        .features = features,
        .frames = o->image_h ? pl->shape.w : pl->features.frames,
        .width = o->image_h ? pl->shape.h : pl->features.width,
        .seconds = o->image_h ? (float)pl->shape.w : (float)o->clip_ms / 1000,
        .key = o->image_h                    ? "pixels"
               : mel                         ? "time to the right, frequency in Hz upwards (mel scale)"
               : o->kind == MDG_FEATURE_MFCC ? "time to the right, cepstral coefficients upwards"
               : o->kind == MDG_FEATURE_RAW  ? "time to the right, channels upwards, each normalised"
                                             : "time to the right, features upwards, each normalised",
        .lo_hz = mel ? o->f_min_hz : 0,
        .hi_hz = !mel              ? 0
                 : o->f_max_hz > 0 ? o->f_max_hz
                                   : (float)o->sample_rate / 2};
}

/* Test clips spread over the classes, so that each looks different. */
static mdg_report_clip *clips_of(const mdg_pipeline *pl, int *n) {
    const int total = mdg_pipeline_finds(pl) ? 0 : pl->n_of[MDG_SPLIT_TEST]; /* scenes are shown instead */
    *n = total < REPORT_CLIPS ? total : REPORT_CLIPS;
    mdg_report_clip *out = mdg_arena_array(pl->arena, REPORT_CLIPS, sizeof *out);
    for (int i = 0; i < *n; i++) out[i] = clip_of(pl, (int)((int64_t)(2 * i + 1) * total / (2 * *n)));
    return out;
}

static mdg_report_layer *layers_of(const mdg_pipeline *pl) {
    mdg_report_layer *out = mdg_arena_array(pl->arena, (size_t)pl->quant.n_layers + 1, sizeof *out);
    for (int i = 0; i < pl->quant.n_layers; i++) {
        const mdg_quant_layer *q = &pl->quant.layers[i];
        out[i] = (mdg_report_layer){.name = q->name,
                                    .op = q->op_name,
                                    .lo = q->lo,
                                    .hi = q->hi,
                                    .scale = q->scale,
                                    .zero_point = q->zero_point,
                                    .sqnr_db = (float)q->sqnr_db};
    }
    return out;
}

static mdg_report_cost cost_of(const mdg_pipeline *pl) {
    mdg_report_cost c = mdg_cost_report(pl->arena, &pl->cost_view);
    c.budget_ram_bytes = pl->project.budget.ram;
    c.budget_flash_bytes = pl->project.budget.flash;
    return c;
}

static const char *configuration_of(const mdg_pipeline *pl) {
    mdg_bytes file;
    const char *path = mdg_arena_printf(pl->arena, "%s/midge.yaml", pl->project.folder);
    if (mdg_file_read(path, pl->arena, &file, NULL) != MDG_OK) return NULL;
    return mdg_arena_printf(pl->arena, "%.*s", (int)file.size, (const char *)file.data);
}

static const mdg_report_skipped *skipped_of(const mdg_pipeline *pl) {
    mdg_report_skipped *out = mdg_arena_array(pl->arena, (size_t)pl->set.n_skipped + 1, sizeof *out);
    for (int i = 0; i < pl->set.n_skipped; i++)
        out[i] = (mdg_report_skipped){pl->set.skipped[i].path, pl->set.skipped[i].cause};
    return out;
}

/* A file NOTE beside the recordings tells readers of the report what they must know of them. */
static const char *note_of(const mdg_pipeline *pl) {
    mdg_bytes file;
    const char *path = mdg_arena_printf(pl->arena, "%s/NOTE", pl->project.data.path);
    if (mdg_file_read(path, pl->arena, &file, NULL) != MDG_OK) return NULL;
    return mdg_arena_printf(pl->arena, "%.*s", (int)file.size, (const char *)file.data);
}

mdg_status mdg_pipeline_report(mdg_pipeline *pl) {
    mdg_model_file model;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &model));
    mdg_report_accuracy accuracies[3];
    int n_accuracies = 0, n_clips = 0, n_scenes = 0;
    add_all(pl, accuracies, &n_accuracies);
    const mdg_report_scene *scenes = mdg_pipeline_finds(pl) ? mdg_finding_scenes(pl, &n_scenes) : NULL;
    const char *note = note_of(pl);
    const mdg_report r = {.title = pl->project.name,
                          .notes = &note,
                          .n_notes = note ? 1 : 0,
                          .accuracies = accuracies,
                          .n_accuracies = n_accuracies,
                          .cost = cost_of(pl),
                          .epochs = epochs_of(pl),
                          .n_epochs = pl->history.n_epochs,
                          .best_epoch = pl->history.best_epoch,
                          .classes = classes_of(pl),
                          .confusion = judged(pl)->confusion,
                          .n_classes = pl->frontend.n_labels,
                          .roc = pl->judge_int8.roc ? pl->judge_int8.roc[0] : NULL,
                          .interval = {pl->judge_int8.interval[0], pl->judge_int8.interval[1]},
                          .calibration = mdg_pipeline_calibration(pl),
                          .groups = mdg_pipeline_groups(pl),
                          .n_groups = pl->judge_int8.n_groups,
                          .misses = mdg_pipeline_misses(pl),
                          .n_misses = pl->judge_int8.n_worst,
                          .clips = clips_of(pl, &n_clips),
                          .n_clips = n_clips,
                          .scenes = scenes,
                          .n_scenes = n_scenes,
                          .ops = mdg_cost_report_ops(pl->arena, &pl->cost_view),
                          .n_ops = pl->cost.n_ops,
                          .layers = layers_of(pl),
                          .n_layers = pl->quant.n_layers,
                          .skipped = skipped_of(pl),
                          .n_skipped = pl->set.n_skipped,
                          .configuration = configuration_of(pl),
                          .version = MIDGE_VERSION};
    return mdg_report_write(&r, mdg_pipeline_file(pl, "report.html"), pl->diag);
}
