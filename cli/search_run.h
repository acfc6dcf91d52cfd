/* SPDX-License-Identifier: MIT
 *
 * search_run.h: the trials of a search, run by this process or by all that mpirun started. Rank 0 chooses,
 * hands out, writes the journal, and tries some itself; while it trains, it answers the others at each step
 * of the training. A process from which nothing is heard for a while is taken as lost: its trial goes to
 * another.
 */
#ifndef MDG_CLI_SEARCH_RUN_H
#define MDG_CLI_SEARCH_RUN_H

#include "cli/lab.h"
#include "search/journal.h"

enum { MDG_MAX_PROCESSES = 1024 };

typedef struct mdg_search_run {
    mdg_cli *cli;
    mdg_lab *lab;
    mdg_journal *journal;
    mdg_study *study;
    int epochs_in_all; /* for the progress bar */
    int lost_after_s;  /* silence of another process */
} mdg_search_run;

/* All generations. Returns MDG_OK, MDG_INTERRUPTED, or what ends the search. */
mdg_status mdg_search_lead(const mdg_search_run *run);

/* What the other ranks do until rank 0 lets them go. */
mdg_status mdg_search_follow(const mdg_search_run *run);

#endif
