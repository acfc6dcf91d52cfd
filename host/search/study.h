/* SPDX-License-Identifier: MIT
 *
 * study.h: which candidates are tried, and for how long. The caller tries them; here is only the choice.
 *
 *     mdg_study *s = mdg_study_new(&space, &opts, arena);
 *     for (mdg_generation g; g = mdg_study_next(s), g.n > 0;)
 *         for (int i = 0; i < g.n; i++) try(&g.trials[i]);         // in any order; sets state and result
 *
 * A generation depends on the results of those before it and on the seed, not on when or where a trial was
 * run.
 *
 *   random     all candidates drawn by chance, each trained in full
 *   halving    all drawn by chance and trained for a short time; the best third goes on three times as long,
 * and so on up to the full time (successive halving, Jamieson and Talwalkar 2016) evolution  a population
 * drawn by chance; then each candidate is like one that did well among those tried last (regularised
 * evolution, Real et al. 2019), in generations of half a population; all trained for a short time, and in the
 * end the best third in full
 *
 * "Best" is within niches of the cost (front.h), so that small candidates go on as well as large ones.
 */
#ifndef MDG_SEARCH_STUDY_H
#define MDG_SEARCH_STUDY_H

#include "search/front.h"
#include "search/space.h"

#define MDG_STRATEGY_LIST(X) X(random) X(evolution) X(halving)

typedef enum mdg_strategy {
#define MDG_STRATEGY_ENUM(name) MDG_STRATEGY_##name,
    MDG_STRATEGY_LIST(MDG_STRATEGY_ENUM)
#undef MDG_STRATEGY_ENUM
        MDG_STRATEGY_COUNT
} mdg_strategy;

extern const char *const mdg_strategy_names[MDG_STRATEGY_COUNT];

/* What a candidate is said to cost: the second axis of the front */
typedef enum mdg_study_cost { MDG_COST_OF_FLASH, MDG_COST_OF_RAM, MDG_COST_OF_INSTRUCTIONS } mdg_study_cost;

typedef enum mdg_trial_state { MDG_TRIAL_WAITS, MDG_TRIAL_DONE, MDG_TRIAL_FAILED } mdg_trial_state;

typedef struct mdg_trial_result {
    double accuracy;       /* of the quantised model on the validation clips, 0 to 1 */
    double accuracy_float; /* before quantisation */
    double flash, ram;     /* bytes */
    double instructions;   /* an inference */
    double seconds;        /* that it took */
    char why[200];         /* FAILED: the cause */
} mdg_trial_result;

typedef struct mdg_trial {
    int id;        /* from 1 on, in the order of choice */
    int epochs;    /* to train for */
    bool is_final; /* trained in full: only these are compared in the end */
    mdg_candidate candidate;
    mdg_trial_state state;
    mdg_trial_result result;
} mdg_trial;

typedef struct mdg_study_opts {
    mdg_strategy strategy;
    mdg_study_cost cost;
    int candidates;   /* different ones that are tried */
    int population;   /* evolution */
    int short_epochs; /* halving, evolution */
    int epochs;       /* in full */
    uint64_t seed;
    /* Whether a candidate is worth trying (a budget); NULL: all are. Called once for each candidate. */
    bool (*fits)(void *context, const mdg_candidate *c);
    void *context;
} mdg_study_opts;

typedef struct mdg_generation {
    mdg_trial *trials; /* state WAITS */
    int n;
} mdg_generation;

typedef struct mdg_study mdg_study;

mdg_study *mdg_study_new(const mdg_space *space, const mdg_study_opts *opts, mdg_arena *arena);

/* The trials to run next; none when the search is done, or when no candidate is left. All trials of earlier
 * generations must be DONE or FAILED. */
mdg_generation mdg_study_next(mdg_study *s);

/* All trials so far, in the order of their ids; valid until the next generation */
const mdg_trial *mdg_study_trials(const mdg_study *s, int *n);

mdg_point mdg_trial_point(const mdg_trial *t, mdg_study_cost cost);

/* The final trials that are on the front, by cost: their indices in trials. Returns how many. */
int mdg_study_front(const mdg_trial *trials, int n, mdg_study_cost cost, mdg_arena *arena, int *out);

#endif
