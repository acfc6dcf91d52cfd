/* SPDX-License-Identifier: MIT */
#include "workshop.h"

#include "data/noise.h"

enum { N = 1 << 20 };

/* Mean power, and that of the differences between neighbours: 2 for white noise, far less for pink. */
static void measure(bool pink, double *mean, double *power, double *differences) {
    mdg_noise n = mdg_noise_of(3, pink);
    double before = 0;
    *mean = *power = *differences = 0;
    for (int i = 0; i < N; i++) {
        const double x = (double)mdg_noise_next(&n);
        *mean += x / N;
        *power += x * x / N;
        *differences += (x - before) * (x - before) / N;
        before = x;
    }
}

static void white_is_white(void **state) {
    (void)state;
    double mean, power, differences;
    measure(false, &mean, &power, &differences);
    assert_true(fabs(mean) < 0.01 && fabs(power - 1) < 0.01 && fabs(differences - 2) < 0.02);
}

static void pink_is_pink(void **state) {
    (void)state;
    double mean, power, differences;
    measure(true, &mean, &power, &differences);
    assert_true(fabs(mean) < 0.1 && fabs(power - 1) < 0.1 && differences < 0.5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(white_is_white), cmocka_unit_test(pink_is_pink)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
