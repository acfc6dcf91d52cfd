/* SPDX-License-Identifier: MIT
 *
 * What was found against what is there, counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "eval/locate.h"

enum { CLASSES = 4 };

static const mdg_locate_reach reach = {8, 8};

static void objects_are_matched_by_place_then_by_kind(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_locate *l = mdg_locate_new(arena, CLASSES, 32);
    mdg_located r;
    /* right; of another kind; not found; and one where nothing is */
    const mdg_object truth[] = {{1, 10, 10}, {2, 40, 40}, {3, 80, 80}};
    const mdg_found found[] = {{1, 17, 3, 200}, {3, 41, 40, 200}, {3, 71, 80, 200}};
    mdg_locate_picture(l, truth, 3, found, 3, reach);
    assert_int_equal(mdg_locate_partners(l)[1], 1);
    assert_int_equal(mdg_locate_partners(l)[2], -1);
    mdg_locate_picture(l, truth, 0, found, 0, reach);
    mdg_locate_finish(l, &r);
    assert_int_equal(r.n_objects, 3);
    assert_int_equal(r.n_found, 3);
    assert_int_equal(r.n_placed, 2);
    assert_int_equal(r.n_right, 1);
    assert_float_equal(r.f1, 1.0f / 3, 1e-6f);
    assert_float_equal(r.place_f1, 2.0f / 3, 1e-6f);
    assert_int_equal(r.eval.confusion[1 * CLASSES + 1], 1);
    assert_int_equal(r.eval.confusion[2 * CLASSES + 3], 1);
    assert_int_equal(r.eval.confusion[3 * CLASSES + 0], 1);
    assert_int_equal(r.eval.confusion[0 * CLASSES + 3], 1);
    mdg_arena_free(arena);
}

/* Each object has one partner, the nearest; a second find on it is a wrong one. */
static void an_object_is_found_once(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_locate *l = mdg_locate_new(arena, CLASSES, 32);
    mdg_located r;
    const mdg_object truth[] = {{1, 10, 10}, {2, 18, 10}};
    const mdg_found found[] = {{2, 15, 10, 200}, {1, 9, 10, 200}, {1, 11, 10, 100}};
    mdg_locate_picture(l, truth, 2, found, 3, reach);
    mdg_locate_finish(l, &r);
    assert_int_equal(r.n_right, 2);
    assert_int_equal(r.n_placed, 2);
    assert_float_equal(r.precision, 2.0f / 3, 1e-6f);
    assert_float_equal(r.recall, 1, 1e-6f);
    assert_float_equal(r.f1, 0.8f, 1e-6f);
    mdg_arena_free(arena);
}

static void nothing_at_all_is_zero(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_located r;
    mdg_locate_finish(mdg_locate_new(arena, CLASSES, 0), &r);
    assert_float_equal(r.f1, 0, 0);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(objects_are_matched_by_place_then_by_kind),
                                       cmocka_unit_test(an_object_is_found_once),
                                       cmocka_unit_test(nothing_at_all_is_zero)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
