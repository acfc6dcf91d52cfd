/* SPDX-License-Identifier: MIT
 *
 * crew.h: the threads that compute the shards of a step. One worker does them one after the other in the
 * caller's thread; with two, a second thread does every second shard at the same time.
 */
#ifndef MDG_TRAIN_CREW_H
#define MDG_TRAIN_CREW_H

#include "util/arena.h"
#include "util/diag.h"

typedef struct mdg_crew mdg_crew;

mdg_status mdg_crew_new(mdg_arena *arena, int n_shards, int workers, mdg_crew **out, mdg_diag *diag);

/* Calls work(context, shard) for every shard and returns when all are done. */
void mdg_crew_run(mdg_crew *crew, void (*work)(void *context, int shard), void *context);

void mdg_crew_free(mdg_crew *crew);

#endif
