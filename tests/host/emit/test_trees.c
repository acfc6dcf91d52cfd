/* SPDX-License-Identifier: MIT
 *
 * Trees as code do what the kernel does with their tables; what would become too much code is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "emit/emit.h"
#include "host/emit/toolchain.h"
#include "lower/program.h"
#include "util/rng.h"

enum { FEATURES = 6, CLASSES = 3, TREES = 5, NODES = 40, LEAVES = 4, RUNS = 64, DEEP = 200 };

/* The tables of a forest in one piece */
typedef struct tables {
    mdg_forest_params params;
    int16_t root[TREES], feature[DEEP], child[DEEP][2], leaf[LEAVES][CLASSES];
    int8_t threshold[DEEP];
} tables;

typedef struct fixture {
    mdg_arena *arena;
    char *folder;
    tables t;
} fixture;

static int set_up(void **state) {
    mdg_arena *arena = mdg_arena_new();
    fixture *f = mdg_arena_alloc(arena, sizeof *f);
    *f = (fixture){.arena = arena, .folder = test_folder(arena)};
    f->t.params = (mdg_forest_params){FEATURES, CLASSES, TREES, NODES, LEAVES, CLASSES};
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    test_folder_remove(f->folder, f->arena);
    mdg_arena_free(f->arena);
    return 0;
}

/* Tree t has the nodes from 8 t on, in the order of a heap, so each node has one parent. */
static void grow(tables *t) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (int n = 0; n < NODES; n++) {
        const int first = n - n % 8, own = n % 8;
        t->feature[n] = (int16_t)mdg_rng_below(&r, FEATURES);
        t->threshold[n] = (int8_t)(mdg_rng_below(&r, 256) - 128);
        for (int side = 0; side < 2; side++) {
            const int child = 2 * own + 1 + side;
            t->child[n][side] = (int16_t)(child < 8 ? first + child : -1 - (int)mdg_rng_below(&r, LEAVES));
        }
    }
    for (int i = 0; i < TREES; i++) t->root[i] = (int16_t)(8 * i);
    t->root[TREES - 1] = -2; /* a tree that is a leaf */
    for (int i = 0; i < LEAVES * CLASSES; i++) t->leaf[i / CLASSES][i % CLASSES] = (int16_t)(i * 1000 - 3000);
}

static mdg_program program_of(fixture *f) {
    static const mdg_tensor x = {.name = "x", .type = MDG_INT8, .shape = {2, {1, FEATURES}}};
    static const mdg_tensor y = {.name = "y", .type = MDG_INT32, .shape = {2, {1, CLASSES}}};
    static const mdg_io io[] = {{.buffer = 0, .tensor = &x}, {.buffer = 6, .tensor = &y}};
    const tables *t = &f->t;
    mdg_program p = {.arena = f->arena, .arena_bytes = 24, .n_inputs = 1, .n_outputs = 1};
    p.inputs = mdg_arena_copy(f->arena, &io[0], sizeof io[0]);
    p.outputs = mdg_arena_copy(f->arena, &io[1], sizeof io[1]);
    mdg_program_add_buffer(&p, MDG_BUF_ARENA, "x", "int8_t", FEATURES, NULL);
    mdg_program_add_buffer(&p, MDG_BUF_CONST, "roots", "int16_t", sizeof t->root, t->root);
    mdg_program_add_buffer(&p, MDG_BUF_CONST, "features", "int16_t", sizeof t->feature, t->feature);
    mdg_program_add_buffer(&p, MDG_BUF_CONST, "thresholds", "int8_t", sizeof t->threshold, t->threshold);
    mdg_program_add_buffer(&p, MDG_BUF_CONST, "children", "int16_t", sizeof t->child, t->child);
    mdg_program_add_buffer(&p, MDG_BUF_CONST, "leaves", "int16_t", sizeof t->leaf, t->leaf);
    mdg_program_add_buffer(&p, MDG_BUF_ARENA, "y", "int32_t", 4 * CLASSES, NULL);
    p.buffers[6].offset = 8;
    mdg_call *c = mdg_program_add_call(&p, MDG_K_forest_s8, &t->params);
    for (int k = 0; k < 6; k++) mdg_call_add_in(c, k);
    mdg_call_add_out(c, 6);
    return p;
}

static const char runs_main[] =
    "#include <stdio.h>\n#include \"woods.h\"\n"
    "static uint8_t arena[WOODS_ARENA_BYTES] WOODS_ALIGNED;\n"
    "int main(void) {\n    woods_model m;\n    woods_init(&m, arena, NULL);\n"
    "    FILE *f = fopen(\"out.bin\", \"wb\");\n"
    "    for (int run = 0; run < 64; run++) {\n"
    "        for (int i = 0; i < WOODS_INPUT_0_BYTES; i++)\n"
    "            ((int8_t *)woods_input(&m, 0))[i] = (int8_t)(run * 53 + i * 37);\n"
    "        woods_invoke(&m);\n"
    "        fwrite(woods_output(&m, 0), 1, WOODS_OUTPUT_0_BYTES, f);\n    }\n"
    "    return fclose(f);\n}\n";

static void code_does_what_tables_do(void **state) {
    fixture *f = *state;
    grow(&f->t);
    const mdg_program p = program_of(f);
    const mdg_emit_opts o = {.name = "woods", .folder = f->folder, .trees_as_code = true};
    mdg_diag diag = {""};
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_OK);
    assert_int_equal(test_compile_everywhere(f->folder, "woods", f->arena), 0);
    char *main_c = mdg_arena_printf(f->arena, "%s/main.c", f->folder);
    assert_int_equal(mdg_file_write(main_c, runs_main, sizeof runs_main - 1, &diag), MDG_OK);
    assert_int_equal(test_run("gcc -std=c99 " WARNINGS " -o main main.c woods.c", f->folder, f->arena), 0);
    assert_int_equal(test_run(mdg_arena_printf(f->arena, "%s/main", f->folder), f->folder, f->arena), 0);
    mdg_bytes got;
    assert_int_equal(
        mdg_file_read(mdg_arena_printf(f->arena, "%s/out.bin", f->folder), f->arena, &got, &diag), MDG_OK);
    assert_int_equal(got.size, RUNS * CLASSES * 4);
    for (int run = 0; run < RUNS; run++) {
        int8_t x[FEATURES];
        int32_t y[CLASSES];
        for (int i = 0; i < FEATURES; i++) x[i] = (int8_t)(run * 53 + i * 37);
        const tables *t = &f->t;
        const void *in[] = {x, t->root, t->feature, t->threshold, t->child, t->leaf};
        mdg_kernels[MDG_K_forest_s8].run(&t->params, in, (void *const[]){y});
        assert_memory_equal(got.data + run * 4 * CLASSES, y, sizeof y);
    }
}

static void refuses(fixture *f) {
    const mdg_program p = program_of(f);
    mdg_emit_opts o = {.name = "woods", .folder = f->folder, .trees_as_code = true};
    mdg_diag diag = {""};
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_UNSUPPORTED);
    assert_non_null(strstr(diag.text, "as tables they work"));
    assert_false(mdg_file_exists(mdg_arena_printf(f->arena, "%s/woods.c", f->folder)));
    o.trees_as_code = false;
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_OK);
}

/* Two ways to each node: 2^40 lines, if it were printed */
static void nodes_of_two_ways_stay_tables(void **state) {
    fixture *f = *state;
    for (int n = 0; n < NODES; n++)
        f->t.child[n][0] = f->t.child[n][1] = (int16_t)(n + 1 < NODES ? n + 1 : -1);
    for (int i = 1; i < TREES; i++) f->t.root[i] = -1;
    refuses(f);
}

static void deep_trees_stay_tables(void **state) {
    fixture *f = *state;
    f->t.params.nodes = DEEP;
    for (int n = 0; n < DEEP; n++) {
        f->t.child[n][0] = (int16_t)(n + 1 < DEEP ? n + 1 : -1);
        f->t.child[n][1] = -1;
    }
    for (int i = 1; i < TREES; i++) f->t.root[i] = -1;
    refuses(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(code_does_what_tables_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nodes_of_two_ways_stay_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_trees_stay_tables, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
