/* SPDX-License-Identifier: MIT
 *
 * Mixtures of two clips: what is heard of each follows from the share and not from their levels.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/mix.h"
#include "util/rng.h"

enum { N = 4000 };

static void fill(int16_t *x, uint64_t seed, float level) {
    mdg_rng r = mdg_rng_of(seed, 0);
    for (int i = 0; i < N; i++) x[i] = (int16_t)(level * mdg_rng_normal(&r));
}

static double product(const int16_t *a, const int16_t *b) {
    double sum = 0;
    for (int i = 0; i < N; i++) sum += (double)a[i] * b[i];
    return sum;
}

static void test_levels_do_not_matter(void **state) {
    (void)state;
    static int16_t a[N], b[N], mixed[N];
    for (int k = 0; k < 3; k++) {
        const float share = 0.25f * (float)(k + 1);
        fill(a, 1, 4000.0f);
        fill(b, 2, 400.0f);
        for (int i = 0; i < N; i++) mixed[i] = a[i];
        mdg_mix_sound(mixed, b, N, share);
        /* what is left of each in units of its own level; the two clips are nearly orthogonal */
        const double of_a = product(mixed, a) / sqrt(product(a, a)),
                     of_b = product(mixed, b) / sqrt(product(b, b));
        assert_true(fabs(of_a / (of_a + of_b) - (double)share) < 0.05);
    }
}

static void test_ends(void **state) {
    (void)state;
    static int16_t a[N], b[N], silence[N], mixed[N];
    fill(a, 1, 3000.0f);
    fill(b, 2, 3000.0f);
    for (int i = 0; i < N; i++) mixed[i] = a[i];
    mdg_mix_sound(mixed, b, N, 1.0f);
    assert_memory_equal(mixed, a, sizeof a);
    mdg_mix_sound(mixed, b, N, 0.0f);
    assert_memory_equal(mixed, b, sizeof b);
    for (int i = 0; i < N; i++) mixed[i] = 0;
    mdg_mix_sound(mixed, silence, N, 0.5f); /* nothing with nothing */
    assert_memory_equal(mixed, silence, sizeof silence);
}

static void test_saturates(void **state) {
    (void)state;
    int16_t a[2] = {32767, -32768};
    const int16_t b[2] = {32767, -32768};
    mdg_mix_sound(a, b, 2, 0.5f); /* in phase they add up to more than their root mean square */
    assert_int_equal(a[0], 32767);
    assert_int_equal(a[1], -32768);
}

static void test_series(void **state) {
    (void)state;
    int16_t a[3] = {1000, -400, 7};
    const int16_t b[3] = {0, 400, 7};
    mdg_mix_series(a, b, 3, 0.75f);
    assert_int_equal(a[0], 750);
    assert_int_equal(a[1], -200);
    assert_int_equal(a[2], 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels_do_not_matter),
                                       cmocka_unit_test(test_ends), cmocka_unit_test(test_saturates),
                                       cmocka_unit_test(test_series)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
