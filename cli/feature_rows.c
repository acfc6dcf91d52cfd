/* SPDX-License-Identifier: MIT */
#include "cli/feature_rows.h"

#include <limits.h>
#include <math.h>

#include "data/audio.h"
#include "data/images.h"
#include "data/series.h"
#include "midge/spectral.h"

/* ==== A file to samples ==== */

static mdg_status read_sound(mdg_cli *cli, const mdg_data_opts *o, const char *file, mdg_recording *out) {
    mdg_audio_be_quiet();
    out->channels = 1;
    return mdg_audio_decode(file, o->sample_rate, cli->arena, &out->samples, &out->n, &cli->diag);
}

/* A data set of this file alone, in one window that holds all of it */
static mdg_status read_series(mdg_cli *cli, const mdg_data_opts *o, const char *file, mdg_recording *out) {
    mdg_data_opts *whole = mdg_arena_copy(cli->arena, o, sizeof *o);
    mdg_clip clip = {.path = file};
    mdg_skipped skipped = {0};
    mdg_dataset set = {.arena = cli->arena, .opts = whole, .n_clips = 1, .clips = &clip, .skipped = &skipped};
    whole->clip_ms = INT_MAX;
    whole->step_ms = 0;
    const mdg_status status = mdg_series_load(&set, &cli->diag);
    if (skipped.cause) return mdg_fail(&cli->diag, MDG_INVALID, "%s: %s", file, skipped.cause);
    if (status != MDG_OK) return status;
    *out = (mdg_recording){.samples = set.clips[0].samples,
                           .n = set.clips[0].n_samples,
                           .channels = set.channels,
                           .names = set.channel_names,
                           .full_scale = mdg_arena_copy(cli->arena, set.full_scale, sizeof set.full_scale)};
    return MDG_OK;
}

static mdg_status read_picture(mdg_cli *cli, const mdg_data_opts *o, const char *file, mdg_recording *out) {
    mdg_image image;
    mdg_diag cause;
    mdg_audio_be_quiet();
    if (mdg_image_read(file, o->image_h, o->image_w, o->grey, &image, &cause) != MDG_OK)
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: %s", file, cause.text);
    out->n = (size_t)image.h * (size_t)image.w;
    out->channels = image.channels;
    out->image_h = image.h;
    out->image_w = image.w;
    const size_t values = out->n * (size_t)image.channels;
    out->samples = mdg_arena_array(cli->arena, values, sizeof *out->samples);
    for (size_t i = 0; i < values; i++) out->samples[i] = image.pixels[i];
    mdg_image_free(&image);
    return MDG_OK;
}

static mdg_status read_recording(mdg_cli *cli, const mdg_data_opts *o, const char *file, mdg_recording *out) {
    *out = (mdg_recording){.n = 0};
    switch (o->kind) {
    case MDG_DATA_SERIES: return read_series(cli, o, file, out);
    case MDG_DATA_IMAGES: return read_picture(cli, o, file, out);
    default: return read_sound(cli, o, file, out);
    }
}

static const char **as_texts(mdg_arena *arena, const float *x, int n) {
    const char **texts = mdg_arena_array(arena, (size_t)n, sizeof *texts);
    for (int i = 0; i < n; i++) texts[i] = mdg_arena_printf(arena, "%.9g", (double)x[i]);
    return texts;
}

mdg_status mdg_feature_settle(mdg_cli *cli, mdg_project *p) {
    mdg_data_opts *d = &p->data;
    mdg_dataset set;
    const bool open =
        (d->kind == MDG_DATA_SERIES && !d->n_full_scale) || (d->kind == MDG_DATA_IMAGES && !d->image_h);
    if (!open) return MDG_OK;
    MDG_TRY(mdg_dataset_scan(d, cli->arena, &set, &cli->diag));
    if (d->kind == MDG_DATA_SERIES) {
        d->n_full_scale = set.channels;
        d->full_scale = as_texts(cli->arena, set.full_scale, set.channels);
    }
    d->image_h = set.image_h;
    d->image_w = set.image_w;
    return MDG_OK;
}

/* ==== Names of the columns ==== */

static double warp(bool mel, double hz) {
    return mel ? log(1 + hz / 700) : hz;
}

double mdg_feature_highest_hz(const mdg_feature_opts *o) {
    if (o->f_max_hz > 0) return (double)o->f_max_hz;
    return o->sample_rate / (o->envelope > 1 ? o->envelope : 1) / 2.0;
}

bool mdg_feature_is_mel(const mdg_feature_opts *o) {
    return o->kind == MDG_FEATURE_LOG_MEL || o->kind == MDG_FEATURE_MICRO;
}

double mdg_feature_band_hz(const mdg_feature_opts *o, double k, int n) {
    const bool mel = mdg_feature_is_mel(o);
    const double from = warp(mel, (double)o->f_min_hz), to = warp(mel, mdg_feature_highest_hz(o));
    const double at = from + (to - from) * (k + 1) / (n + 1);
    return mel ? 700 * (exp(at) - 1) : at;
}

static void name_band(mdg_feature_rows *r, mdg_arena *arena, int column, int k, int n) {
    r->columns[column] = mdg_arena_printf(arena, "band_%d", k);
    r->centres_hz[column] = mdg_feature_band_hz(&r->opts, k, n);
}

static const char *channel_name(const mdg_feature_rows *r, mdg_arena *arena, int channel) {
    static const char *const colours[] = {"red", "green", "blue"};
    const char **names = r->recording.names;
    if (names && names[channel][0]) return names[channel];
    if (r->kind == MDG_DATA_IMAGES) return r->features.width == 3 ? colours[channel] : "grey";
    return mdg_arena_printf(arena, "channel_%d", channel);
}

static void name_spectral(mdg_feature_rows *r, mdg_arena *arena) {
    static const char *const statistics[MDG_SPECTRAL_STATISTICS] = {"mean",     "level", "skew",
                                                                    "kurtosis", "crest", "crossings"};
    const int channels = r->features.channels, each = r->features.width / channels;
    const int bands = each - (r->opts.statistics ? MDG_SPECTRAL_STATISTICS : 0);
    for (int c = 0; c < channels; c++)
        for (int k = 0; k < each; k++) {
            const int column = c * each + k;
            const char *channel = channel_name(r, arena, c);
            if (k < bands) name_band(r, arena, column, k, bands);
            r->columns[column] = mdg_arena_printf(arena, "%s.%s", channel,
                                                  k < bands ? r->columns[column] : statistics[k - bands]);
        }
}

static void name_columns(mdg_feature_rows *r, mdg_arena *arena) {
    const int n = r->features.width;
    r->columns = mdg_arena_array(arena, (size_t)n, sizeof *r->columns);
    r->centres_hz = mdg_arena_array(arena, (size_t)n, sizeof *r->centres_hz);
    if (r->opts.kind == MDG_FEATURE_SPECTRAL) {
        name_spectral(r, arena);
        return;
    }
    for (int k = 0; k < n; k++) {
        if (r->opts.kind == MDG_FEATURE_RAW)
            r->columns[k] = channel_name(r, arena, k);
        else if (r->opts.kind == MDG_FEATURE_MFCC)
            r->columns[k] = mdg_arena_printf(arena, "coefficient_%d", k);
        else
            name_band(r, arena, k, k, n);
    }
}

/* ==== Rows ==== */

mdg_status mdg_feature_rows_read(mdg_cli *cli, const mdg_project *p, const char *file,
                                 mdg_feature_rows *out) {
    mdg_recording *rec = &out->recording;
    const mdg_features *f = &out->features;
    *out = (mdg_feature_rows){.file = file, .kind = p->data.kind, .opts = p->features};
    MDG_TRY(read_recording(cli, &p->data, file, rec));
    out->opts.channels = rec->channels;
    out->opts.image_h = rec->image_h;
    out->opts.image_w = rec->image_w;
    MDG_TRY(mdg_feature_build(&out->opts, cli->arena, &out->features, &cli->diag));
    out->shape = mdg_feature_shape_of(&out->opts, f);
    const size_t frames = mdg_feature_frames(f, rec->n);
    if (!frames)
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: has %zu samples, one frame takes %d; it is too short",
                        file, rec->n, (int)f->window);
    if (frames * (size_t)f->width > INT_MAX)
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: %zu rows of %d values are too many at once; cut it",
                        file, frames, (int)f->width);
    out->frames = (int)frames;
    out->values = mdg_arena_array(cli->arena, frames * (size_t)f->width, sizeof *out->values);
    mdg_feature_clip(f, rec->samples, rec->n, mdg_arena_alloc(cli->arena, mdg_feature_work_bytes(f)),
                     out->values);
    name_columns(out, cli->arena);
    return MDG_OK;
}
