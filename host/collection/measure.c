/* SPDX-License-Identifier: MIT */
#include "collection/measure.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "data/audio.h"
#include "data/images.h"
#include "data/series.h"

enum { MAX_CHANNELS = MDG_DATA_MAX_CHANNELS };

/* Sums over values that come piece by piece. */
typedef struct sums {
    mdg_measured *out;
    double sum[MAX_CHANNELS], squares;
    float at_full_scale;
} sums;

static sums begin(mdg_measured *out, mdg_data_kind kind) {
    *out = (mdg_measured){.kind = kind, .hash = 0x6d69646765ull};
    return (sums){.out = out, .at_full_scale = kind == MDG_DATA_AUDIO ? 32767.0f / 32768.0f : INFINITY};
}

static void take(sums *s, float x, int channel) {
    mdg_measured *m = s->out;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    m->hash = (m->hash ^ bits) * 0x9e3779b97f4a7c15ull;
    m->hash ^= m->hash >> 29;
    if (!isfinite(x)) {
        m->nans++;
        return;
    }
    const double size = fabs((double)x);
    if (size > m->peak) m->peak = size;
    m->clipped += size >= (double)s->at_full_scale;
    s->squares += size * size;
    s->sum[channel] += (double)x;
}

static void take_rows(sums *s, const float *values, size_t n, int channels) {
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < channels; k++) take(s, *values++, k % MAX_CHANNELS);
    s->out->samples += (int64_t)n;
    s->out->channels = channels;
}

static void end(sums *s) {
    mdg_measured *m = s->out;
    const double rows = (double)m->samples, n = rows * m->channels;
    double constant = 0;
    for (int k = 0; k < m->channels && k < MAX_CHANNELS; k++) constant += s->sum[k] * s->sum[k] / rows;
    m->rms = n > 0 ? sqrt(s->squares / n) : 0;
    const double rest = n > 0 ? (s->squares - constant) / n : 0;
    m->deviation = rest > 1e-12 * m->rms * m->rms ? sqrt(rest) : 0;
    m->hash ^= (uint64_t)m->channels << 56;
}

static mdg_status take_piece(void *context, const mdg_pcm *piece) {
    sums *s = context;
    s->out->rate = piece->sample_rate;
    take_rows(s, piece->values, piece->n, piece->channels);
    return MDG_OK;
}

static mdg_status measure_sound(const char *path, mdg_data_kind kind, mdg_measured *out, mdg_diag *diag) {
    sums s = begin(out, kind);
    const mdg_status status = mdg_pcm_stream_values(path, take_piece, &s, diag);
    end(&s);
    return status;
}

static mdg_status measure_table(const char *path, int rate, mdg_measured *out, mdg_diag *diag) {
    sums s = begin(out, MDG_DATA_SERIES);
    const mdg_data_opts opts = {.kind = MDG_DATA_SERIES, .sample_rate = rate};
    mdg_arena *arena = mdg_arena_new();
    mdg_series series;
    const mdg_status status = mdg_series_read(path, &opts, arena, &series, diag);
    if (status == MDG_OK) take_rows(&s, series.values, series.n, series.channels);
    mdg_arena_free(arena);
    out->rate = rate;
    end(&s);
    return status;
}

static mdg_status measure_picture(const char *path, mdg_measured *out, mdg_diag *diag) {
    sums s = begin(out, MDG_DATA_IMAGES);
    mdg_image image = {0};
    const mdg_status status = mdg_image_read(path, 0, 0, false, &image, diag);
    const size_t n = (size_t)image.h * (size_t)image.w;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *p = image.pixels + i * (size_t)image.channels;
        const float pixel[3] = {(float)p[0] / 255.0f, (float)p[1] / 255.0f, (float)p[2] / 255.0f};
        take_rows(&s, pixel, 1, 3);
    }
    out->height = image.h;
    out->width = image.w;
    out->hash ^= (uint64_t)image.w << 32;
    mdg_image_free(&image);
    end(&s);
    return status;
}

mdg_status mdg_measure_content(const char *path, mdg_data_kind kind, int rate, mdg_measured *out,
                               mdg_diag *diag) {
    const char *dot = strrchr(path, '.');
    if (kind == MDG_DATA_IMAGES) return measure_picture(path, out, diag);
    if (kind == MDG_DATA_AUDIO || (dot && strcasecmp(dot, ".wav") == 0))
        return measure_sound(path, kind, out, diag);
    return measure_table(path, rate, out, diag);
}

double mdg_decibels(double amplitude) {
    return amplitude > 1e-6 ? 20 * log10(amplitude) : -120;
}
