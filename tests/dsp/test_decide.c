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

/* ==== Against the description, written down again without sums and rings ==== */

enum { LONG = 400, MOST = 255 };

typedef struct story {
    int n_classes, smoothing;
    int8_t scores[LONG][CLASSES];
} story;

/* Sum of a class over the last inferences; what came before the first is -128. */
static int sum_of(const story *s, int at, int c) {
    int sum = 0;
    for (int i = at - s->smoothing + 1; i <= at; i++) sum += i < 0 ? INT8_MIN : s->scores[i][c];
    return sum;
}

static int leader(const story *s, int at) {
    int best = 0;
    for (int c = 1; c < s->n_classes; c++)
        if (sum_of(s, at, c) > sum_of(s, at, best)) best = c;
    return best;
}

/* Inferences in a row up to `at` in which class c led and reached its threshold */
static int streak(const story *s, const mdg_decide *d, int at, int c) {
    int n = 0;
    while (at >= 0 && leader(s, at) == c && sum_of(s, at, c) >= d->on[c] * s->smoothing) at--, n++;
    return n;
}

/* Whether class c has been below its lower threshold since `event`, its last one */
static int is_free(const story *s, const mdg_decide *d, int event, int at, int c) {
    for (int i = event + 1; i <= at; i++)
        if (sum_of(s, i, c) < d->off[c] * s->smoothing) return 1;
    return event == -LONG;
}

static void random_scores_are_as_described(void **state) {
    static union {
        int32_t align;
        uint8_t bytes[MDG_DECIDE_BYTES(CLASSES, MOST)];
    } m;
    (void)state;
    mdg_rng r = mdg_rng_of(7, 0);
    int events = 0;
    for (int round = 0; round < 300; round++) {
        story s = {.n_classes = CLASSES, .smoothing = 1 + (int)mdg_rng_below(&r, round % 10 ? 6 : MOST)};
        int16_t above[CLASSES], below[CLASSES];
        const int extreme = round % 7 == 0, level = (int)mdg_rng_below(&r, 100);
        for (int c = 0; c < CLASSES; c++) {
            above[c] = (int16_t)((int)mdg_rng_below(&r, 150) - 50 + 10 * c);
            below[c] = (int16_t)(above[c] - (int)mdg_rng_below(&r, 60));
        }
        const mdg_decide d = {CLASSES, s.smoothing, 1 + (int)mdg_rng_below(&r, 4), (int)mdg_rng_below(&r, 8),
                              above,   below};
        int last[CLASSES] = {-LONG, -LONG, -LONG}, any = -LONG;
        mdg_decide_start(&d, &m);
        for (int i = 0; i < LONG; i++) {
            for (int c = 0; c < CLASSES; c++) {
                const int x = (int)mdg_rng_below(&r, 256) - 128;
                s.scores[i][c] = (int8_t)(extreme ? (x < 0 ? -128 : 127) : x < level ? x / 2 + 60 : x);
            }
            const int best = leader(&s, i);
            const int due = streak(&s, &d, i, best) >= d.count && i - any >= d.refractory &&
                            is_free(&s, &d, last[best], i, best);
            assert_int_equal(mdg_decide_next(&d, &m, s.scores[i]), due ? best : -1);
            if (due) last[best] = any = i, events++;
        }
    }
    assert_true(events > 1000);
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
        cmocka_unit_test(random_scores_are_as_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
