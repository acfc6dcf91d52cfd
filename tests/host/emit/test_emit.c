/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "emit/emit.h"
#include "host/emit/programs.h"
#include "host/emit/toolchain.h"

typedef struct fixture {
    mdg_arena *arena;
    char *folder;
} fixture;

static int set_up(void **state) {
    mdg_arena *arena = mdg_arena_new();
    fixture *f = mdg_arena_alloc(arena, sizeof *f);
    *f = (fixture){arena, test_folder(arena)};
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    test_folder_remove(f->folder, f->arena);
    mdg_arena_free(f->arena);
    return 0;
}

static mdg_emit_opts options(const fixture *f) {
    return (mdg_emit_opts){
        .name = "little", .folder = f->folder, .model_name = "a */ b", .command_line = "midge \\"};
}

static const char *read_text(const fixture *f, const char *name) {
    mdg_bytes b;
    mdg_diag diag;
    assert_int_equal(mdg_file_read(mdg_arena_printf(f->arena, "%s/%s", f->folder, name), f->arena, &b, &diag),
                     MDG_OK);
    return mdg_arena_printf(f->arena, "%.*s", (int)b.size, (const char *)b.data);
}

static void refuses_names_that_are_no_identifiers(void **state) {
    const fixture *f = *state;
    static const char *const names[] = {"",
                                        "9lives",
                                        "a-b",
                                        "a b",
                                        "x;",
                                        "\xc3\xa4",
                                        "a_name_that_is_much_longer_than_any_name_should_ever_be"};
    const mdg_program p = test_conv_program(f->arena);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        mdg_emit_opts o = options(f);
        mdg_diag diag = {""};
        o.name = names[i];
        assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_INVALID);
        assert_non_null(strstr(diag.text, names[i][0] ? names[i] : "name"));
    }
}

/* A header that cannot be written leaves no .c file behind, nor the other way round. */
static void writes_both_files_or_none(void **state) {
    const fixture *f = *state;
    const mdg_program p = test_conv_program(f->arena);
    const mdg_emit_opts o = options(f);
    mdg_diag diag = {""};
    char *in_the_way = mdg_arena_printf(f->arena, "%s/little.h", f->folder);
    assert_int_equal(mdg_folder_make(in_the_way, &diag), MDG_OK);
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_IO);
    assert_non_null(strstr(diag.text, "little.h"));
    assert_false(mdg_file_exists(mdg_arena_printf(f->arena, "%s/little.c", f->folder)));
    rmdir(in_the_way);
}

static const char conv_main[] = "#include <stdio.h>\n#include \"little.h\"\n"
                                "static uint8_t arena[LITTLE_ARENA_BYTES] LITTLE_ALIGNED;\n"
                                "int main(void) {\n    little_model m;\n    little_init(&m, arena, NULL);\n"
                                "    for (int i = 0; i < LITTLE_INPUT_0_BYTES; i++)\n"
                                "        ((int8_t *)little_input(&m, 0))[i] = (int8_t)(i * 37);\n"
                                "    little_invoke(&m);\n"
                                "    FILE *f = fopen(\"out.bin\", \"wb\");\n"
                                "    fwrite(little_output(&m, 0), 1, LITTLE_OUTPUT_0_BYTES, f);\n"
                                "    return fclose(f);\n}\n";

static void computes_what_the_kernel_computes(void **state) {
    const fixture *f = *state;
    const mdg_program p = test_conv_program(f->arena);
    const mdg_emit_opts o = options(f);
    mdg_diag diag = {""};
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_OK);
    assert_null(strstr(read_text(f, "little.c"), "int evil;\n"));
    assert_int_equal(test_compile_everywhere(f->folder, "little", f->arena), 0);

    char *main_c = mdg_arena_printf(f->arena, "%s/main.c", f->folder);
    assert_int_equal(mdg_file_write(main_c, conv_main, sizeof conv_main - 1, &diag), MDG_OK);
    assert_int_equal(test_run("gcc -std=c99 " WARNINGS " -o main main.c little.c", f->folder, f->arena), 0);
    assert_int_equal(test_run(mdg_arena_printf(f->arena, "%s/main", f->folder), f->folder, f->arena), 0);

    int8_t x[32], y[48];
    for (int i = 0; i < 32; i++) x[i] = (int8_t)(i * 37);
    const void *in[5] = {x};
    for (int i = 1; i < 5; i++) in[i] = p.buffers[p.calls[0].in[i]].data;
    void *out[] = {y};
    mdg_kernels[MDG_K_conv2d_s8].run(p.calls[0].params, in, out);
    mdg_bytes got;
    assert_int_equal(
        mdg_file_read(mdg_arena_printf(f->arena, "%s/out.bin", f->folder), f->arena, &got, &diag), MDG_OK);
    assert_int_equal(got.size, sizeof y);
    assert_memory_equal(got.data, y, sizeof y);
}

/* All that is not the API is static: models can share a program. */
static void lets_two_models_share_a_program(void **state) {
    const fixture *f = *state;
    const mdg_program p = test_conv_program(f->arena);
    mdg_emit_opts o = options(f);
    assert_int_equal(mdg_emit_c(&p, &o, NULL), MDG_OK);
    o.name = "other";
    assert_int_equal(mdg_emit_c(&p, &o, NULL), MDG_OK);
    assert_int_equal(test_run("gcc -shared -fPIC -o both.so little.c other.c", f->folder, f->arena), 0);
}

/* What is compiled for size says so to the compiler, and stays C and C++ without a warning. */
static void asks_for_small_code(void **state) {
    const fixture *f = *state;
    mdg_program p = test_conv_program(f->arena);
    const mdg_emit_opts o = options(f);
    assert_int_equal(mdg_emit_c(&p, &o, NULL), MDG_OK);
    assert_null(strstr(read_text(f, "little.c"), "optimize(\"Os\")"));
    p.for_size = true;
    assert_int_equal(mdg_emit_c(&p, &o, NULL), MDG_OK);
    assert_non_null(strstr(read_text(f, "little.c"), "#    pragma GCC optimize(\"Os\")\n"));
    assert_int_equal(test_compile_everywhere(f->folder, "little", f->arena), 0);
}

/* Every kernel's text compiles alone, and all of them together in one file. */
static void carries_every_kernel(void **state) {
    const fixture *f = *state;
    mdg_diag diag = {""};
    mdg_program p = test_conv_program(f->arena);
    p.n_calls = MDG_K_COUNT;
    p.calls = mdg_arena_array(f->arena, MDG_K_COUNT, sizeof *p.calls);
    for (int k = 0; k < MDG_K_COUNT; k++) {
        p.calls[k] = (mdg_call){.kernel = (mdg_kernel_id)k,
                                .params = mdg_arena_alloc(f->arena, mdg_kernels[k].params_bytes),
                                .n_in = MDG_CALL_MAX_IO,
                                .n_out = MDG_CALL_MAX_IO,
                                .op = k};
    }
    mdg_emit_opts o = options(f);
    const char *check = "gcc -std=c99 -Wall -Wextra -Werror -fsyntax-only";
    o.name = "all";
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_OK);
    assert_int_equal(test_compile_everywhere(f->folder, "all", f->arena), 0);
    for (int k = 0; k < MDG_K_COUNT; k++) {
        mdg_program one = p;
        one.n_calls = 1;
        one.calls = &p.calls[k];
        o.name = mdg_arena_printf(f->arena, "one%d", k);
        assert_int_equal(mdg_emit_c(&one, &o, &diag), MDG_OK);
        check = mdg_arena_printf(f->arena, "%s %s.c", check, o.name);
    }
    assert_int_equal(test_run(check, f->folder, f->arena), 0);
}

/* Numbers survive the way through text: the extremes of each type, and floats that are none. */
static void prints_extreme_constants(void **state) {
    const fixture *f = *state;
    static const int64_t i64[] = {INT64_MIN, INT64_MAX, -1};
    static const float f32[] = {1.17549435e-38f, 3.40282347e+38f, -0.1f, 1e10f, 3.0f};
    static const uint32_t u32[] = {UINT32_MAX, 0};
    mdg_program p = test_conv_program(f->arena);
    mdg_diag diag = {""};
    p.buffers[2] =
        (mdg_buffer){.kind = MDG_BUF_CONST, .element = "int64_t", .bytes = sizeof i64, .data = i64};
    p.buffers[3] = (mdg_buffer){.kind = MDG_BUF_CONST, .element = "float", .bytes = sizeof f32, .data = f32};
    p.buffers[4] =
        (mdg_buffer){.kind = MDG_BUF_CONST, .element = "uint32_t", .bytes = sizeof u32, .data = u32};
    const mdg_emit_opts o = options(f);
    assert_int_equal(mdg_emit_c(&p, &o, &diag), MDG_OK);
    assert_int_equal(test_compile_everywhere(f->folder, "little", f->arena), 0);
    const char *text = read_text(f, "little.c");
    assert_non_null(strstr(text, "(-9223372036854775807LL - 1), 9223372036854775807LL, -1LL"));
    assert_non_null(strstr(text, "1.17549435e-38f, 3.40282347e+38f, -0.100000001f, 1e+10f, 3.0f"));
    assert_non_null(strstr(text, "4294967295u"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_names_that_are_no_identifiers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writes_both_files_or_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(computes_what_the_kernel_computes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lets_two_models_share_a_program, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asks_for_small_code, set_up, tear_down),
        cmocka_unit_test_setup_teardown(carries_every_kernel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prints_extreme_constants, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
