/* SPDX-License-Identifier: MIT
 *
 * project.h: a project folder's midge.yaml, read and checked: the options of every stage in one struct.
 *
 *     mdg_project p;
 *     mdg_project_load("doorbell", arena, &p, diag);     // doorbell/midge.yaml
 *
 * Every key has a default, so that an empty file is a project. An unknown key or a wrong value is
 * MDG_INVALID, and the message names file, line, key and what is allowed. schema.h lists the keys.
 */
#ifndef MDG_PROJECT_H
#define MDG_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "classic/classic.h"
#include "data/augment.h"
#include "data/data.h"
#include "feature/feature.h"
#include "quant/quant.h"
#include "train/train.h"
#include "util/arena.h"
#include "util/diag.h"
#include "util/optimize.h"

typedef struct mdg_project_model {
    const char *architecture;
    mdg_architecture_opts opts;
    mdg_layer_spec *layers; /* n_layers > 0: these, in place of the architecture */
    int n_layers;
    mdg_objective objective; /* of the layers; a named architecture has its own */
    float threshold;
    mdg_classic_opts
        classic; /* where the architecture is no network; its kind, depth and seed are elsewhere */
    const char *const *normal;
    int n_normal, copies;
    int trees_as; /* index into "table|code" */
    bool streams; /* compiled to take a hop of new rows at a time */
} mdg_project_model;

typedef struct mdg_budget {
    size_t ram, flash;   /* bytes, 0 = no limit */
    size_t instructions; /* of an inference; 0 = no limit */
} mdg_budget;

typedef struct mdg_project_search {
    int strategy, cost; /* mdg_strategy and mdg_study_cost of search/study.h */
    int candidates, population, short_epochs;
    const char *const *space;
    int n_space; /* 0 = by data.kind */
} mdg_project_search;

/* What it may take from its supply (power/power.h): calculated. */
enum { MDG_POWER_BATTERIES = 3 };
typedef struct mdg_project_power {
    const char *part, *sensor; /* part NULL: the first of the table */
    float messages_per_hour, message_uj;
    float most_uw;                   /* 0 = no limit */
    float days[MDG_POWER_BATTERIES]; /* that each battery of the table must last; 0 = not asked */
} mdg_project_power;

/* Scores to events (midge/decide.h). */
typedef struct mdg_project_decide {
    int every_us; /* from one inference to the next */
    int smoothing, count;
    int refractory_us;
    float threshold, hysteresis;   /* scores; threshold 0 = that of the model */
    const char *const *thresholds; /* "class=threshold" or "class=threshold/hysteresis" */
    int n_thresholds;
    const char *const *background;
    int n_background; /* classes that are no events, besides data.unknown and data.silence */
} mdg_project_decide;

/* What is done about classes with few clips: nothing, a larger weight in the loss, or drawing them as often.
 */
typedef enum mdg_balance { MDG_BALANCE_NONE, MDG_BALANCE_WEIGHTS, MDG_BALANCE_SAMPLING } mdg_balance;

/* Training with rounded numbers, after the other. */
typedef struct mdg_project_retrain {
    const char *weights; /* "no", "int8", "int4" */
    int epochs;
    float rate; /* share of the learning rate */
} mdg_project_retrain;

typedef struct mdg_project {
    const char *folder; /* of midge.yaml */
    const char *out;    /* <folder>/out */
    const char *name;
    const char *target;
    mdg_optimize optimize;
    uint64_t seed;
    mdg_data_opts data; /* paths are joined with folder */
    mdg_feature_opts features;
    mdg_augment_opts augment;
    mdg_project_model model;
    mdg_project_retrain retrain;
    mdg_train_opts train; /* without checkpoint and resume, which the command line decides */
    mdg_balance balance;
    float object_weight;    /* with data.objects, of a cell that has one */
    const char *teacher;    /* joined with folder; NULL: none */
    const char *start_from; /* joined with folder; NULL: random weights */
    bool new_head;
    mdg_quant_opts quantize;
    float max_drop;     /* mixed weights: points of accuracy that they may cost */
    size_t mixed_flash; /* mixed weights: bytes of constants, in place of max_drop; the command line alone */
    int calibration_samples;
    mdg_project_decide decide;
    mdg_budget budget;
    mdg_project_search search;
    mdg_project_power power;
} mdg_project;

/* Returns MDG_OK, MDG_NOT_FOUND (no midge.yaml: no project) or MDG_INVALID. */
mdg_status mdg_project_load(const char *folder, mdg_arena *arena, mdg_project *out, mdg_diag *diag);

/* The same from text, for tests and fuzzing; path is for messages, its folder the project's. */
mdg_status mdg_project_parse(const char *text, size_t size, const char *path, mdg_arena *arena,
                             mdg_project *out, mdg_diag *diag);

/* The reference: every key with its default, its range and what it means. */
void mdg_project_print_keys(FILE *out);

#endif
