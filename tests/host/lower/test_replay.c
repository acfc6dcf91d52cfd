/* SPDX-License-Identifier: MIT
 *
 * What the fuzzer does, on the checked-in seeds, and on the corrupted and the conforming models of ../shared.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fuzz/fuzz_lower.c"
#include "fuzz/replay.h"

static void seeds(void **state) {
    (void)state;
    assert_true(replay("MIDGE_SOURCE", "fuzz/corpus/tflite/*") > 0);
}

static void models(void **state) {
    (void)state;
    if (replay("MIDGE_SHARED", "conformance/bad/*.tflite") == 0 ||
        replay("MIDGE_SHARED", "conformance/ops/*/*.tflite") == 0) {
        printf("skipped: ../shared/conformance is absent\n");
        skip();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(seeds), cmocka_unit_test(models)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
