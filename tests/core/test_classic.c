/* SPDX-License-Identifier: MIT
 *
 * Trees, Gaussians, neighbours, Mahalanobis, anomalies and statistics against their definitions in double;
 * and the checks of their tables: whatever value leads astray is refused.
 */
#include "midge/model.h"
#include "oracle.h"

enum { ROUNDS = 200, N = 12, CLASSES = 3 };

/* ---- Trees ---- */

/* Two trees by hand: x0 <= 3 ? (x1 <= -2 ? leaf 0 : leaf 1) : leaf 2; and leaf 1 alone */
static const int16_t roots[] = {0, -2}, features[] = {0, 1}, children[] = {1, -3, -1, -2};
static const int8_t thresholds[] = {3, -2};
static const int16_t leaves[] = {1, 0, 0, 0, 20, 0, 0, 0, 300};
static const mdg_forest_params forest = {
    .features = 2, .classes = 3, .trees = 2, .nodes = 2, .leaves = 3, .width = 3};

static void a_forest_adds_up_its_leaves(void **state) {
    (void)state;
    static const struct {
        int8_t x[2];
        int32_t y[3];
    } cases[] = {
        {{3, -2}, {1, 20, 0}}, {{3, -1}, {0, 40, 0}}, {{4, -128}, {0, 20, 300}}, {{-128, 127}, {0, 40, 0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t y[3];
        const void *in[] = {cases[i].x, roots, features, thresholds, children, leaves};
        mdg_forest_s8(&forest, in, (void *const[]){y});
        assert_memory_equal(y, cases[i].y, sizeof y);
    }
}

/* With one number a leaf, tree t tells of class t mod classes. */
static void boosted_trees_tell_of_a_class_each(void **state) {
    (void)state;
    static const int16_t root[] = {-1, -2, -3, -1};
    mdg_forest_params p = {.features = 1, .classes = 2, .trees = 4, .nodes = 1, .leaves = 3, .width = 1};
    static const int16_t feature[] = {0}, child[] = {-1, -1}, leaf[] = {5, -70, 900};
    const int8_t x = 0, threshold = 0;
    int32_t y[2];
    const void *in[] = {&x, root, feature, &threshold, child, leaf};
    mdg_forest_s8(&p, in, (void *const[]){y});
    assert_int_equal(y[0], 5 + 900);
    assert_int_equal(y[1], -70 + 5);
}

static mdg_sizes forest_sizes(const int16_t *root, const int16_t *feature, const int16_t *child) {
    mdg_sizes s = {.params_bytes = sizeof forest, .n_in = 6, .n_out = 1};
    const void *tables[] = {NULL, root, feature, thresholds, child, leaves};
    const uint32_t bytes[] = {2, 4, 4, 2, 8, sizeof leaves};
    for (int k = 0; k < 6; k++) {
        s.in[k] = bytes[k];
        s.constant[k] = tables[k];
    }
    s.out[0] = 12;
    return s;
}

static bool forest_passes(const int16_t *root, const int16_t *feature, const int16_t *child) {
    mdg_sizes s = forest_sizes(root, feature, child);
    return mdg_forest_s8_check(&forest, &s);
}

static void no_tree_leads_astray(void **state) {
    (void)state;
    assert_true(forest_passes(roots, features, children));
    assert_false(forest_passes((int16_t[]){2, 0}, features, children));  /* no such node */
    assert_false(forest_passes((int16_t[]){0, -4}, features, children)); /* no such leaf */
    assert_false(forest_passes(roots, (int16_t[]){0, 2}, children));
    assert_false(forest_passes(roots, (int16_t[]){-1, 1}, children));
    assert_false(forest_passes(roots, features, (int16_t[]){1, -3, 0, -2})); /* back: for ever */
    assert_false(forest_passes(roots, features, (int16_t[]){0, -3, -1, -2}));
    assert_false(forest_passes(roots, features, (int16_t[]){1, -3, -1, INT16_MIN}));
    mdg_sizes s = forest_sizes(roots, features, children);
    s.constant[4] = NULL; /* a table that may change */
    assert_false(mdg_forest_s8_check(&forest, &s));
    for (uint32_t k = 0; k < 6; k++) { /* each byte that is missing is missed */
        s = forest_sizes(roots, features, children);
        s.in[k]--;
        assert_false(mdg_forest_s8_check(&forest, &s));
    }
}

/* ---- Distances ---- */

static void gaussians_are_distances(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        enum { M = 5 };
        int8_t x[N], centre[M * N];
        int16_t weight[M * N];
        int32_t bias[M], y[CLASSES];
        uint8_t class_of[M] = {0, 1, 2, 1, 0};
        double expected[CLASSES] = {INFINITY, INFINITY, INFINITY}, least = INFINITY;
        const mdg_gaussians_params p = {N, CLASSES, M, random_int(&r, 0, 20), round % 2};
        for (int i = 0; i < N; i++) x[i] = (int8_t)random_int(&r, -128, 127);
        for (int m = 0; m < M; m++) {
            double d = bias[m] = random_int(&r, 0, 1 << 20);
            double sum = 0;
            for (int i = 0; i < N; i++) {
                centre[m * N + i] = (int8_t)random_int(&r, -128, 127);
                weight[m * N + i] = (int16_t)random_int(&r, 0, INT16_MAX);
                sum += weight[m * N + i] * pow(x[i] - centre[m * N + i], 2);
            }
            d += fmin(floor(ldexp(sum, -p.shift)), 1 << 29);
            expected[class_of[m]] = fmin(expected[class_of[m]], d);
            least = fmin(least, d);
        }
        const void *in[] = {x, centre, weight, bias, class_of};
        mdg_gaussians_s8(&p, in, (void *const[]){y});
        for (int c = 0; c < CLASSES; c++)
            assert_true(y[c] == (p.relative ? least - expected[c] : expected[c]));
    }
}

static void the_nearest_vote(void **state) {
    (void)state;
    static const int8_t prototypes[] = {0, 10, 20, 31, -100};
    static const uint8_t class_of[] = {0, 1, 1, 2, 0};
    static const struct {
        int8_t x;
        int32_t k, y[CLASSES];
    } cases[] = {{2, 1, {2, 0, 0}},
                 {2, 3, {6, 5 + 4, 0}},
                 {26, 2, {0, 3, 4}},
                 {15, 1, {0, 2, 0}}, /* as far from both: the earlier */
                 {-90, 2, {4 + 3, 0, 0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const mdg_neighbours_params p = {1, CLASSES, 5, cases[i].k};
        int32_t y[CLASSES], near[6];
        const void *in[] = {&cases[i].x, prototypes, class_of};
        mdg_neighbours_s8(&p, in, (void *const[]){y, near});
        assert_memory_equal(y, cases[i].y, sizeof y);
    }
}

static void mahalanobis_is_whitened_length(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int round = 0; round < ROUNDS; round++) {
        int8_t x[N];
        int16_t weight[N * (N + 1) / 2], *w = weight;
        int32_t bias[N], y;
        uint8_t shift[N];
        double sum = 0;
        for (int j = 0; j < N; j++) {
            x[j] = (int8_t)random_int(&r, -128, 127);
            bias[j] = random_int(&r, -(1 << 22), 1 << 22);
            shift[j] = (uint8_t)random_int(&r, 0, 20);
            double z = -bias[j];
            for (int i = 0; i <= j; i++) z += x[i] * (*w++ = (int16_t)random_int(&r, INT16_MIN, INT16_MAX));
            z = fmax(-(1 << 21), fmin(1 << 21, floor(ldexp(z, -shift[j]))));
            sum += z * z;
        }
        const mdg_mahalanobis_params p = {N};
        const void *in[] = {x, weight, bias, shift};
        mdg_mahalanobis_s8(&p, in, (void *const[]){&y});
        assert_true(y == fmin(floor(sum / 16), INT32_MAX));
    }
}

static void a_distance_of_the_threshold_is_one_half(void **state) {
    (void)state;
    static const int32_t distances[] = {INT32_MIN, 0, 1, 99, 100, 101, 1000, 1 << 24, INT32_MAX};
    static const int32_t limits[] = {1, 100, 12345, 1 << 24, INT32_MAX};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const mdg_anomaly_params p = {limits[i]};
        for (size_t k = 0; k < sizeof distances / sizeof *distances; k++) {
            int8_t y[2];
            const double d = fmax(distances[k], 0), score = d / (d + limits[i]);
            const void *in[] = {&distances[k]};
            mdg_anomaly_s8(&p, in, (void *const[]){y});
            assert_true(fabs(fmin(256 * score, 255) - (y[1] + 128)) <= 1.0);
            assert_int_equal(y[0], -1 - y[1]);
            assert_true((y[1] >= 0) == (distances[k] >= limits[i]) || limits[i] > 1 << 23);
        }
    }
}

/* ---- Statistics ---- */

static void statistics_are_of_columns(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        enum { FRAMES = 9, WIDTH = 3, KINDS = 4 };
        int8_t x[FRAMES * WIDTH], y[KINDS * WIDTH];
        int32_t mult[KINDS * WIDTH], offset[KINDS * WIDTH];
        for (int i = 0; i < FRAMES * WIDTH; i++) x[i] = (int8_t)random_int(&r, -128, 127);
        for (int i = 0; i < KINDS * WIDTH; i++) {
            mult[i] = random_int(&r, 0, 1 << 16);
            offset[i] = random_int(&r, -(1 << 22), 1 << 22);
        }
        const mdg_statistics_params p = {FRAMES, WIDTH, KINDS};
        const void *in[] = {x, mult, offset};
        mdg_statistics_s8(&p, in, (void *const[]){y});
        for (int i = 0; i < WIDTH; i++) {
            double sum = 0, squares = 0, lo = 127, hi = -128;
            for (int f = 0; f < FRAMES; f++) {
                const double v = x[f * WIDTH + i];
                sum += v;
                squares += v * v;
                lo = fmin(lo, v);
                hi = fmax(hi, v);
            }
            const double raw[] = {sum, floor(sqrt(FRAMES * squares - sum * sum)), lo, hi};
            for (int k = 0; k < KINDS; k++) {
                const double v =
                    floor((raw[k] * mult[k * WIDTH + i] + offset[k * WIDTH + i] + 32768) / 65536);
                assert_true(y[k * WIDTH + i] == fmax(-128, fmin(127, v)));
            }
        }
    }
}

/* Full scale for as long as the check allows: nothing overflows (with sanitizers, this is what would tell).
 */
static void the_longest_rows_fit(void **state) {
    (void)state;
    enum { FRAMES = 1 << 15 };
    int8_t *x = test_malloc(FRAMES), y[2];
    const int32_t mult[] = {1, 1}, offset[] = {0, 0};
    for (int i = 0; i < FRAMES; i++) x[i] = i % 2 ? INT8_MAX : INT8_MIN;
    const mdg_statistics_params p = {FRAMES, 1, 2};
    const void *in[] = {x, mult, offset};
    mdg_statistics_s8(&p, in, (void *const[]){y});
    assert_int_equal(y[0], 0);                                            /* -16384 / 65536 */
    assert_int_equal(y[1], (int)floor((FRAMES * 127.5 + 32768) / 65536)); /* 32768 * 127.5 / 65536 */
    test_free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forest_adds_up_its_leaves),
        cmocka_unit_test(boosted_trees_tell_of_a_class_each),
        cmocka_unit_test(no_tree_leads_astray),
        cmocka_unit_test(gaussians_are_distances),
        cmocka_unit_test(the_nearest_vote),
        cmocka_unit_test(mahalanobis_is_whitened_length),
        cmocka_unit_test(a_distance_of_the_threshold_is_one_half),
        cmocka_unit_test(statistics_are_of_columns),
        cmocka_unit_test(the_longest_rows_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
