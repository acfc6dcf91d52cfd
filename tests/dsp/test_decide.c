/* SPDX-License-Identifier: MIT
 *
 * Scores that come in a row, and the events they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "midge/decide.h"
#include "util/rng.h"

enum { CLASSES = 3, NEVER = 200, MAX_SMOOTHING = 8 };

static const int16_t on[CLASSES] = {NEVER, 50, 60}, off[CLASSES] = {0, 20, 30};

typedef struct memory {
    int32_t bytes[(MDG_DECIDE_BYTES(CLASSES, MAX_SMOOTHING) + 3) / 4];
} memory;

/* Which inferences are events of class 1, whose scores are given; others score -100. */
static void expect(mdg_decide d, const int8_t *scores, int n, const char *expected) {
    memory m;
    char got[128] = "";
    d.n_classes = CLASSES, d.on = on, d.off = off;
    mdg_decide_start(&d, &m);
    for (int i = 0; i < n; i++) {
        const int8_t all[CLASSES] = {-100, scores[i], -100};
        const int32_t event = mdg_decide_next(&d, &m, all);
        got[i] = event < 0 ? '.' : (char)('0' + event);
    }
    assert_string_equal(got, expected);
}

#define EXPECT(expected, decide, ...)                                                                        \
    do {                                                                                                     \
        const int8_t scores[] = {__VA_ARGS__};                                                               \
        expect((mdg_decide)decide, scores, (int)sizeof scores, expected);                                    \
    } while (0)
#define D(...)                                                                                               \
    { __VA_ARGS__ }

static void a_score_at_the_threshold_is_one_event(void **state) {
    (void)state;
    EXPECT("..1....", D(.smoothing = 1, .count = 1), 0, 49, 50, 60, 70, 50, 40);
}

static void it_has_to_fall_before_it_is_another(void **state) {
    (void)state;
    EXPECT("1...1..", D(.smoothing = 1, .count = 1), 50, 40, 50, 19, 50, 20, 50);
}

static void a_count_wants_several_in_a_row(void **state) {
    (void)state;
    EXPECT("....1.", D(.smoothing = 1, .count = 2), 50, 40, 30, 50, 50, 50);
}

static void smoothing_averages(void **state) {
    (void)state;
    EXPECT("...1..", D(.smoothing = 4, .count = 1), 100, 100, 90, 0, 90, 100);
}

static void a_pause_follows_an_event(void **state) {
    (void)state;
    EXPECT("1...1.", D(.smoothing = 1, .count = 1, .refractory = 3), 90, 0, 90, 0, 90, 0);
    EXPECT("1..1.", D(.smoothing = 1, .count = 1, .refractory = 3), 90, 0, 90, 90, 0);
}

static void background_is_never_an_event(void **state) {
    (void)state;
    memory m;
    const mdg_decide d = {.n_classes = CLASSES, .smoothing = 1, .count = 1, .on = on, .off = off};
    mdg_decide_start(&d, &m);
    const int8_t background[CLASSES] = {127, 100, 0}, other[CLASSES] = {0, 70, 80};
    assert_int_equal(mdg_decide_next(&d, &m, background), -1);
    assert_int_equal(mdg_decide_next(&d, &m, other), 2);
}

/* The sums stay those of the last scores. */
static void long_runs_do_not_drift(void **state) {
    (void)state;
    memory m;
    mdg_rng r = mdg_rng_of(1, 1);
    int8_t last[MAX_SMOOTHING][CLASSES];
    const mdg_decide d = {
        .n_classes = CLASSES, .smoothing = MAX_SMOOTHING, .count = 1, .refractory = 0, .on = on, .off = off};
    mdg_decide_start(&d, &m);
    int held = 0;
    for (int i = 0; i < 20000; i++) {
        int8_t *scores = last[i % MAX_SMOOTHING];
        for (int c = 0; c < CLASSES; c++) scores[c] = (int8_t)((int)mdg_rng_below(&r, 256) - 128);
        scores[1] = (int8_t)(scores[1] / 2 + 63);
        scores[0] = scores[2] = -128;
        const int32_t event = mdg_decide_next(&d, &m, scores);
        if (i < MAX_SMOOTHING) continue;
        int sum = 0;
        for (int k = 0; k < MAX_SMOOTHING; k++) sum += last[k][1];
        if (sum < 20 * MAX_SMOOTHING) held = 0;
        if (i > 100) assert_int_equal(event == 1, sum >= 50 * MAX_SMOOTHING && !held);
        if (sum >= 50 * MAX_SMOOTHING) held = 1;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_at_the_threshold_is_one_event),
        cmocka_unit_test(it_has_to_fall_before_it_is_another),
        cmocka_unit_test(a_count_wants_several_in_a_row),
        cmocka_unit_test(smoothing_averages),
        cmocka_unit_test(a_pause_follows_an_event),
        cmocka_unit_test(background_is_never_an_event),
        cmocka_unit_test(long_runs_do_not_drift),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
