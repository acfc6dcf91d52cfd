/* SPDX-License-Identifier: MIT */
#include "train/crew.h"

#include <pthread.h>
#include <stdbool.h>

#include "train/dnn.h"

struct mdg_crew {
    bool threaded;
    pthread_t helper; /* does shard 1 */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy, quit;
    void (*work)(void *context, int shard);
    void *context;
};

static void *help(void *argument) {
    mdg_crew *c = argument;
    mdg_dnn_one_thread();
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->busy && !c->quit) pthread_cond_wait(&c->changed, &c->lock);
        if (c->quit) break;
        pthread_mutex_unlock(&c->lock);
        c->work(c->context, 1);
        pthread_mutex_lock(&c->lock);
        c->busy = false;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

mdg_status mdg_crew_new(mdg_arena *arena, int workers, mdg_crew **out, mdg_diag *diag) {
    mdg_crew *c = mdg_arena_alloc(arena, sizeof *c);
    *out = c;
    c->threaded = workers > 1;
    if (!c->threaded) return MDG_OK;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->helper, NULL, help, c) == 0) return MDG_OK;
    c->threaded = false;
    return mdg_fail(diag, MDG_NO_MEMORY, "train: the system gives no more threads; take workers: 1");
}

static void set_busy(mdg_crew *c, void (*work)(void *context, int shard), void *context) {
    pthread_mutex_lock(&c->lock);
    c->work = work;
    c->context = context;
    c->busy = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

void mdg_crew_run(mdg_crew *c, void (*work)(void *context, int shard), void *context) {
    if (c->threaded) set_busy(c, work, context);
    work(context, 0);
    if (!c->threaded) {
        work(context, 1);
        return;
    }
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
