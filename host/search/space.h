/* SPDX-License-Identifier: MIT
 *
 * space.h: what a search may vary: keys of midge.yaml, each with the values that it may have.
 *
 *     const char *const lines[] = {"model.width = 8 16 24 32", "features.kind = log_mel mfcc",
 *                                  "features.coefficients = 10 13 when features.kind = mfcc"};
 *     mdg_space space;
 *     mdg_space_read(lines, 3, arena, &space, diag);
 *     mdg_candidate c = mdg_candidate_random(&space, &rng);
 *
 * Values stand in order (smaller to larger where there is one), so that neighbours are alike. A dimension
 * whose condition does not hold keeps its first value: two candidates that mean the same are the same.
 */
#ifndef MDG_SEARCH_SPACE_H
#define MDG_SEARCH_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/diag.h"
#include "util/rng.h"

enum { MDG_SPACE_MAX_DIMENSIONS = 24, MDG_SPACE_MAX_VALUES = 32 };

typedef struct mdg_dimension {
    const char *key;
    const char **values; /* [n] */
    int n;
    int on;             /* the dimension of the condition, an earlier one; -1 = none */
    uint32_t on_values; /* bit v: the condition holds at its value v */
} mdg_dimension;

typedef struct mdg_space {
    mdg_dimension dimensions[MDG_SPACE_MAX_DIMENSIONS];
    int n;
} mdg_space;

/* The number of its value in each dimension; 0 behind the last one */
typedef struct mdg_candidate {
    uint8_t value[MDG_SPACE_MAX_DIMENSIONS];
} mdg_candidate;

/* Returns MDG_OK, or MDG_INVALID naming the line: one that is not "key = values", a key twice, a condition on
 * what no earlier line has, too many lines or values. */
mdg_status mdg_space_read(const char *const *lines, int n, mdg_arena *arena, mdg_space *out, mdg_diag *diag);

/* Whether the dimension counts for this candidate; others keep their first value. */
bool mdg_space_applies(const mdg_space *s, const mdg_candidate *c, int dimension);

/* How many candidates there are, without regard to conditions; 1e18 for more */
double mdg_space_size(const mdg_space *s);

mdg_candidate mdg_candidate_random(const mdg_space *s, mdg_rng *r);

/* n by chance, in which each value of a dimension is as frequent as any other (a Latin hypercube, McKay et
 * al. 1979): few draws then reach all sizes. */
void mdg_candidates_spread(const mdg_space *s, int n, mdg_rng *r, mdg_candidate *out);

/* A like one: one dimension (at one time in four: two) moves, mostly to a neighbouring value. */
mdg_candidate mdg_candidate_vary(const mdg_space *s, const mdg_candidate *c, mdg_rng *r);

bool mdg_candidate_equal(const mdg_candidate *a, const mdg_candidate *b);

#endif
