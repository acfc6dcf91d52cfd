/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "collection/draw.h"

enum { SOUND_ROWS = 9, SERIES_ROWS = 4, BANDS = 12, MAX_CHANNELS = 8 };

static const char *const shades[] = {" ", "░", "▒", "▓", "█"};

/* A character holds two cells of the waveform, one above the other. */
static const char *cell(bool upper, bool lower) {
    return upper ? lower ? "█" : "▀" : lower ? "▄" : " ";
}

typedef struct range {
    float low, high;
} range;

static range range_of(const float *low, const float *high, int columns) {
    range r = {INFINITY, -INFINITY};
    for (int c = 0; c < columns; c++) {
        r.low = fminf(r.low, low[c]);
        r.high = fmaxf(r.high, high[c]);
    }
    return r;
}

/* Whether a column's values reach into cell k of n, counted from below. */
static bool reaches(float low, float high, range r, int k, int n) {
    const float height = r.high > r.low ? (r.high - r.low) / (float)n : 1;
    const float bottom = r.low + height * (float)k, top = bottom + height;
    return low < top && high >= bottom && low <= high;
}

static void print_waveform(const mdg_drawing *d, int channel, int columns, mdg_arena *arena, FILE *out) {
    const mdg_series *s = &d->series;
    const bool is_sound = d->kind == MDG_DATA_AUDIO;
    const int rows = is_sound ? SOUND_ROWS : SERIES_ROWS, cells = 2 * rows;
    float *low = mdg_arena_array(arena, (size_t)columns, sizeof *low);
    float *high = mdg_arena_array(arena, (size_t)columns, sizeof *high);
    mdg_draw_envelope(s, channel, columns, low, high);
    range r = range_of(low, high, columns);
    fprintf(out, "%s  %.4g to %.4g\n", s->names && *s->names[channel] ? s->names[channel] : "waveform",
            (double)r.low, (double)r.high);
    if (is_sound) r.high = fmaxf(fmaxf(r.high, -r.low), 1e-6f), r.low = -r.high;
    for (int row = rows - 1; row >= 0; row--) {
        for (int c = 0; c < columns; c++)
            fputs(cell(reaches(low[c], high[c], r, 2 * row + 1, cells),
                       reaches(low[c], high[c], r, 2 * row, cells)),
                  out);
        fputc('\n', out);
    }
}

static void print_spectrogram(const mdg_drawing *d, int columns, mdg_arena *arena, FILE *out) {
    const float *db = mdg_draw_spectrogram(&d->series, 0, d->rate, columns, BANDS, arena);
    if (!db) return;
    if (d->rate > 0)
        fprintf(out, "spectrogram  0 to %.4g Hz, a shade is 15 dB\n", d->rate / 2);
    else
        fputs("spectrogram  0 to half the rate, a shade is 15 dB\n", out);
    for (int b = BANDS - 1; b >= 0; b--) {
        for (int c = 0; c < columns; c++) {
            const int shade = 4 + (int)floorf(db[c * BANDS + b] / 15 + 1e-3f);
            fputs(shades[shade < 0 ? 0 : shade], out);
        }
        fputc('\n', out);
    }
}

static float pixel(const mdg_image *image, int row, int rows, int column, int columns) {
    const int y = (2 * row + 1) * image->h / (2 * rows), x = (2 * column + 1) * image->w / (2 * columns);
    return (float)image->pixels[y * image->w + x];
}

/* A character is twice as high as wide. */
static void print_picture(const mdg_image *image, int columns, FILE *out) {
    const int width = image->w * 2 < columns ? image->w * 2 : columns;
    const int rows = image->h * width / image->w / 2 > 0 ? image->h * width / image->w / 2 : 1;
    fprintf(out, "picture  %d x %d\n", image->w, image->h);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < width; x++) fputs(shades[(int)(pixel(image, y, rows, x, width) / 51.01f)], out);
        fputc('\n', out);
    }
}

void mdg_draw_text(const mdg_drawing *d, int columns, mdg_arena *arena, FILE *out) {
    fprintf(out, "%s", d->path);
    if (d->kind == MDG_DATA_IMAGES) {
        fputc('\n', out);
        print_picture(&d->image, columns, out);
        return;
    }
    if (d->rate > 0) fprintf(out, "  %.3f s at %.6g Hz", (double)d->series.n / d->rate, d->rate);
    fprintf(out, "  %zu samples\n", d->series.n);
    for (int k = 0; k < d->series.channels && k < MAX_CHANNELS; k++)
        print_waveform(d, k, columns, arena, out);
    if (d->series.channels > MAX_CHANNELS) fprintf(out, "and %d others\n", d->series.channels - MAX_CHANNELS);
    print_spectrogram(d, columns, arena, out);
}
