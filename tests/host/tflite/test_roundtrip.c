/* SPDX-License-Identifier: MIT
 *
 * Reading, writing and reading again gives an equal graph: for hand-made graphs, and for every model of
 * ../shared.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "tests/host/tflite/samples.h"
#include "tflite/tflite.h"

static void must(mdg_status status, const mdg_diag *diag) {
    if (status != MDG_OK) fail_msg("%s", diag->text);
}

static mdg_graph *written_and_read(const mdg_graph *g, mdg_arena *arena, mdg_bytes *bytes) {
    mdg_graph *again = NULL;
    mdg_diag diag = {0};
    must(mdg_tflite_write(g, arena, bytes, &diag), &diag);
    must(mdg_tflite_read(bytes, "written", arena, &again, &diag), &diag);
    return again;
}

static void expect_roundtrip(const mdg_graph *g, mdg_arena *arena) {
    mdg_bytes once, twice;
    mdg_diag diag = {0};
    const mdg_graph *again = written_and_read(g, arena, &once);
    if (!mdg_graph_equal(g, again, &diag)) fail_msg("%s: %s", g->source, diag.text);
    written_and_read(again, arena, &twice);
    assert_int_equal(once.size, twice.size);
    assert_memory_equal(once.data, twice.data, once.size);
}

static void hand_made(void **state) {
    (void)state;
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        mdg_arena *arena = mdg_arena_new();
        expect_roundtrip(samples[i].make(arena), arena);
        mdg_arena_free(arena);
    }
}

static size_t roundtrip_files(const char *pattern) {
    char path[4096];
    glob_t files;
    snprintf(path, sizeof path, "%s/%s", getenv("MIDGE_SHARED") ? getenv("MIDGE_SHARED") : "", pattern);
    if (glob(path, 0, NULL, &files) != 0) return 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_graph *g = NULL;
        mdg_diag diag = {0};
        must(mdg_tflite_load(files.gl_pathv[i], arena, &g, &diag), &diag);
        expect_roundtrip(g, arena);
        mdg_arena_free(arena);
    }
    const size_t count = files.gl_pathc;
    globfree(&files);
    return count;
}

static void shared_models(void **state) {
    (void)state;
    const size_t count = roundtrip_files("models/*.tflite") + roundtrip_files("conformance/ops/*/*.tflite");
    if (count == 0) {
        printf("skipped: ../shared/models and ../shared/conformance are absent\n");
        skip();
    }
}

static uint32_t word_at(const mdg_bytes *b, size_t at) {
    uint32_t word;
    memcpy(&word, b->data + at, sizeof word);
    return word;
}

/* The mark, and constants that lie at multiples of 16, as readers that map the file expect. */
static void layout(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_bytes bytes;
    const mdg_graph *g = written_and_read(sample_conv(arena), arena, &bytes);
    assert_memory_equal(bytes.data + 4, "TFL3", 4);
    assert_int_equal(word_at(&bytes, 0) % 4, 0);
    const mdg_subgraph *s = &g->subgraphs[0];
    int constants = 0;
    for (int i = 0; i < s->n_tensors; i++) {
        if (!s->tensors[i].data) continue;
        assert_int_equal(((const uint8_t *)s->tensors[i].data - bytes.data) % 16, 0);
        constants++;
    }
    assert_int_equal(constants, 3);
    mdg_arena_free(arena);
}

static void versions_are_found(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_bytes bytes;
    const mdg_graph *conv = written_and_read(sample_conv(arena), arena, &bytes);
    assert_int_equal(conv->subgraphs[0].ops[0].version, 3);
    assert_int_equal(conv->subgraphs[0].ops[1].version, 1);
    const mdg_graph *odd = written_and_read(sample_odd_tensors(arena), arena, &bytes);
    assert_int_equal(odd->subgraphs[0].ops[0].version, 10);
    mdg_arena_free(arena);
}

static void shared_constants_share_a_buffer(void **state) {
    (void)state;
    static const float table[1024];
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    const int32_t a = sample_constant(g, s, MDG_FLOAT32, mdg_shape_of(1, 1024), table);
    const int32_t b = sample_constant(g, s, MDG_FLOAT32, mdg_shape_of(2, 2, 512), table);
    mdg_subgraph_set_io(g, s, 0, NULL, 2, (int32_t[]){a, b});
    mdg_bytes bytes;
    const mdg_graph *again = written_and_read(g, arena, &bytes);
    assert_true(bytes.size < 2 * sizeof table);
    assert_ptr_equal(again->subgraphs[0].tensors[a].data, again->subgraphs[0].tensors[b].data);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hand_made), cmocka_unit_test(shared_models),
                                       cmocka_unit_test(layout), cmocka_unit_test(versions_are_found),
                                       cmocka_unit_test(shared_constants_share_a_buffer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
