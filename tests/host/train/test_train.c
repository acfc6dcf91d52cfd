/* SPDX-License-Identifier: MIT
 *
 * Training from end to end on toy problems: it learns, it computes the same bits whatever the number of
 * workers and interruptions, it stops early and keeps the best weights, it says what is wrong.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "train/dnn.h"
#include "train/fake.h"
#include "train/loss.h"
#include "train/net.h"
#include "train/shard.h"

enum { SIDE = 8, CLASSES = 3 };

typedef struct toy {
    float noise;
    int poison; /* index of a training sample with NaN features; -1 = none */
} toy;

/* Class 0: a horizontal bar, 1: a vertical one, 2: a diagonal; anywhere, with noise. */
static void fill_bars(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    const toy *t = context;
    mdg_rng own = mdg_rng_of(validation ? 7 : 5, (uint64_t)index);
    const int label = index % CLASSES, at = (int)mdg_rng_below(&own, SIDE);
    memset(y, 0, CLASSES * sizeof *y);
    y[label] = 1.0f;
    mdg_rng *r = augment ? augment : &own;
    for (int i = 0; i < SIDE * SIDE; i++) x[i] = t->noise * mdg_rng_normal(r);
    for (int i = 0; i < SIDE; i++) {
        const int row = label == 0 ? at : i, column = label == 1 ? at : label == 0 ? i : (i + at) % SIDE;
        x[row * SIDE + column] += 1.0f;
    }
    if (!validation && index == t->poison) x[0] = NAN;
}

static toy plain_toy = {.noise = 0.3f, .poison = -1};

static mdg_train_source bars(toy *t) {
    static int labels[301];
    for (int i = 0; i < 301; i++) labels[i] = i % CLASSES;
    return (mdg_train_source){
        .context = t, .n_train = 301, .n_validation = 100, .fill = fill_bars, .labels = labels};
}

static mdg_train_opts options(void) {
    return (mdg_train_opts){.optimizer = "adam",
                            .schedule = "cosine",
                            .epochs = 6,
                            .batch = 32,
                            .warmup_epochs = 1,
                            .learning_rate = 0.01f,
                            .seed = 3,
                            .workers = 2,
                            .momentum = 0.9f};
}

static mdg_net *new_net(const char *architecture, mdg_arena *arena) {
    mdg_diag diag;
    mdg_net_spec spec;
    mdg_net *net;
    const mdg_architecture_opts opts = {
        .width = strcmp(architecture, "mlp") ? 16 : 48, .depth = 2, .dropout = 0.1f};
    assert_int_equal(mdg_net_architecture(architecture, &opts, SIDE, SIDE, 1, CLASSES, arena, &spec, &diag),
                     MDG_OK);
    assert_int_equal(mdg_net_new(&spec, 1, arena, &net, &diag), MDG_OK);
    return net;
}

static void learns(const char *architecture, const char *optimizer, float rate) {
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net(architecture, arena);
    mdg_train_opts opts = options();
    opts.epochs = 20;
    opts.optimizer = optimizer;
    opts.learning_rate = rate;
    const mdg_train_source source = bars(&plain_toy);
    mdg_history history;
    mdg_diag diag = {""};
    const mdg_status status = mdg_train(net, &opts, &source, NULL, &history, &diag);
    if (status != MDG_OK) fail_msg("%s", diag.text);
    assert_int_equal(history.n_epochs, opts.epochs);
    assert_true(history.epochs[history.best_epoch].validation_accuracy > 0.95f);
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_learns(void **state) {
    (void)state;
    learns("ds_cnn", "adam", 0.01f);
    learns("ds_cnn", "sgd", 0.1f);
    learns("mlp", "adamw", 0.01f);
    learns("crnn", "adam", 0.01f);
}

/* ---- the same bits ---- */

static mdg_history train_or_fail(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source) {
    mdg_history history;
    mdg_diag diag = {""};
    if (mdg_train(net, opts, source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return history;
}

static void assert_same_net(const mdg_net *a, const mdg_net *b) {
    assert_memory_equal(a->params, b->params, a->n_params * sizeof(float));
    assert_memory_equal(a->statistics, b->statistics, a->n_statistics * sizeof(float));
}

static void assert_same_history(const mdg_history *a, const mdg_history *b) {
    assert_int_equal(a->n_epochs, b->n_epochs);
    assert_int_equal(a->best_epoch, b->best_epoch);
    for (int i = 0; i < a->n_epochs; i++)
        assert_memory_equal(&a->epochs[i], &b->epochs[i], offsetof(mdg_epoch, seconds)); /* the last field */
}

static void workers_do_not_matter(const char *architecture) {
    mdg_arena *arena = mdg_arena_new();
    mdg_net *one = new_net(architecture, arena), *two = new_net(architecture, arena),
            *other = new_net(architecture, arena);
    const mdg_train_source source = bars(&plain_toy);
    mdg_train_opts opts = options();
    opts.workers = 1;
    const mdg_history a = train_or_fail(one, &opts, &source);
    opts.workers = 2;
    const mdg_history b = train_or_fail(two, &opts, &source);
    assert_same_net(one, two);
    assert_same_history(&a, &b);
    opts.seed++;
    train_or_fail(other, &opts, &source);
    assert_memory_not_equal(one->params, other->params, one->n_params * sizeof(float));
    mdg_net_free(one);
    mdg_net_free(two);
    mdg_net_free(other);
    mdg_arena_free(arena);
}

static void test_workers_do_not_matter(void **state) {
    (void)state;
    workers_do_not_matter("ds_cnn");
    workers_do_not_matter("crnn");
}

typedef struct folder {
    char path[64], checkpoint[96];
} folder;

static folder make_folder(void) {
    folder f = {.path = "/tmp/midge-train-XXXXXX"};
    assert_non_null(mkdtemp(f.path));
    snprintf(f.checkpoint, sizeof f.checkpoint, "%s/net.checkpoint", f.path);
    return f;
}

static void remove_folder(const folder *f) {
    unlink(f->checkpoint);
    assert_int_equal(rmdir(f->path), 0); /* so nothing else was left in it */
}

/* Stops when `done` epochs are reached. */
static bool stop_at(void *context, double done, double total, const char *text) {
    (void)total, (void)text;
    return done < *(double *)context;
}

static void interrupt(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source, double at) {
    mdg_history history;
    mdg_diag diag = {""};
    const mdg_progress progress = {stop_at, &at};
    assert_int_equal(mdg_train(net, opts, source, &progress, &history, &diag), MDG_INTERRUPTED);
}

static void resumes(const mdg_train_opts *settings) {
    mdg_arena *arena = mdg_arena_new();
    const folder f = make_folder();
    mdg_net *whole = new_net("ds_cnn", arena), *broken = new_net("ds_cnn", arena),
            *fresh = new_net("ds_cnn", arena);
    const mdg_train_source source = bars(&plain_toy);
    mdg_train_opts opts = *settings;
    const mdg_history a = train_or_fail(whole, &opts, &source);
    opts.checkpoint = f.checkpoint;
    opts.resume = true;
    interrupt(broken, &opts, &source, 0.3); /* in the first epoch: nothing done yet */
    interrupt(fresh, &opts, &source, 2.5);
    memset(broken->params, 0, broken->n_params * sizeof(float));
    interrupt(broken, &opts, &source, 5.0);
    memset(fresh->params, 0, fresh->n_params * sizeof(float)); /* all must come from the file */
    memset(fresh->statistics, 0, fresh->n_statistics * sizeof(float));
    const mdg_history b = train_or_fail(fresh, &opts, &source);
    assert_same_net(whole, fresh);
    assert_same_history(&a, &b);
    const mdg_history c = train_or_fail(broken, &opts, &source); /* of a finished training: only loads */
    assert_same_net(whole, broken);
    assert_same_history(&a, &c);
    mdg_net_free(whole);
    mdg_net_free(broken);
    mdg_net_free(fresh);
    remove_folder(&f);
    mdg_arena_free(arena);
}

static void test_resumes_to_the_same_bits(void **state) {
    (void)state;
    mdg_train_opts opts = options();
    resumes(&opts);
    opts.optimizer = "sgd";
    resumes(&opts);
}

/* The learning rate's falls, the average and the drawn order must all be as if nothing had happened. */
static void test_resumes_with_everything(void **state) {
    (void)state;
    mdg_train_opts opts = options();
    opts.schedule = "plateau";
    opts.step_epochs = 1;
    opts.step_factor = 0.5f;
    opts.learning_rate = 0.05f;
    opts.gradient_clip = 0.5f;
    opts.average = 0.95f;
    opts.balanced = true;
    resumes(&opts);
}

/* ---- the average ---- */

static void test_average(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *plain = new_net("mlp", arena), *averaged = new_net("mlp", arena);
    mdg_train_source source = bars(&plain_toy);
    source.n_validation = 0; /* so both end with the last epoch */
    mdg_train_opts opts = options();
    const mdg_history p = train_or_fail(plain, &opts, &source);
    opts.average = 1e-6f; /* keeps next to nothing: the weights themselves */
    train_or_fail(averaged, &opts, &source);
    for (size_t i = 0; i < plain->n_params; i++)
        assert_true(fabsf(plain->params[i] - averaged->params[i]) < 1e-4f);
    mdg_net_free(averaged);
    averaged = new_net("mlp", arena);
    opts.average = 0.999f; /* training is the same, only what it ends with differs */
    const mdg_history h = train_or_fail(averaged, &opts, &source);
    assert_true(h.epochs[5].loss == p.epochs[5].loss);
    assert_memory_not_equal(plain->params, averaged->params, plain->n_params * sizeof(float));
    mdg_net_free(plain);
    mdg_net_free(averaged);
    mdg_arena_free(arena);
}

/* ---- every running statistic moves ---- */

static void test_statistics_move(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net("ds_cnn", arena), *rounded;
    const mdg_train_source source = bars(&plain_toy);
    mdg_train_opts opts = options();
    mdg_diag diag;
    opts.epochs = 2;
    train_or_fail(net, &opts, &source);
    assert_int_equal(mdg_net_quantized(net, 8, &source, arena, &rounded, &diag), MDG_OK);
    float *before = mdg_arena_copy(arena, rounded->statistics, rounded->n_statistics * sizeof *before);
    train_or_fail(rounded, &opts, &source);
    const mdg_span input = rounded->input_range;
    assert_memory_not_equal(rounded->statistics + input.at, before + input.at, input.count * sizeof *before);
    for (int i = 0; i < rounded->spec.n_layers; i++) {
        const mdg_span spans[] = {rounded->layers[i].range, rounded->layers[i].statistics};
        for (int k = 0; k < 2; k++)
            if (spans[k].count)
                assert_memory_not_equal(rounded->statistics + spans[k].at, before + spans[k].at,
                                        spans[k].count * sizeof *before);
    }
    mdg_net_free(net);
    mdg_net_free(rounded);
    mdg_arena_free(arena);
}

/* ---- early stopping ---- */

static void test_early_stopping(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    toy noisy = {.noise = 1.5f, .poison = -1}; /* learned by heart, so validation gets worse again */
    mdg_train_source source = bars(&noisy);
    source.n_train = 60;
    mdg_train_opts opts = options();
    opts.epochs = 60;
    opts.patience = 4;
    opts.learning_rate = 0.02f;
    opts.schedule = "constant";
    mdg_net *stopped = new_net("mlp", arena), *again = new_net("mlp", arena);
    const mdg_history a = train_or_fail(stopped, &opts, &source);
    assert_true(a.n_epochs < 60);
    assert_int_equal(a.n_epochs - 1 - a.best_epoch, 4);
    for (int i = 0; i < a.n_epochs; i++)
        assert_true(a.epochs[i].validation_loss >= a.epochs[a.best_epoch].validation_loss);
    opts.patience =
        0; /* the best weights are those of a training that ends there: same rates with this schedule */
    opts.epochs = a.best_epoch + 1;
    const mdg_history b = train_or_fail(again, &opts, &source);
    assert_int_equal(b.best_epoch, a.best_epoch);
    assert_same_net(stopped, again);
    mdg_net_free(stopped);
    mdg_net_free(again);
    mdg_arena_free(arena);
}

/* ---- what goes wrong is said ---- */

static void expect_failure(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                           const char *said) {
    mdg_history history;
    mdg_diag diag = {""};
    assert_int_equal(mdg_train(net, opts, source, NULL, &history, &diag), MDG_INVALID);
    if (!strstr(diag.text, said)) fail_msg("\"%s\" does not say \"%s\"", diag.text, said);
}

static void test_bad_settings(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net("mlp", arena);
    const mdg_train_source source = bars(&plain_toy), none = {.fill = fill_bars};
    const mdg_train_opts good = options();
    mdg_train_opts opts = good;
    opts.optimizer = "magic";
    expect_failure(net, &opts, &source, "adamw");
    opts = good;
    opts.schedule = "magic";
    expect_failure(net, &opts, &source, "cosine");
    opts = good;
    opts.learning_rate = -1.0f;
    expect_failure(net, &opts, &source, "learning_rate");
    opts = good;
    opts.warmup_epochs = opts.epochs;
    expect_failure(net, &opts, &source, "warmup_epochs");
    opts = good;
    opts.schedule = "step";
    expect_failure(net, &opts, &source, "step_epochs");
    expect_failure(net, &good, &none, "no training samples");
    opts = good;
    opts.schedule = "plateau";
    expect_failure(net, &opts, &source, "plateau need step_epochs");
    opts = good;
    opts.gradient_clip = -1.0f;
    expect_failure(net, &opts, &source, "gradient_clip");
    opts = good;
    opts.average = 1.0f;
    expect_failure(net, &opts, &source, "ema");
    opts = good;
    opts.balanced = true;
    mdg_train_source unlabelled = source, foreign = source;
    unlabelled.labels = NULL;
    expect_failure(net, &opts, &unlabelled, "needs the labels");
    int labels[301] = {[17] = CLASSES};
    foreign.labels = labels;
    expect_failure(net, &good, &foreign,
                   "training sample 17 has label 3, but the network has the classes 0 to 2");
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void test_loss_beyond_numbers(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net("mlp", arena);
    toy poisoned = {.noise = 0.3f, .poison = 100};
    const mdg_train_source bad = bars(&poisoned), good = bars(&plain_toy);
    mdg_train_opts opts = options();
    expect_failure(net, &opts, &bad, "features of a sample");
    mdg_net_free(net);
    net = new_net("mlp", arena);
    opts.optimizer = "sgd";
    opts.learning_rate = 1e30f;
    expect_failure(net, &opts, &good, "dense; lower learning_rate");
    mdg_net_free(net);
    mdg_arena_free(arena);
}

static void damage(const char *path, long at) {
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    fseek(f, at, SEEK_SET);
    const int byte = fgetc(f);
    fseek(f, at, SEEK_SET);
    fputc(byte ^ 1, f);
    fclose(f);
}

static void test_foreign_checkpoints(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const folder f = make_folder();
    mdg_net *net = new_net("ds_cnn", arena), *other = new_net("mlp", arena);
    const mdg_train_source source = bars(&plain_toy);
    mdg_train_opts opts = options();
    opts.epochs = 2;
    opts.checkpoint = f.checkpoint;
    opts.resume = true;
    train_or_fail(net, &opts, &source);
    expect_failure(other, &opts, &source, "another architecture");
    opts.learning_rate *= 2.0f;
    expect_failure(net, &opts, &source, "other training settings");
    opts.learning_rate /= 2.0f;
    damage(f.checkpoint, 1000);
    expect_failure(net, &opts, &source, "damaged");
    assert_int_equal(truncate(f.checkpoint, 1000), 0);
    expect_failure(net, &opts, &source, "damaged");
    assert_int_equal(truncate(f.checkpoint, 3), 0);
    expect_failure(net, &opts, &source, "no checkpoint");
    mdg_net_free(net);
    mdg_net_free(other);
    remove_folder(&f);
    mdg_arena_free(arena);
}

static void test_unwritable_checkpoint(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net("mlp", arena);
    const mdg_train_source source = bars(&plain_toy);
    mdg_train_opts opts = options();
    mdg_history history;
    mdg_diag diag = {""};
    opts.checkpoint = "/nonexistent/net.checkpoint";
    assert_int_equal(mdg_train(net, &opts, &source, NULL, &history, &diag), MDG_IO);
    assert_int_equal(history.n_epochs, 0); /* told at once */
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* Three samples in a batch of 32: the batch is filled up with variations of them. */
static void test_fewer_samples_than_a_batch(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_net("mlp", arena);
    mdg_train_source source = bars(&plain_toy);
    source.n_train = 3;
    source.n_validation = 0;
    const mdg_train_opts opts = options();
    const mdg_history h = train_or_fail(net, &opts, &source);
    assert_int_equal(h.best_epoch, opts.epochs - 1); /* without validation, the last */
    mdg_net_free(net);
    mdg_arena_free(arena);
}

/* ---- a step of two shards is a step along the whole batch's gradient ---- */

enum { WHOLE = 6 };

static mdg_net *new_dense_net(mdg_arena *arena) {
    mdg_layer_spec layer = {.kind = MDG_LAYER_DENSE, .from = -1, .filters = CLASSES};
    mdg_diag diag;
    mdg_net *net;
    assert_int_equal(mdg_net_new(&(mdg_net_spec){SIDE, SIDE, 1, 1, CLASSES, &layer, MDG_OBJECTIVE_CLASSES, 0},
                                 1, arena, &net, &diag),
                     MDG_OK);
    return net;
}

/* Plain bars, the same whether validation or not. */
static void fill_plain(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    (void)validation, (void)augment;
    fill_bars(context, true, index, NULL, x, y);
}

static void test_shards_join_to_the_batch(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = new_dense_net(arena), *before = new_dense_net(arena);
    const mdg_train_source source = {.context = &plain_toy, .n_train = WHOLE, .fill = fill_plain};
    const mdg_train_opts opts = {
        .optimizer = "sgd", .schedule = "constant", .epochs = 1, .batch = WHOLE, .learning_rate = 1.0f};
    const mdg_history history = train_or_fail(net, &opts, &source);

    mdg_shard *s;
    mdg_diag diag;
    mdg_tally tally = {0};
    float y[WHOLE * CLASSES];
    const int threads = mdg_dnn_one_thread();
    assert_int_equal(mdg_shard_new(before, WHOLE, true, &s, &diag), MDG_OK);
    for (int i = 0; i < WHOLE; i++)
        fill_plain(&plain_toy, false, i, NULL, s->values[0].data + i * SIDE * SIDE, y + i * CLASSES);
    mdg_shard_forward(s, MDG_PHASE_TRAIN);
    mdg_softmax_loss(&(mdg_loss){.n_classes = CLASSES, .gradient_scale = 1.0f / WHOLE},
                     mdg_shard_output(s)->data, y, WHOLE, mdg_shard_output(s)->diff, &tally);
    mdg_shard_backward(s);
    mdg_dnn_threads_restore(threads);

    assert_true(fabs((double)history.epochs[0].loss - tally.loss / WHOLE) < 1e-5);
    for (size_t i = 0; i < net->n_params; i++)
        assert_true(fabsf(before->params[i] - s->gradients[i] - net->params[i]) < 1e-5f);
    mdg_shard_free(s);
    mdg_net_free(net);
    mdg_net_free(before);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_shards_join_to_the_batch),
        cmocka_unit_test(test_workers_do_not_matter),
        cmocka_unit_test(test_resumes_to_the_same_bits),
        cmocka_unit_test(test_resumes_with_everything),
        cmocka_unit_test(test_average),
        cmocka_unit_test(test_statistics_move),
        cmocka_unit_test(test_early_stopping),
        cmocka_unit_test(test_bad_settings),
        cmocka_unit_test(test_loss_beyond_numbers),
        cmocka_unit_test(test_foreign_checkpoints),
        cmocka_unit_test(test_unwritable_checkpoint),
        cmocka_unit_test(test_fewer_samples_than_a_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
