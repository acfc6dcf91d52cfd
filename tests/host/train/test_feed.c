/* SPDX-License-Identifier: MIT
 *
 * What batches hold: every sample once in the given order, variations that differ between epochs and samples
 * but not with the number of threads, a filled last batch when training and a short one when validating.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "train/feed.h"

enum { SAMPLES = 11, SHARD_BATCH = 3, BATCHES = 2, PLACES = BATCHES * MDG_SHARDS * SHARD_BATCH };

/* x: the index, and a random number where the sample is varied. */
static void fill(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    (void)context;
    assert_true(validation == !augment);
    x[0] = (float)index;
    x[1] = augment ? mdg_rng_uniform(augment, 0.0f, 1.0f) : 0.0f;
    y[0] = 1.0f;
    y[1] = 0.0f;
}

static const mdg_train_source source = {.n_train = SAMPLES, .n_validation = SAMPLES, .fill = fill};

static const mdg_division division = {
    .total = MDG_SHARDS, .step = 1, .mine = MDG_SHARDS, .batch = SHARD_BATCH};

typedef struct seen {
    float index[PLACES], variation[PLACES];
    int count[BATCHES][MDG_SHARDS];
} seen;

/* Of such a sample, with two classes. */
static mdg_net two_values(void) {
    static mdg_layer last = {.out_h = 1, .out_w = 1, .out_c = 2};
    return (mdg_net){.spec = {.in_h = 1, .in_w = 2, .in_c = 1, .n_layers = 1, .n_classes = 2},
                     .layers = &last};
}

static seen run(int threads, const mdg_pass *pass) {
    mdg_arena *arena = mdg_arena_new();
    const mdg_net net = two_values();
    mdg_feed *feed = mdg_feed_new(arena, &net, &source, 5, &division, threads);
    mdg_diag diag;
    seen s = {.count = {{0}}};
    int at = 0;
    assert_int_equal(mdg_feed_start(feed, pass, &diag), MDG_OK);
    for (int b = 0; b < BATCHES; b++)
        for (int shard = 0; shard < MDG_SHARDS; shard++) {
            const mdg_batch batch = mdg_feed_take(feed, shard);
            s.count[b][shard] = batch.count;
            for (int i = 0; i < batch.count; i++, at++) {
                s.index[at] = batch.x[2 * i];
                s.variation[at] = batch.x[2 * i + 1];
            }
            mdg_feed_release(feed, shard);
        }
    mdg_feed_stop(feed);
    mdg_arena_free(arena);
    return s;
}

static const uint32_t order[SAMPLES] = {3, 1, 4, 10, 5, 9, 2, 6, 8, 7, 0};

static void test_training_pass(void **state) {
    (void)state;
    const mdg_pass pass = {.epoch = 1, .n_samples = SAMPLES, .n_batches = BATCHES, .order = order};
    const seen s = run(2, &pass);
    for (int i = 0; i < PLACES; i++) assert_int_equal((int)s.index[i], order[i % SAMPLES]);
    assert_true(s.variation[0] != s.variation[SAMPLES]); /* the first sample again, but varied anew */
}

static void test_variations(void **state) {
    (void)state;
    mdg_pass pass = {.epoch = 1, .n_samples = SAMPLES, .n_batches = BATCHES, .order = order};
    const seen one = run(1, &pass), two = run(2, &pass);
    assert_memory_equal(&one, &two, sizeof one);
    pass.epoch = 2;
    const seen next = run(2, &pass);
    for (int i = 0; i < PLACES; i++) assert_true(next.variation[i] != one.variation[i]);
}

static void test_validation_pass(void **state) {
    (void)state;
    const mdg_pass pass = {.validation = true, .n_samples = SAMPLES, .n_batches = BATCHES};
    const seen s = run(2, &pass);
    for (int i = 0; i < SAMPLES; i++) assert_int_equal((int)s.index[i], i);
    assert_int_equal(s.count[1][0], 3);
    assert_int_equal(s.count[1][1], 2);
}

/* Stopping in the middle must not wait for batches that nobody takes. */
static void test_stop(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_net net = two_values();
    mdg_feed *feed = mdg_feed_new(arena, &net, &source, 5, &division, 2);
    mdg_diag diag;
    const mdg_pass pass = {.n_samples = SAMPLES, .n_batches = 1000, .order = order};
    assert_int_equal(mdg_feed_start(feed, &pass, &diag), MDG_OK);
    mdg_feed_take(feed, 0);
    mdg_feed_stop(feed);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_training_pass),
        cmocka_unit_test(test_variations),
        cmocka_unit_test(test_validation_pass),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
