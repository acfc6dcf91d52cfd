/* SPDX-License-Identifier: MIT */
#include "collection/draw.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "data/audio.h"

enum { MIN_FRAME = 16, MAX_FRAME = 4096, FRAMES_A_COLUMN = 4, FLOOR_DB = -90 };

static int kind_of(const char *path) {
    static const mdg_data_kind kinds[] = {MDG_DATA_AUDIO, MDG_DATA_IMAGES, MDG_DATA_SERIES};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (mdg_data_is_clip(kinds[i], path)) return (int)kinds[i];
    return -1;
}

static mdg_status read_sound(const char *path, mdg_arena *arena, mdg_drawing *d, mdg_diag *diag) {
    mdg_pcm pcm;
    const mdg_status status = mdg_pcm_read_values(path, &pcm, diag);
    if (status == MDG_OK) {
        const size_t channels = (size_t)pcm.channels;
        const bool is_mixed = d->kind == MDG_DATA_AUDIO;
        d->rate = pcm.sample_rate;
        d->series = (mdg_series){.n = pcm.n, .channels = is_mixed ? 1 : pcm.channels};
        if (!is_mixed) d->series.values = mdg_arena_copy(arena, pcm.values, pcm.n * channels * sizeof(float));
        if (is_mixed) d->series.values = mdg_arena_array(arena, pcm.n, sizeof(float));
        for (size_t i = 0; is_mixed && i < pcm.n * channels; i++)
            d->series.values[i / channels] += pcm.values[i] / (float)channels;
    }
    mdg_pcm_free(&pcm);
    return status;
}

static mdg_status read_picture(const char *path, mdg_arena *arena, mdg_drawing *d, mdg_diag *diag) {
    mdg_image image;
    const mdg_status status = mdg_image_read(path, 0, 0, true, &image, diag);
    d->image = image;
    if (status == MDG_OK)
        d->image.pixels = mdg_arena_copy(arena, image.pixels, (size_t)image.h * (size_t)image.w);
    mdg_image_free(&image);
    return status;
}

mdg_status mdg_draw_read(const char *path, int kind, double rate, mdg_arena *arena, mdg_drawing *out,
                         mdg_diag *diag) {
    if (kind < 0) kind = kind_of(path);
    if (kind < 0)
        return mdg_fail(diag, MDG_INVALID, "%s: its name is that of no sound, table or picture", path);
    const mdg_data_opts opts = {.kind = MDG_DATA_SERIES};
    const bool is_wav = mdg_data_is_clip(MDG_DATA_AUDIO, path);
    *out = (mdg_drawing){.kind = (mdg_data_kind)kind, .path = path, .rate = rate};
    mdg_audio_be_quiet();
    mdg_status status;
    if (kind == MDG_DATA_IMAGES)
        status = read_picture(path, arena, out, diag);
    else if (kind == MDG_DATA_AUDIO || is_wav)
        status = read_sound(path, arena, out, diag);
    else
        status = mdg_series_read(path, &opts, arena, &out->series, diag);
    return status == MDG_OK ? MDG_OK : mdg_fail_in(diag, status, path);
}

void mdg_draw_envelope(const mdg_series *s, int channel, int columns, float *low, float *high) {
    for (int c = 0; c < columns; c++) {
        size_t from = s->n * (size_t)c / (size_t)columns, to = s->n * (size_t)(c + 1) / (size_t)columns;
        if (to <= from) to = from + 1;
        low[c] = INFINITY;
        high[c] = -INFINITY;
        for (size_t i = from; i < to && i < s->n; i++) {
            const float x = s->values[i * (size_t)s->channels + (size_t)channel];
            low[c] = fminf(low[c], x);
            high[c] = fmaxf(high[c], x);
        }
    }
}

/* In place, n a power of two (Cooley and Tukey 1965) */
static void transform(float complex *x, size_t n) {
    for (size_t i = 1, j = 0; i < n; i++) {
        size_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i >= j) continue;
        const float complex swapped = x[i];
        x[i] = x[j];
        x[j] = swapped;
    }
    for (size_t size = 2; size <= n; size *= 2)
        for (size_t k = 0; k < size / 2; k++) {
            const float complex turn = cexpf(-2.0f * (float)M_PI * I * (float)k / (float)size);
            for (size_t i = k; i < n; i += size) {
                const float complex b = turn * x[i + size / 2];
                x[i + size / 2] = x[i] - b;
                x[i] += b;
            }
        }
}

/* Frames of about 25 ms of sound; short clips have shorter ones. */
static size_t frame_of(size_t n, double rate) {
    size_t frame = MIN_FRAME;
    while (frame < MAX_FRAME && (double)frame < rate / 40 && 4 * frame < n) frame *= 2;
    while (rate < 1000 && frame < 64 && 4 * frame < n) frame *= 2;
    return frame;
}

/* Adds the power of one frame to the bands. */
static void add_frame(const mdg_series *s, int channel, size_t start, size_t frame, float complex *x,
                      float *power, int bands) {
    double mean = 0;
    for (size_t i = 0; i < frame; i++)
        mean += (double)s->values[(start + i) * (size_t)s->channels + (size_t)channel] / (double)frame;
    for (size_t i = 0; i < frame; i++) {
        const float window = 0.5f - 0.5f * cosf(2.0f * (float)M_PI * ((float)i + 0.5f) / (float)frame);
        x[i] = window * (s->values[(start + i) * (size_t)s->channels + (size_t)channel] - (float)mean);
    }
    transform(x, frame);
    for (int b = 0; b < bands; b++) {
        const size_t half = frame / 2, from = half * (size_t)b / (size_t)bands;
        size_t to = half * (size_t)(b + 1) / (size_t)bands;
        if (to <= from) to = from + 1;
        float loudest = 0;
        for (size_t i = from; i < to; i++)
            loudest = fmaxf(loudest, crealf(x[i]) * crealf(x[i]) + cimagf(x[i]) * cimagf(x[i]));
        power[b] += loudest;
    }
}

float *mdg_draw_spectrogram(const mdg_series *s, int channel, double rate, int columns, int bands,
                            mdg_arena *arena) {
    if (s->n < 2 * MIN_FRAME) return NULL;
    const size_t frame = frame_of(s->n, rate), count = (size_t)columns * (size_t)bands;
    float complex *x = mdg_arena_array(arena, frame, sizeof *x);
    float *power = mdg_arena_array(arena, count, sizeof *power), loudest = 1e-20f;
    for (int c = 0; c < columns; c++)
        for (int k = 0; k < FRAMES_A_COLUMN; k++) {
            const double at = (c + (k + 0.5) / FRAMES_A_COLUMN) / columns;
            add_frame(s, channel, (size_t)(at * (double)(s->n - frame)), frame, x, power + c * bands, bands);
        }
    for (size_t i = 0; i < count; i++) loudest = fmaxf(loudest, power[i]);
    for (size_t i = 0; i < count; i++)
        power[i] = fmaxf(10 * log10f(power[i] / loudest + 1e-20f), (float)FLOOR_DB);
    return power;
}
