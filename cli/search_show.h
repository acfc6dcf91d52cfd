/* SPDX-License-Identifier: MIT
 *
 * search_show.h: what a search found: a table for people, JSON and CSV for programs, a picture of the front.
 */
#ifndef MDG_CLI_SEARCH_SHOW_H
#define MDG_CLI_SEARCH_SHOW_H

#include "cli/lab.h"

typedef struct mdg_search_view {
    const mdg_lab *lab;
    const mdg_trial *trials;
    int n;
    mdg_study_cost cost;
    int *front; /* [n_front] indices in trials, by cost */
    int n_front;
} mdg_search_view;

void mdg_search_print(const mdg_search_view *v, FILE *out);
json_t *mdg_search_json(const mdg_search_view *v);

/* A row for each trial that was done */
mdg_status mdg_search_csv(const mdg_search_view *v, const char *path, mdg_diag *diag);

#endif
