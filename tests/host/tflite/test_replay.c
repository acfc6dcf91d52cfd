/* SPDX-License-Identifier: MIT
 *
 * What the fuzzer does, on the checked-in seeds and on the corrupted models of ../shared; under the debug
 * preset that shows any access out of bounds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glob.h>
#include <string.h>

#include "fuzz/fuzz_tflite.c"

/* Returns the number of files. */
static size_t replay(const char *variable, const char *pattern) {
    const char *folder = getenv(variable);
    char path[4096];
    glob_t files;
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &files) != 0) return 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_bytes bytes;
        mdg_diag diag = {0};
        assert_int_equal(mdg_file_read(files.gl_pathv[i], arena, &bytes, &diag), MDG_OK);
        LLVMFuzzerTestOneInput(bytes.data, bytes.size);
        mdg_arena_free(arena);
    }
    const size_t count = files.gl_pathc;
    globfree(&files);
    return count;
}

static void seeds(void **state) {
    (void)state;
    assert_true(replay("MIDGE_SOURCE", "fuzz/corpus/tflite/*") > 0);
}

static void corrupted_models(void **state) {
    (void)state;
    if (replay("MIDGE_SHARED", "conformance/bad/*.tflite") == 0) {
        printf("skipped: ../shared/conformance/bad is absent\n");
        skip();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(seeds), cmocka_unit_test(corrupted_models)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
