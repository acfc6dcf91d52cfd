/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "eval/eval.h"

static const char *const labels[] = {"yes", "no", "<unknown>"};

/* Truth and decisions worked out by hand: yes 3 clips (2 right, 1 as no), no 2 (1 right, 1 as yes), unknown
 * none. */
static const float scores[5][3] = {
    {0.9f, 0.1f, 0.0f}, {0.5f, 0.5f, 0.0f}, {0.1f, 0.8f, 0.1f}, {0.2f, 0.7f, 0.1f}, {0.6f, 0.3f, 0.1f},
};
static const int truth[5] = {0, 0, 0, 1, 1};

static void example(mdg_arena *arena, mdg_eval *e) {
    mdg_eval_scores(&scores[0][0], truth, 5, 3, arena, e);
}

static void test_counts_and_figures(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_eval e;
    example(arena, &e);
    const int expected[9] = {2, 1, 0, 1, 1, 0, 0, 0, 0};
    assert_memory_equal(e.confusion, expected, sizeof expected);
    assert_int_equal(e.n_correct, 3);
    assert_float_equal(e.accuracy, 0.6f, 1e-6f);
    assert_int_equal(e.classes[0].n, 3);
    assert_float_equal(e.classes[0].precision, 2.0f / 3.0f, 1e-6f);
    assert_float_equal(e.classes[0].recall, 2.0f / 3.0f, 1e-6f);
    assert_float_equal(e.classes[1].f1, 0.5f, 1e-6f);
    assert_float_equal(e.macro_f1, (2.0f / 3.0f + 0.5f) / 3.0f, 1e-6f);
    mdg_arena_free(arena);
}

static void test_class_that_never_occurs_is_zero_not_nan(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_eval e;
    example(arena, &e);
    assert_int_equal(e.classes[2].n, 0);
    assert_true(e.classes[2].precision == 0.0f && e.classes[2].recall == 0.0f && e.classes[2].f1 == 0.0f);
    mdg_eval_scores(NULL, NULL, 0, 3, arena, &e);
    assert_true(e.accuracy == 0.0f && e.macro_f1 == 0.0f);
    mdg_arena_free(arena);
}

static void test_argmax(void **state) {
    (void)state;
    assert_int_equal(mdg_eval_argmax((float[]){0.5f, 0.5f, 0.1f}, 3), 0);
    assert_int_equal(mdg_eval_argmax((float[]){NAN, -1.0f, -2.0f}, 3), 1);
    assert_int_equal(mdg_eval_argmax((float[]){NAN, NAN}, 2), 0);
    assert_int_equal(mdg_eval_argmax((float[]){-INFINITY, -3.0f, -1.0f}, 3), 2);
}

static void test_print(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_eval e;
    example(arena, &e);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    mdg_eval_print(&e, labels, out);
    fclose(out);
    assert_non_null(strstr(text, "accuracy 60.0 % (3 of 5)"));
    assert_non_null(strstr(text, "yes            3     66.7 %   66.7 %   66.7 %"));
    assert_non_null(strstr(text, "no            1     1     .\n"));
    free(text);
    mdg_arena_free(arena);
}

static void test_json(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_eval e;
    example(arena, &e);
    json_t *root = mdg_eval_json(&e, labels);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "correct")), 3);
    const json_t *row = json_array_get(json_object_get(root, "confusion"), 0);
    assert_int_equal(json_integer_value(json_array_get(row, 1)), 1);
    const json_t *class = json_array_get(json_object_get(root, "classes"), 1);
    assert_string_equal(json_string_value(json_object_get(class, "label")), "no");
    assert_float_equal((float)json_real_value(json_object_get(class, "f1")), 0.5f, 1e-6f);
    json_decref(root);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_and_figures),
        cmocka_unit_test(test_class_that_never_occurs_is_zero_not_nan),
        cmocka_unit_test(test_argmax),
        cmocka_unit_test(test_print),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
