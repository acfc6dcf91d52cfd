/* SPDX-License-Identifier: MIT
 *
 * Steps of the optimisers against numbers worked out by hand, and the learning rate's course.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/optimizer.h"

static void assert_near(float a, double b) {
    if (!(fabs((double)a - b) < 1e-6)) fail_msg("%.9g is not %.9g", (double)a, b);
}

typedef struct one {
    float p, g, m, v;
    mdg_optimizer o;
} one;

/* One more step with gradient g at rate 0.1, for a single parameter. */
static float step(one *x, float g) {
    x->g = g;
    x->o.m = &x->m;
    x->o.v = &x->v;
    x->o.step++;
    mdg_optimizer_update(&x->o, &x->p, &x->g, (mdg_span){0, 1}, true, 0.1f);
    return x->p;
}

/* The first step of Adam has the rate's size whatever the gradient. Second, g = -1 after 2: m = 0.9 * 0.2 -
 * 0.1 = 0.08, v = 0.999 * 0.004 + 0.001 = 0.004996; m / (1 - 0.81) = 0.4210526, v / (1 - 0.998001)
 * = 2.4992496, root 1.5809015. */
static void test_adam(void **state) {
    (void)state;
    one x = {.p = 1.0f, .o = {.kind = MDG_ADAM}};
    assert_near(step(&x, 2.0f), 0.9);
    assert_near(step(&x, -1.0f), 0.9 - 0.1 * 0.4210526316 / 1.5809014684);
}

/* Adam: decay goes through the moments, so the first step still has the rate's size. AdamW: 1 * (1 - 0.1 *
 * 0.5) - 0.1 */
static void test_weight_decay(void **state) {
    (void)state;
    one adam = {.p = 1.0f, .o = {.kind = MDG_ADAM, .weight_decay = 0.5f}};
    one adamw = {.p = 1.0f, .o = {.kind = MDG_ADAMW, .weight_decay = 0.5f}};
    one sgd = {.p = 1.0f, .o = {.kind = MDG_SGD, .weight_decay = 0.5f}};
    assert_near(step(&adam, -0.25f), 0.9); /* -0.25 + 0.5 is above 0 */
    assert_near(step(&adamw, -0.25f), 0.95 + 0.1);
    assert_near(step(&sgd, -0.25f), 1.0 - 0.1 * 0.25);
}

static void test_sgd(void **state) {
    (void)state;
    one plain = {.p = 1.0f, .o = {.kind = MDG_SGD}};
    assert_near(step(&plain, 2.0f), 0.8);
    assert_near(step(&plain, 1.0f), 0.7);
    one heavy = {.p = 1.0f, .o = {.kind = MDG_SGD, .momentum = 0.5f}};
    assert_near(step(&heavy, 2.0f), 0.8); /* velocity 2 */
    assert_near(step(&heavy, 1.0f), 0.6); /* 0.5 * 2 + 1 = 2 */
    one nesterov = {.p = 1.0f, .o = {.kind = MDG_SGD, .momentum = 0.5f, .nesterov = true}};
    assert_near(step(&nesterov, 2.0f), 0.7);       /* 2 + 0.5 * 2 = 3 */
    assert_near(step(&nesterov, 1.0f), 0.7 - 0.2); /* velocity 2: 1 + 0.5 * 2 = 2 */
}

static void test_no_decay(void **state) {
    (void)state;
    float p = 1.0f, m = 0.0f, v = 0.0f;
    const float g = 0.0f;
    const mdg_optimizer o = {.kind = MDG_SGD, .weight_decay = 0.5f, .m = &m, .v = &v};
    mdg_optimizer_update(&o, &p, &g, (mdg_span){0, 1}, false, 0.1f);
    assert_near(p, 1.0);
}

static void test_schedules(void **state) {
    (void)state;
    const mdg_train_opts o = {
        .epochs = 12, .warmup_epochs = 2, .learning_rate = 0.8f, .step_epochs = 4, .step_factor = 0.5f};
    assert_near(mdg_learning_rate(&o, MDG_COSINE, 0.5, 0), 0.2);
    assert_near(mdg_learning_rate(&o, MDG_CONSTANT, 1.0, 0), 0.4);
    assert_near(mdg_learning_rate(&o, MDG_CONSTANT, 7.0, 0), 0.8);
    assert_near(mdg_learning_rate(&o, MDG_COSINE, 2.0, 0), 0.8);
    assert_near(mdg_learning_rate(&o, MDG_COSINE, 7.0, 0), 0.4);
    assert_near(mdg_learning_rate(&o, MDG_COSINE, 12.0, 0), 0.0);
    assert_near(mdg_learning_rate(&o, MDG_COSINE, 2.0 + 10.0 / 3.0, 0), 0.8 * 0.75);
    assert_near(mdg_learning_rate(&o, MDG_STEP, 3.9, 0), 0.8);
    assert_near(mdg_learning_rate(&o, MDG_STEP, 4.0, 0), 0.4);
    assert_near(mdg_learning_rate(&o, MDG_STEP, 11.5, 0), 0.2);
    assert_near(mdg_learning_rate(&o, MDG_PLATEAU, 1.0, 0), 0.4);
    assert_near(mdg_learning_rate(&o, MDG_PLATEAU, 11.5, 0), 0.8);
    assert_near(mdg_learning_rate(&o, MDG_PLATEAU, 11.5, 2), 0.2);
}

static void test_plateaus(void **state) {
    (void)state;
    const float losses[] = {5.0f, 4.0f, 4.0f, 4.5f, 3, 3, 3, 3, 3, 2};
    const int falls[] = {0, 0, 0, 1, 1, 1, 2, 2, 3, 3}; /* after 0 .. 9 epochs more than one */
    for (int n = 1; n <= 10; n++) assert_int_equal(mdg_plateaus(losses, n, 2), falls[n - 1]);
    assert_int_equal(mdg_plateaus(losses, 0, 2), 0);
}

static void test_clipping(void **state) {
    (void)state;
    float g[11] = {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, -4};
    assert_near((float)mdg_gradient_norm(g, 11), 5.0);
    mdg_gradient_clip(g, 11, 5.0, 0.0f); /* off */
    mdg_gradient_clip(g, 11, 5.0, 6.0f); /* short enough */
    assert_near(g[0], 3.0);
    mdg_gradient_clip(g, 11, 5.0, 0.5f);
    assert_near(g[0], 0.3);
    assert_near(g[10], -0.4);
}

static void test_names(void **state) {
    (void)state;
    mdg_optimizer_kind optimizer;
    mdg_schedule_kind schedule;
    mdg_diag diag;
    assert_int_equal(mdg_optimizer_of("adamw", &optimizer, &diag), MDG_OK);
    assert_int_equal(optimizer, MDG_ADAMW);
    assert_int_equal(mdg_schedule_of("step", &schedule, &diag), MDG_OK);
    assert_int_equal(schedule, MDG_STEP);
    assert_int_equal(mdg_optimizer_of("Adam", &optimizer, &diag), MDG_INVALID);
    assert_int_equal(mdg_schedule_of(NULL, &schedule, &diag), MDG_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adam),     cmocka_unit_test(test_weight_decay), cmocka_unit_test(test_sgd),
        cmocka_unit_test(test_no_decay), cmocka_unit_test(test_schedules),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_plateaus), cmocka_unit_test(test_clipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
