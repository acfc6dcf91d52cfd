/* SPDX-License-Identifier: MIT
 *
 * parts.h: the pieces that report.c puts together; private to host/report.
 */
#ifndef MDG_REPORT_PARTS_H
#define MDG_REPORT_PARTS_H

#include <cairo.h>
#include <stdio.h>

#include "report/report.h"

extern const char mdg_report_style[]; /* the CSS */

/* Text for HTML content and quoted attributes: markup escaped, control characters replaced. NULL writes
 * nothing. */
void mdg_report_text(FILE *out, const char *text);

/* "4.21 M", "23.4 KB" */
typedef struct mdg_report_number {
    char text[32];
} mdg_report_number;
mdg_report_number mdg_report_count(uint64_t n);
mdg_report_number mdg_report_bytes(size_t bytes);

/* A line of a chart of bars: a name, how much of the chart's width it takes (0..1), and its size as text. It
 * stands in a <div class="bars">. */
void mdg_report_bar(FILE *out, const char *name, double share, const char *size);

/* Where the instructions go, operator by operator, and what other engines need: sections, or nothing. */
void mdg_report_ops(FILE *out, const mdg_report *r);
void mdg_report_peers(FILE *out, const mdg_report *r);

/* Calibration, groups, the worst clips: sections, or nothing. */
void mdg_report_judgement(FILE *out, const mdg_report *r);

/* One line chart over the epochs: training and validation. */
typedef struct mdg_report_curve {
    const char *title;
    bool percent;
    float (*train)(const mdg_report_epoch *e);
    float (*validation)(const mdg_report_epoch *e);
} mdg_report_curve;
void mdg_report_line_chart(FILE *out, const mdg_report *r, const mdg_report_curve *curve);

/* 0xRRGGBB of a level from 0 to 1: dark blue over violet and orange to light yellow. Brightness rises evenly,
 * so it also reads without colour. */
uint32_t mdg_report_colour(float level);

/* Between ticks: 1, 2 or 5 times a power of ten; about `wanted` of them fit into the span. */
double mdg_report_step(double span, int wanted);

/* Bytes of cairo's pictures into a FILE * */
cairo_status_t mdg_report_put(void *stream, const unsigned char *data, unsigned length);

/* The surface as a data: URL. Returns MDG_OK or MDG_IO. */
mdg_status mdg_report_inline_png(FILE *out, cairo_surface_t *surface);

/* Scenes with what was found in them: a section, or nothing. Returns MDG_OK or MDG_IO. */
mdg_status mdg_report_scenes(FILE *out, const mdg_report *r);

/* Picture of a clip's features with its axes. Returns MDG_OK or MDG_IO. */
mdg_status mdg_report_spectrogram(FILE *out, const mdg_report_clip *clip);

#endif
