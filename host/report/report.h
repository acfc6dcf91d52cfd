/* SPDX-License-Identifier: MIT
 *
 * report.h: what a build found out, as one HTML file that needs nothing else: styles inside, charts as SVG,
 * spectrograms as PNG inside, no scripts. It reads well on a phone, on paper, in light and in dark.
 *
 *     mdg_report r = {.title = "digits", .n_accuracies = 3, .accuracies = rows, .epochs = ...};
 *     status = mdg_report_write(&r, "out/report.html", diag);
 *
 * Every part is optional: what is NULL, 0 or empty leaves its section out. All text is escaped here. The same
 * struct gives the same bytes (there is no date in it).
 */
#ifndef MDG_REPORT_H
#define MDG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/diag.h"

/* One line of the summary: "int8, Cortex-M4 (emulated)", 0.912, 456 of 500. */
typedef struct mdg_report_accuracy {
    const char *what; /* NULL = accuracy; "F1 of kind and place", whose numbers are objects */
    const char *name;
    float accuracy; /* 0..1 */
    int n_correct, n;
} mdg_report_accuracy;

/* What one inference costs on the target; 0 = not measured. */
typedef struct mdg_report_cost {
    const char *target;                          /* "Cortex-M4, QEMU mps2-an386" */
    uint64_t instructions, feature_instructions; /* per inference; per feature frame */
    uint64_t macs;
    size_t arena_bytes, state_bytes, stack_bytes; /* RAM */
    size_t weights_bytes, code_bytes;             /* flash */
    uint64_t cycles, clock_hz;                    /* estimated; the clock may be 0 */
    size_t budget_ram_bytes, budget_flash_bytes;
} mdg_report_cost;

typedef struct mdg_report_epoch {
    float loss, accuracy, validation_loss, validation_accuracy; /* NaN = not known */
} mdg_report_epoch;

typedef struct mdg_report_class {
    const char *label;
    int n_train, n_validation, n_test; /* clips in each split */
    float precision, recall, f1;       /* on the test split */
    float auc;                         /* under the ROC curve; 0 = not known */
} mdg_report_class;

/* A clip as the model saw it. features [frames][width]; frequencies run along width from lo_hz to hi_hz,
 * evenly on the mel scale; hi_hz = 0: no frequencies (MFCC), the axis counts coefficients. */
typedef struct mdg_report_clip {
    const char *name, *label, *predicted;
    float score; /* of the predicted label, 0..1 */
    const float *features;
    int frames, width;
    float seconds, lo_hz, hi_hz;
    const char *key; /* what the axes are, for people */
} mdg_report_clip;

typedef enum mdg_report_mark_kind {
    MDG_MARK_RIGHT,
    MDG_MARK_OTHER_KIND, /* at its place, taken for something else */
    MDG_MARK_NOTHING,    /* where there is nothing */
    MDG_MARK_MISSED      /* not found; label is the true one */
} mdg_report_mark_kind;

/* Something in a scene, at a place in its pixels */
typedef struct mdg_report_mark {
    mdg_report_mark_kind kind;
    const char *label;
    float x, y;
} mdg_report_mark;

typedef struct mdg_report_scene {
    const int16_t *pixels; /* [h][w][channels], 0 to 255 */
    int h, w, channels;
    const mdg_report_mark *marks;
    int n_marks;
} mdg_report_scene;

/* Test clips whose best score lies in one tenth of 0 to 1: its mean, and the share that is right. */
typedef struct mdg_report_bin {
    int n;
    float score, accuracy;
} mdg_report_bin;

enum { MDG_REPORT_BINS = 10, MDG_REPORT_ROC = 101 };

typedef struct mdg_report_calibration {
    mdg_report_bin bins[MDG_REPORT_BINS];
    int n; /* of all bins; 0 = not measured */
    float error;
} mdg_report_calibration;

typedef struct mdg_report_group {
    const char *name; /* "" = none */
    int n_correct, n;
} mdg_report_group;

/* A clip that was taken for another class. link: a path, absolute or from the report; NULL = no file. */
typedef struct mdg_report_miss {
    const char *name, *link, *label, *predicted;
    float score;
} mdg_report_miss;

typedef struct mdg_report_skipped {
    const char *path, *cause;
} mdg_report_skipped;

typedef struct mdg_report_op {
    const char *name;
    uint64_t instructions, macs; /* macs 0: it multiplies nothing */
    int index;                   /* in the model */
} mdg_report_op;

/* What another engine needs for the same model on the same target; 0 = not known. */
typedef struct mdg_report_peer {
    const char *name;
    uint64_t instructions;
    size_t arena_bytes, code_bytes, weights_bytes;
} mdg_report_peer;

typedef struct mdg_report_layer {
    const char *name, *op;
    float lo, hi, scale; /* calibrated range, and the step of its int8 values */
    int zero_point;
    float sqnr_db; /* of int8 against float; NaN = not measured */
} mdg_report_layer;

typedef struct mdg_report {
    const char *title, *subtitle;
    const char *const *notes; /* what a reader must know: warnings, "this speech is synthetic" */
    int n_notes;
    const mdg_report_accuracy *accuracies; /* the last one is the headline */
    int n_accuracies;
    mdg_report_cost cost;
    const mdg_report_epoch *epochs;
    int n_epochs, best_epoch; /* best: index of the epoch whose weights were kept */
    const mdg_report_class *classes;
    const int *confusion; /* [n_classes][n_classes]: true, predicted */
    int n_classes;
    const float *roc;  /* [n_classes][MDG_REPORT_ROC] true positives at each hundredth of false positives */
    float interval[2]; /* 95 % confidence of the headline's accuracy; 0 to 0 = not known */
    mdg_report_calibration calibration;
    const mdg_report_group *groups;
    int n_groups;
    const mdg_report_miss *misses;
    int n_misses;
    const mdg_report_clip *clips;
    int n_clips;
    const mdg_report_scene *scenes; /* all of one size */
    int n_scenes;
    const mdg_report_op *ops;
    int n_ops;
    const mdg_report_peer *peers;
    int n_peers;
    const mdg_report_layer *layers;
    int n_layers;
    const mdg_report_skipped *skipped;
    int n_skipped;
    const char *configuration; /* the YAML in effect */
    const char *version;       /* of midge, for the foot */
} mdg_report;

/* Returns MDG_OK, or MDG_IO with the file and the cause; then no file is left under `path`. */
mdg_status mdg_report_write(const mdg_report *r, const char *path, mdg_diag *diag);

/* The scenes side by side, marked, as a PNG file. Returns as mdg_report_write does. */
mdg_status mdg_report_scenes_save(const mdg_report_scene *scenes, int n, const char *path, mdg_diag *diag);

#endif
