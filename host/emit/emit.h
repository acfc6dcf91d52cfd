/* SPDX-License-Identifier: MIT
 *
 * emit.h: a planned program to one self-contained C99 file and its header (docs/GENERATED_CODE.md shows one).
 */
#ifndef MDG_EMIT_H
#define MDG_EMIT_H

#include "lower/program.h"
#include "midge/decide.h"
#include "midge/features.h"
#include "midge/find.h"

/* What stands before the model and behind it, compiled in: features of samples, or pixels of a picture; the
 * decision. */
typedef struct mdg_emit_frontend {
    const mdg_features *features;
    const int32_t *mult; /* [width] features to the model's int8 input, mdg_features_quantize */
    const int32_t *offset;
    int image_h, image_w; /* a picture's pixels, quantised straight into the input; 0 = samples in time */
    const char *const *channel_names; /* [channels] of sensors, or NULL */
    const float *full_scale;          /* [channels] with channel_names: what 32767 stands for */
    const char *const *labels;
    int n_labels;
    const mdg_decide
        *decide; /* on streams of samples: scores to events; NULL = without. n_classes is that of labels */
    const mdg_map *map; /* of pictures: scores come for each cell of it; NULL = for the whole */
    int decide_rows;    /* rows from one inference to the next */
    float threshold;    /* score from which the best class counts as recognised */
} mdg_emit_frontend;

typedef struct mdg_emit_opts {
    const char *name; /* C identifier: prefix of everything public, and file name */
    const char *folder;
    const char *target;       /* "generic", "cortex-m4", ...: for the head of the file */
    const char *isa;          /* folder of kernels: "armv7em", ...; NULL or a kernel not there = "ref" */
    const char *command_line; /* for the head of the file */
    const char *model_name;   /* file or project, for the head */
    uint64_t model_hash;
    bool trees_as_code;                /* trees as comparisons, in place of tables */
    const mdg_emit_frontend *frontend; /* or NULL */
} mdg_emit_opts;

/* Writes folder/name.c and folder/name.h, both or none.
 * Returns MDG_OK, MDG_INVALID (name, labels), MDG_UNSUPPORTED, MDG_NOT_FOUND (a kernel's text), or MDG_IO. */
mdg_status mdg_emit_c(const mdg_program *p, const mdg_emit_opts *opts, mdg_diag *diag);

#endif
