/* SPDX-License-Identifier: MIT
 *
 * detect.h: a detector judged on hours of stream: its scores, one row for each inference, through the
 * decisions of the device (midge/decide.h), against a list of what was said when.
 *
 *     mdg_truth_read("events.csv", labels, n_labels, arena, &truth, diag);
 *     mdg_detect_curve(&stream, &opts, &truth, arena, points);          // all 256 thresholds
 *     const mdg_detect_point *p = mdg_detect_choose(points, 1.0);       // at most 1 false accept an hour
 *
 * An event counts as found when a detection of its class comes between its start and its end plus the
 * tolerance. Each event can be found once; any other detection is a false accept.
 */
#ifndef MDG_DETECT_H
#define MDG_DETECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "midge/decide.h"
#include "util/arena.h"
#include "util/diag.h"

enum { MDG_DETECT_THRESHOLDS = 256 };

typedef struct mdg_truth_event {
    double start_s, end_s;
    int label; /* index, -1 = a class that the model does not know */
} mdg_truth_event;

typedef struct mdg_truth {
    mdg_truth_event *events; /* by start */
    int n;
} mdg_truth;

/* A table of start, end (seconds) and label, separated by commas, its first line naming the columns; more
 * columns may follow. Returns MDG_OK; MDG_NOT_FOUND; MDG_INVALID with the line: no number, an end before its
 * start. */
mdg_status mdg_truth_read(const char *path, const char *const *labels, int n_labels, mdg_arena *arena,
                          mdg_truth *out, mdg_diag *diag);

typedef struct mdg_detect_stream {
    const int8_t *scores; /* [n][n_classes] */
    int n, n_classes;
    double first_s, step_s; /* time of the first inference, and from one to the next */
    double seconds;         /* length of the stream */
} mdg_detect_stream;

typedef struct mdg_detect_opts {
    mdg_decide decide;     /* that of the device; the curve varies its thresholds */
    const bool *is_target; /* [n_classes] classes that can be events */
    double tolerance_s;
} mdg_detect_opts;

typedef struct mdg_detect_point {
    int threshold; /* a score, -128 to 127 */
    int n_events, n_found, n_false;
    double misses; /* share of events */
    double false_per_hour;
    double latency_s; /* median, from the start of the event; NaN when none was found */
} mdg_detect_point;

typedef struct mdg_detection {
    double time_s;
    int label;
    bool correct;
} mdg_detection;

typedef struct mdg_detections {
    mdg_detection *items; /* [stream->n] */
    int n;
} mdg_detections;

/* The decisions of opts->decide; its point's threshold is that of the first target. list may be NULL. */
mdg_detect_point mdg_detect_run(const mdg_detect_stream *s, const mdg_detect_opts *o, const mdg_truth *truth,
                                mdg_arena *arena, mdg_detections *list);

/* points [MDG_DETECT_THRESHOLDS], that of the first target, -128 first; those of other classes go along, as
 * far above or below it as they are in o->decide. */
void mdg_detect_curve(const mdg_detect_stream *s, const mdg_detect_opts *o, const mdg_truth *truth,
                      mdg_arena *arena, mdg_detect_point *points);

/* The point with the fewest misses among those with at most so many false accepts an hour; the higher
 * threshold of equals. NULL when there is none. */
const mdg_detect_point *mdg_detect_choose(const mdg_detect_point *points, double false_per_hour);

json_t *mdg_detect_json(const mdg_detect_point *p);
json_t *mdg_detections_json(const mdg_detections *list,
                            const char *const *labels); /* [{time_s, label, correct}] */

/* The detection error trade-off as SVG: misses over false accepts an hour. */
void mdg_detect_draw(const mdg_detect_point *points, const mdg_detect_point *chosen, FILE *out);

#endif
