/* SPDX-License-Identifier: MIT
 *
 * Learning from a teacher: the gradient is that of the stated loss, and a net follows its teacher where the
 * truth is of no use.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/distill.h"
#include "train/loss.h"
#include "train/train.h"

enum { CLASSES = 3, N = 2, VALUES = N * CLASSES };

static const float truth[VALUES] = {1, 0, 0, 0, 0.5f, 0.5f};
static const float taught[VALUES] = {0.7f, 0.2f, 0.1f, 0, 1, 0};

/* The loss of header's formula, with the gradient where asked for. */
static double loss_of(const mdg_distillation *d, const float *logits, float *diff) {
    const mdg_loss l = {.n_classes = CLASSES, .gradient_scale = d->gradient_scale};
    mdg_tally tally = {0};
    float unused[VALUES] = {0};
    mdg_softmax_loss(&l, logits, truth, N, diff ? diff : unused, &tally);
    const double of_teacher = mdg_distill(d, logits, taught, N, diff ? diff : unused);
    return (double)(1.0f - d->share) * tally.loss + (double)d->share * of_teacher;
}

static void test_gradient(void **state) {
    (void)state;
    const mdg_distillation d = {CLASSES, 0.6f, 3.0f, 1.0f};
    float logits[VALUES] = {0.5f, -1.0f, 2.0f, 1.0f, 0.25f, -0.5f}, diff[VALUES];
    loss_of(&d, logits, diff);
    for (int i = 0; i < VALUES; i++) {
        const float at = logits[i], step = 0.01f;
        logits[i] = at + step;
        const double above = loss_of(&d, logits, NULL);
        logits[i] = at - step;
        const double below = loss_of(&d, logits, NULL);
        logits[i] = at;
        assert_true(fabs((above - below) / (2 * (double)step) - (double)diff[i]) < 2e-3);
    }
}

static void test_shares(void **state) {
    (void)state;
    const float logits[VALUES] = {0.5f, -1.0f, 2.0f, 1.0f, 0.25f, -0.5f};
    float diff[VALUES] = {1, 2, 3, 4, 5, 6}, same[VALUES];
    mdg_distill(&(mdg_distillation){CLASSES, 0.0f, 2.0f, 1.0f}, logits, taught, N, diff);
    for (int i = 0; i < VALUES; i++) assert_true(diff[i] == (float)(i + 1));
    memcpy(same, logits, sizeof same);
    mdg_softmax(same, N, CLASSES); /* a teacher that thinks the same pulls nowhere */
    mdg_distill(&(mdg_distillation){CLASSES, 1.0f, 1.0f, 1.0f}, logits, same, N, diff);
    for (int i = 0; i < VALUES; i++) assert_true(fabsf(diff[i]) < 1e-6f);
}

/* ---- a whole training ---- */

/* Points of a plane; the truth names class 0 for all. */
static void fill(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    (void)context, (void)augment;
    mdg_rng r = mdg_rng_of(validation ? 2 : 1, (uint64_t)index);
    for (int k = 0; k < 2; k++) x[k] = mdg_rng_normal(&r);
    for (int c = 0; c < CLASSES; c++) y[c] = c == 0;
}

static int sector(const float *x) {
    return x[0] > 0 ? 1 : x[1] > 0 ? 2 : 0;
}

static void teach(void *teacher, const float *x, float *q) {
    assert_true(*(int *)teacher == 42);
    for (int c = 0; c < CLASSES; c++) q[c] = c == sector(x) ? 0.98f : 0.01f;
}

enum { SAMPLES = 256 };

static mdg_train_opts settings(void) {
    return (mdg_train_opts){.optimizer = "adam",
                            .schedule = "constant",
                            .epochs = 30,
                            .batch = 32,
                            .learning_rate = 0.02f,
                            .teacher_share = 1.0f,
                            .temperature = 2.0f};
}

static mdg_net *taught_net(mdg_train_source source, uint64_t seed, mdg_arena *arena) {
    mdg_net_spec spec;
    mdg_net *net;
    mdg_history history;
    mdg_diag diag = {""};
    const mdg_architecture_opts opts = {.width = 16, .depth = 1};
    const mdg_train_opts train = settings();
    source.n_train = SAMPLES;
    source.fill = fill;
    assert_int_equal(mdg_net_architecture("mlp", &opts, 1, 2, 1, CLASSES, arena, &spec, &diag), MDG_OK);
    assert_int_equal(mdg_net_new(&spec, seed, arena, &net, &diag), MDG_OK);
    if (mdg_train(net, &train, &source, NULL, &history, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return net;
}

/* Samples of which it says what the teacher says */
static int n_as_taught(const mdg_net *net) {
    int n = 0;
    for (int i = 0; i < SAMPLES; i++) {
        mdg_diag diag = {""};
        float x[2], y[CLASSES], p[CLASSES];
        fill(NULL, true, i, NULL, x, y);
        assert_int_equal(mdg_net_predict(net, x, 1, p, &diag), MDG_OK);
        const int best = p[1] > p[0] ? (p[2] > p[1] ? 2 : 1) : (p[2] > p[0] ? 2 : 0);
        n += best == sector(x);
    }
    return n;
}

/* A teacher, and then its pupil as the teacher of another one. */
static void test_follows_its_teacher(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    int mark = 42;
    mdg_net *pupil = taught_net((mdg_train_source){.teach = teach, .teacher = &mark}, 1, arena);
    assert_true(n_as_taught(pupil) > SAMPLES * 9 / 10);
    mdg_net *grandchild = taught_net((mdg_train_source){.elder = pupil}, 2, arena);
    assert_true(n_as_taught(grandchild) > SAMPLES * 9 / 10);
    mdg_net_free(pupil);
    mdg_net_free(grandchild);
    mdg_arena_free(arena);
}

static void test_bad_temperature(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_net *net = taught_net((mdg_train_source){0}, 1, arena);
    const mdg_train_source source = {.n_train = SAMPLES, .fill = fill, .elder = net};
    mdg_train_opts train = settings();
    mdg_history history;
    mdg_diag diag = {""};
    train.temperature = 0.0f;
    assert_int_equal(mdg_train(net, &train, &source, NULL, &history, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "temperature above 0"));
    mdg_net_free(net);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gradient), cmocka_unit_test(test_shares),
                                       cmocka_unit_test(test_follows_its_teacher),
                                       cmocka_unit_test(test_bad_temperature)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
