/* SPDX-License-Identifier: MIT
 *
 * pipeline.c: from a project's folder to labelled features.
 */
#include "cli/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "cli/classic.h"
#include "cli/finding.h"
#include "cli/reproducing.h"
#include "data/augment.h"

const char *mdg_pipeline_file(const mdg_pipeline *pl, const char *name) {
    return mdg_arena_printf(pl->arena, "%s/%s", pl->project.out, name);
}

mdg_status mdg_pipeline_open(mdg_cli *cli, const char *folder, mdg_pipeline *out) {
    *out = (mdg_pipeline){.cli = cli, .arena = cli->arena, .diag = &cli->diag};
    MDG_TRY(mdg_project_load(folder, cli->arena, &out->project, &cli->diag));
    out->optimize = out->project.optimize;
    out->target = mdg_target_find(out->project.target);
    if (!out->target)
        return mdg_fail(&cli->diag, MDG_INVALID, "%s/midge.yaml: target: '%s' is not known; known are %s",
                        folder, out->project.target, mdg_target_names(cli->arena));
    return mdg_folder_make(out->project.out, &cli->diag);
}

static void list_splits(mdg_pipeline *pl) {
    const int n = pl->set.n_clips;
    for (int s = 0; s < MDG_SPLIT_COUNT; s++)
        pl->clips_of[s] = mdg_arena_array(pl->arena, (size_t)n + 1, sizeof *pl->clips_of[s]);
    for (int i = 0; i < n; i++) {
        const mdg_split s = pl->set.clips[i].split;
        if (s != MDG_SPLIT_TEST && mdg_model_reproduces(&pl->project.model) &&
            !mdg_classic_learns_from(pl, &pl->set.clips[i]))
            continue;
        pl->clips_of[s][pl->n_of[s]++] = i;
    }
}

/* A class that a split lacks is not judged there; figures would not show it. */
static void warn_of_gaps(mdg_pipeline *pl) {
    for (int s = MDG_SPLIT_VALIDATION; s < MDG_SPLIT_COUNT; s++) {
        int n_missing = 0, missing = 0;
        for (int l = mdg_pipeline_finds(pl); l < pl->set.n_labels && pl->n_of[s] > 0; l++) {
            int n = 0;
            for (int i = 0; i < pl->n_of[s]; i++) n += mdg_clip_holds(&pl->set.clips[pl->clips_of[s][i]], l);
            if (n > 0) continue;
            n_missing++;
            missing = l;
        }
        if (n_missing > 0)
            mdg_cli_stage(
                pl->cli,
                "  note: the %s split has no clip of %d of %d classes ('%s'): it tells nothing of them",
                mdg_split_text((mdg_split)s), n_missing, pl->set.n_labels, pl->set.labels[missing]);
    }
}

static mdg_status load_clips(mdg_pipeline *pl) {
    const mdg_project *p = &pl->project;
    mdg_cli_stage(pl->cli, "reading recordings from %s", p->data.path);
    MDG_TRY(mdg_dataset_scan(&p->data, pl->arena, &pl->set, pl->diag));
    MDG_TRY(mdg_dataset_split(&pl->set, &p->data.split, pl->diag));
    MDG_TRY(mdg_dataset_decode(&pl->set, &pl->cli->progress, pl->diag));
    for (int i = 0; i < pl->set.n_skipped; i++)
        mdg_cli_stage(pl->cli, "  skipped %s: %s", pl->set.skipped[i].path, pl->set.skipped[i].cause);
    MDG_TRY(mdg_classic_relabel(pl));
    list_splits(pl);
    warn_of_gaps(pl);
    if (pl->n_of[MDG_SPLIT_TRAIN] == 0)
        return mdg_fail(pl->diag, MDG_INVALID,
                        "%s: no clip is left for training; see data.validation and data.test", p->data.path);
    return MDG_OK;
}

static void set_sizes(mdg_pipeline *pl) {
    const mdg_feature_opts *o = &pl->frontend.opts;
    pl->clip_samples = o->image_h ? (size_t)o->image_h * (size_t)o->image_w
                                  : (size_t)((int64_t)o->sample_rate * o->clip_ms / 1000);
    pl->clip_values = pl->clip_samples * (size_t)pl->features.channels;
    pl->shape = mdg_feature_shape_of(o, &pl->features);
    pl->map_h = pl->map_w = 1;
}

static mdg_status compute_features(mdg_pipeline *pl) {
    const mdg_feature_opts *o = &pl->frontend.opts;
    MDG_TRY(mdg_feature_build(o, pl->arena, &pl->features, pl->diag));
    set_sizes(pl);
    pl->row_values = (size_t)pl->features.frames * (size_t)pl->features.width;
    pl->rows = mdg_arena_array(pl->arena, (size_t)pl->set.n_clips, sizeof *pl->rows);
    int16_t *samples = mdg_arena_array(pl->arena, pl->clip_values, sizeof *samples);
    void *scratch = mdg_arena_alloc(pl->arena, mdg_feature_work_bytes(&pl->features));
    for (int i = 0; i < pl->set.n_clips; i++) {
        const bool vary = pl->varied > 0 && pl->set.clips[i].split == MDG_SPLIT_TEST;
        mdg_rng r = mdg_rng_of((uint64_t)pl->varied, (uint64_t)i);
        pl->rows[i] = mdg_arena_array(pl->arena, pl->row_values, sizeof **pl->rows);
        mdg_augment_clip(&pl->set, &pl->set.clips[i], &pl->project.augment, vary ? &r : NULL, samples,
                         pl->clip_samples);
        mdg_feature_clip(&pl->features, samples, pl->clip_samples, scratch, pl->rows[i]);
        if (!mdg_progress_report(&pl->cli->progress, i + 1, pl->set.n_clips, "features"))
            return mdg_fail(pl->diag, MDG_INTERRUPTED, "interrupted while computing features");
    }
    return MDG_OK;
}

static void fit_frontend(mdg_pipeline *pl) {
    mdg_frontend *f = &pl->frontend;
    f->norm = mdg_feature_normalization_new(&pl->features, pl->arena);
    for (int i = 0; i < pl->set.n_clips; i++)
        if (mdg_classic_learns_from(pl, &pl->set.clips[i]))
            mdg_feature_normalization_add(&f->norm, pl->rows[i], (size_t)pl->features.frames);
    mdg_feature_normalization_finish(&f->norm);
    f->full_scale = pl->set.full_scale;
    f->channel_names = pl->set.channel_names;
    f->labels = pl->set.labels;
    f->n_labels = pl->set.n_labels;
    f->threshold = pl->project.model.threshold;
}

static mdg_status check_labels(mdg_pipeline *pl) {
    bool same = pl->frontend.n_labels == pl->set.n_labels;
    for (int i = 0; same && i < pl->set.n_labels; i++)
        same = strcmp(pl->frontend.labels[i], pl->set.labels[i]) == 0;
    if (same) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID,
                    "%s: the classes have changed since training; run `midge train %s` again",
                    pl->project.data.path, pl->project.folder);
}

mdg_status mdg_pipeline_frontend(mdg_pipeline *pl) {
    if (pl->frontend.norm.width) return MDG_OK;
    const char *path = mdg_pipeline_file(pl, "frontend.json");
    if (!mdg_file_exists(path))
        return mdg_fail(pl->diag, MDG_NOT_FOUND, "%s: is missing; run `midge train %s` first", path,
                        pl->project.folder);
    MDG_TRY(mdg_frontend_load(path, pl->arena, &pl->frontend, pl->diag));
    MDG_TRY(mdg_feature_build(&pl->frontend.opts, pl->arena, &pl->features, pl->diag));
    set_sizes(pl);
    if (pl->features.width == pl->frontend.norm.width) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID, "%s: is damaged; `midge train` writes it anew", path);
}

/* The clips have to be as they were in training. */
static void restore_data_opts(mdg_pipeline *pl) {
    const mdg_feature_opts *o = &pl->frontend.opts;
    mdg_data_opts *d = &pl->project.data;
    d->sample_rate = o->sample_rate;
    d->clip_ms = o->clip_ms;
    d->image_h = o->image_h;
    d->image_w = o->image_w;
    if (d->kind != MDG_DATA_SERIES) return;
    const char **scales = mdg_arena_array(pl->arena, (size_t)o->channels, sizeof *scales);
    for (int k = 0; k < o->channels; k++)
        scales[k] = mdg_arena_printf(pl->arena, "%.9g", (double)pl->frontend.full_scale[k]);
    d->full_scale = scales;
    d->n_full_scale = o->channels;
}

static mdg_status check_channels(const mdg_pipeline *pl) {
    const mdg_feature_opts *o = &pl->frontend.opts;
    if (pl->set.channels == (o->channels ? o->channels : 1) && pl->set.image_h == o->image_h &&
        pl->set.image_w == o->image_w)
        return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID,
                    "%s: the data have %d channels, those of the training %d; run `midge train %s` again",
                    pl->project.data.path, pl->set.channels, o->channels, pl->project.folder);
}

mdg_status mdg_pipeline_data(mdg_pipeline *pl, bool fresh) {
    if (pl->has_data) return MDG_OK;
    if (!fresh) {
        MDG_TRY(mdg_pipeline_frontend(pl));
        restore_data_opts(pl);
    } else {
        pl->frontend.opts = pl->project.features;
    }
    if (!pl->set.n_clips) MDG_TRY(load_clips(pl));
    if (fresh) {
        pl->frontend.opts.channels = pl->set.channels;
        pl->frontend.opts.image_h = pl->set.image_h;
        pl->frontend.opts.image_w = pl->set.image_w;
    }
    MDG_TRY(check_channels(pl));
    MDG_TRY(compute_features(pl));
    if (fresh) {
        fit_frontend(pl);
    } else {
        MDG_TRY(check_labels(pl));
    }
    pl->has_data = true;
    return MDG_OK;
}

mdg_status mdg_pipeline_model(mdg_pipeline *pl, const char *name, const char *verb, mdg_model_file *out) {
    const char *path = mdg_pipeline_file(pl, name);
    if (!mdg_file_exists(path))
        return mdg_fail(pl->diag, MDG_NOT_FOUND, "%s: is missing; run `midge %s %s` first", path, verb,
                        pl->project.folder);
    return mdg_model_load(pl->cli, path, out);
}

size_t mdg_pipeline_device_bytes(const mdg_pipeline *pl) {
    return pl->frontend.opts.image_h ? pl->clip_values : pl->clip_values * sizeof(int16_t);
}

void mdg_pipeline_device_clip(const mdg_pipeline *pl, int clip, void *out) {
    const mdg_clip *c = &pl->set.clips[clip];
    uint8_t *pixels = out;
    if (!pl->frontend.opts.image_h)
        mdg_augment_clip(&pl->set, c, &pl->project.augment, NULL, out, pl->clip_samples);
    else
        for (size_t i = 0; i < pl->clip_values; i++) pixels[i] = (uint8_t)c->samples[i];
}

void mdg_pipeline_input_float(const mdg_pipeline *pl, int clip, float *x) {
    mdg_feature_normalize(&pl->frontend.norm, pl->rows[clip], (size_t)pl->features.frames, x);
}

void mdg_pipeline_input_int8(const mdg_pipeline *pl, int clip, const int32_t *mult, const int32_t *offset,
                             int8_t *x) {
    for (int f = 0; f < pl->features.frames; f++)
        mdg_features_quantize(&pl->features, mult, offset, pl->rows[clip] + f * pl->features.width,
                              x + f * pl->features.width);
}
