/* SPDX-License-Identifier: MIT
 *
 * inspection.h: what `midge inspect` has found out about a model, before it prints it as text, JSON or SVG.
 */
#ifndef MDG_CLI_INSPECTION_H
#define MDG_CLI_INSPECTION_H

#include "cli/model.h"
#include "specialize/cost.h"

/* What else an operator could have become, by another aim or with the reference's kernels */
typedef struct mdg_choice {
    const char *kernels;
    int64_t instructions; /* estimated; -1 = not known */
} mdg_choice;

enum { MDG_MAX_CHOICES = 6 };

typedef struct mdg_op_view {
    const char *kernels; /* "conv2d_s8, clamp_s8"; "-" = it becomes nothing */
    const char
        *optimised;      /* "armv7em": instruction sets that have a kernel of their own for it; "-" = none */
    const char *refusal; /* why it is not supported, or NULL */
    mdg_kernel_work work;
    mdg_choice choices[MDG_MAX_CHOICES]; /* the first is the one taken */
    int n_choices;
} mdg_op_view;

typedef struct mdg_inspection {
    const mdg_model_file *model;
    const mdg_goal *goal;
    mdg_program program; /* for the target; without what is refused */
    mdg_band_report bands;
    const mdg_refusal *refused; /* in the order of their lowering */
    mdg_op_view **ops;          /* [n_subgraphs][n_ops] */
    const char *no_plan;        /* why there is no memory plan, or NULL */
} mdg_inspection;

/* Returns MDG_OK also where operators are not supported. */
mdg_status mdg_inspect(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal, mdg_inspection *out);

json_t *mdg_inspection_json(const mdg_inspection *in);

/* Multiply-accumulates and constants of the whole graph, each subgraph once */
int64_t mdg_inspection_macs(const mdg_inspection *in);
size_t mdg_inspection_weights(const mdg_inspection *in);

#endif
