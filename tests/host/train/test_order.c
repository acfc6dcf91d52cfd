/* SPDX-License-Identifier: MIT
 *
 * Which samples an epoch sees: all once, or all classes equally often.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "train/order.h"

enum { N = 101, CLASSES = 4 };

static void test_shuffled(void **state) {
    (void)state;
    uint32_t order[N], seen[N] = {0};
    mdg_rng r = mdg_rng_of(1, 1);
    mdg_order_shuffled(&r, order, N);
    for (int i = 0; i < N; i++) seen[order[i]]++;
    for (int i = 0; i < N; i++) assert_int_equal(seen[i], 1);
}

/* Class 0 has 60 samples, 1 none, 2 has 40, 3 one. */
static void test_balanced(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    int labels[N], of_class[CLASSES] = {0};
    uint32_t order[N], seen[N] = {0};
    for (int i = 0; i < N; i++) labels[i] = i < 60 ? 0 : i < 100 ? 2 : 3;
    mdg_rng r = mdg_rng_of(1, 1);
    mdg_order_balanced(&r, labels, CLASSES, order, N, arena);
    for (int i = 0; i < N; i++) {
        assert_true(order[i] < N);
        seen[order[i]]++;
        of_class[labels[order[i]]]++;
    }
    assert_int_equal(of_class[0] + of_class[2] + of_class[3], N);
    for (int c = 0; c < CLASSES; c++) assert_true(c == 1 ? of_class[c] == 0 : of_class[c] / 33 == 1);
    for (int i = 0; i < 100; i++) assert_true(seen[i] <= 1); /* fewer draws than samples: none twice */
    uint32_t again[N];
    mdg_order_balanced(&r, labels, CLASSES, again, N, arena);
    assert_memory_not_equal(order, again, sizeof order);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shuffled), cmocka_unit_test(test_balanced)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
