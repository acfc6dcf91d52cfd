/* SPDX-License-Identifier: MIT */
#include "train/crew.h"

#include <pthread.h>
#include <stdbool.h>

#include "train/dnn.h"

struct mdg_crew {
    int n_shards;
    bool threaded;
    pthread_t helper; /* does the shards of odd number */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy, quit;
    void (*work)(void *context, int shard);
    void *context;
};

static void do_shards(const mdg_crew *c, int first, int step) {
    for (int shard = first; shard < c->n_shards; shard += step) c->work(c->context, shard);
}

static void *help(void *argument) {
    mdg_crew *c = argument;
    mdg_dnn_one_thread();
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->busy && !c->quit) pthread_cond_wait(&c->changed, &c->lock);
        if (c->quit) break;
        pthread_mutex_unlock(&c->lock);
        do_shards(c, 1, 2);
        pthread_mutex_lock(&c->lock);
        c->busy = false;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

mdg_status mdg_crew_new(mdg_arena *arena, int n_shards, int workers, mdg_crew **out, mdg_diag *diag) {
    mdg_crew *c = mdg_arena_alloc(arena, sizeof *c);
    *out = c;
    c->n_shards = n_shards;
    c->threaded = workers > 1 && n_shards > 1;
    if (!c->threaded) return MDG_OK;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->helper, NULL, help, c) == 0) return MDG_OK;
    c->threaded = false;
    return mdg_fail(diag, MDG_NO_MEMORY, "train: the system gives no more threads; take workers: 1");
}

static void set_busy(mdg_crew *c) {
    pthread_mutex_lock(&c->lock);
    c->busy = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

void mdg_crew_run(mdg_crew *c, void (*work)(void *context, int shard), void *context) {
    c->work = work; /* the helper waits, and sees it with `busy` */
    c->context = context;
    if (!c->threaded) {
        do_shards(c, 0, 1);
        return;
    }
    set_busy(c);
    do_shards(c, 0, 2);
    pthread_mutex_lock(&c->lock);
    while (c->busy) pthread_cond_wait(&c->changed, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

void mdg_crew_free(mdg_crew *c) {
    if (!c || !c->threaded) return;
    pthread_mutex_lock(&c->lock);
    c->quit = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->helper, NULL);
}
