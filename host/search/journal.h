/* SPDX-License-Identifier: MIT
 *
 * journal.h: what a search has found so far, in a file that survives its end: a line of JSON for each trial,
 * behind a line that says which search it is.
 *
 *     mdg_journal j;
 *     mdg_journal_open(path, header, arena, &j, diag);
 *     if (!mdg_journal_find(&j, &trial)) { try(&trial); mdg_journal_add(&j, &space, &trial, diag); }
 *     mdg_journal_close(&j);
 *
 * A search with the same seed makes the same trials in the same order; so those that the journal has are not
 * run again. Each line is written at once: a process that dies leaves at most a piece of one, which the next
 * one cuts off.
 */
#ifndef MDG_SEARCH_JOURNAL_H
#define MDG_SEARCH_JOURNAL_H

#include "search/study.h"

typedef struct mdg_journal {
    const char *path;
    int file;          /* descriptor; -1 = closed */
    mdg_trial *trials; /* [n] as they were read, DONE or FAILED */
    int n;
} mdg_journal;

/* header: one line of JSON without its newline. A file of the same header is read; a new one is begun with
 * it. Returns MDG_OK; MDG_MISMATCH when the file belongs to another search; MDG_INVALID when it is none;
 * MDG_IO. */
mdg_status mdg_journal_open(const char *path, const char *header, mdg_arena *arena, mdg_journal *out,
                            mdg_diag *diag);
void mdg_journal_close(mdg_journal *j);

/* Takes over state and result of this trial, where the file had it. */
bool mdg_journal_find(const mdg_journal *j, mdg_trial *t);

/* Returns MDG_OK or MDG_IO. */
mdg_status mdg_journal_add(const mdg_journal *j, const mdg_space *space, const mdg_trial *t, mdg_diag *diag);

#endif
