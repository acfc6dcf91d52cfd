/* SPDX-License-Identifier: MIT
 *
 * What the fuzzer of updates does, on the checked-in seeds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fuzz/fuzz_update.c"
#include "fuzz/replay.h"

static void seeds(void **state) {
    (void)state;
    assert_true(replay("MIDGE_SOURCE", "fuzz/corpus/update/*") > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(seeds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
