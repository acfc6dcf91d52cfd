/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "eval/judge.h"

static const char *const labels[] = {"yes", "no", "go", "<unknown>"};
static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
static const char *const groups[] = {"zoe", "ann", "zoe", "", "ann", "ben"};

/* Class "<unknown>" never occurs. Predicted: yes, no, no, no, go, yes. */
static const float scores[6][4] = {
    {0.90f, 0.05f, 0.05f, 0.0f},  {0.20f, 0.70f, 0.10f, 0.0f}, {0.15f, 0.75f, 0.10f, 0.0f},
    {0.30f, 0.45f, 0.20f, 0.05f}, {0.10f, 0.30f, 0.60f, 0.0f}, {0.98f, 0.0f, 0.01f, 0.01f},
};
static const int truth[6] = {0, 0, 1, 1, 2, 2};
static const mdg_eval_clips clips = {&scores[0][0], truth, groups, 6, 4, 1};

static int set_up(void **state) {
    return (*state = mdg_arena_new()) ? 0 : -1;
}

static int tear_down(void **state) {
    mdg_arena_free(*state);
    return 0;
}

/* yes: clips 0.90 0.20 against 0.15 0.30 0.10 0.98: 0.90 beats three, 0.20 two: 5 of 8.
 * no: 0.75 0.45 against 0.05 0.70 0.30 0: 4 + 3 of 8. go: 0.60 0.01 against 0.05 0.10 0.10 0.20: 4 of 8. */
static void areas_are_counts_of_pairs(void **state) {
    assert_float_equal(mdg_eval_auc(&clips, 0, *state), 5.0f / 8, 1e-6f);
    assert_float_equal(mdg_eval_auc(&clips, 1, *state), 7.0f / 8, 1e-6f);
    assert_float_equal(mdg_eval_auc(&clips, 2, *state), 4.0f / 8, 1e-6f);
    assert_true(isnan(mdg_eval_auc(&clips, 3, *state)));
}

/* yes, from the highest score: rest, yes, rest, yes, rest, rest. */
static void curves_are_stairs(void **state) {
    float roc[MDG_EVAL_ROC];
    mdg_eval_roc(&clips, 0, *state, roc);
    for (int k = 0; k < MDG_EVAL_ROC; k++)
        assert_float_equal(roc[k], k < 25 ? 0.0f : k < 50 ? 0.5f : 1.0f, 1e-6f);
    mdg_eval_roc(&clips, 3, *state, roc);
    for (int k = 0; k < MDG_EVAL_ROC; k++) assert_float_equal(roc[k], 0.0f, 0);
    const float same[4] = {1, 1, 1, 1};
    mdg_eval_roc(&(mdg_eval_clips){same, (const int[]){0, 1}, NULL, 2, 2, 1}, 0, *state, roc);
    for (int k = 0; k < MDG_EVAL_ROC; k++) assert_float_equal(roc[k], (float)k / 100, 1e-6f);
}

/* Positives 3 3 1, rest 3 1 0: of 9 pairs 1/2 + 1 + 1, twice, and 0 + 1/2 + 1. */
static void equal_scores_count_half(void **state) {
    const float s[6][2] = {{3, 0}, {3, 0}, {1, 0}, {3, 0}, {1, 0}, {0, 0}};
    const int t[6] = {0, 0, 0, 1, 1, 1};
    const mdg_eval_clips c = {&s[0][0], t, NULL, 6, 2, 1};
    assert_float_equal(mdg_eval_auc(&c, 0, *state), 6.5f / 9, 1e-6f);
    assert_float_equal(mdg_eval_auc(&c, 1, *state), 0.5f, 1e-6f);
}

/* Clip 0 first, 1 second, 2 first, 3 first, 4 first, 5 second (before the equal <unknown>). */
static void ranks(void **state) {
    (void)state;
    assert_float_equal(mdg_eval_top(&clips, 1), 4.0f / 6, 1e-6f);
    assert_float_equal(mdg_eval_top(&clips, 2), 1.0f, 1e-6f);
    const float tied[2][3] = {{0.5f, 0.5f, 0.5f}, {NAN, 0.1f, NAN}};
    const int t[2] = {2, 0};
    const mdg_eval_clips c = {&tied[0][0], t, NULL, 2, 3, 1};
    assert_float_equal(mdg_eval_top(&c, 2), 0.0f, 1e-6f);
    assert_float_equal(mdg_eval_top(&c, 3), 0.5f, 1e-6f);
}

/* Bins: 0.45 right; 0.60 right; 0.70 wrong and 0.75 right; 0.90 right and 0.98 wrong. */
static void calibration(void **state) {
    (void)state;
    mdg_eval_bin bins[MDG_EVAL_BINS];
    const float error = mdg_eval_calibration(&clips, bins);
    assert_int_equal(bins[4].n, 1);
    assert_int_equal(bins[7].n, 2);
    assert_int_equal(bins[9].n, 2);
    assert_float_equal(bins[7].score, 0.725f, 1e-6f);
    assert_float_equal(bins[7].accuracy, 0.5f, 1e-6f);
    assert_float_equal(error, (0.55f + 0.4f + 0.45f + 0.88f) / 6, 1e-5f);
}

static void scores_outside_of_0_to_1_stay_in_the_bins(void **state) {
    (void)state;
    const float s[3][2] = {{7, -1}, {NAN, NAN}, {-2, -3}};
    const int t[3] = {0, 0, 0};
    mdg_eval_bin bins[MDG_EVAL_BINS];
    mdg_eval_calibration(&(mdg_eval_clips){&s[0][0], t, NULL, 3, 2, 1}, bins);
    assert_int_equal(bins[0].n, 2);
    assert_int_equal(bins[9].n, 1);
}

/* 60 of 100: the binomial deviation is 4.9 %, so about 0.6 -+ 1.96 * 0.049. */
static void intervals(void **state) {
    (void)state;
    float a[2], b[2];
    mdg_eval_interval(60, 100, 7, a);
    assert_float_equal(a[0], 0.504f, 0.02f);
    assert_float_equal(a[1], 0.696f, 0.02f);
    mdg_eval_interval(60, 100, 7, b);
    assert_memory_equal(a, b, sizeof a);
    mdg_eval_interval(5, 5, 7, a);
    assert_true(a[0] >= 1 && a[1] <= 1);
    mdg_eval_interval(0, 0, 7, a);
    assert_true(a[0] <= 0 && a[1] <= 0);
}

static void groups_with_the_lowest_first(void **state) {
    mdg_judgement j;
    mdg_eval_judge(&clips, *state, &j);
    static const char *const order[] = {"ben", "ann", "", "zoe"};
    static const int n[] = {1, 2, 1, 2}, correct[] = {0, 1, 1, 2};
    assert_int_equal(j.n_groups, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(j.groups[i].name, order[i]);
        assert_int_equal(j.groups[i].n, n[i]);
        assert_int_equal(j.groups[i].n_correct, correct[i]);
    }
    mdg_eval_judge(&(mdg_eval_clips){&scores[0][0], truth, NULL, 6, 4, 1}, *state, &j);
    assert_int_equal(j.n_groups, 0);
}

static void mistakes_by_confidence(void **state) {
    mdg_judgement j;
    mdg_eval_judge(&clips, *state, &j);
    assert_int_equal(j.n_worst, 2);
    assert_int_equal(j.worst[0].clip, 5);
    assert_int_equal(j.worst[0].predicted, 0);
    assert_int_equal(j.worst[1].clip, 1);
    assert_float_equal(j.worst[1].score, 0.7f, 1e-6f);
}

/* 30 mistakes, more than are kept; equal ones in the order of the clips. */
static void only_the_worst_are_kept(void **state) {
    float s[30][2];
    int t[30];
    for (int i = 0; i < 30; i++) {
        s[i][0] = 0.6f + 0.01f * (float)(i / 2);
        s[i][1] = 1 - s[i][0];
        t[i] = 1;
    }
    mdg_judgement j;
    mdg_eval_judge(&(mdg_eval_clips){&s[0][0], t, NULL, 30, 2, 1}, *state, &j);
    assert_int_equal(j.n_worst, MDG_EVAL_WORST);
    for (int i = 0; i < MDG_EVAL_WORST; i++) assert_int_equal(j.worst[i].clip, 28 - i / 2 * 2 + i % 2);
    assert_true(isnan(j.top2) && isnan(j.top3));
}

static void words_and_json(void **state) {
    mdg_judgement j;
    char text[4096] = "";
    mdg_eval_judge(&clips, *state, &j);
    FILE *f = fmemopen(text, sizeof text, "w");
    mdg_judgement_print(&j, labels, f);
    mdg_judgement_print_clips(&j, labels, names, f);
    fclose(f);
    assert_non_null(strstr(text, "top 2: 100.0 %"));
    assert_non_null(strstr(text, "0.6667, lowest 0.5000 (go)"));
    assert_non_null(strstr(text, "calibration error 38.0 %"));
    assert_non_null(strstr(text, "(none)"));
    assert_non_null(strstr(text, "go        yes        98.0 %  f"));
    json_t *o = json_object();
    mdg_judgement_add_json(&j, labels, names, o);
    assert_true(json_is_null(json_array_get(json_object_get(o, "auc"), 3)));
    assert_int_equal(json_array_size(json_object_get(o, "calibration")), MDG_EVAL_BINS);
    assert_int_equal(json_array_size(json_object_get(o, "groups")), 4);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(o, "worst"), 0), "clip")), "f");
    json_decref(o);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(areas_are_counts_of_pairs),
        TEST(curves_are_stairs),
        TEST(equal_scores_count_half),
        TEST(ranks),
        TEST(calibration),
        TEST(scores_outside_of_0_to_1_stay_in_the_bins),
        TEST(intervals),
        TEST(groups_with_the_lowest_first),
        TEST(mistakes_by_confidence),
        TEST(only_the_worst_are_kept),
        TEST(words_and_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
