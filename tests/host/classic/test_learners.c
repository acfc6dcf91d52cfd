/* SPDX-License-Identifier: MIT
 *
 * Each learner on examples whose answer is known.
 */

#include "host/test_arena.h"

#include "classic/anomaly.h"

enum { N = 400 };

static int8_t near(mdg_rng *r, double mean, double deviation) {
    return (int8_t)lrint(fmax(-128, fmin(127, mean + deviation * (double)mdg_rng_normal(r))));
}

/* Classes in turn, each a Gaussian blob; the last feature is noise. */
static mdg_examples blobs(int n_classes, double deviation) {
    static const double centres[][2] = {{-40, 0}, {40, 0}, {0, 60}, {0, -60}};
    int8_t *x = mdg_arena_array(arena, 3 * N, 1);
    int *y = mdg_arena_array(arena, N, sizeof *y);
    mdg_rng r = mdg_rng_of(7, 0);
    for (int i = 0; i < N; i++) {
        y[i] = i % n_classes;
        for (int k = 0; k < 2; k++) x[3 * i + k] = near(&r, centres[y[i]][k], deviation);
        x[3 * i + 2] = near(&r, 0, 30);
    }
    return (mdg_examples){N, 3, n_classes, x, y};
}

/* ---- Trees ---- */

/* The exclusive or of two signs: no single split helps much, two in a row tell all. */
static mdg_examples exclusive_or(void) {
    int8_t *x = mdg_arena_array(arena, 2 * N, 1);
    int *y = mdg_arena_array(arena, N, sizeof *y);
    mdg_rng r = mdg_rng_of(8, 0);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < 2; k++) {
            x[2 * i + k] = (int8_t)(2 + mdg_rng_below(&r, 100));
            if (mdg_rng_below(&r, 2)) x[2 * i + k] = (int8_t)-x[2 * i + k];
        }
        y[i] = (x[2 * i] > 0) != (x[2 * i + 1] > 0);
    }
    return (mdg_examples){N, 2, 2, x, y};
}

static int n_right(const mdg_forest *f, const mdg_examples *e) {
    int right = 0;
    double sums[4];
    for (int i = 0; i < e->n; i++) {
        mdg_forest_sums(f, mdg_example(e, i), sums);
        int best = 0;
        for (int c = 1; c < e->n_classes; c++)
            if (sums[c] > sums[best]) best = c;
        right += best == e->y[i];
    }
    return right;
}

static void a_tree_finds_the_one_split(void **state) {
    (void)state;
    static const int8_t x[] = {5, -90, 5, -30, 5, 10, 5, 70};
    static const int y[] = {0, 0, 1, 1};
    const mdg_examples e = {4, 2, 2, x, y};
    const mdg_classic_opts o = {.kind = MDG_CLASSIC_TREE, .depth = 1};
    mdg_forest *f;
    mdg_diag diag;
    assert_int_equal(mdg_forest_train(&e, &o, arena, NULL, &f, &diag), MDG_OK);
    assert_int_equal(f->n_nodes, 1);
    assert_int_equal(f->nodes[0].feature, 1);
    assert_in_range(f->nodes[0].threshold + 128, -30 + 128, 9 + 128); /* between the classes */
    assert_int_equal(f->n_leaves, 2);
    assert_true(f->leaf[0] == 1.0f && f->leaf[1] == 0.0f && f->leaf[2] == 0.0f && f->leaf[3] == 1.0f);
}

static void equal_examples_of_two_classes_end_in_a_leaf(void **state) {
    (void)state;
    static const int8_t x[] = {5, 5, 5, 5};
    static const int y[] = {0, 1, 0, 1};
    const mdg_examples e = {4, 1, 2, x, y};
    const mdg_classic_opts o = {.kind = MDG_CLASSIC_TREE};
    mdg_forest *f;
    mdg_diag diag;
    assert_int_equal(mdg_forest_train(&e, &o, arena, NULL, &f, &diag), MDG_OK);
    assert_int_equal(f->n_nodes, 0);
    assert_int_equal(f->root[0], -1);
    assert_true(f->leaf[0] == 0.5f);
}

static void trees_of_all_kinds_learn_exclusive_or(void **state) {
    (void)state;
    const mdg_examples e = exclusive_or();
    static const mdg_classic_kind kinds[] = {MDG_CLASSIC_TREE, MDG_CLASSIC_RANDOM_FOREST};
    mdg_diag diag;
    for (size_t k = 0; k < 2; k++) {
        mdg_forest *f;
        const mdg_classic_opts o = {.kind = kinds[k], .seed = 1, .trees = 20};
        assert_int_equal(mdg_forest_train(&e, &o, arena, NULL, &f, &diag), MDG_OK);
        assert_in_range(n_right(f, &e), N * 98 / 100, N);
    }
    mdg_forest *f;
    const mdg_classic_opts o = {.kind = MDG_CLASSIC_BOOSTED_TREES, .seed = 1};
    assert_int_equal(mdg_boost_train(&e, &o, arena, NULL, &f, &diag), MDG_OK);
    assert_in_range(n_right(f, &e), N * 98 / 100, N);
    assert_int_equal(f->width, 1);
}

static void more_rounds_of_boosting_fit_better(void **state) {
    (void)state;
    const mdg_examples e = blobs(4, 30);
    mdg_classic_opts o = {.kind = MDG_CLASSIC_BOOSTED_TREES, .seed = 1, .trees = 1, .depth = 2};
    mdg_forest *first, *last;
    mdg_diag diag;
    assert_int_equal(mdg_boost_train(&e, &o, arena, NULL, &first, &diag), MDG_OK);
    o.trees = 20;
    assert_int_equal(mdg_boost_train(&e, &o, arena, NULL, &last, &diag), MDG_OK);
    assert_int_equal(last->n_trees, 80);
    assert_true(n_right(last, &e) > n_right(first, &e));
}

/* ---- Linear ---- */

static void regression_finds_the_line(void **state) {
    (void)state;
    const mdg_examples e = blobs(1, 40);
    float *target = mdg_arena_array(arena, 2 * N, sizeof *target);
    for (int i = 0; i < N; i++) {
        const int8_t *x = mdg_example(&e, i);
        target[2 * i] = 3.0f * (float)x[0] - 0.5f * (float)x[2] + 7.0f;
        target[2 * i + 1] = -2.0f * (float)x[1];
    }
    mdg_linear l;
    mdg_linear_fit(&e, target, 2, arena, &l);
    static const double expected[] = {3, 0, -0.5, 0, -2, 0};
    for (int i = 0; i < 6; i++) assert_true(fabs(l.weight[i] - expected[i]) < 0.05);
    assert_true(fabs(l.bias[1]) < 3);
}

static void logistic_regression_separates(void **state) {
    (void)state;
    const mdg_examples e = blobs(2, 10);
    mdg_linear l;
    mdg_diag diag;
    assert_int_equal(mdg_logistic_train(&e, arena, NULL, &l, &diag), MDG_OK);
    for (int i = 0; i < N; i++) {
        double y[2];
        for (int c = 0; c < 2; c++) {
            y[c] = l.bias[c];
            for (int k = 0; k < 3; k++) y[c] += l.weight[3 * c + k] * mdg_example(&e, i)[k];
        }
        assert_true((y[1] > y[0]) == (e.y[i] == 1));
    }
    assert_true(fabs(l.weight[0]) > 10 * fabs(l.weight[2])); /* the noise hardly counts */
}

/* ---- Gaussians ---- */

static void naive_bayes_has_means_and_variances(void **state) {
    (void)state;
    const mdg_examples e = blobs(4, 10);
    mdg_gaussians g;
    mdg_naive_bayes_train(&e, arena, &g);
    assert_int_equal(g.n_components, 4);
    assert_true(fabs(g.mean[0] + 40) < 3 && fabs(g.mean[3] - 40) < 3 && fabs(g.mean[3 * 2 + 1] - 60) < 3);
    assert_true(fabs(sqrt(g.variance[0]) - 10) < 1.5 && fabs(sqrt(g.variance[2]) - 30) < 4);
    assert_true(g.share[0] == 0.25);
}

static void kmeans_finds_the_clusters(void **state) {
    (void)state;
    mdg_examples e = blobs(4, 5);
    int *one = mdg_arena_array(arena, N, sizeof *one);
    const int *truth = e.y;
    e.y = one; /* all of one class: the clusters are not told */
    e.n_classes = 1;
    mdg_gaussians g;
    mdg_kmeans_train(&e, 4, 3, arena, &g);
    assert_int_equal(g.n_components, 4);
    int of[4] = {-1, -1, -1, -1};
    for (int i = 0; i < N; i++) {
        int best = 0;
        for (int m = 1; m < 4; m++)
            if (mdg_squared_distance(mdg_example(&e, i), g.mean + 3 * m, 3) <
                mdg_squared_distance(mdg_example(&e, i), g.mean + 3 * best, 3))
                best = m;
        if (of[best] < 0) of[best] = truth[i];
        assert_int_equal(of[best], truth[i]);
    }
}

static void a_mixture_finds_shares_and_deviations(void **state) {
    (void)state;
    int8_t *x = mdg_arena_array(arena, N, 1);
    int *y = mdg_arena_array(arena, N, sizeof *y);
    mdg_rng r = mdg_rng_of(9, 0);
    for (int i = 0; i < N; i++) x[i] = i % 4 ? near(&r, 50, 15) : near(&r, -60, 5);
    const mdg_examples e = {N, 1, 1, x, y};
    mdg_gaussians g;
    mdg_gmm_train(&e, 2, 1, arena, &g);
    const int low = g.mean[0] > g.mean[1];
    assert_true(fabs(g.mean[low] + 60) < 2 && fabs(g.mean[1 - low] - 50) < 3);
    assert_true(fabs(sqrt(g.variance[low]) - 5) < 1 && fabs(sqrt(g.variance[1 - low]) - 15) < 2);
    assert_true(fabs(g.share[low] - 0.25) < 0.02);
}

/* ---- Distances ---- */

/* Two features that go together: what is common is normal far out, what tells them apart is not. */
static void mahalanobis_knows_what_goes_together(void **state) {
    (void)state;
    int8_t *x = mdg_arena_array(arena, 2 * N, 1);
    int *y = mdg_arena_array(arena, N, sizeof *y);
    mdg_rng r = mdg_rng_of(10, 0);
    for (int i = 0; i < N; i++) {
        const double common = 30 * (double)mdg_rng_normal(&r);
        for (int k = 0; k < 2; k++) x[2 * i + k] = near(&r, common, 5);
    }
    const mdg_examples e = {N, 2, 1, x, y};
    mdg_whitener w;
    mdg_whitener_train(&e, arena, &w);
    const int8_t along[] = {40, 40}, across[] = {20, -20};
    assert_true(mdg_whitener_distance(&w, across) > 5 * mdg_whitener_distance(&w, along));
    double mean = 0;
    for (int i = 0; i < N; i++) mean += mdg_whitener_distance(&w, mdg_example(&e, i)) / N;
    assert_true(fabs(mean - 2) < 0.2); /* of as many features */
    assert_true(w.shrinkage > 0 && w.shrinkage < 0.1);
}

/* More features than examples: shrinking makes a distance of it all the same. */
static void few_examples_of_many_features_will_do(void **state) {
    (void)state;
    enum { FEW = 20, MANY = 50 };
    int8_t x[FEW * MANY];
    int y[FEW] = {0};
    mdg_rng r = mdg_rng_of(11, 0);
    for (int i = 0; i < FEW * MANY; i++) x[i] = near(&r, 0, 16);
    const mdg_examples e = {FEW, MANY, 1, x, y};
    mdg_whitener w;
    mdg_whitener_train(&e, arena, &w);
    int8_t far[MANY];
    memset(far, 64, sizeof far);
    for (int i = 0; i < FEW; i++)
        assert_true(mdg_whitener_distance(&w, far) > 4 * mdg_whitener_distance(&w, mdg_example(&e, i)));
}

static void condensed_neighbours_stand_for_all(void **state) {
    (void)state;
    const mdg_examples e = blobs(4, 5);
    int chosen[N];
    mdg_rng r = mdg_rng_of(1, 0);
    const int n = mdg_condense(&e, N, false, &r, arena, chosen);
    assert_in_range(n, 4, 12);
    assert_int_equal(mdg_condense(&e, 2, false, &r, arena, chosen), 2);
    assert_int_equal(mdg_condense(&e, 40, true, &r, arena, chosen), 40);
}

/* ---- Thresholds ---- */

static void the_threshold_is_a_quantile_or_a_tail(void **state) {
    (void)state;
    double logs[1000];
    mdg_rng r = mdg_rng_of(12, 0);
    for (int i = 0; i < 1000; i++) logs[i] = 5 + 0.5 * (double)mdg_rng_normal(&r);
    const double t = log(mdg_anomaly_threshold(logs, 1000, 0.01));
    assert_true(t > 5 + 0.5 * 2.1 && t < 5 + 0.5 * 2.8);  /* 2.33 deviations */
    for (int i = 0; i < 10; i++) logs[i] = i < 9 ? 5 : 9; /* one far out, a tenth may be */
    assert_true(log(mdg_anomaly_threshold(logs, 10, 0.1)) > 5.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_finds_the_one_split),
        cmocka_unit_test(equal_examples_of_two_classes_end_in_a_leaf),
        cmocka_unit_test(trees_of_all_kinds_learn_exclusive_or),
        cmocka_unit_test(more_rounds_of_boosting_fit_better),
        cmocka_unit_test(regression_finds_the_line),
        cmocka_unit_test(logistic_regression_separates),
        cmocka_unit_test(naive_bayes_has_means_and_variances),
        cmocka_unit_test(kmeans_finds_the_clusters),
        cmocka_unit_test(a_mixture_finds_shares_and_deviations),
        cmocka_unit_test(mahalanobis_knows_what_goes_together),
        cmocka_unit_test(few_examples_of_many_features_will_do),
        cmocka_unit_test(condensed_neighbours_stand_for_all),
        cmocka_unit_test(the_threshold_is_a_quantile_or_a_tail),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
