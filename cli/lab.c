/* SPDX-License-Identifier: MIT */
#include "cli/lab.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/estimate.h"
#include "project/edit.h"

enum { DRAFT_CLIPS = 4 }; /* that a network with its first weights is quantised by */

struct mdg_lab_features {
    mdg_candidate key; /* the values of all dimensions of features, else 0 */
    mdg_pipeline pipeline;
    mdg_lab_features *next;
};

/* ==== The space ==== */

static const char *const audio_space[] = {
    "model.width = 8 12 16 24 32 48 64", "model.depth = 1 2 3 4 5",
    "features.kind = log_mel mfcc",      "features.mels = 20 32 40",
    "features.hop_ms = 10 16 20 30",     "features.coefficients = 10 13 20 when features.kind = mfcc"};
static const char *const series_space[] = {"model.architecture = ds_cnn mlp",
                                           "model.width = 8 12 16 24 32 48 64", "model.depth = 1 2 3 4"};
static const char *const image_space[] = {"model.width = 8 12 16 24 32 48 64", "model.depth = 1 2 3 4 5"};

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static mdg_status read_space(mdg_lab *lab) {
    const mdg_project_search *s = &lab->project.search;
    mdg_diag *diag = &lab->cli->diag;
    const char *const *lines = s->space;
    int n = s->n_space;
    if (!n && lab->project.data.kind == MDG_DATA_AUDIO) lines = audio_space, n = COUNT(audio_space);
    if (!n && lab->project.data.kind == MDG_DATA_SERIES) lines = series_space, n = COUNT(series_space);
    if (!n) lines = image_space, n = COUNT(image_space);
    if (mdg_space_read(lines, n, lab->cli->arena, &lab->space, diag) == MDG_OK) return MDG_OK;
    return mdg_fail_in(diag, MDG_INVALID, lab->path);
}

static bool is_in(const char *key, const char *section) {
    const size_t n = strlen(section);
    return strncmp(key, section, n) == 0 && key[n] == '.';
}

static mdg_status check_key(const mdg_lab *lab, const char *key) {
    static const char *const sections[] = {"features", "augment", "model", "train", "quantize"};
    bool known = false;
    for (int i = 0; i < COUNT(sections); i++) known |= is_in(key, sections[i]);
    if (!known || !mdg_project_has_key(key))
        return mdg_fail(&lab->cli->diag, MDG_INVALID,
                        "%s: search.space: %s is no key that can be searched; these are those of features, "
                        "augment, model, train and quantize that `midge new --keys` lists",
                        lab->path, key);
    if (lab->project.model.n_layers && is_in(key, "model"))
        return mdg_fail(
            &lab->cli->diag, MDG_INVALID,
            "%s: search.space: %s has no effect, since model.layers lists the layers; remove these or "
            "search other keys (search.space)",
            lab->path, key);
    return MDG_OK;
}

static mdg_status parse(const mdg_lab *lab, const char *text, mdg_arena *arena, mdg_project *out,
                        mdg_diag *diag) {
    MDG_TRY(mdg_project_parse(text, strlen(text), lab->path, arena, out, diag));
    out->budget = (mdg_budget){0}; /* the search has its own */
    if (lab->workers) out->train.workers = lab->workers;
    return MDG_OK;
}

/* Each value by itself; those that do not go together are found when they meet. */
static mdg_status check_values(const mdg_lab *lab, const mdg_dimension *d) {
    for (int v = 0; v < d->n; v++) {
        const mdg_setting s = {d->key, d->values[v]};
        const char *text;
        mdg_project p;
        MDG_TRY(mdg_project_edit(lab->text, lab->path, &s, 1, lab->cli->arena, &text, &lab->cli->diag));
        if (mdg_project_parse(text, strlen(text), "search.space", lab->cli->arena, &p, &lab->cli->diag) !=
            MDG_OK)
            return mdg_fail_in(&lab->cli->diag, MDG_INVALID, lab->path);
    }
    return MDG_OK;
}

mdg_status mdg_lab_open(mdg_cli *cli, const char *folder, mdg_lab *out) {
    mdg_bytes file;
    *out = (mdg_lab){.cli = cli, .folder = folder};
    out->path = mdg_arena_printf(cli->arena, "%s/midge.yaml", folder);
    MDG_TRY(mdg_project_load(folder, cli->arena, &out->project, &cli->diag));
    out->optimize = out->project.optimize;
    MDG_TRY(mdg_file_read(out->path, cli->arena, &file, &cli->diag));
    out->text = mdg_arena_printf(cli->arena, "%.*s", (int)file.size, (const char *)file.data);
    MDG_TRY(mdg_cli_target(cli, out->project.target, &out->target));
    MDG_TRY(read_space(out));
    for (int i = 0; i < out->space.n; i++) {
        MDG_TRY(check_key(out, out->space.dimensions[i].key));
        MDG_TRY(check_values(out, &out->space.dimensions[i]));
    }
    return mdg_folder_make(mdg_arena_printf(cli->arena, "%s/search", out->project.out), &cli->diag);
}

mdg_status mdg_lab_text(const mdg_lab *lab, const mdg_candidate *c, mdg_arena *arena, const char **out,
                        mdg_diag *diag) {
    mdg_setting settings[MDG_SPACE_MAX_DIMENSIONS];
    int n = 0;
    for (int i = 0; i < lab->space.n; i++) {
        const mdg_dimension *d = &lab->space.dimensions[i];
        if (mdg_space_applies(&lab->space, c, i))
            settings[n++] = (mdg_setting){d->key, d->values[c->value[i]]};
    }
    return mdg_project_edit(lab->text, lab->path, settings, n, arena, out, diag);
}

const char *mdg_lab_settings(const mdg_lab *lab, const mdg_candidate *c) {
    const char *text = "";
    for (int i = 0; i < lab->space.n; i++) {
        const mdg_dimension *d = &lab->space.dimensions[i];
        if (d->n > 1 && mdg_space_applies(&lab->space, c, i))
            text = mdg_arena_printf(lab->cli->arena, "%s%s%s %s", text, text[0] ? ", " : "", d->key,
                                    d->values[c->value[i]]);
    }
    return text;
}

/* ==== Pipelines ==== */

/* What a trial works with: a command line and an arena of its own, which end with it. */
typedef struct bench {
    mdg_cli cli;
    mdg_pipeline pipeline;
} bench;

static mdg_candidate features_of(const mdg_lab *lab, const mdg_candidate *c) {
    mdg_candidate key = {{0}};
    for (int i = 0; i < lab->space.n; i++)
        if (is_in(lab->space.dimensions[i].key, "features")) key.value[i] = c->value[i];
    return key;
}

static mdg_status check_validation(const mdg_lab *lab, const mdg_pipeline *pl) {
    if (pl->n_of[MDG_SPLIT_VALIDATION]) return MDG_OK;
    return mdg_fail(&lab->cli->diag, MDG_NOT_FOUND,
                    "%s: a search compares candidates on validation clips, and there are none; set "
                    "data.validation or data.validation_groups",
                    lab->path);
}

/* The features of this setting, with the recordings of the first */
static mdg_status find_features(mdg_lab *lab, const mdg_candidate *c, const mdg_project *p,
                                mdg_lab_features **out) {
    const mdg_candidate key = features_of(lab, c);
    for (*out = lab->features; *out; *out = (*out)->next)
        if (mdg_candidate_equal(&(*out)->key, &key)) return MDG_OK;
    mdg_lab_features *f = mdg_arena_alloc(lab->cli->arena, sizeof *f);
    mdg_pipeline *pl = &f->pipeline;
    *pl = (mdg_pipeline){.cli = lab->cli, .arena = lab->cli->arena, .diag = &lab->cli->diag, .project = *p};
    if (lab->features) {
        pl->set = lab->features->pipeline.set;
        pl->kinds = lab->features->pipeline.kinds;
        memcpy(pl->n_of, lab->features->pipeline.n_of, sizeof pl->n_of);
        memcpy(pl->clips_of, lab->features->pipeline.clips_of, sizeof pl->clips_of);
    }
    const mdg_status status = mdg_pipeline_data(pl, true);
    if (status == MDG_INVALID && pl->n_of[MDG_SPLIT_TRAIN] == 0)
        return MDG_NOT_FOUND; /* no fault of features */
    MDG_TRY(status);
    MDG_TRY(check_validation(lab, pl));
    f->key = key;
    f->next = lab->features;
    *out = lab->features = f;
    return MDG_OK;
}

/* The project must outlive the features that are computed by it: it lies in the lab's arena. */
static mdg_status open_bench(mdg_lab *lab, const mdg_candidate *c, const char *out_name, bench *b) {
    mdg_arena *arena = lab->cli->arena;
    mdg_project project;
    mdg_lab_features *f;
    const char *text;
    MDG_TRY(mdg_lab_text(lab, c, arena, &text, &lab->cli->diag));
    MDG_TRY(parse(lab, text, arena, &project, &lab->cli->diag));
    MDG_TRY(find_features(lab, c, &project, &f));
    b->cli = *lab->cli;
    b->cli.arena = mdg_arena_new();
    b->cli.quiet = true;
    b->cli.parallel = (mdg_parallel){.size = 1}; /* each trains for itself */
    b->cli.progress.report = NULL;
    b->pipeline = f->pipeline;
    b->pipeline.cli = &b->cli;
    b->pipeline.arena = b->cli.arena;
    b->pipeline.diag = &b->cli.diag;
    b->pipeline.project = project;
    b->pipeline.target = lab->target;
    b->pipeline.project.out = mdg_arena_printf(b->cli.arena, "%s/search/%s", lab->project.out, out_name);
    return mdg_folder_make(b->pipeline.project.out, &lab->cli->diag);
}

static mdg_status close_bench(mdg_lab *lab, bench *b, mdg_status status) {
    if (status != MDG_OK) lab->cli->diag = b->cli.diag;
    mdg_arena_free(b->cli.arena);
    return status;
}

/* ==== Trials ==== */

static mdg_status measure(mdg_lab *lab, mdg_pipeline *pl, mdg_trial_result *out) {
    const mdg_goal goal = {
        .target_name = lab->target->name, .target = lab->target, .optimize = lab->optimize};
    mdg_model_file model;
    mdg_needs needs;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &model));
    MDG_TRY(mdg_graph_needs(pl->cli, model.graph, &goal, &needs));
    out->flash = needs.flash;
    out->ram = needs.ram;
    out->instructions = needs.instructions;
    return MDG_OK;
}

static mdg_status draft(mdg_lab *lab, mdg_pipeline *pl, mdg_trial_result *out) {
    pl->project.calibration_samples = DRAFT_CLIPS;
    MDG_TRY(mdg_pipeline_draft(pl));
    MDG_TRY(mdg_pipeline_quantize(pl));
    return measure(lab, pl, out);
}

mdg_status mdg_lab_draft(mdg_lab *lab, const mdg_candidate *c, mdg_trial_result *out) {
    bench b;
    MDG_TRY(open_bench(lab, c, "draft", &b));
    *out = (mdg_trial_result){0};
    return close_bench(lab, &b, draft(lab, &b.pipeline, out));
}

static mdg_status try_it(mdg_lab *lab, mdg_pipeline *pl, mdg_trial_result *out) {
    MDG_TRY(mdg_pipeline_train(pl, false));
    unlink(mdg_pipeline_file(pl, "checkpoint.bin"));
    if (pl->history.n_epochs)
        out->accuracy_float = (double)pl->history.epochs[pl->history.best_epoch].validation_accuracy;
    MDG_TRY(mdg_pipeline_quantize(pl));
    MDG_TRY(measure(lab, pl, out));
    return mdg_pipeline_accuracy(pl, MDG_SPLIT_VALIDATION, &out->accuracy);
}

/* The same schedule in fewer epochs */
static void shorten(mdg_train_opts *o, int epochs) {
    o->warmup_epochs = o->warmup_epochs * epochs / o->epochs;
    o->step_epochs = o->step_epochs * epochs / o->epochs;
    if (o->step_epochs < 1) o->step_epochs = 1;
    o->epochs = epochs;
}

static bool ends_search(mdg_status status) {
    return status == MDG_INTERRUPTED || status == MDG_IO || status == MDG_NO_MEMORY;
}

mdg_status mdg_lab_try(mdg_lab *lab, mdg_trial *t) {
    bench b;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    MDG_TRY(open_bench(lab, &t->candidate, mdg_arena_printf(lab->cli->arena, "%d", t->id), &b));
    shorten(&b.pipeline.project.train, t->epochs);
    if (lab->progress) b.cli.progress = *lab->progress;
    t->result = (mdg_trial_result){0};
    const mdg_status status = close_bench(lab, &b, try_it(lab, &b.pipeline, &t->result));
    clock_gettime(CLOCK_MONOTONIC, &to);
    t->result.seconds = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    t->state = status == MDG_OK ? MDG_TRIAL_DONE : MDG_TRIAL_FAILED;
    if (status == MDG_OK) return MDG_OK;
    snprintf(t->result.why, sizeof t->result.why, "%.*s", (int)sizeof t->result.why - 1, lab->cli->diag.text);
    return ends_search(status) ? status : MDG_OK;
}
