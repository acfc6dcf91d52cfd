/* SPDX-License-Identifier: MIT
 *
 * The loop: batches through the shards, gradients joined, a step of the optimiser; epoch by epoch with
 * validation, the best weights kept aside, a checkpoint.
 */
#include <math.h>
#include <string.h>
#include <time.h>

#include "train/health.h"
#include "train/objective.h"
#include "train/order.h"
#include "train/trainer.h"

/* ---- one step ---- */

static mdg_batch take_input(mdg_trainer *t, int shard) {
    mdg_value *input = &t->shards[shard]->values[0];
    const mdg_batch batch = mdg_feed_take(t->feed, shard);
    memcpy(input->data, batch.x, input->count * sizeof *batch.x);
    return batch;
}

static void train_shard(void *context, int shard) {
    mdg_trainer *t = context;
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
    const float *q = t->elders ? mdg_elder_answer(t->elders[shard], batch.x) : batch.q;
    if (q) {
        const mdg_distillation *k = &t->distillation;
        const double taught = mdg_distill(k, output->data, q, batch.count, output->diff);
        tally->loss += (double)k->share * (taught - (tally->loss - before));
    }
    mdg_shard_backward(s);
    mdg_feed_release(t->feed, shard);
}

static void validate_shard(void *context, int shard) {
    mdg_trainer *t = context;
    mdg_shard *s = t->shards[shard];
    const mdg_batch batch = take_input(t, shard);
    if (batch.count > 0) mdg_shard_forward(s, MDG_PHASE_INFER);
    mdg_objective_loss(t->net, &t->loss, mdg_shard_output(s)->data, batch.y, batch.count, NULL,
                       &t->findings[shard].tally);
    mdg_feed_release(t->feed, shard);
}

/* Forward alone: what the batch's statistics are with the weights as they now stand. */
static void observe_shard(void *context, int shard) {
    mdg_trainer *t = context;
    take_input(t, shard);
    mdg_shard_forward(t->shards[shard], MDG_PHASE_TRAIN);
    mdg_feed_release(t->feed, shard);
}

static float learning_rate(const mdg_trainer *t) {
    return mdg_learning_rate(t->opts, t->schedule, t->epoch + (t->step + 0.5) / t->steps, t->falls);
}

static mdg_status check_shards(const mdg_trainer *t) {
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

static mdg_status interrupted(const mdg_trainer *t) {
    return mdg_fail(t->diag, MDG_INTERRUPTED, "train: interrupted in epoch %d of %d%s", t->epoch + 1,
                    t->opts->epochs,
                    t->opts->checkpoint ? "; resume goes on from the epoch's beginning" : "");
}

static void report(mdg_trainer *t, double done, const char *text) {
    if (!mdg_progress_report(t->progress, done, t->opts->epochs, text)) t->stop = true;
}

/* With the gradients of all shards: a step of the optimiser. */
static void move_weights(mdg_trainer *t) {
    mdg_exchange_join(t->exchange, t->net, t->gradients);
    const double norm = mdg_gradient_norm(t->gradients, t->net->n_params);
    mdg_gradient_clip(t->gradients, t->net->n_params, norm, t->opts->gradient_clip);
    mdg_optimizer_step(&t->training.optimizer, t->net, t->gradients, learning_rate(t));
    mdg_average_add(&t->training.average, t->net, t->training.optimizer.step);
    t->norm_sum += norm;
    report(t, t->epoch + (t->step + 1.0) / t->steps, NULL);
}

/* The running statistics become the plain mean over the batches observed. */
static void average_statistics(mdg_trainer *t) {
    mdg_exchange_statistics(t->exchange, t->net, (float)t->step / (float)(t->step + 1));
}

/* ---- one epoch ---- */

/* What a pass does with each batch. */
typedef struct work {
    void (*compute)(void *trainer, int shard);
    void (*conclude)(mdg_trainer *t); /* with what all shards found out; NULL: tallies are all there is */
} work;

/* `status`: how this process fares so far. Where it has failed, the other processes are still told. */
static mdg_status run_step(mdg_trainer *t, const work *w, mdg_status status) {
    if (status == MDG_OK) {
        mdg_crew_run(t->crew, w->compute, t);
        status = t->stop ? interrupted(t) : check_shards(t);
    }
    MDG_TRY(mdg_exchange_run(t->exchange, t->findings, w->conclude != NULL, status, t->diag));
    if (w->conclude) w->conclude(t);
    return MDG_OK;
}

static mdg_status run_pass(mdg_trainer *t, const mdg_pass *pass, const work *w, mdg_tally *sum) {
    mdg_status status = mdg_feed_start(t->feed, pass, t->diag);
    for (int i = 0; i < t->division.mine; i++) t->findings[i].tally = (mdg_tally){0};
    t->step = 0;
    do status = run_step(t, w, status);
    while (status == MDG_OK && ++t->step < pass->n_batches);
    mdg_feed_stop(t->feed);
    *sum = mdg_findings_tally(t->exchange->all, t->division.total);
    return status;
}

static void draw_order(mdg_trainer *t) {
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

static mdg_status train_pass(mdg_trainer *t, mdg_epoch *e) {
    mdg_tally sum;
    t->norm_sum = 0;
    draw_order(t);
    MDG_TRY(run_pass(
        t,
        &(mdg_pass){
            .epoch = t->epoch, .n_samples = t->source->n_train, .n_batches = t->steps, .order = t->order},
        &(work){train_shard, move_weights}, &sum));
    e->loss = (float)(sum.loss / sum.count);
    e->accuracy = (float)sum.correct / (float)sum.count;
    e->gradient_norm = (float)(t->norm_sum / t->steps);
    return MDG_OK;
}

/* Rounding turns small moves of the weights into jumps that running statistics trail behind; and an average
 * of weights was never computed with. So a net that rounds gets its statistics anew, of the weights that are
 * judged and exported. */
static mdg_status observe_pass(mdg_trainer *t) {
    enum { MOST_BATCHES = 64 };
    mdg_tally none;
    if (!t->net->spec.weight_bits) return MDG_OK;
    return run_pass(t,
                    &(mdg_pass){.epoch = t->epoch,
                                .n_samples = t->source->n_train,
                                .n_batches = t->steps < MOST_BATCHES ? t->steps : MOST_BATCHES,
                                .order = t->order},
                    &(work){observe_shard, average_statistics}, &none);
}

static mdg_status validation_pass(mdg_trainer *t, mdg_epoch *e) {
    const int n = t->source->n_validation, batch = t->division.batch * t->division.total;
    mdg_tally sum;
    if (n == 0) return MDG_OK;
    MDG_TRY(run_pass(
        t,
        &(mdg_pass){
            .validation = true, .epoch = t->epoch, .n_samples = n, .n_batches = (n + batch - 1) / batch},
        &(work){validate_shard, NULL}, &sum));
    e->validation_loss = (float)(sum.loss / sum.count);
    e->validation_accuracy = (float)sum.correct / (float)sum.count;
    return MDG_OK;
}

/* Without validation samples every epoch is the best so far. */
static void keep_best(mdg_trainer *t, const mdg_epoch *e) {
    mdg_training *s = &t->training;
    if (t->source->n_validation > 0 && !(e->validation_loss < s->best_loss)) return;
    s->best_loss = e->validation_loss;
    s->history->best_epoch = t->epoch;
    memcpy(s->best_params, t->net->params, t->net->n_params * sizeof(float));
    memcpy(s->best_statistics, t->net->statistics, t->net->n_statistics * sizeof(float));
}

static void report_epoch(mdg_trainer *t, const mdg_epoch *e) {
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
static int count_falls(const mdg_trainer *t) {
    const mdg_history *h = t->training.history;
    if (t->schedule != MDG_PLATEAU) return 0;
    float *losses = mdg_arena_array(t->arena, (size_t)h->n_epochs + 1, sizeof *losses);
    for (int i = 0; i < h->n_epochs; i++)
        losses[i] = t->source->n_validation > 0 ? h->epochs[i].validation_loss : h->epochs[i].loss;
    return mdg_plateaus(losses, h->n_epochs, t->opts->step_epochs);
}

static mdg_status run_epoch(mdg_trainer *t) {
    const double start = now_seconds();
    mdg_epoch e = {0};
    t->epoch = t->training.history->n_epochs;
    t->falls = count_falls(t);
    MDG_TRY(train_pass(t, &e));
    t->step = t->steps - 1;
    e.learning_rate = learning_rate(t);
    mdg_average_swap(&t->training.average, t->net);
    mdg_status status = observe_pass(t);
    if (status == MDG_OK) status = validation_pass(t, &e);
    e.seconds = (float)(now_seconds() - start);
    if (status == MDG_OK) keep_best(t, &e);
    mdg_average_swap(&t->training.average, t->net);
    MDG_TRY(status);
    t->training.history->epochs[t->training.history->n_epochs++] = e;
    MDG_TRY(mdg_trainer_save(t));
    report_epoch(t, &e);
    return MDG_OK;
}

static bool is_done(const mdg_trainer *t) {
    const mdg_history *h = t->training.history;
    if (h->n_epochs >= t->opts->epochs) return true;
    return t->opts->patience > 0 && h->n_epochs > 0 && h->n_epochs - 1 - h->best_epoch >= t->opts->patience;
}

static void restore_best(mdg_trainer *t) {
    memcpy(t->net->params, t->training.best_params, t->net->n_params * sizeof(float));
    memcpy(t->net->statistics, t->training.best_statistics, t->net->n_statistics * sizeof(float));
}

mdg_status mdg_train(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                     const mdg_progress *progress, mdg_history *history, mdg_diag *diag) {
    mdg_trainer t = {.arena = mdg_arena_new(),
                     .net = net,
                     .opts = opts,
                     .source = source,
                     .progress = progress,
                     .diag = diag};
    const int threads = mdg_dnn_one_thread();
    mdg_status status = mdg_exchange_agree(opts->parallel, mdg_trainer_open(&t, history), diag);
    while (status == MDG_OK && !is_done(&t)) status = mdg_exchange_agree(opts->parallel, run_epoch(&t), diag);
    if (status == MDG_OK) restore_best(&t);
    mdg_trainer_close(&t);
    mdg_dnn_threads_restore(threads);
    return status;
}
