/* SPDX-License-Identifier: MIT
 *
 * The choice of candidates, against a made-up world in which accuracy and cost are formulas: spaces are read,
 * fronts are right, each strategy finds good candidates, in the same order whatever order they were run in.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/test_arena.h"
#include "search/journal.h"
#include "search/study.h"

static const char *const lines[] = {
    "model.width = 4 8 12 16 24 32 48 64", "model.depth = 1 2 3 4",
    "features.kind=log_mel mfcc",          "features.coefficients = 8 10 13 when features.kind = mfcc",
    "augment.gain_db = 0 1 2 3 4 5 6 7",   "augment.eq_db = 0 1 2 3 4 5 6 7",
    "train.batch = 1 2 4 8 16 32 64 128"};

static mdg_space space_of(int n) {
    mdg_space s;
    mdg_diag diag = {""};
    if (mdg_space_read(lines, n, arena, &s, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return s;
}

static mdg_space make_space(void) {
    return space_of(4);
}

/* ==== Spaces ==== */

static void spaces_are_read(void **state) {
    (void)state;
    const mdg_space s = make_space();
    assert_int_equal(s.n, 4);
    assert_string_equal(s.dimensions[0].key, "model.width");
    assert_int_equal(s.dimensions[0].n, 8);
    assert_string_equal(s.dimensions[0].values[7], "64");
    assert_string_equal(s.dimensions[2].values[1], "mfcc");
    assert_int_equal(s.dimensions[3].on, 2);
    assert_int_equal(s.dimensions[3].on_values, 2);
    assert_true(mdg_space_size(&s) == 8 * 4 * 2 * 3);
}

static void wrong_spaces_are_told(void **state) {
    (void)state;
    static const char *const wrong[][3] = {
        {"model.width", NULL, "is not a key"},
        {"model.width =", NULL, "is not a key"},
        {"= 3 4", NULL, "is not a key"},
        {"model.width = 3 = 4", NULL, "is not a key"},
        {"model.width = when a = 4", NULL, "is not a key"},
        {"model.width = 8 16 8", NULL, "8 stands there twice"},
        {"model.width = 8", "model.width = 16", "model.width has a line already"},
        {"a.b = 1 when c.d = 2", NULL, "the key of an earlier line"},
        {"a.b = 1 2", "c.d = 1 when a.b", "the key of an earlier line"},
        {"a.b = 1 2", "c.d = 1 when a.b = 3", "'3' is no value that a.b may have"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        mdg_space s;
        mdg_diag diag = {""};
        assert_int_equal(mdg_space_read(wrong[i], wrong[i][1] ? 2 : 1, arena, &s, &diag), MDG_INVALID);
        if (!strstr(diag.text, wrong[i][2])) fail_msg("'%s' lacks '%s'", diag.text, wrong[i][2]);
    }
}

static void candidates_that_mean_the_same_are_equal(void **state) {
    (void)state;
    const mdg_space s = make_space();
    mdg_rng r = mdg_rng_of(7, 0);
    int n_mfcc = 0;
    mdg_candidate c = mdg_candidate_random(&s, &r);
    for (int i = 0; i < 300; i++) {
        const mdg_candidate next = i % 3 ? mdg_candidate_vary(&s, &c, &r) : mdg_candidate_random(&s, &r);
        for (int d = 0; d < s.n; d++) assert_true(next.value[d] < s.dimensions[d].n);
        if (next.value[2] == 0) assert_int_equal(next.value[3], 0);
        n_mfcc += next.value[2] == 1 && next.value[3] > 0;
        c = next;
    }
    assert_true(n_mfcc > 50);
}

/* Ten values among twenty draws: each twice */
static void draws_are_spread(void **state) {
    (void)state;
    mdg_space s;
    mdg_diag diag = {""};
    mdg_rng r = mdg_rng_of(5, 0);
    mdg_candidate c[20];
    int seen[2][10] = {{0}};
    const char *const two[] = {"a = 0 1 2 3 4 5 6 7 8 9", "b = 0 1 2 3 4"};
    assert_int_equal(mdg_space_read(two, 2, arena, &s, &diag), MDG_OK);
    mdg_candidates_spread(&s, 20, &r, c);
    for (int k = 0; k < 20; k++)
        for (int i = 0; i < 2; i++) seen[i][c[k].value[i]]++;
    for (int v = 0; v < 10; v++) {
        assert_int_equal(seen[0][v], 2);
        assert_int_equal(seen[1][v], v < 5 ? 4 : 0);
    }
    assert_true(c[0].value[0] != 0 || c[1].value[0] != 0 || c[2].value[0] != 1);
}

/* ==== Fronts ==== */

static void fronts_are_ranked(void **state) {
    (void)state;
    const mdg_point p[] = {{0.9, 100}, {0.8, 50}, {0.8, 60}, {0.7, 50}, {0.5, 10}, {0.6, 70}, {0.9, 100}};
    const int expected[] = {0, 0, 1, 1, 0, 2, 0};
    int rank[7];
    mdg_front_rank(p, 7, rank);
    for (int i = 0; i < 7; i++) assert_int_equal(rank[i], expected[i]);
}

/* The most accurate of each niche of costs come first: here niches begin at 10, 25, 63, 158 and 398. */
static void the_best_are_spread(void **state) {
    (void)state;
    const mdg_point p[] = {{0.50, 10}, {0.53, 12}, {0.51, 12}, {0.4, 100}, {0.3, 1000}, {0.4, 90}};
    const int expected[] = {1, 5, 4, 2, 3, 0};
    int order[6];
    mdg_front_order(p, 6, arena, order);
    for (int i = 0; i < 6; i++) assert_int_equal(order[i], expected[i]);
}

/* ==== Strategies ==== */

/* Wider and deeper is better, with less and less gain; more epochs find more of it. */
static void try_it(mdg_trial *t) {
    const double width = 4 + 8 * t->candidate.value[0], depth = 1 + t->candidate.value[1];
    const double size = width * width * depth;
    t->state = MDG_TRIAL_DONE;
    t->result = (mdg_trial_result){.flash = size, .ram = width, .instructions = 100 * size};
    t->result.accuracy = (1 - 8 / (8 + sqrt(size))) * (1 - 1.0 / (1 + t->epochs)) -
                         (t->candidate.value[2] == 0 ? 0.1 : 0) -
                         0.02 * fabs((double)t->candidate.value[3] - 1);
    for (int i = 4; i < 7; i++) t->result.accuracy -= 0.02 * (7 - (double)t->candidate.value[i]);
}

typedef struct outcome {
    const mdg_trial *trials;
    int n, epochs;
} outcome;

static outcome run(const mdg_space *space, const mdg_study_opts *opts, bool backwards) {
    mdg_study *s = mdg_study_new(space, opts, arena);
    outcome out = {0};
    for (mdg_generation g; g = mdg_study_next(s), g.n > 0;)
        for (int i = 0; i < g.n; i++) {
            mdg_trial *t = &g.trials[backwards ? g.n - 1 - i : i];
            assert_int_equal(t->state, MDG_TRIAL_WAITS);
            try_it(t);
            out.epochs += t->epochs;
        }
    out.trials = mdg_study_trials(s, &out.n);
    return out;
}

static mdg_study_opts opts_of(mdg_strategy strategy, uint64_t seed) {
    return (mdg_study_opts){.strategy = strategy,
                            .candidates = 36,
                            .population = 12,
                            .short_epochs = 4,
                            .epochs = 36,
                            .seed = seed};
}

static void results_do_not_depend_on_timing(void **state) {
    (void)state;
    const mdg_space space = make_space();
    for (int strategy = 0; strategy < MDG_STRATEGY_COUNT; strategy++) {
        const mdg_study_opts opts = opts_of((mdg_strategy)strategy, 3),
                             other = opts_of((mdg_strategy)strategy, 4);
        const outcome a = run(&space, &opts, false), b = run(&space, &opts, true),
                      c = run(&space, &other, false);
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.trials, b.trials, (size_t)a.n * sizeof *a.trials);
        assert_memory_not_equal(a.trials, c.trials, (size_t)(a.n < c.n ? a.n : c.n) * sizeof *a.trials);
    }
}

static void each_candidate_is_new_and_trained_as_told(void **state) {
    (void)state;
    const mdg_space space = make_space();
    for (int strategy = 0; strategy < MDG_STRATEGY_COUNT; strategy++) {
        const mdg_study_opts opts = opts_of((mdg_strategy)strategy, 3);
        const outcome o = run(&space, &opts, false);
        int n_first = 0, n_final = 0;
        for (int i = 0; i < o.n; i++) {
            const mdg_trial *t = &o.trials[i];
            bool is_new = true;
            for (int j = 0; j < i; j++) {
                const bool same = mdg_candidate_equal(&t->candidate, &o.trials[j].candidate);
                is_new &= !same;
                if (same) assert_true(t->epochs > o.trials[j].epochs); /* goes on for longer */
            }
            n_first += is_new;
            n_final += t->is_final;
            assert_int_equal(t->id, i + 1);
            assert_int_equal(t->is_final, t->epochs == 36);
        }
        assert_int_equal(n_first, 36);
        assert_int_equal(n_final, strategy == MDG_STRATEGY_random    ? 36
                                  : strategy == MDG_STRATEGY_halving ? 4
                                                                     : 12);
    }
}

/* In a larger space: the area that a front dominates, in the logarithm of cost. */
static double area(const outcome *o) {
    int front[200];
    double sum = 0;
    const int n = mdg_study_front(o->trials, o->n, MDG_COST_OF_FLASH, arena, front);
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        const mdg_point p = mdg_trial_point(&o->trials[front[i]], MDG_COST_OF_FLASH);
        const double next =
            i + 1 < n ? mdg_trial_point(&o->trials[front[i + 1]], MDG_COST_OF_FLASH).cost : 20000;
        assert_true(next >= p.cost);
        sum += p.score * log(next / p.cost);
    }
    return sum;
}

static void evolution_beats_chance(void **state) {
    (void)state;
    const mdg_space space = space_of(7);
    int wins = 0;
    for (uint64_t seed = 1; seed <= 64; seed++) {
        mdg_study_opts chance = opts_of(MDG_STRATEGY_random, seed),
                       evolution = opts_of(MDG_STRATEGY_evolution, seed);
        chance.candidates = evolution.candidates = 72;
        evolution.short_epochs = evolution.epochs;
        const outcome a = run(&space, &chance, false), b = run(&space, &evolution, false);
        assert_int_equal(a.epochs, b.epochs);
        wins += area(&b) > area(&a);
    }
    assert_true(wins >= 40);
}

static void halving_costs_less(void **state) {
    (void)state;
    const mdg_space space = make_space();
    const mdg_study_opts chance = opts_of(MDG_STRATEGY_random, 1), halving = opts_of(MDG_STRATEGY_halving, 1);
    const outcome a = run(&space, &chance, false), b = run(&space, &halving, false);
    assert_int_equal(b.epochs, 36 * 4 + 12 * 12 + 4 * 36);
    assert_int_equal(a.epochs, 36 * 36);
}

static void small_spaces_end(void **state) {
    (void)state;
    const char *const line = "model.width = 8 16 32";
    mdg_space space;
    assert_int_equal(mdg_space_read(&line, 1, arena, &space, NULL), MDG_OK);
    for (int strategy = 0; strategy < MDG_STRATEGY_COUNT; strategy++) {
        const mdg_study_opts opts = opts_of((mdg_strategy)strategy, 1);
        const outcome o = run(&space, &opts, false);
        assert_true(o.n >= 3 && o.n <= 5);
    }
}

static bool refuse_wide(void *context, const mdg_candidate *c) {
    (*(int *)context)++;
    return c->value[0] < 2;
}

static void what_does_not_fit_is_not_tried(void **state) {
    (void)state;
    const mdg_space space = make_space();
    for (int strategy = 0; strategy < MDG_STRATEGY_COUNT; strategy++) {
        int asked = 0;
        mdg_study_opts opts = opts_of((mdg_strategy)strategy, 1);
        opts.fits = refuse_wide;
        opts.context = &asked;
        const outcome o = run(&space, &opts, false);
        for (int i = 0; i < o.n; i++) assert_true(o.trials[i].candidate.value[0] < 2);
        assert_true(asked <= (int)mdg_space_size(&space)); /* each candidate once */
        assert_true(o.n >= 30);
    }
}

/* A failed trial is worth nothing, and the search goes on. */
static void failures_are_left_out(void **state) {
    (void)state;
    const mdg_space space = make_space();
    const mdg_study_opts opts = opts_of(MDG_STRATEGY_halving, 1);
    mdg_study *s = mdg_study_new(&space, &opts, arena);
    int sizes[4] = {0}, n = 0;
    for (mdg_generation g; g = mdg_study_next(s), g.n > 0; n++)
        for (int i = 0; i < g.n; i++) {
            sizes[n]++;
            try_it(&g.trials[i]);
            if (i % 2) g.trials[i].state = MDG_TRIAL_FAILED;
        }
    assert_int_equal(n, 3);
    assert_int_equal(sizes[1], 6); /* a third of the 18 that were done */
    assert_int_equal(sizes[2], 1);
}

/* ==== The journal ==== */

static void write_text(const char *path, const char *mode, const char *text) {
    FILE *f = fopen(path, mode);
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void journals_go_on(void **state) {
    (void)state;
    const mdg_space space = make_space();
    char folder[] = "/tmp/midge-journal-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = mdg_arena_printf(arena, "%s/search.jsonl", folder);
    mdg_journal j;
    mdg_diag diag = {""};
    mdg_trial a = {.id = 1, .epochs = 4, .candidate = {{1, 2, 1, 2}}}, b = {.id = 2, .epochs = 4}, read;
    try_it(&a);
    b.state = MDG_TRIAL_FAILED;
    strcpy(b.result.why, "the \"loss\" is no number");

    assert_int_equal(mdg_journal_open(path, "{\"seed\":1}", arena, &j, &diag), MDG_OK);
    assert_int_equal(mdg_journal_add(&j, &space, &a, &diag), MDG_OK);
    mdg_journal_close(&j);
    write_text(path, "a", "{\"id\":2,\"epo"); /* and then the light went out */

    assert_int_equal(mdg_journal_open(path, "{\"seed\":1}", arena, &j, &diag), MDG_OK);
    assert_int_equal(j.n, 1);
    assert_int_equal(mdg_journal_add(&j, &space, &b, &diag), MDG_OK);
    mdg_journal_close(&j);

    assert_int_equal(mdg_journal_open(path, "{\"seed\":1}", arena, &j, &diag), MDG_OK);
    assert_int_equal(j.n, 2);
    read = (mdg_trial){.id = 1, .epochs = 4, .candidate = a.candidate};
    assert_true(mdg_journal_find(&j, &read));
    assert_float_equal(read.result.accuracy, a.result.accuracy, 1e-9);
    assert_true(read.result.flash == a.result.flash && read.state == MDG_TRIAL_DONE);
    read = (mdg_trial){.id = 2, .epochs = 4};
    assert_true(mdg_journal_find(&j, &read));
    assert_string_equal(read.result.why, b.result.why);
    read = (mdg_trial){.id = 2, .epochs = 12};
    assert_false(mdg_journal_find(&j, &read));
    mdg_journal_close(&j);

    assert_int_equal(mdg_journal_open(path, "{\"seed\":2}", arena, &j, &diag), MDG_MISMATCH);
    assert_non_null(strstr(diag.text, "is of another search"));
    unlink(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spaces_are_read),
        cmocka_unit_test(wrong_spaces_are_told),
        cmocka_unit_test(candidates_that_mean_the_same_are_equal),
        cmocka_unit_test(draws_are_spread),
        cmocka_unit_test(fronts_are_ranked),
        cmocka_unit_test(the_best_are_spread),
        cmocka_unit_test(results_do_not_depend_on_timing),
        cmocka_unit_test(each_candidate_is_new_and_trained_as_told),
        cmocka_unit_test(evolution_beats_chance),
        cmocka_unit_test(halving_costs_less),
        cmocka_unit_test(small_spaces_end),
        cmocka_unit_test(what_does_not_fit_is_not_tried),
        cmocka_unit_test(failures_are_left_out),
        cmocka_unit_test(journals_go_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
