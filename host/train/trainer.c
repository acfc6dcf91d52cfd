/* SPDX-License-Identifier: MIT */
#include "train/trainer.h"

#include <math.h>

#include "train/check.h"
#include "train/curves.h"
#include "train/transfer.h"
#include "util/file.h"

static mdg_status make_shards(mdg_trainer *t) {
    const size_t n = (size_t)t->division.mine;
    t->shards = mdg_arena_array(t->arena, n, sizeof(mdg_shard *));
    t->findings = mdg_arena_array(t->arena, n, sizeof *t->findings);
    t->shard_diags = mdg_arena_array(t->arena, n, sizeof *t->shard_diags);
    for (size_t i = 0; i < n; i++) {
        MDG_TRY(mdg_shard_new(t->net, t->division.batch, true, &t->shards[i], t->diag));
        t->findings[i] =
            (mdg_findings){.gradients = t->shards[i]->gradients, .statistics = t->shards[i]->statistics};
        t->shards[i]->dnn.diag = &t->shard_diags[i]; /* from here on it runs in a thread of its own */
    }
    return MDG_OK;
}

static mdg_status make_elders(mdg_trainer *t) {
    const mdg_net *elder = t->source->elder;
    if (!elder || t->source->teach) return MDG_OK;
    t->elders = mdg_arena_array(t->arena, (size_t)t->division.mine, sizeof(mdg_shard *));
    for (int i = 0; i < t->division.mine; i++) {
        MDG_TRY(mdg_shard_new(elder, t->division.batch, false, &t->elders[i], t->diag));
        t->elders[i]->dnn.diag = &t->shard_diags[i];
    }
    return MDG_OK;
}

static void make_training(mdg_trainer *t, mdg_history *history) {
    const mdg_train_opts *o = t->opts;
    mdg_training *s = &t->training;
    s->net = t->net;
    s->history = history;
    *history =
        (mdg_history){.epochs = mdg_arena_array(t->net->results, (size_t)o->epochs, sizeof(mdg_epoch))};
    s->optimizer.momentum = o->momentum;
    s->optimizer.nesterov = o->nesterov;
    s->optimizer.weight_decay = o->weight_decay;
    s->optimizer.m = mdg_floats(t->arena, t->net->n_params);
    s->optimizer.v = mdg_floats(t->arena, t->net->n_params);
    mdg_average_init(&s->average, o->average, t->net, t->arena);
    s->best_params = mdg_floats(t->arena, t->net->n_params);
    s->best_statistics = mdg_floats(t->arena, t->net->n_statistics);
    s->best_loss = INFINITY;
    mdg_checkpoint_fingerprint(s, o, t->source);
}

/* The first process writes for all, since all have the same. */
static bool writes(const mdg_trainer *t) {
    return !t->opts->parallel || t->opts->parallel->rank == 0;
}

static mdg_status checkpoint(mdg_trainer *t) {
    if (!t->opts->checkpoint || !writes(t)) return MDG_OK;
    mdg_arena *arena = mdg_arena_new();
    const mdg_status status = mdg_checkpoint_write(&t->training, t->opts->checkpoint, arena, t->diag);
    mdg_arena_free(arena);
    return status;
}

static mdg_status curves(const mdg_trainer *t) {
    if (!t->opts->curves || !writes(t)) return MDG_OK;
    return mdg_curves_write(t->training.history, t->source->n_validation > 0, t->opts->curves, t->diag);
}

/* The first checkpoint is written before the first step, so that a path that cannot be written is told at
 * once. */
static mdg_status resume_or_begin(mdg_trainer *t) {
    const mdg_train_opts *o = t->opts;
    if (!o->checkpoint || !o->resume || !mdg_file_exists(o->checkpoint)) return checkpoint(t);
    return mdg_checkpoint_read(&t->training, o->checkpoint, o->epochs, t->arena, t->diag);
}

static mdg_status divide(mdg_trainer *t) {
    const mdg_train_opts *o = t->opts;
    const int total = o->shards ? o->shards : MDG_SHARDS, size = o->parallel ? o->parallel->size : 1;
    if (total < 1 || total > MDG_MAX_SHARDS || total % size != 0)
        return mdg_fail(
            t->diag, MDG_INVALID,
            "train: the %d shards of a batch cannot be divided among %d processes; set train.shards "
            "to a multiple of %d, at most %d",
            total, size, size, MDG_MAX_SHARDS);
    t->division = (mdg_division){.total = total,
                                 .first = o->parallel ? o->parallel->rank : 0,
                                 .step = size,
                                 .mine = total / size,
                                 .batch = (o->batch + total - 1) / total};
    return MDG_OK;
}

static mdg_status freeze(const mdg_trainer *t) {
    const int n = t->opts->freeze, n_layers = t->net->spec.n_layers;
    bool learns = false;
    for (int i = 0; i < n_layers; i++) {
        t->net->layers[i].frozen = i < n;
        learns = learns || (i >= n && t->net->layers[i].weights.count > 0);
    }
    if (n >= 0 && learns) return MDG_OK;
    return mdg_fail(t->diag, MDG_INVALID,
                    "train: with freeze %d, none of the %d layers is left to be trained", n, n_layers);
}

/* A net with weights of another model begins where that one is; once it has begun, they are its own. */
static mdg_status settle(mdg_trainer *t) {
    const bool begins = t->training.history->n_epochs == 0;
    bool loaded = false;
    for (int i = 0; i < t->net->spec.n_layers; i++) loaded = loaded || t->net->layers[i].loaded;
    if (loaded && begins) {
        MDG_TRY(mdg_transfer_settle(t->net, t->shards[0], t->source));
        mdg_average_begin(&t->training.average, t->net);
    }
    for (int i = 0; i < t->net->spec.n_layers; i++) t->net->layers[i].loaded = false;
    return MDG_OK;
}

mdg_status mdg_trainer_open(mdg_trainer *t, mdg_history *history) {
    const mdg_train_opts *o = t->opts;
    MDG_TRY(mdg_train_check(t->net, o, t->source, t->diag));
    MDG_TRY(mdg_optimizer_of(o->optimizer, &t->training.optimizer.kind, t->diag));
    MDG_TRY(mdg_schedule_of(o->schedule, &t->schedule, t->diag));
    MDG_TRY(divide(t));
    MDG_TRY(freeze(t));
    const int batch = t->division.batch * t->division.total;
    t->steps = (t->source->n_train + batch - 1) / batch;
    t->loss =
        (mdg_loss){t->net->spec.n_classes, o->label_smoothing, t->source->class_weights, 1.0f / (float)batch};
    t->distillation =
        (mdg_distillation){t->net->spec.n_classes, o->teacher_share, o->temperature, t->loss.gradient_scale};
    t->order = mdg_arena_array(t->arena, (size_t)t->source->n_train, sizeof *t->order);
    make_training(t, history);
    MDG_TRY(resume_or_begin(t));
    MDG_TRY(make_shards(t));
    MDG_TRY(make_elders(t));
    MDG_TRY(settle(t));
    t->gradients = mdg_floats(t->arena, t->net->n_params);
    t->exchange = mdg_exchange_new(t->arena, t->net, &t->division, o->parallel);
    t->feed = mdg_feed_new(t->arena, t->net, t->source, o->seed, &t->division, o->workers > 1 ? 2 : 1);
    return mdg_crew_new(t->arena, t->division.mine, o->workers, &t->crew, t->diag);
}

void mdg_trainer_close(mdg_trainer *t) {
    mdg_crew_free(t->crew);
    for (int i = 0; t->shards && i < t->division.mine; i++) mdg_shard_free(t->shards[i]);
    for (int i = 0; t->elders && i < t->division.mine; i++) mdg_shard_free(t->elders[i]);
    mdg_arena_free(t->arena);
}

mdg_status mdg_trainer_save(mdg_trainer *t) {
    MDG_TRY(checkpoint(t));
    return curves(t);
}
