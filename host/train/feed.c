/* SPDX-License-Identifier: MIT */
#include "train/feed.h"

#include <pthread.h>
#include <string.h>

#include "train/objective.h"

enum { BUFFERS = 2 };

/* A ring of buffers between one filling and one taking thread. */
typedef struct channel {
    float *x[BUFFERS], *y[BUFFERS], *q[BUFFERS];
    int filled, released; /* batches so far */
} channel;

typedef struct filler {
    mdg_feed *feed;
    pthread_t thread;
    int first; /* fills the channels first, first + n_fillers, ... in turn */
} filler;

struct mdg_feed {
    const mdg_train_source *source;
    uint64_t seed;
    size_t sample_count; /* floats in x of one sample */
    size_t n_targets;    /* of a sample */
    bool targets_input;
    mdg_division division;
    mdg_pass pass;
    channel *channels; /* [division.mine] */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop;
    int n_fillers, n_running;
    filler fillers[MDG_MAX_SHARDS];
};

mdg_rng mdg_stream_of(uint64_t seed, mdg_stream purpose, int epoch, uint32_t place) {
    return mdg_rng_of(seed, ((uint64_t)purpose << 56) | ((uint64_t)(uint32_t)epoch << 32) | place);
}

mdg_feed *mdg_feed_new(mdg_arena *arena, const mdg_net *net, const mdg_train_source *source, uint64_t seed,
                       const mdg_division *division, int threads) {
    mdg_feed *f = mdg_arena_alloc(arena, sizeof *f);
    *f = (mdg_feed){.source = source,
                    .seed = seed,
                    .n_targets = mdg_net_outputs(net),
                    .targets_input = net->spec.objective == MDG_OBJECTIVE_INPUT,
                    .division = *division};
    f->sample_count = (size_t)net->spec.in_h * (size_t)net->spec.in_w * (size_t)net->spec.in_c;
    f->n_fillers = threads < division->mine ? threads : division->mine;
    f->channels = mdg_arena_array(arena, (size_t)division->mine, sizeof *f->channels);
    const size_t samples = (size_t)division->batch;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    for (int s = 0; s < division->mine; s++) {
        for (int b = 0; b < BUFFERS; b++) {
            f->channels[s].x[b] = mdg_floats(arena, samples * f->sample_count);
            f->channels[s].y[b] = mdg_floats(arena, samples * f->n_targets);
            if (source->teach) f->channels[s].q[b] = mdg_floats(arena, samples * f->n_targets);
        }
    }
    return f;
}

/* Place in the pass of a shard's first sample in a batch. */
static int64_t first_place(const mdg_feed *f, int shard, int batch) {
    const mdg_division *d = &f->division;
    return ((int64_t)batch * d->total + d->first + shard * d->step) * d->batch;
}

static int samples_in(const mdg_feed *f, int shard, int batch) {
    const int64_t left = f->pass.n_samples - first_place(f, shard, batch);
    if (!f->pass.validation || left >= f->division.batch) return f->division.batch;
    return left > 0 ? (int)left : 0;
}

static void fill_sample(const mdg_feed *f, int64_t place, float *x, float *y) {
    const int at = (int)(place % f->pass.n_samples);
    const int index = f->pass.order ? (int)f->pass.order[at] : at;
    mdg_rng augment = mdg_stream_of(f->seed, MDG_STREAM_AUGMENT, f->pass.epoch, (uint32_t)place);
    f->source->fill(f->source->context, f->pass.validation, index, f->pass.validation ? NULL : &augment, x,
                    f->targets_input ? NULL : y);
    if (f->targets_input) memcpy(y, x, f->sample_count * sizeof *x);
}

/* False when the feed shall stop. */
static bool wait_for_room(mdg_feed *f, const channel *c) {
    pthread_mutex_lock(&f->lock);
    while (!f->stop && c->filled - c->released == BUFFERS) pthread_cond_wait(&f->changed, &f->lock);
    const bool go = !f->stop;
    pthread_mutex_unlock(&f->lock);
    return go;
}

static bool teaches(const mdg_feed *f) {
    return f->source->teach && !f->pass.validation;
}

static bool fill_batch(mdg_feed *f, int shard, int batch) {
    channel *c = &f->channels[shard];
    if (!wait_for_room(f, c)) return false;
    const int64_t place = first_place(f, shard, batch);
    const int count = samples_in(f, shard, batch);
    for (int i = 0; i < count; i++) {
        float *x = c->x[batch % BUFFERS] + (size_t)i * f->sample_count;
        const size_t target = (size_t)i * f->n_targets;
        fill_sample(f, place + i, x, c->y[batch % BUFFERS] + target);
        if (teaches(f)) f->source->teach(f->source->teacher, x, c->q[batch % BUFFERS] + target);
    }
    pthread_mutex_lock(&f->lock);
    c->filled++;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    return true;
}

static void *fill_all(void *context) {
    const filler *me = context;
    mdg_feed *f = me->feed;
    for (int batch = 0; batch < f->pass.n_batches; batch++)
        for (int shard = me->first; shard < f->division.mine; shard += f->n_fillers)
            if (!fill_batch(f, shard, batch)) return NULL;
    return NULL;
}

mdg_status mdg_feed_start(mdg_feed *f, const mdg_pass *pass, mdg_diag *diag) {
    f->pass = *pass;
    f->stop = false;
    for (int s = 0; s < f->division.mine; s++) f->channels[s].filled = f->channels[s].released = 0;
    for (f->n_running = 0; f->n_running < f->n_fillers; f->n_running++) {
        filler *me = &f->fillers[f->n_running];
        *me = (filler){.feed = f, .first = f->n_running};
        if (pthread_create(&me->thread, NULL, fill_all, me) == 0) continue;
        mdg_feed_stop(f);
        return mdg_fail(diag, MDG_NO_MEMORY, "train: the system gives no more threads");
    }
    return MDG_OK;
}

mdg_batch mdg_feed_take(mdg_feed *f, int shard) {
    channel *c = &f->channels[shard];
    pthread_mutex_lock(&f->lock);
    while (c->filled == c->released) pthread_cond_wait(&f->changed, &f->lock);
    const int batch = c->released;
    pthread_mutex_unlock(&f->lock);
    return (mdg_batch){.x = c->x[batch % BUFFERS],
                       .y = c->y[batch % BUFFERS],
                       .q = teaches(f) ? c->q[batch % BUFFERS] : NULL,
                       .count = samples_in(f, shard, batch)};
}

void mdg_feed_release(mdg_feed *f, int shard) {
    pthread_mutex_lock(&f->lock);
    f->channels[shard].released++;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

void mdg_feed_stop(mdg_feed *f) {
    pthread_mutex_lock(&f->lock);
    f->stop = true;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
    for (int i = 0; i < f->n_running; i++) pthread_join(f->fillers[i].thread, NULL);
    f->n_running = 0;
}
