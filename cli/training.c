/* SPDX-License-Identifier: MIT
 *
 * training.c: clips into the trainer, and what it learned into out/.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/pipeline.h"
#include "data/augment.h"
#include "tflite/tflite.h"
#include "train/train.h"

/* Where the network reproduces its input, nobody asks (NULL). */
static void set_truth(const mdg_pipeline *pl, int label, float *y) {
    if (!y) return;
    memset(y, 0, (size_t)pl->set.n_labels * sizeof *y);
    y[label] = 1;
}

/* One training clip, varied by r, as the network sees it: x [frames][width], y its class. */
static void fill_varied(const mdg_pipeline *pl, int clip, mdg_rng *r, float *x, float *y) {
    const mdg_features *f = &pl->features;
    const size_t samples_bytes = pl->clip_values * sizeof(int16_t),
                 rows_bytes = pl->row_values * sizeof(int16_t);
    /* Several threads come here; an arena belongs to one, so this block is the heap's. */
    char *block = malloc(mdg_feature_work_bytes(f) + samples_bytes + rows_bytes);
    if (!block) abort();
    int16_t *rows = (int16_t *)(block + mdg_feature_work_bytes(f)), *samples = rows + pl->row_values;
    const mdg_clip *c = &pl->set.clips[clip];
    mdg_augment_clip(&pl->set, c, &pl->project.augment, r, samples, pl->clip_samples);
    mdg_feature_clip(f, samples, pl->clip_samples, block, rows);
    mdg_feature_normalize(&pl->frontend.norm, rows, (size_t)f->frames, x);
    free(block);
    set_truth(pl, c->label, y);
}

/* Blends a second clip into x and y: the network learns that between two examples lies a mixed truth. */
static void mix_in(const mdg_pipeline *pl, mdg_rng *r, float *x, float *y) {
    const float share = mdg_rng_uniform(r, 0.0f, 0.4f);
    const uint32_t other = mdg_rng_below(r, (uint32_t)pl->n_of[MDG_SPLIT_TRAIN]);
    const int n_labels = pl->set.n_labels;
    float *x2 = malloc((pl->row_values + (size_t)n_labels) * sizeof *x2), *y2;
    if (!x2) abort();
    y2 = x2 + pl->row_values;
    fill_varied(pl, pl->clips_of[MDG_SPLIT_TRAIN][other], r, x2, y2);
    for (size_t i = 0; i < pl->row_values; i++) x[i] += share * (x2[i] - x[i]);
    for (int i = 0; y && i < n_labels; i++) y[i] += share * (y2[i] - y[i]);
    free(x2);
}

static void fill(void *context, bool validation, int index, mdg_rng *r, float *x, float *y) {
    const mdg_pipeline *pl = context;
    const int clip = pl->clips_of[validation ? MDG_SPLIT_VALIDATION : MDG_SPLIT_TRAIN][index];
    if (!r) {
        mdg_pipeline_input_float(pl, clip, x);
        set_truth(pl, pl->set.clips[clip].label, y);
        return;
    }
    const mdg_augment_opts *o = &pl->project.augment;
    fill_varied(pl, clip, r, x, y);
    if (o->mixup > 0 && mdg_rng_uniform(r, 0, 1) < o->mixup) mix_in(pl, r, x, y);
    if (pl->project.data.kind == MDG_DATA_AUDIO)
        mdg_augment_features(o, r, x, pl->features.frames, pl->features.width, 0.0f);
}

/* Rare classes count for more, so that all classes together weigh the same; at most 5 times. */
static const float *class_weights(mdg_pipeline *pl) {
    const int n_labels = pl->set.n_labels, n = pl->n_of[MDG_SPLIT_TRAIN];
    float *weights = mdg_arena_array(pl->arena, (size_t)n_labels, sizeof *weights);
    for (int i = 0; i < n; i++) weights[pl->set.clips[pl->clips_of[MDG_SPLIT_TRAIN][i]].label] += 1;
    for (int k = 0; k < n_labels; k++) {
        const float balanced = (float)n / ((float)n_labels * (weights[k] > 0 ? weights[k] : 1));
        weights[k] = balanced < 5 ? balanced : 5;
    }
    return weights;
}

static mdg_status network_spec(mdg_pipeline *pl, mdg_net_spec *out) {
    const mdg_project_model *m = &pl->project.model;
    const mdg_feature_shape s = pl->shape;
    const int n_classes = pl->set.n_labels, n = m->n_layers;
    if (n == 0)
        return mdg_net_architecture(m->architecture, &m->opts, s.h, s.w, s.c, n_classes, pl->arena, out,
                                    pl->diag);
    *out = (mdg_net_spec){.in_h = s.h,
                          .in_w = s.w,
                          .in_c = s.c,
                          .n_layers = n + 1,
                          .n_classes = n_classes,
                          .objective = m->objective};
    const bool classes = m->objective == MDG_OBJECTIVE_CLASSES;
    out->layers = mdg_arena_array(pl->arena, (size_t)n + 1, sizeof *out->layers);
    memcpy(out->layers, m->layers, (size_t)n * sizeof *out->layers);
    out->layers[n] = (mdg_layer_spec){
        .kind = MDG_LAYER_DENSE, .from = n - 1, .filters = classes ? n_classes : s.h * s.w * s.c};
    return MDG_OK;
}

static mdg_status save_history(mdg_pipeline *pl) {
    json_t *o = json_object(), *epochs = json_array();
    for (int i = 0; i < pl->history.n_epochs; i++) {
        const mdg_epoch *e = &pl->history.epochs[i];
        json_t *row = json_object();
#define SAVE(name) json_object_set_new(row, #name, json_real((double)e->name));
        SAVE(loss)
        SAVE(accuracy)
        SAVE(validation_loss)
        SAVE(validation_accuracy)
        SAVE(learning_rate)
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

static mdg_status train_net(mdg_pipeline *pl, mdg_net *net, bool resume) {
    mdg_train_opts opts = pl->project.train;
    opts.checkpoint = mdg_pipeline_file(pl, "checkpoint.bin");
    opts.resume = resume;
    const mdg_train_source source = {.context = pl,
                                     .n_train = pl->n_of[MDG_SPLIT_TRAIN],
                                     .n_validation = pl->n_of[MDG_SPLIT_VALIDATION],
                                     .fill = fill,
                                     .class_weights = pl->project.balance ? class_weights(pl) : NULL};
    mdg_cli_stage(pl->cli, "training on %d clips: %zu parameters, %d epochs", source.n_train,
                  mdg_net_parameters(net), opts.epochs);
    const mdg_status status = mdg_train(net, &opts, &source, &pl->cli->progress, &pl->history, pl->diag);
    if (status != MDG_INTERRUPTED) return status;
    return mdg_fail(pl->diag, status, "interrupted; `midge %s %s --resume` goes on where training stopped",
                    pl->cli->verb->name, pl->project.folder);
}

static mdg_status save_model(mdg_pipeline *pl, const mdg_net *net) {
    mdg_graph *graph;
    MDG_TRY(mdg_net_export(net, pl->arena, &graph, pl->diag));
    graph->description = mdg_arena_printf(pl->arena, "%s, trained by midge " MIDGE_VERSION, pl->project.name);
    MDG_TRY(mdg_tflite_save(graph, mdg_pipeline_file(pl, "model_float.tflite"), pl->diag));
    MDG_TRY(mdg_frontend_save(&pl->frontend, mdg_pipeline_file(pl, "frontend.json"), pl->diag));
    return save_history(pl);
}

mdg_status mdg_pipeline_train(mdg_pipeline *pl, bool resume) {
    mdg_net_spec spec;
    mdg_net *net;
    MDG_TRY(mdg_pipeline_data(pl, true));
    MDG_TRY(save_clips(pl));
    MDG_TRY(network_spec(pl, &spec));
    MDG_TRY(mdg_net_new(&spec, pl->project.seed, pl->arena, &net, pl->diag));
    mdg_status status = train_net(pl, net, resume);
    if (status == MDG_OK) status = save_model(pl, net);
    mdg_net_free(net);
    return status;
}
