/* SPDX-License-Identifier: MIT
 *
 * What the fuzzer does, on the checked-in seeds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fuzz/fuzz_project.c"
#include "fuzz/replay.h"

static void seeds(void **state) {
    (void)state;
    assert_true(replay("MIDGE_SOURCE", "fuzz/corpus/project/*") > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(seeds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
