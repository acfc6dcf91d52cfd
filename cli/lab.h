/* SPDX-License-Identifier: MIT
 *
 * lab.h: where candidates of a search are tried: each is the project with some keys of its midge.yaml set
 * otherwise, taken through the stages of the pipeline. Recordings are decoded once, and features computed
 * once for each setting of them.
 *
 *     mdg_lab lab;
 *     mdg_lab_open(cli, folder, &lab);
 *     mdg_lab_draft(&lab, &candidate, &result);    // sizes and instructions, without training
 *     mdg_lab_try(&lab, &trial);                   // trains, quantises, compiles, judges on validation clips
 */
#ifndef MDG_CLI_LAB_H
#define MDG_CLI_LAB_H

#include "cli/pipeline.h"
#include "search/study.h"

typedef struct mdg_lab_features mdg_lab_features;

typedef struct mdg_lab {
    mdg_cli *cli;
    const char *folder, *path, *text; /* of midge.yaml */
    mdg_project project;              /* as it is there */
    const mdg_target *target;
    mdg_optimize optimize;
    mdg_space space;
    const mdg_progress *progress; /* of a trial: done and total in epochs */
    int workers;                  /* threads that train; 0 = as the project has it */
    mdg_lab_features *features;   /* computed so far */
} mdg_lab;

/* Reads the project and the space of its search, and checks that each key exists and takes each value.
 * Returns MDG_OK, MDG_NOT_FOUND or MDG_INVALID. */
mdg_status mdg_lab_open(mdg_cli *cli, const char *folder, mdg_lab *out);

/* What the network of a candidate needs. Returns MDG_OK; MDG_INVALID where there is no such network, which
 * the message explains; MDG_NOT_FOUND without recordings to train and compare by; MDG_INTERRUPTED; or what
 * else ends the search. */
mdg_status mdg_lab_draft(mdg_lab *lab, const mdg_candidate *c, mdg_trial_result *out);

/* Fills in state and result. A trial may fail; the search ends with MDG_INTERRUPTED, MDG_IO, MDG_NO_MEMORY.
 */
mdg_status mdg_lab_try(mdg_lab *lab, mdg_trial *t);

/* midge.yaml with the candidate's keys */
mdg_status mdg_lab_text(const mdg_lab *lab, const mdg_candidate *c, mdg_arena *arena, const char **out,
                        mdg_diag *diag);

/* "model.width 16, model.depth 3": what applies, the values that all candidates share left out */
const char *mdg_lab_settings(const mdg_lab *lab, const mdg_candidate *c);

#endif
