/* SPDX-License-Identifier: MIT
 *
 * What was learned, as a graph: it decides as the learner does, survives the file, and a file whose tables
 * lie is refused.
 */
#include <stdlib.h>
#include <unistd.h>

#include "host/test_arena.h"

#include "classic/classic.h"
#include "exec/exec.h"
#include "tflite/tflite.h"
#include "util/rng.h"

enum { N = 240, FRAMES = 5, WIDTH = 3, VALUES = FRAMES * WIDTH, CLASSES = 3 };

static const mdg_classic_shape shape = {FRAMES, WIDTH, 1, FRAMES, WIDTH, 1.0f / 16};

/* Rows over time: class 1 has a higher first column, class 2 a second one that varies more. */
static mdg_examples rows(int n_classes, uint64_t seed) {
    int8_t *x = mdg_arena_array(arena, N * VALUES, 1);
    int *y = mdg_arena_array(arena, N, sizeof *y);
    mdg_rng r = mdg_rng_of(seed, 0);
    for (int i = 0; i < N; i++) {
        y[i] = i % n_classes;
        for (int k = 0; k < VALUES; k++) {
            const double deviation = y[i] == 2 && k % WIDTH == 1 ? 40 : 5;
            const double mean = y[i] == 1 && k % WIDTH == 0 ? 50 : 0;
            x[i * VALUES + k] =
                (int8_t)lrint(fmax(-128, fmin(127, mean + deviation * (double)mdg_rng_normal(&r))));
        }
    }
    return (mdg_examples){N, VALUES, n_classes, x, y};
}

static mdg_graph *train(const mdg_examples *e, const mdg_classic_opts *o) {
    mdg_graph *g = NULL;
    mdg_diag diag = {{0}};
    const mdg_status status = mdg_classic_train(e, o, &shape, arena, NULL, &g, &diag);
    if (status != MDG_OK) print_error("%s\n", diag.text);
    assert_int_equal(status, MDG_OK);
    assert_int_equal(mdg_graph_check(g, &diag), MDG_OK);
    return g;
}

static mdg_exec *open_graph(const mdg_graph *g) {
    mdg_exec *x;
    mdg_diag diag;
    assert_int_equal(mdg_exec_open(g, arena, &x, &diag), MDG_OK);
    return x;
}

static const int8_t *scores(mdg_exec *x, const mdg_examples *e, int i) {
    memcpy(mdg_exec_input(x, 0), e->x + i * VALUES, VALUES);
    assert_int_equal(mdg_exec_invoke(x, NULL), MDG_OK);
    return mdg_exec_output(x, 0);
}

static int n_right(const mdg_graph *g, const mdg_examples *e) {
    mdg_exec *x = open_graph(g);
    int right = 0;
    for (int i = 0; i < e->n; i++) {
        const int8_t *y = scores(x, e, i);
        int best = 0;
        for (int c = 1; c < e->n_classes; c++)
            if (y[c] > y[best]) best = c;
        right += best == e->y[i];
    }
    return right;
}

static void every_classifier_learns(void **state) {
    (void)state;
    const mdg_examples train_set = rows(CLASSES, 1), test_set = rows(CLASSES, 2);
    for (int k = 0; k < MDG_CLASSIC_MAHALANOBIS; k++) {
        const mdg_classic_opts o = {.kind = (mdg_classic_kind)k, .statistics = 2, .seed = 1, .neighbours = 3};
        const int right = n_right(train(&train_set, &o), &test_set);
        const int least = k == MDG_CLASSIC_KMEANS ? N * 90 / 100 : N * 97 / 100; /* it weighs noise as much */
        if (right < least) print_error("%s: %d of %d\n", mdg_classic_names[k], right, N);
        assert_in_range(right, least, N);
    }
}

/* All values as they are: what varies cannot be told by a line, but by trees and by variances. */
static void rows_may_stay_as_they_are(void **state) {
    (void)state;
    const mdg_examples train_set = rows(CLASSES, 1), test_set = rows(CLASSES, 2);
    static const mdg_classic_kind kinds[] = {MDG_CLASSIC_RANDOM_FOREST, MDG_CLASSIC_NAIVE_BAYES};
    for (size_t k = 0; k < 2; k++) {
        const mdg_classic_opts o = {.kind = kinds[k], .seed = 1};
        mdg_graph *g = train(&train_set, &o);
        assert_int_equal(g->subgraphs[0].ops[0].code, k ? MDG_OP_MIDGE_GAUSSIANS : MDG_OP_MIDGE_FOREST);
        assert_in_range(n_right(g, &test_set), N * 90 / 100, N);
    }
}

static void same_seed_same_graph(void **state) {
    (void)state;
    const mdg_examples e = rows(CLASSES, 1);
    mdg_diag diag;
    for (int k = 0; k < MDG_CLASSIC_MAHALANOBIS; k++) {
        const mdg_classic_opts o = {.kind = (mdg_classic_kind)k, .statistics = 4, .seed = 5};
        assert_true(mdg_graph_equal(train(&e, &o), train(&e, &o), &diag));
    }
    mdg_classic_opts o = {.kind = MDG_CLASSIC_RANDOM_FOREST, .seed = 5};
    const mdg_graph *g = train(&e, &o);
    o.seed = 6;
    assert_false(mdg_graph_equal(g, train(&e, &o), &diag));
}

static void anomalies_score_above_one_half(void **state) {
    (void)state;
    const mdg_examples normal = rows(1, 1), others = rows(CLASSES, 2);
    static const mdg_classic_kind kinds[] = {MDG_CLASSIC_KMEANS, MDG_CLASSIC_GMM, MDG_CLASSIC_MAHALANOBIS};
    for (size_t k = 0; k < 3; k++) {
        const mdg_classic_opts o = {
            .kind = kinds[k], .statistics = 2, .seed = 1, .is_anomaly = true, .false_alarms = 0.02f};
        mdg_exec *x = open_graph(train(&normal, &o));
        int alarms = 0, missed = 0;
        for (int i = 0; i < N; i++) {
            const bool is_alarm = scores(x, &others, i)[1] >= 0;
            alarms += is_alarm && others.y[i] == 0;
            missed += !is_alarm && others.y[i] != 0;
        }
        assert_in_range(alarms, 0, N / CLASSES / 10);
        assert_int_equal(missed, 0);
    }
}

/* ---- Files ---- */

static void the_file_keeps_all_of_it(void **state) {
    (void)state;
    const mdg_examples e = rows(CLASSES, 1), normal = rows(1, 1);
    char folder[] = "/tmp/midge-classic-XXXXXX";
    mdg_diag diag;
    assert_non_null(mkdtemp(folder));
    const char *path = mdg_arena_printf(arena, "%s/m.tflite", folder);
    for (int k = 0; k < MDG_CLASSIC_COUNT; k++) {
        mdg_classic_opts o = {.kind = (mdg_classic_kind)k, .statistics = 2, .seed = 5, .false_alarms = 0.01f};
        o.is_anomaly = k == MDG_CLASSIC_MAHALANOBIS;
        mdg_graph *g = train(o.is_anomaly ? &normal : &e, &o), *back;
        assert_int_equal(mdg_tflite_save(g, path, &diag), MDG_OK);
        assert_int_equal(mdg_tflite_load(path, arena, &back, &diag), MDG_OK);
        assert_true(mdg_graph_equal(g, back, &diag));
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Each element of each table in turn gets values from far out: the model is refused, or runs within bounds
 * (which the sanitizers see to). */
static void no_table_can_lie(void **state) {
    (void)state;
    const mdg_examples e = rows(CLASSES, 1), normal = rows(1, 1);
    int refused = 0;
    for (int k = 0; k < MDG_CLASSIC_COUNT; k++) {
        mdg_classic_opts o = {.kind = (mdg_classic_kind)k, .statistics = 2, .seed = 5, .false_alarms = 0.01f};
        o.is_anomaly = k == MDG_CLASSIC_MAHALANOBIS;
        o.trees = o.depth = o.prototypes = 2;
        mdg_graph *g = train(o.is_anomaly ? &normal : &e, &o);
        mdg_subgraph *s = &g->subgraphs[0];
        for (int t = 0; t < s->n_tensors; t++) {
            uint8_t *bytes = (uint8_t *)(uintptr_t)s->tensors[t].data; /* the arena's: ours to spoil */
            for (size_t b = 0; bytes && b < s->tensors[t].bytes; b++) {
                const uint8_t was = bytes[b];
                mdg_arena *own = mdg_arena_new();
                mdg_exec *x;
                mdg_diag diag;
                bytes[b] ^= 0x80;
                if (mdg_exec_open(g, own, &x, &diag) == MDG_OK)
                    (void)scores(x, &e, (int)(b % N));
                else
                    refused++;
                bytes[b] = was;
                mdg_arena_free(own);
            }
        }
    }
    assert_in_range(refused, 20, 100000);
}

/* ---- Refusals ---- */

static void refuses(const mdg_examples *e, const mdg_classic_opts *o, const char *words) {
    mdg_graph *g;
    mdg_diag diag;
    assert_int_not_equal(mdg_classic_train(e, o, &shape, arena, NULL, &g, &diag), MDG_OK);
    if (!strstr(diag.text, words)) print_error("%s\n", diag.text);
    assert_non_null(strstr(diag.text, words));
}

static void what_cannot_be_is_told(void **state) {
    (void)state;
    mdg_examples e = rows(CLASSES, 1), few = rows(1, 1);
    mdg_classic_opts o = {.kind = MDG_CLASSIC_MAHALANOBIS, .statistics = 2, .false_alarms = 0.01f};
    refuses(&e, &o, "model.normal");
    o.is_anomaly = true;
    few.n = 19;
    refuses(&few, &o, "19 normal clips are too few");
    o.kind = MDG_CLASSIC_LOGISTIC;
    refuses(&few, &o, "logistic learns from examples of all classes");
    o = (mdg_classic_opts){.kind = MDG_CLASSIC_NEIGHBOURS, .neighbours = 17};
    refuses(&e, &o, "at most 16");
    e.n_classes = CLASSES + 1;
    refuses(&e, &o, "class number 4 has no clips");
    mdg_classic_kind kind;
    assert_false(mdg_classic_find("ds_cnn", &kind));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_classifier_learns),  cmocka_unit_test(rows_may_stay_as_they_are),
        cmocka_unit_test(same_seed_same_graph),     cmocka_unit_test(anomalies_score_above_one_half),
        cmocka_unit_test(the_file_keeps_all_of_it), cmocka_unit_test(no_table_can_lie),
        cmocka_unit_test(what_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
