/* SPDX-License-Identifier: MIT */
#include "cli/frontend.h"

#include <string.h>

#include "cli/model.h"

static const char *const kind_names[] = {"none",  "log_mel",     "mfcc",    "raw",
                                         "micro", "spectrogram", "spectral"};
enum { KINDS = sizeof kind_names / sizeof *kind_names };

/* The whole numbers of the file, each listed once. */
/* clang-format off */
#define INTEGERS(X) \
    X(sample_rate) X(clip_ms) X(window_us) X(hop_us) X(n_mels) X(n_coeffs) X(decimate) X(envelope) X(channels) \
    X(filter) X(filter_order) X(image_h) X(image_w) X(crop_h) X(crop_w) X(resize_h) X(resize_w) X(scaling)
/* clang-format on */

static json_t *reals(const float *x, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(list, json_real((double)x[i]));
    return list;
}

mdg_status mdg_frontend_save(const mdg_frontend *f, const char *path, mdg_diag *diag) {
    json_t *o = json_object();
    json_object_set_new(o, "version", json_integer(1));
    json_object_set_new(o, "kind", json_string(kind_names[f->opts.kind]));
#define SAVE(name) json_object_set_new(o, #name, json_integer(f->opts.name));
    INTEGERS(SAVE)
#undef SAVE
    json_object_set_new(o, "statistics", json_boolean(f->opts.statistics));
    json_object_set_new(o, "f_min_hz", json_real((double)f->opts.f_min_hz));
    json_object_set_new(o, "f_max_hz", json_real((double)f->opts.f_max_hz));
    json_object_set_new(o, "filter_low_hz", json_real((double)f->opts.filter_low_hz));
    json_object_set_new(o, "filter_high_hz", json_real((double)f->opts.filter_high_hz));
    json_object_set_new(o, "grey", json_boolean(f->opts.grey));
    json_object_set_new(o, "mean", reals(f->norm.mean, f->norm.width));
    json_object_set_new(o, "deviation", reals(f->norm.dev, f->norm.width));
    json_object_set_new(o, "threshold", json_real((double)f->threshold));
    if (f->channel_names) {
        json_t *names = json_array();
        for (int i = 0; i < f->opts.channels; i++)
            json_array_append_new(names, json_string(f->channel_names[i]));
        json_object_set_new(o, "channel_names", names);
        json_object_set_new(o, "full_scale", reals(f->full_scale, f->opts.channels));
    }
    json_t *labels = json_array();
    for (int i = 0; i < f->n_labels; i++) json_array_append_new(labels, json_string(f->labels[i]));
    json_object_set_new(o, "labels", labels);
    return mdg_json_save(o, path, diag);
}

static float *read_reals(const json_t *list, mdg_arena *arena) {
    const size_t n = json_array_size(list);
    float *out = mdg_arena_array(arena, n ? n : 1, sizeof *out);
    for (size_t i = 0; i < n; i++) out[i] = (float)json_number_value(json_array_get(list, i));
    return out;
}

static const char **read_texts(const json_t *list, mdg_arena *arena) {
    const size_t n = json_array_size(list);
    const char **out = mdg_arena_array(arena, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        out[i] = mdg_arena_strdup(arena, text ? text : "");
    }
    return out;
}

static bool read_object(const json_t *o, mdg_arena *arena, mdg_frontend *f) {
    const char *kind = json_string_value(json_object_get(o, "kind"));
    for (int k = 0; kind && k < KINDS; k++)
        if (strcmp(kind, kind_names[k]) == 0) f->opts.kind = (mdg_feature_kind)k;
#define LOAD(name) f->opts.name = (int)json_integer_value(json_object_get(o, #name));
    INTEGERS(LOAD)
#undef LOAD
    f->opts.statistics = json_is_true(json_object_get(o, "statistics"));
    f->opts.f_min_hz = (float)json_number_value(json_object_get(o, "f_min_hz"));
    f->opts.f_max_hz = (float)json_number_value(json_object_get(o, "f_max_hz"));
    f->opts.filter_low_hz = (float)json_number_value(json_object_get(o, "filter_low_hz"));
    f->opts.filter_high_hz = (float)json_number_value(json_object_get(o, "filter_high_hz"));
    f->opts.grey = json_is_true(json_object_get(o, "grey"));
    f->threshold = (float)json_number_value(json_object_get(o, "threshold"));
    const json_t *mean = json_object_get(o, "mean"), *deviation = json_object_get(o, "deviation");
    f->norm.width = (int)json_array_size(mean);
    f->norm.mean = read_reals(mean, arena);
    f->norm.dev = read_reals(deviation, arena);
    const json_t *labels = json_object_get(o, "labels"), *names = json_object_get(o, "channel_names");
    f->n_labels = (int)json_array_size(labels);
    f->labels = read_texts(labels, arena);
    if (names) {
        const json_t *scales = json_object_get(o, "full_scale");
        if (json_array_size(names) != (size_t)f->opts.channels ||
            json_array_size(scales) != (size_t)f->opts.channels)
            return false;
        f->channel_names = read_texts(names, arena);
        f->full_scale = read_reals(scales, arena);
    }
    for (int i = 0; i < f->norm.width; i++)
        if (!(f->norm.dev[i] > 0)) return false;
    return f->norm.width > 0 && json_array_size(deviation) == (size_t)f->norm.width && f->n_labels > 1 &&
           f->opts.kind != MDG_FEATURE_NONE && f->opts.sample_rate > 0;
}

mdg_status mdg_frontend_load(const char *path, mdg_arena *arena, mdg_frontend *out, mdg_diag *diag) {
    json_t *o;
    *out = (mdg_frontend){.n_labels = 0};
    MDG_TRY(mdg_json_load(path, arena, &o, diag));
    const bool ok = read_object(o, arena, out);
    json_decref(o);
    return ok ? MDG_OK : mdg_fail(diag, MDG_INVALID, "%s: is damaged; `midge train` writes it anew", path);
}

mdg_status mdg_frontend_quantizer(const mdg_frontend *f, const mdg_tensor *t, int32_t *mult, int32_t *offset,
                                  mdg_diag *diag) {
    if (t->type != MDG_INT8 || t->quant.count != 1)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "the model's input is not int8 with one scale; run `midge quantize`");
    return mdg_feature_quantization(&f->norm, t->quant.scale[0], t->quant.zero_point[0], mult, offset, diag);
}
