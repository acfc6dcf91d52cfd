/* SPDX-License-Identifier: MIT */
#include "workshop.h"

#include "data/pattern.h"

static void check(const char *pattern, const char *text, const char *label, const char *group) {
    mdg_pattern_match m;
    if (!mdg_pattern_apply(pattern, text, &m)) fail_msg("%s does not match %s", pattern, text);
    assert_int_equal(m.label_length, label ? strlen(label) : 0);
    assert_int_equal(m.group_length, group ? strlen(group) : 0);
    if (label) assert_memory_equal(m.label, label, strlen(label));
    if (group) assert_memory_equal(m.group, group, strlen(group));
}

static void refuse(const char *pattern, const char *text) {
    mdg_pattern_match m;
    if (mdg_pattern_apply(pattern, text, &m)) fail_msg("%s matches %s", pattern, text);
}

static void fields_take_the_shortest_run(void **state) {
    (void)state;
    check("{label}_{group}_*.wav", "7_george_12.wav", "7", "george");
    check("{label}_{group}_*.wav", "7_george_12_b.wav", "7", "george");
    check("{group}_*", "anna_1_2.flac", NULL, "anna");
    check("{label}-{group}.wav", "a-b-c.wav", "a", "b-c");
    check("*-{label}.wav", "x-y-z.wav", "y-z", NULL);
    check("{label}/*", "yes/a_b.wav", "yes", NULL);
    check("{group}/{label}_*.wav", "anna/yes_1.wav", "yes", "anna");
    check("{label}{group}.wav", "abc.wav", "a", "bc");
    check("{label}/{group}_*.wav", "_a/__b_1.wav", "_a", "_");
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    refuse("{label}_{group}_*.wav", "7_george.wav");
    refuse("{label}_{group}_*.wav", "_george_1.wav");
    refuse("{label}_{group}_*.wav", "7__1.wav");
    refuse("{label}.wav", ".wav");
    refuse("{label}.wav", "a.wavx");
    refuse("{label}/*", "yes/deep/a.wav");
    refuse("{label}*.wav", "yes/a.wav");
    refuse("a*", "b");
    refuse("", "a");
}

static void stars_match_nothing_too(void **state) {
    (void)state;
    check("*", "", NULL, NULL);
    check("a*b*", "ab", NULL, NULL);
    check("**{label}**", "x", "x", NULL);
}

/* In no time, where trying all lengths of all runs would take forever */
static void many_stars_are_quick(void **state) {
    (void)state;
    char stars[101], text[201];
    for (int i = 0; i < 50; i++) memcpy(stars + 2 * i, "*a", 2);
    memset(text, 'a', sizeof text - 1);
    stars[100] = text[200] = '\0';
    check(stars, text, NULL, NULL);
    text[199] = 'b';
    refuse(stars, text);
}

static void wrong_patterns_are_named(void **state) {
    workshop *w = *state;
    assert_int_equal(mdg_pattern_check("{label}_{group}_*", &w->diag), MDG_OK);
    assert_int_equal(mdg_pattern_check("{word}_*", &w->diag), MDG_INVALID);
    assert_says(w, "{word}");
    assert_int_equal(mdg_pattern_check("{label}_{label}", &w->diag), MDG_INVALID);
    assert_says(w, "only once");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_take_the_shortest_run),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(stars_match_nothing_too),
        cmocka_unit_test(many_stars_are_quick),
        cmocka_unit_test_setup_teardown(wrong_patterns_are_named, workshop_open, workshop_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
