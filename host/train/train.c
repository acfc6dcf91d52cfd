/* SPDX-License-Identifier: MIT
 *
 * The loop: batches through the shards, gradients joined, a step of the optimiser; epoch by epoch with
 * validation, the best weights kept aside, a checkpoint.
 */
#include "train/train.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "train/check.h"
#include "train/checkpoint.h"
#include "train/crew.h"
#include "train/curves.h"
#include "train/distill.h"
#include "train/exchange.h"
#include "train/feed.h"
#include "train/health.h"
#include "train/objective.h"
#include "train/order.h"
#include "train/shard.h"
#include "train/transfer.h"
#include "util/file.h"

typedef struct trainer {
    mdg_arena *arena; /* for the time of the training */
    const mdg_train_opts *opts;
    const mdg_train_source *source;
    const mdg_progress *progress;
    mdg_diag *diag;
    mdg_net *net;
    mdg_training training;
    mdg_schedule_kind schedule;
    mdg_loss loss;
    mdg_distillation distillation;
    mdg_division division;
    int steps;       /* per epoch */
    int epoch, step; /* now; the step within the epoch */
    int falls;       /* of the learning rate, at plateaus so far */
    double norm_sum; /* of the gradients of the epoch so far */
    uint32_t *order;
    mdg_feed *feed;
    mdg_crew *crew;
    mdg_exchange *exchange;
    float *gradients;       /* of the whole batch */
    mdg_shard **shards;     /* [division.mine] */
    mdg_findings *findings; /* [division.mine] */
    mdg_diag *shard_diags;  /* [division.mine] */
    bool stop;              /* the user wants it */
} trainer;

/* ---- set up ---- */

static mdg_status make_shards(trainer *t) {
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

static void make_training(trainer *t, mdg_history *history) {
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
static bool writes(const trainer *t) {
    return !t->opts->parallel || t->opts->parallel->rank == 0;
}

static mdg_status checkpoint(trainer *t) {
    if (!t->opts->checkpoint || !writes(t)) return MDG_OK;
    mdg_arena *arena = mdg_arena_new();
    const mdg_status status = mdg_checkpoint_write(&t->training, t->opts->checkpoint, arena, t->diag);
    mdg_arena_free(arena);
    return status;
}

static mdg_status curves(const trainer *t) {
    if (!t->opts->curves || !writes(t)) return MDG_OK;
    return mdg_curves_write(t->training.history, t->source->n_validation > 0, t->opts->curves, t->diag);
}

/* The first checkpoint is written before the first step, so that a path that cannot be written is told at
 * once. */
static mdg_status resume_or_begin(trainer *t) {
    const mdg_train_opts *o = t->opts;
    if (!o->checkpoint || !o->resume || !mdg_file_exists(o->checkpoint)) return checkpoint(t);
    return mdg_checkpoint_read(&t->training, o->checkpoint, o->epochs, t->arena, t->diag);
}

static mdg_status divide(trainer *t) {
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

static mdg_status freeze(const trainer *t) {
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
static mdg_status settle(trainer *t) {
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

static mdg_status set_up(trainer *t, mdg_history *history) {
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
    MDG_TRY(settle(t));
    t->gradients = mdg_floats(t->arena, t->net->n_params);
    t->exchange = mdg_exchange_new(t->arena, t->net, &t->division, o->parallel);
    t->feed = mdg_feed_new(t->arena, t->net, t->source, o->seed, &t->division, o->workers > 1 ? 2 : 1);
    return mdg_crew_new(t->arena, t->division.mine, o->workers, &t->crew, t->diag);
}

static void tear_down(trainer *t) {
    mdg_crew_free(t->crew);
    for (int i = 0; t->shards && i < t->division.mine; i++) mdg_shard_free(t->shards[i]);
    mdg_arena_free(t->arena);
}

/* ---- one step ---- */

static mdg_batch take_input(trainer *t, int shard) {
    mdg_value *input = &t->shards[shard]->values[0];
    const mdg_batch batch = mdg_feed_take(t->feed, shard);
    memcpy(input->data, batch.x, input->count * sizeof *batch.x);
    return batch;
}

static void train_shard(void *context, int shard) {
    trainer *t = context;
    mdg_shard *s = t->shards[shard];
    const mdg_value *output = mdg_shard_output(s);
    const mdg_batch batch = take_input(t, shard);
    const mdg_division *d = &t->division;
    s->dropout = mdg_stream_of(t->opts->seed, MDG_STREAM_DROPOUT, t->epoch,
                               (uint32_t)(t->step * d->total + d->first + shard * d->step));
    mdg_shard_forward(s, MDG_PHASE_TRAIN);
    mdg_tally *tally = &t->findings[shard].tally;
    const double before = tally->loss;
    mdg_objective_loss(t->net, &t->loss, output->data, batch.y, batch.count, output->diff, tally);
    if (batch.q) {
        const mdg_distillation *k = &t->distillation;
        const double taught = mdg_distill(k, output->data, batch.q, batch.count, output->diff);
        tally->loss += (double)k->share * (taught - (tally->loss - before));
    }
    mdg_shard_backward(s);
    mdg_feed_release(t->feed, shard);
}

static void validate_shard(void *context, int shard) {
    trainer *t = context;
    mdg_shard *s = t->shards[shard];
    const mdg_batch batch = take_input(t, shard);
    if (batch.count > 0) mdg_shard_forward(s, MDG_PHASE_INFER);
    mdg_objective_loss(t->net, &t->loss, mdg_shard_output(s)->data, batch.y, batch.count, NULL,
                       &t->findings[shard].tally);
    mdg_feed_release(t->feed, shard);
}

static float learning_rate(const trainer *t) {
    return mdg_learning_rate(t->opts, t->schedule, t->epoch + (t->step + 0.5) / t->steps, t->falls);
}

static mdg_status check_shards(const trainer *t) {
    bool fine = isfinite(mdg_findings_tally(t->findings, t->division.mine).loss);
    for (int i = 0; i < t->division.mine; i++) {
        const mdg_shard *s = t->shards[i];
        if (s->dnn.status != MDG_OK)
            return mdg_fail(t->diag, s->dnn.status, "train: %s", t->shard_diags[i].text);
        fine = fine && mdg_all_finite(s->statistics, t->net->n_statistics) &&
               mdg_all_finite(s->gradients, t->net->n_params);
    }
    if (fine) return MDG_OK;
    const mdg_moment moment = {t->epoch, t->step, learning_rate(t)};
    return mdg_health_blame(t->shards, t->division.mine, &moment, t->diag);
}

static mdg_status interrupted(const trainer *t) {
    return mdg_fail(t->diag, MDG_INTERRUPTED, "train: interrupted in epoch %d of %d%s", t->epoch + 1,
                    t->opts->epochs,
                    t->opts->checkpoint ? "; resume goes on from the epoch's beginning" : "");
}

/* With the gradients of all shards: a step of the optimiser. */
static void move_weights(trainer *t) {
    mdg_exchange_join(t->exchange, t->net, t->gradients);
    const double norm = mdg_gradient_norm(t->gradients, t->net->n_params);
    mdg_gradient_clip(t->gradients, t->net->n_params, norm, t->opts->gradient_clip);
    mdg_optimizer_step(&t->training.optimizer, t->net, t->gradients, learning_rate(t));
    mdg_average_add(&t->training.average, t->net, t->training.optimizer.step);
    t->norm_sum += norm;
}

static void report(trainer *t, double done, const char *text) {
    if (!mdg_progress_report(t->progress, done, t->opts->epochs, text)) t->stop = true;
}

/* ---- one epoch ---- */

/* `status`: how this process fares so far. Where it has failed, the other processes are still told. */
static mdg_status run_step(trainer *t, bool validation, mdg_status status) {
    if (status == MDG_OK) {
        mdg_crew_run(t->crew, validation ? validate_shard : train_shard, t);
        status = t->stop ? interrupted(t) : check_shards(t);
    }
    MDG_TRY(mdg_exchange_run(t->exchange, t->findings, !validation, status, t->diag));
    if (validation) return MDG_OK;
    move_weights(t);
    report(t, t->epoch + (t->step + 1.0) / t->steps, NULL);
    return MDG_OK;
}

static mdg_status run_pass(trainer *t, const mdg_pass *pass, mdg_tally *sum) {
    mdg_status status = mdg_feed_start(t->feed, pass, t->diag);
    for (int i = 0; i < t->division.mine; i++) t->findings[i].tally = (mdg_tally){0};
    t->step = 0;
    do status = run_step(t, pass->validation, status);
    while (status == MDG_OK && ++t->step < pass->n_batches);
    mdg_feed_stop(t->feed);
    *sum = mdg_findings_tally(t->exchange->all, t->division.total);
    return status;
}

static void draw_order(trainer *t) {
    const uint32_t n = (uint32_t)t->source->n_train;
    mdg_rng r = mdg_stream_of(t->opts->seed, MDG_STREAM_ORDER, t->epoch, 0);
    if (!t->opts->balanced) {
        mdg_order_shuffled(&r, t->order, n);
        return;
    }
    mdg_arena *scratch = mdg_arena_new();
    mdg_order_balanced(&r, t->source->labels, t->net->spec.n_classes, t->order, n, scratch);
    mdg_arena_free(scratch);
}

static mdg_status train_pass(trainer *t, mdg_epoch *e) {
    mdg_tally sum;
    t->norm_sum = 0;
    draw_order(t);
    MDG_TRY(run_pass(
        t,
        &(mdg_pass){
            .epoch = t->epoch, .n_samples = t->source->n_train, .n_batches = t->steps, .order = t->order},
        &sum));
    e->loss = (float)(sum.loss / sum.count);
    e->accuracy = (float)sum.correct / (float)sum.count;
    e->gradient_norm = (float)(t->norm_sum / t->steps);
    return MDG_OK;
}

static mdg_status validation_pass(trainer *t, mdg_epoch *e) {
    const int n = t->source->n_validation, batch = t->division.batch * t->division.total;
    mdg_tally sum;
    if (n == 0) return MDG_OK;
    MDG_TRY(run_pass(
        t,
        &(mdg_pass){
            .validation = true, .epoch = t->epoch, .n_samples = n, .n_batches = (n + batch - 1) / batch},
        &sum));
    e->validation_loss = (float)(sum.loss / sum.count);
    e->validation_accuracy = (float)sum.correct / (float)sum.count;
    return MDG_OK;
}

/* Without validation samples every epoch is the best so far. */
static void keep_best(trainer *t, const mdg_epoch *e) {
    mdg_training *s = &t->training;
    if (t->source->n_validation > 0 && !(e->validation_loss < s->best_loss)) return;
    s->best_loss = e->validation_loss;
    s->history->best_epoch = t->epoch;
    memcpy(s->best_params, t->net->params, t->net->n_params * sizeof(float));
    memcpy(s->best_statistics, t->net->statistics, t->net->n_statistics * sizeof(float));
}

static void report_epoch(trainer *t, const mdg_epoch *e) {
    char text[192], validation[64] = "";
    if (t->source->n_validation > 0)
        snprintf(validation, sizeof validation, ", validation loss %.4f, %.1f %%", (double)e->validation_loss,
                 (double)e->validation_accuracy * 100);
    snprintf(text, sizeof text, "epoch %d/%d: loss %.4f, %.1f %%%s, %.1f s", t->epoch + 1, t->opts->epochs,
             (double)e->loss, (double)e->accuracy * 100, validation, (double)e->seconds);
    report(t, t->epoch + 1, text);
}

static double now_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Follows from the history, so a resumed training knows it, too. */
static int count_falls(const trainer *t) {
    const mdg_history *h = t->training.history;
    if (t->schedule != MDG_PLATEAU) return 0;
    float *losses = mdg_arena_array(t->arena, (size_t)h->n_epochs + 1, sizeof *losses);
    for (int i = 0; i < h->n_epochs; i++)
        losses[i] = t->source->n_validation > 0 ? h->epochs[i].validation_loss : h->epochs[i].loss;
    return mdg_plateaus(losses, h->n_epochs, t->opts->step_epochs);
}

static mdg_status run_epoch(trainer *t) {
    const double start = now_seconds();
    mdg_epoch e = {0};
    t->epoch = t->training.history->n_epochs;
    t->falls = count_falls(t);
    MDG_TRY(train_pass(t, &e));
    t->step = t->steps - 1;
    e.learning_rate = learning_rate(t);
    mdg_average_swap(&t->training.average, t->net);
    const mdg_status status = validation_pass(t, &e);
    e.seconds = (float)(now_seconds() - start);
    if (status == MDG_OK) keep_best(t, &e);
    mdg_average_swap(&t->training.average, t->net);
    MDG_TRY(status);
    t->training.history->epochs[t->training.history->n_epochs++] = e;
    MDG_TRY(checkpoint(t));
    report_epoch(t, &e);
    return curves(t);
}

static bool is_done(const trainer *t) {
    const mdg_history *h = t->training.history;
    if (h->n_epochs >= t->opts->epochs) return true;
    return t->opts->patience > 0 && h->n_epochs > 0 && h->n_epochs - 1 - h->best_epoch >= t->opts->patience;
}

static void restore_best(trainer *t) {
    memcpy(t->net->params, t->training.best_params, t->net->n_params * sizeof(float));
    memcpy(t->net->statistics, t->training.best_statistics, t->net->n_statistics * sizeof(float));
}

mdg_status mdg_train(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                     const mdg_progress *progress, mdg_history *history, mdg_diag *diag) {
    trainer t = {.arena = mdg_arena_new(),
                 .net = net,
                 .opts = opts,
                 .source = source,
                 .progress = progress,
                 .diag = diag};
    const int threads = mdg_dnn_one_thread();
    mdg_status status = mdg_exchange_agree(opts->parallel, set_up(&t, history), diag);
    while (status == MDG_OK && !is_done(&t)) status = mdg_exchange_agree(opts->parallel, run_epoch(&t), diag);
    if (status == MDG_OK) restore_best(&t);
    tear_down(&t);
    mdg_dnn_threads_restore(threads);
    return status;
}
