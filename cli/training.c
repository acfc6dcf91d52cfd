/* SPDX-License-Identifier: MIT
 *
 * training.c: clips into the trainer, and what it learned into out/.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/teacher.h"
#include "cli/classic.h"
#include "cli/finding.h"
#include "cli/network.h"
#include "cli/reproducing.h"
#include "data/augment.h"
#include "data/mix.h"
#include "tflite/tflite.h"
#include "train/curves.h"
#include "train/fake.h"
#include "train/train.h"

/* What one training sample is made in. Several threads make samples; an arena belongs to one, so this is the
 * heap's. */
typedef struct workshop {
    void *block; /* to be freed; begins with the scratch of the features */
    int16_t *rows, *samples, *others;
} workshop;

static workshop open_workshop(const mdg_pipeline *pl) {
    const size_t scratch = mdg_feature_work_bytes(&pl->features);
    workshop w;
    char *block = malloc(scratch + (pl->row_values + 2 * pl->clip_values) * sizeof(int16_t));
    if (!block) abort();
    w.block = block;
    w.rows = (int16_t *)(block + scratch);
    w.samples = w.rows + pl->row_values;
    w.others = w.samples + pl->clip_values;
    return w;
}

/* Where the network reproduces its input, nobody asks (NULL). r: by which the clip was varied, or NULL */
static void set_truth(const mdg_pipeline *pl, int clip, const mdg_rng *r, float *y) {
    if (!y) return;
    if (mdg_pipeline_finds(pl)) {
        mdg_finding_target(pl, clip, r, y);
        return;
    }
    memset(y, 0, (size_t)pl->set.n_labels * sizeof *y);
    y[pl->set.clips[clip].label] = 1;
}

static void blend(float *a, const float *b, size_t n, float share_of_b) {
    for (size_t i = 0; i < n; i++) a[i] += share_of_b * (b[i] - a[i]);
}

static int random_clip(const mdg_pipeline *pl, mdg_rng *r) {
    return pl->clips_of[MDG_SPLIT_TRAIN][mdg_rng_below(r, (uint32_t)pl->n_of[MDG_SPLIT_TRAIN])];
}

static void vary(const mdg_pipeline *pl, int clip, mdg_rng *r, int16_t *samples) {
    mdg_augment_clip(&pl->set, &pl->set.clips[clip], &pl->project.augment, r, samples, pl->clip_samples);
}

/* A second clip in the first one's samples, of another class where chance finds one in a few draws. */
static void mix_between(const mdg_pipeline *pl, int clip, mdg_rng *r, const workshop *w, float *y) {
    const float share = mdg_rng_uniform(r, 0.0f, 1.0f);
    const int label = pl->set.clips[clip].label;
    int other = random_clip(pl, r);
    for (int draws = 0; draws < 8 && pl->set.clips[other].label == label; draws++) other = random_clip(pl, r);
    vary(pl, other, r, w->others);
    (pl->project.data.kind == MDG_DATA_AUDIO ? mdg_mix_sound : mdg_mix_series)(w->samples, w->others,
                                                                               pl->clip_values, share);
    if (!y) return;
    y[label] -= 1.0f - share;
    y[pl->set.clips[other].label] += 1.0f - share;
}

/* One training clip, varied by r, as the network sees it: x [frames][width], y its class or two of them. */
static void fill_varied(const mdg_pipeline *pl, int clip, mdg_rng *r, float *x, float *y) {
    const mdg_augment_opts *o = &pl->project.augment;
    const workshop w = open_workshop(pl);
    set_truth(pl, clip, r, y);
    vary(pl, clip, r, w.samples);
    if (o->between_class > 0 && mdg_rng_uniform(r, 0, 1) < o->between_class) mix_between(pl, clip, r, &w, y);
    mdg_feature_clip(&pl->features, w.samples, pl->clip_samples, w.block, w.rows);
    mdg_feature_normalize(&pl->frontend.norm, w.rows, (size_t)pl->features.frames, x);
    free(w.block);
}

/* Blends a second clip into x and y: the network learns that between two examples lies a mixed truth. */
static void mix_in(const mdg_pipeline *pl, mdg_rng *r, float *x, float *y) {
    const float share = mdg_rng_uniform(r, 0.0f, 0.4f);
    const int other = random_clip(pl, r), n_labels = pl->set.n_labels;
    float *x2 = malloc((pl->row_values + (size_t)n_labels) * sizeof *x2), *y2;
    if (!x2) abort();
    y2 = x2 + pl->row_values;
    fill_varied(pl, other, r, x2, y2);
    blend(x, x2, pl->row_values, share);
    if (y) blend(y, y2, (size_t)n_labels, share);
    free(x2);
}

static void fill(void *context, bool validation, int index, mdg_rng *r, float *x, float *y) {
    const mdg_pipeline *pl = context;
    const int clip = pl->clips_of[validation ? MDG_SPLIT_VALIDATION : MDG_SPLIT_TRAIN][index];
    if (!r) {
        mdg_pipeline_input_float(pl, clip, x);
        set_truth(pl, clip, NULL, y);
        return;
    }
    const mdg_augment_opts *o = &pl->project.augment;
    fill_varied(pl, clip, r, x, y);
    if (o->mixup > 0 && mdg_rng_uniform(r, 0, 1) < o->mixup) mix_in(pl, r, x, y);
    if (pl->project.data.kind == MDG_DATA_AUDIO)
        mdg_augment_features(o, r, x, pl->features.frames, pl->features.width, 0.0f);
}

/* Rare classes count for more, so that all classes together weigh the same; at most 5 times. Of a map, cells
 * with objects do. */
static const float *class_weights(mdg_pipeline *pl) {
    if (mdg_pipeline_finds(pl)) return mdg_finding_weights(pl);
    if (pl->project.balance != MDG_BALANCE_WEIGHTS) return NULL;
    const int n_labels = pl->set.n_labels, n = pl->n_of[MDG_SPLIT_TRAIN];
    float *weights = mdg_arena_array(pl->arena, (size_t)n_labels, sizeof *weights);
    for (int i = 0; i < n; i++) weights[pl->set.clips[pl->clips_of[MDG_SPLIT_TRAIN][i]].label] += 1;
    for (int k = 0; k < n_labels; k++) {
        const float balanced = (float)n / ((float)n_labels * (weights[k] > 0 ? weights[k] : 1));
        weights[k] = balanced < 5 ? balanced : 5;
    }
    return weights;
}

static const int *train_labels(mdg_pipeline *pl) {
    const int n = pl->n_of[MDG_SPLIT_TRAIN];
    int *labels = mdg_arena_array(pl->arena, (size_t)n, sizeof *labels);
    for (int i = 0; i < n; i++) labels[i] = pl->set.clips[pl->clips_of[MDG_SPLIT_TRAIN][i]].label;
    return labels;
}

static mdg_status save_history(mdg_pipeline *pl) {
    json_t *o = json_object(), *epochs = json_array();
    for (int i = 0; i < pl->history.n_epochs; i++) {
        const mdg_epoch *e = &pl->history.epochs[i];
        json_t *row = json_object();
#define SAVE(name) json_object_set_new(row, #name, json_real((double)e->name));
        MDG_EPOCH_FIGURES(SAVE)
#undef SAVE
        json_array_append_new(epochs, row);
    }
    json_object_set_new(o, "best_epoch", json_integer(pl->history.best_epoch));
    json_object_set_new(o, "epochs", epochs);
    return mdg_json_save(o, mdg_pipeline_file(pl, "history.json"), pl->diag);
}

static mdg_status save_clips(mdg_pipeline *pl) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, mdg_pipeline_file(pl, "clips.txt"), pl->diag));
    mdg_dataset_print(&pl->set, w.stream);
    static const char *const names[] = {"train", "validation", "test"};
    for (int i = 0; i < pl->set.n_clips; i++) {
        const mdg_clip *c = &pl->set.clips[i];
        fprintf(w.stream, "%s\t%s\t%s\t%s\n", names[c->split], pl->set.labels[c->label], c->group, c->path);
    }
    return mdg_writer_close(&w, pl->diag);
}

static mdg_status source_of(mdg_pipeline *pl, mdg_train_source *out) {
    mdg_teacher *teacher = NULL;
    if (pl->project.teacher) MDG_TRY(mdg_teacher_open(pl, pl->project.teacher, &teacher));
    *out = (mdg_train_source){.context = pl,
                              .n_train = pl->n_of[MDG_SPLIT_TRAIN],
                              .n_validation = pl->n_of[MDG_SPLIT_VALIDATION],
                              .fill = fill,
                              .class_weights = class_weights(pl),
                              .labels = train_labels(pl),
                              .teach = teacher ? mdg_teacher_answer : NULL,
                              .teacher = teacher};
    return MDG_OK;
}

static mdg_status train_net(mdg_pipeline *pl, mdg_net *net, const mdg_train_opts *changed,
                            const mdg_train_source *source, mdg_history *history) {
    mdg_train_opts opts = *changed;
    opts.balanced = pl->project.balance == MDG_BALANCE_SAMPLING;
    const mdg_status status = mdg_train(net, &opts, source, &pl->cli->progress, history, pl->diag);
    if (status != MDG_INTERRUPTED) return status;
    return mdg_fail(pl->diag, status, "interrupted; `midge %s %s --resume` goes on where training stopped",
                    pl->cli->verb->name, pl->project.folder);
}

/* Both parts of the training, one after the other; the result is of the second. */
static mdg_history joined(mdg_arena *arena, const mdg_history *a, const mdg_history *b) {
    mdg_history h = {.n_epochs = a->n_epochs + b->n_epochs, .best_epoch = a->n_epochs + b->best_epoch};
    h.epochs = mdg_arena_array(arena, (size_t)h.n_epochs, sizeof *h.epochs);
    memcpy(h.epochs, a->epochs, (size_t)a->n_epochs * sizeof *h.epochs);
    memcpy(h.epochs + a->n_epochs, b->epochs, (size_t)b->n_epochs * sizeof *h.epochs);
    return h;
}

/* Trains on with rounded numbers; *net becomes another one. */
static mdg_status retrain(mdg_pipeline *pl, mdg_net **net, const mdg_train_opts *before,
                          const mdg_train_source *source) {
    const mdg_project_retrain *o = &pl->project.retrain;
    mdg_history history;
    mdg_train_opts opts = *before;
    mdg_net *rounded;
    if (strcmp(o->weights, "no") == 0) return MDG_OK;
    opts.epochs = o->epochs;
    opts.learning_rate *= o->rate;
    opts.warmup_epochs = 0;
    opts.curves = NULL; /* of both parts together, below */
    opts.checkpoint = mdg_pipeline_file(pl, "checkpoint_quantize.bin");
    mdg_cli_stage(pl->cli, "training on with %s weights, %d epochs", o->weights, o->epochs);
    MDG_TRY(mdg_net_quantized(*net, strcmp(o->weights, "int4") == 0 ? 4 : 8, source, pl->arena, &rounded,
                              pl->diag));
    mdg_net_free(*net);
    *net = rounded;
    MDG_TRY(train_net(pl, *net, &opts, source, &history));
    pl->history = joined(pl->arena, &pl->history, &history);
    return before->parallel->rank == 0
               ? mdg_curves_write(&pl->history, source->n_validation > 0, pl->project.out, pl->diag)
               : MDG_OK;
}

/* How the first part begins */
typedef struct beginning {
    bool resume;
    const mdg_net *elder; /* NULL: none */
} beginning;

/* In floating point. A checkpoint of the second part belongs to the first part that it began with. */
static mdg_status train_first(mdg_pipeline *pl, mdg_net *net, const beginning *how, mdg_train_opts *opts,
                              mdg_train_source *source) {
    *opts = pl->project.train;
    MDG_TRY(source_of(pl, source));
    source->elder = how->elder;
    opts->checkpoint = mdg_pipeline_file(pl, "checkpoint.bin");
    opts->curves = pl->project.out;
    opts->parallel = &pl->cli->parallel;
    opts->resume = how->resume;
    if (!how->resume || !mdg_file_exists(opts->checkpoint))
        remove(mdg_pipeline_file(pl, "checkpoint_quantize.bin"));
    mdg_cli_stage(pl->cli, "training on %d clips: %zu parameters, %d epochs", source->n_train,
                  mdg_net_parameters(net), opts->epochs);
    return train_net(pl, net, opts, source, &pl->history);
}

static mdg_status train_parts(mdg_pipeline *pl, mdg_net **net, bool resume) {
    mdg_train_opts opts;
    mdg_train_source source;
    MDG_TRY(train_first(pl, *net, &(beginning){.resume = resume}, &opts, &source));
    return retrain(pl, net, &opts, &source);
}

static mdg_status save_model(mdg_pipeline *pl, const mdg_net *net) {
    mdg_graph *graph;
    if (mdg_model_reproduces(&pl->project.model))
        MDG_TRY(mdg_reproducing_export(pl, net, &graph));
    else
        MDG_TRY(mdg_net_export(net, pl->arena, &graph, pl->diag));
    graph->description = mdg_arena_printf(pl->arena, "%s, trained by midge " MIDGE_VERSION, pl->project.name);
    MDG_TRY(mdg_tflite_save(graph, mdg_pipeline_file(pl, "model_float.tflite"), pl->diag));
    MDG_TRY(mdg_frontend_save(&pl->frontend, mdg_pipeline_file(pl, "frontend.json"), pl->diag));
    return save_history(pl);
}

mdg_status mdg_pipeline_float_model(mdg_pipeline *pl, const char *path, mdg_model_file *out) {
    return mdg_model_load(
        pl->cli,
        mdg_model_is_path(path) ? path : mdg_arena_printf(pl->arena, "%s/out/model_float.tflite", path), out);
}

static mdg_status start_from(mdg_pipeline *pl, mdg_net *net) {
    const mdg_project *p = &pl->project;
    mdg_model_file model;
    mdg_transfer t;
    if (!p->start_from) return MDG_OK;
    MDG_TRY(mdg_pipeline_float_model(pl, p->start_from, &model));
    MDG_TRY(mdg_net_start_from(net, model.graph, p->new_head, &t, pl->diag));
    mdg_cli_stage(pl->cli, "%d of the network's %d layers with weights begin with those of %s", t.n_loaded,
                  t.n_weighted, p->start_from);
    return MDG_OK;
}

static mdg_status make_net(mdg_pipeline *pl, mdg_net **out) {
    mdg_net_spec spec;
    MDG_TRY(mdg_pipeline_data(pl, true));
    const mdg_network_io io = {pl->shape,
                               pl->set.n_labels - mdg_pipeline_finds(pl)}; /* without the background */
    MDG_TRY(mdg_network_spec(pl->cli, &pl->project.model, &io, &spec));
    MDG_TRY(mdg_reproducing_check(pl));
    MDG_TRY(mdg_finding_check(pl, spec.objective == MDG_OBJECTIVE_MAP));
    MDG_TRY(mdg_net_new(&spec, pl->project.seed, pl->arena, out, pl->diag));
    int n;
    if (mdg_pipeline_finds(pl)) mdg_net_output_shape(*out, &pl->map_h, &pl->map_w, &n);
    return MDG_OK;
}

mdg_status mdg_pipeline_draft(mdg_pipeline *pl) {
    mdg_net *net;
    MDG_TRY(mdg_pipeline_data(pl, true));
    if (mdg_pipeline_is_classic(pl)) return mdg_classic_pipeline_train(pl); /* whose size comes of training */
    MDG_TRY(make_net(pl, &net));
    const mdg_status status = save_model(pl, net);
    mdg_net_free(net);
    return status;
}

mdg_status mdg_pipeline_net(mdg_pipeline *pl, mdg_net **out) {
    mdg_train_opts opts;
    mdg_train_source source;
    if (mdg_pipeline_is_classic(pl))
        return mdg_fail(pl->diag, MDG_UNSUPPORTED, "%s/midge.yaml: model.architecture: %s is no network",
                        pl->project.folder, pl->project.model.architecture);
    MDG_TRY(make_net(pl, out));
    mdg_status status = start_from(pl, *out);
    if (status == MDG_OK) status = train_first(pl, *out, &(beginning){.resume = true}, &opts, &source);
    if (status != MDG_OK) mdg_net_free(*out);
    return status;
}

mdg_status mdg_pipeline_tune(mdg_pipeline *pl, mdg_net *net, const mdg_net *elder) {
    mdg_train_opts opts;
    mdg_train_source source;
    return train_first(pl, net, &(beginning){.elder = elder}, &opts, &source);
}

mdg_status mdg_pipeline_keep(mdg_pipeline *pl, const mdg_net *net) {
    return save_model(pl, net);
}

mdg_status mdg_pipeline_train(mdg_pipeline *pl, bool resume) {
    mdg_net *net;
    MDG_TRY(mdg_pipeline_data(pl, true));
    const bool first = pl->cli->parallel.rank == 0; /* which writes for all */
    if (first) MDG_TRY(save_clips(pl));
    if (mdg_pipeline_is_classic(pl)) return first ? mdg_classic_pipeline_train(pl) : MDG_OK;
    MDG_TRY(make_net(pl, &net));
    mdg_status status = start_from(pl, net);
    if (status == MDG_OK) status = train_parts(pl, &net, resume);
    if (status == MDG_OK && first) status = save_model(pl, net);
    mdg_net_free(net);
    return status;
}
