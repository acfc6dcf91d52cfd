/* SPDX-License-Identifier: MIT
 *
 * What all blocks of features have in common: from durations to samples, and clips through a block.
 */
#include "feature/feature.h"

#include <stdbool.h>
#include <string.h>

#include "feature/parts.h"
#include "midge/blocks.h"
#include "midge/filter.h"

enum { MAX_CHANNELS = 64, MAX_VALUES = 1 << 24 };

static int32_t samples_of(int sample_rate, int64_t duration, int64_t per_second) {
    const int64_t n = ((int64_t)sample_rate * duration + per_second / 2) / per_second;
    return (int32_t)(n > INT32_MAX ? INT32_MAX : n);
}

static mdg_status check_opts(const mdg_feature_opts *o, mdg_diag *diag) {
    if (o->kind == MDG_FEATURE_NONE) return mdg_fail(diag, MDG_INVALID, "features: no kind is set");
    if (o->sample_rate < 1 || o->sample_rate > 192000)
        return mdg_fail(diag, MDG_INVALID, "features: sample rate %d Hz is outside 1 to 192000",
                        o->sample_rate);
    if (o->channels < 0 || o->channels > MAX_CHANNELS)
        return mdg_fail(diag, MDG_INVALID, "features: %d channels; at most %d are possible", o->channels,
                        MAX_CHANNELS);
    if (o->channels > 1 && o->kind != MDG_FEATURE_RAW && o->kind != MDG_FEATURE_SPECTRAL)
        return mdg_fail(diag, MDG_INVALID,
                        "features: this kind is for one channel, such as sound; these samples have %d: "
                        "set features.kind to raw or spectral",
                        o->channels);
    return MDG_OK;
}

static mdg_status set_framing(const mdg_feature_opts *o, mdg_features *f, mdg_diag *diag) {
    const bool raw = o->kind == MDG_FEATURE_RAW;
    const int32_t step = raw ? (o->decimate > 1 ? o->decimate : 1) : 0;
    f->window = raw ? step : samples_of(o->sample_rate, o->window_us, 1000000);
    f->hop = raw ? step : samples_of(o->sample_rate, o->hop_us, 1000000);
    const int32_t clip = o->image_h ? o->image_h * o->image_w : samples_of(o->sample_rate, o->clip_ms, 1000);
    if (f->hop < 1)
        return mdg_fail(diag, MDG_INVALID, "features: a hop of %d us is no sample at %d Hz", o->hop_us,
                        o->sample_rate);
    if (clip < f->window)
        return mdg_fail(diag, MDG_INVALID,
                        "features: a clip of %d ms is shorter than the window of %d samples", o->clip_ms,
                        f->window);
    f->frames = 1 + (clip - f->window) / f->hop;
    return MDG_OK;
}

mdg_status mdg_feature_build(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                             mdg_diag *diag) {
    MDG_TRY(check_opts(opts, diag));
    *out = (mdg_features){.channels = opts->channels ? opts->channels : 1};
    MDG_TRY(set_framing(opts, out, diag));
    switch (opts->kind) {
    case MDG_FEATURE_RAW:
        if (mdg_feature_has_picture(opts))
            MDG_TRY(mdg_feature_build_picture(opts, arena, out, diag));
        else
            MDG_TRY(mdg_feature_build_raw(opts, arena, out, diag));
        break;
    case MDG_FEATURE_SPECTRAL: MDG_TRY(mdg_feature_build_spectral(opts, arena, out, diag)); break;
    case MDG_FEATURE_MICRO: MDG_TRY(mdg_feature_build_micro(opts, arena, out, diag)); break;
    default: MDG_TRY(mdg_feature_build_mel(opts, arena, out, diag));
    }
    out->state_bytes = (out->state_bytes + 7) / 8 * 8;
    MDG_TRY(mdg_feature_build_filter(opts, arena, out, diag));
    if ((int64_t)out->frames * out->width > MAX_VALUES)
        return mdg_fail(diag, MDG_INVALID, "features: %d rows of %d values are more than %d values",
                        out->frames, out->width, MAX_VALUES);
    out->scratch_bytes = (out->scratch_bytes + out->width * 2 + 7) / 8 * 8; /* and a stream's row */
    return MDG_OK;
}

static bool is_picture(const mdg_features *f) {
    return f->frame == mdg_picture_frame;
}

mdg_feature_shape mdg_feature_shape_of(const mdg_feature_opts *opts, const mdg_features *f) {
    if (is_picture(f)) {
        const mdg_picture *b = f->block;
        return (mdg_feature_shape){b->out_h, b->out_w, b->out_c};
    }
    if (opts->image_h) return (mdg_feature_shape){opts->image_h, opts->image_w, f->width};
    if (opts->kind == MDG_FEATURE_RAW) return (mdg_feature_shape){f->frames, 1, f->width};
    return (mdg_feature_shape){f->frames, f->width, 1};
}

size_t mdg_feature_frames(const mdg_features *f, size_t n_samples) {
    if (is_picture(f)) {
        const mdg_picture *b = f->block;
        return n_samples < (size_t)b->in_h * (size_t)b->in_w ? 0 : (size_t)f->frames;
    }
    return n_samples < (size_t)f->window ? 0 : 1 + (n_samples - (size_t)f->window) / (size_t)f->hop;
}

size_t mdg_feature_work_bytes(const mdg_features *f) {
    const size_t window = f->filter ? (size_t)(f->window * f->channels) * sizeof(int16_t) : 0;
    return (size_t)f->state_bytes + (size_t)f->scratch_bytes + window;
}

/* Each sample goes through the filter once, so the window is kept. */
static void clip_filtered(const mdg_features *f, const int16_t *samples, size_t frames, void *work,
                          int16_t *out) {
    char *scratch = (char *)work + f->state_bytes;
    int16_t *window = (int16_t *)(void *)(scratch + f->scratch_bytes);
    const size_t hop = (size_t)(f->hop * f->channels), whole = (size_t)(f->window * f->channels);
    size_t held = 0;
    for (size_t i = 0; i < frames; i++) {
        memcpy(window + held, samples, (whole - held) * sizeof *window);
        f->filter(f, work, window + held, (int32_t)(whole - held) / f->channels);
        samples += whole - held;
        f->frame(f, window, work, scratch, out + i * (size_t)f->width);
        held = whole - hop;
        memmove(window, window + hop, held * sizeof *window);
    }
}

void mdg_feature_clip(const mdg_features *f, const int16_t *samples, size_t n_samples, void *work,
                      int16_t *out) {
    const size_t frames = mdg_feature_frames(f, n_samples);
    if (is_picture(f)) {
        if (frames) mdg_feature_picture(f, samples, n_samples, work, out);
        return;
    }
    void *scratch = (char *)work + f->state_bytes;
    memset(work, 0, (size_t)f->state_bytes);
    if (f->filter) {
        clip_filtered(f, samples, frames, work, out);
        return;
    }
    for (size_t i = 0; i < frames; i++)
        f->frame(f, samples + i * (size_t)(f->hop * f->channels), work, scratch, out + i * (size_t)f->width);
}

/* Of a 32-bit processor, whatever this one is */
enum { WORD = 4, FEATURES_WORDS = 13 };

#define TABLE_BYTES(type, name, count) bytes += WORD + sizeof(type) * (size_t)(count);
#define SCALAR_BYTES(name)             bytes += WORD;
#define BLOCK_BYTES(name, type)                                                                              \
    if (f->frame == mdg_##name##_frame) {                                                                    \
        const mdg_##type *b = f->block;                                                                      \
        (void)b; /* some have no tables */                                                                   \
        MDG_BLOCK_##type(SCALAR_BYTES, TABLE_BYTES)                                                          \
    }

size_t mdg_feature_table_bytes(const mdg_features *f) {
    size_t bytes = (FEATURES_WORDS + (size_t)(f->n_sections * MDG_FILTER_VALUES)) * WORD;
    MDG_BLOCK_LIST(BLOCK_BYTES)
    return bytes;
}
