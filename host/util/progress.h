/* SPDX-License-Identifier: MIT
 *
 * progress.h: how a stage that takes long tells how far it is, and learns that it shall stop. cli/ supplies
 * it.
 */
#ifndef MDG_PROGRESS_H
#define MDG_PROGRESS_H

#include <stdbool.h>

typedef struct mdg_progress {
    /* done of total steps; text may be NULL. Returns false when the user wants to stop (Ctrl-C). */
    bool (*report)(void *context, double done, double total, const char *text);
    void *context;
} mdg_progress;

/* Reports when p is given; true = go on. */
static inline bool mdg_progress_report(const mdg_progress *p, double done, double total, const char *text) {
    return !p || !p->report || p->report(p->context, done, total, text);
}

#endif
