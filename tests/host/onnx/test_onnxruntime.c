/* SPDX-License-Identifier: MIT
 *
 * Runs all samples here and with ONNX Runtime, and compares. Needs node and `npm ci --ignore-scripts` in this
 * folder (`make check` does it); is skipped without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/host/onnx/run.h"

enum { INPUTS = 20 };

static char folder[] = "/tmp/midge_onnx_XXXXXX";

static bool shell(mdg_arena *arena, const char *command) {
    return system(mdg_arena_printf(arena, "cd %s/tests/host/onnx && %s", getenv("MIDGE_SOURCE"), command)) ==
           0;
}

static const char *file(mdg_arena *arena, const char *name, int i, const char *kind) {
    return mdg_arena_printf(arena, "%s/%s%d.%s", folder, name, i, kind);
}

static mdg_graph *read_sample(mdg_arena *arena, const onnx_sample *sample, mdg_bytes *bytes) {
    mdg_diag diag = {0};
    mdg_graph *g = NULL;
    *bytes = onnx_bytes(sample->make(arena));
    if (mdg_onnx_read(bytes, sample->name, arena, &g, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return g;
}

static void write_jobs(mdg_arena *arena) {
    mdg_diag diag = {0};
    FILE *jobs = fopen(mdg_arena_printf(arena, "%s/jobs", folder), "w");
    assert_non_null(jobs);
    for (int k = 0; k < ONNX_SAMPLE_COUNT; k++) {
        const char *name = onnx_samples[k].name;
        mdg_bytes bytes;
        const mdg_graph *g = read_sample(arena, &onnx_samples[k], &bytes);
        assert_int_equal(mdg_file_write(file(arena, name, 0, "onnx"), bytes.data, bytes.size, &diag), MDG_OK);
        for (int i = 0; i < INPUTS; i++) {
            const mdg_bytes in = run_input(arena, g, (uint64_t)i);
            assert_int_equal(mdg_file_write(file(arena, name, i, "in"), in.data, in.size, &diag), MDG_OK);
            fprintf(jobs, "%s %s %s\n", file(arena, name, 0, "onnx"), file(arena, name, i, "in"),
                    file(arena, name, i, "out"));
        }
    }
    fclose(jobs);
}

static run_difference compare_sample(mdg_arena *arena, const onnx_sample *sample) {
    run_difference d = {.n = 0};
    mdg_diag diag = {0};
    mdg_bytes bytes;
    const mdg_graph *g = read_sample(arena, sample, &bytes);
    mdg_exec *x;
    if (mdg_exec_open(g, arena, &x, &diag) != MDG_OK) {
        printf("%-14s %s\n", sample->name, diag.text);
        return d;
    }
    for (int i = 0; i < INPUTS; i++) {
        mdg_bytes want;
        const mdg_bytes in = run_input(arena, g, (uint64_t)i), got = run_midge(arena, sample, g, x, &in);
        if (mdg_file_read(file(arena, sample->name, i, "out"), arena, &want, &diag) != MDG_OK)
            fail_msg("%s", diag.text);
        assert_int_equal(got.size, want.size);
        run_compare(sample, g, &got, &want, &d);
    }
    return d;
}

static void agrees_with_onnxruntime(void **state) {
    mdg_arena *arena = mdg_arena_new();
    bool all = true;
    (void)state;
    assert_non_null(mkdtemp(folder));
    write_jobs(arena);
    const bool ran = shell(arena, mdg_arena_printf(arena, "node onnxruntime.js %s/jobs", folder));
    for (int k = 0; k < ONNX_SAMPLE_COUNT && ran; k++) {
        const onnx_sample *s = &onnx_samples[k];
        const run_difference d = compare_sample(arena, s);
        const bool good = d.n > 0 && d.largest <= (s->step[0] > 0 ? 1.001 : 1e-4);
        printf("%-14s %6zu numbers, %6zu equal, largest difference %.3g %s%s\n", s->name, d.n, d.equal,
               d.largest, s->step[0] > 0 ? "steps" : "relative", good ? "" : "  TOO LARGE");
        all = all && good;
    }
    shell(arena, mdg_arena_printf(arena, "rm -r %s", folder));
    mdg_arena_free(arena);
    assert_true(ran);
    assert_true(all);
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const bool is_there =
        getenv("MIDGE_SOURCE") && shell(arena, "node -e 'require(\"onnxruntime-node\")' 2>/dev/null");
    mdg_arena_free(arena);
    if (!is_there) {
        printf("skipped: node or onnxruntime-node is missing (npm ci --ignore-scripts in "
               "tests/host/onnx)\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_onnxruntime)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
