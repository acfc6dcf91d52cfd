/* SPDX-License-Identifier: MIT */
#include "report/parts.h"

#include <cairo.h>
#include <math.h>

enum { WIDTH = 280, HEIGHT = 176, LEFT = 34, RIGHT = 276, TOP = 6, BOTTOM = 154 };

/* Base64 (RFC 4648) while the PNG is being written: bytes wait until there are three of them. */
typedef struct encoder {
    FILE *out;
    unsigned char waiting[3];
    int n_waiting;
} encoder;

static void encode_group(encoder *e) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned bits = (unsigned)e->waiting[0] << 16 | (unsigned)e->waiting[1] << 8 | e->waiting[2];
    for (int i = 0; i < 4; i++) fputc(i <= e->n_waiting ? digits[bits >> (18 - 6 * i) & 63] : '=', e->out);
    *e = (encoder){.out = e->out};
}

static cairo_status_t encode_bytes(void *context, const unsigned char *data, unsigned length) {
    encoder *e = context;
    for (unsigned i = 0; i < length; i++) {
        e->waiting[e->n_waiting++] = data[i];
        if (e->n_waiting == 3) encode_group(e);
    }
    return CAIRO_STATUS_SUCCESS;
}

uint32_t mdg_report_colour(float level) {
    static const float stops[][3] = {{8, 6, 32},    {46, 18, 94},   {104, 30, 120}, {165, 46, 112},
                                     {221, 79, 84}, {248, 136, 56}, {252, 194, 84}, {253, 246, 190}};
    const int n_stops = (int)(sizeof stops / sizeof *stops);
    const float place = fminf(fmaxf(level, 0.0f), 1.0f) * (float)(n_stops - 1);
    const int at = place >= (float)(n_stops - 1) ? n_stops - 2 : (int)place;
    uint32_t rgb = 0;
    for (int c = 0; c < 3; c++) {
        const float value = stops[at][c] + (place - (float)at) * (stops[at + 1][c] - stops[at][c]);
        rgb = rgb << 8 | (uint32_t)lroundf(value);
    }
    return rgb;
}

static void range_of(const mdg_report_clip *clip, float *lo, float *hi) {
    *lo = INFINITY;
    *hi = -INFINITY;
    for (int i = 0; i < clip->frames * clip->width; i++) {
        if (!isfinite(clip->features[i])) continue;
        *lo = fminf(*lo, clip->features[i]);
        *hi = fmaxf(*hi, clip->features[i]);
    }
}

/* One pixel a value; time to the right, frequency upwards. */
static void paint(cairo_surface_t *surface, const mdg_report_clip *clip) {
    float lo, hi;
    range_of(clip, &lo, &hi);
    const int stride = cairo_image_surface_get_stride(surface) / 4;
    cairo_surface_flush(surface);
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(surface);
    for (int t = 0; t < clip->frames; t++)
        for (int f = 0; f < clip->width; f++) {
            const float value = clip->features[t * clip->width + f];
            const float level = isfinite(value) && hi > lo ? (value - lo) / (hi - lo) : 0.0f;
            pixels[(clip->width - 1 - f) * stride + t] = mdg_report_colour(level);
        }
    cairo_surface_mark_dirty(surface);
}

mdg_status mdg_report_inline_png(FILE *out, cairo_surface_t *surface) {
    encoder e = {.out = out};
    fputs("data:image/png;base64,", out);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, encode_bytes, &e);
    if (e.n_waiting) encode_group(&e);
    return status == CAIRO_STATUS_SUCCESS ? MDG_OK : MDG_IO;
}

static mdg_status write_png(FILE *out, const mdg_report_clip *clip) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, clip->frames, clip->width);
    mdg_status status = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ? MDG_OK : MDG_IO;
    if (status == MDG_OK) {
        paint(surface, clip);
        status = mdg_report_inline_png(out, surface);
    }
    cairo_surface_destroy(surface);
    return status;
}

static void draw_tick(FILE *out, double y, const char *text) {
    fprintf(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 5, y + 4.0, text);
}

static double mel_of(double hz) {
    return 1127.0 * log(1.0 + hz / 700.0);
}

static void draw_frequencies(FILE *out, const mdg_report_clip *clip) {
    static const struct {
        double hz;
        const char *text;
    } ticks[] = {
        {125, "125"}, {250, "250"}, {500, "500"}, {1000, "1k"},
        {2000, "2k"}, {4000, "4k"}, {8000, "8k"}, {16000, "16k"},
    };
    const double lo = mel_of((double)clip->lo_hz), hi = mel_of((double)clip->hi_hz);
    double previous = INFINITY;
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        const double y = BOTTOM - (BOTTOM - TOP) * (mel_of(ticks[i].hz) - lo) / (hi - lo);
        if (y > BOTTOM || y < TOP - 1.0 || previous - y < 19.0) continue;
        draw_tick(out, y, ticks[i].text);
        previous = y;
    }
}

static void draw_coefficients(FILE *out, const mdg_report_clip *clip) {
    const int step = clip->width <= 12 ? 2 : clip->width <= 24 ? 5 : 10;
    for (int k = 0; k < clip->width; k += step) {
        char text[16];
        snprintf(text, sizeof text, "%d", k);
        draw_tick(out, BOTTOM - (BOTTOM - TOP) * (k + 0.5) / clip->width, text);
    }
}

static void draw_time(FILE *out, const mdg_report_clip *clip) {
    const double seconds = (double)clip->seconds, step = seconds > 4.0   ? ceil(seconds / 4.0)
                                                         : seconds > 1.2 ? 0.5
                                                                         : 0.25;
    for (double t = 0.0; t < seconds - step / 4.0; t += step)
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%g</text>",
                LEFT + (RIGHT - LEFT) * t / seconds, BOTTOM + 15, t > 0.0 ? "middle" : "start", t);
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.3g s</text>", RIGHT, BOTTOM + 15, seconds);
}

mdg_status mdg_report_spectrogram(FILE *out, const mdg_report_clip *clip) {
    fprintf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"features of ", WIDTH, HEIGHT);
    mdg_report_text(out, clip->name);
    fprintf(out,
            "\"><image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\" "
            "href=\"",
            LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
    MDG_TRY(write_png(out, clip));
    fprintf(out, "\"/>");
    if (clip->hi_hz > clip->lo_hz)
        draw_frequencies(out, clip);
    else
        draw_coefficients(out, clip);
    if (clip->seconds > 0.0f) draw_time(out, clip);
    fprintf(out, "</svg>");
    return MDG_OK;
}
