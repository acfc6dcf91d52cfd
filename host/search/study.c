/* SPDX-License-Identifier: MIT */
#include "search/study.h"

#include <string.h>

enum {
    KEPT = 3,     /* one in so many goes on */
    CONTEST = 4,  /* of so many of the population the best has offspring */
    DRAWS = 500,  /* for each candidate that is wanted: after so many no new one is to be expected, */
    REFUSALS = 25 /* after so many that do not fit none that does; these take longer */
};

const char *const mdg_strategy_names[MDG_STRATEGY_COUNT] = {
#define NAME(name) #name,
    MDG_STRATEGY_LIST(NAME)
#undef NAME
};

struct mdg_study {
    const mdg_space *space;
    mdg_study_opts opts;
    mdg_arena *arena;
    mdg_rng rng;
    mdg_trial *trials; /* [n] */
    int n, room;
    int last; /* halving: the last generation begins there; evolution: -1 when its last one is out */
    mdg_candidate *known; /* [n_known] drawn before, whether they fit or not */
    int n_known, known_room;
};

mdg_study *mdg_study_new(const mdg_space *space, const mdg_study_opts *opts, mdg_arena *arena) {
    mdg_study *s = mdg_arena_alloc(arena, sizeof *s);
    *s = (mdg_study){.space = space, .opts = *opts, .arena = arena, .rng = mdg_rng_of(opts->seed, 0)};
    return s;
}

const mdg_trial *mdg_study_trials(const mdg_study *s, int *n) {
    *n = s->n;
    return s->trials;
}

/* ==== Choosing ==== */

mdg_point mdg_trial_point(const mdg_trial *t, mdg_study_cost cost) {
    const mdg_trial_result *r = &t->result;
    return (mdg_point){.score = r->accuracy,
                       .cost = cost == MDG_COST_OF_RAM            ? r->ram
                               : cost == MDG_COST_OF_INSTRUCTIONS ? r->instructions
                                                                  : r->flash};
}

/* The trials [from, to) that were done, the best first, as indices; how many there are */
static int order(const mdg_study *s, int from, int to, int *out) {
    mdg_point *points = mdg_arena_array(s->arena, (size_t)(to - from) + 1, sizeof *points);
    int *index = mdg_arena_array(s->arena, (size_t)(to - from) + 1, sizeof *index), n = 0;
    for (int i = from; i < to; i++) {
        if (s->trials[i].state != MDG_TRIAL_DONE) continue;
        index[n] = i;
        points[n++] = mdg_trial_point(&s->trials[i], s->opts.cost);
    }
    mdg_front_order(points, n, s->arena, out);
    for (int i = 0; i < n; i++) out[i] = index[out[i]];
    return n;
}

int mdg_study_front(const mdg_trial *trials, int n, mdg_study_cost cost, mdg_arena *arena, int *out) {
    mdg_point *points = mdg_arena_array(arena, (size_t)n + 1, sizeof *points);
    int *index = mdg_arena_array(arena, (size_t)n + 1, sizeof *index);
    int *rank = mdg_arena_array(arena, (size_t)n + 1, sizeof *rank), n_done = 0, n_front = 0;
    for (int i = 0; i < n; i++) {
        if (trials[i].state != MDG_TRIAL_DONE || !trials[i].is_final) continue;
        index[n_done] = i;
        points[n_done++] = mdg_trial_point(&trials[i], cost);
    }
    mdg_front_rank(points, n_done, rank);
    for (int i = 0; i < n_done; i++) {
        if (rank[i] > 0) continue;
        int at = n_front++;
        for (; at > 0 && mdg_trial_point(&trials[out[at - 1]], cost).cost > points[i].cost; at--)
            out[at] = out[at - 1];
        out[at] = index[i];
    }
    return n_front;
}

/* ==== Proposing ==== */

static void *grow(mdg_arena *arena, void *old, int n, int *room, size_t size) {
    if (n < *room) return old;
    *room = *room ? 2 * *room : 64;
    void *wider = mdg_arena_array(arena, (size_t)*room, size);
    if (n) memcpy(wider, old, (size_t)n * size);
    return wider;
}

static void add(mdg_study *s, const mdg_candidate *c, int epochs) {
    s->trials = grow(s->arena, s->trials, s->n, &s->room, sizeof *s->trials);
    s->trials[s->n] =
        (mdg_trial){.id = s->n + 1, .epochs = epochs, .is_final = epochs == s->opts.epochs, .candidate = *c};
    s->n++;
}

static bool is_known(mdg_study *s, const mdg_candidate *c) {
    for (int i = 0; i < s->n_known; i++)
        if (mdg_candidate_equal(&s->known[i], c)) return true;
    s->known = grow(s->arena, s->known, s->n_known, &s->known_room, sizeof *s->known);
    s->known[s->n_known++] = *c;
    return false;
}

/* Where new candidates come from: they are like the best of some of n_parents trials; or, without, the
 * n_spread of spread, and then any. */
typedef struct origin {
    const int *parents;
    int n_parents;
    const mdg_candidate *spread;
    int n_spread;
} origin;

static mdg_candidate draw(mdg_study *s, origin *from) {
    int best = from->n_parents;
    if (from->n_spread > 0) return from->spread[--from->n_spread];
    if (from->n_parents == 0) return mdg_candidate_random(s->space, &s->rng);
    for (int i = 0; i < CONTEST; i++) {
        const int k = (int)mdg_rng_below(&s->rng, (uint32_t)from->n_parents);
        if (k < best) best = k;
    }
    return mdg_candidate_vary(s->space, &s->trials[from->parents[best]].candidate, &s->rng);
}

/* Adds `wanted` new candidates that fit. */
static void propose(mdg_study *s, int wanted, int epochs, origin from) {
    int refusals = wanted * REFUSALS;
    for (int draws = wanted * DRAWS; wanted > 0 && draws > 0 && refusals > 0; draws--) {
        const mdg_candidate c = draw(s, &from);
        if (is_known(s, &c)) continue;
        if (s->opts.fits && !s->opts.fits(s->opts.context, &c)) {
            refusals--;
            continue;
        }
        add(s, &c, epochs);
        wanted--;
    }
}

static void propose_spread(mdg_study *s, int wanted, int epochs) {
    mdg_candidate *spread = mdg_arena_array(s->arena, (size_t)wanted + 1, sizeof *spread);
    mdg_candidates_spread(s->space, wanted, &s->rng, spread);
    propose(s, wanted, epochs, (origin){.spread = spread, .n_spread = wanted});
}

/* The best of trials [from, to) once more, for so many epochs */
static void go_on(mdg_study *s, int from, int to, int epochs) {
    int *best = mdg_arena_array(s->arena, (size_t)(to - from) + 1, sizeof *best);
    const int n = order(s, from, to, best), kept = (n + KEPT - 1) / KEPT;
    for (int i = 0; i < kept; i++) {
        const mdg_candidate c = s->trials[best[i]].candidate;
        add(s, &c, epochs);
    }
}

static int shorter(const mdg_study *s, int epochs) {
    return epochs < s->opts.epochs ? epochs : s->opts.epochs;
}

static void next_halving(mdg_study *s) {
    const int from = s->last, to = s->n;
    if (s->n == 0)
        propose_spread(s, s->opts.candidates, shorter(s, s->opts.short_epochs));
    else if (!s->trials[s->n - 1].is_final)
        go_on(s, from, to, shorter(s, KEPT * s->trials[s->n - 1].epochs));
    s->last = to;
}

static void next_evolution(mdg_study *s) {
    const int population = s->opts.population, epochs = shorter(s, s->opts.short_epochs), before = s->n;
    const int left = s->opts.candidates - s->n, half = (population + 1) / 2;
    if (s->n == 0) {
        propose_spread(s, left < population ? left : population, epochs);
    } else if (left > 0) {
        int *parents = mdg_arena_array(s->arena, (size_t)population + 1, sizeof *parents);
        const int n = order(s, s->n > population ? s->n - population : 0, s->n, parents);
        propose(s, left < half ? left : half, epochs, (origin){.parents = parents, .n_parents = n});
    }
    const bool is_over = s->n == before && before > 0 && s->last >= 0;
    if (is_over && epochs < s->opts.epochs) go_on(s, 0, before, s->opts.epochs);
    if (is_over) s->last = -1;
}

mdg_generation mdg_study_next(mdg_study *s) {
    const int before = s->n;
    if (s->opts.strategy == MDG_STRATEGY_halving)
        next_halving(s);
    else if (s->opts.strategy == MDG_STRATEGY_evolution)
        next_evolution(s);
    else if (s->n == 0)
        propose(s, s->opts.candidates, s->opts.epochs, (origin){0});
    return (mdg_generation){s->trials + before, s->n - before};
}
