/* SPDX-License-Identifier: MIT
 *
 * An operator that midge does not know: the application's kernel is called from generated C and from a model
 * image, with the same arguments; the desktop says that it has none.
 */
#include "host/lower/nets.h"

#include "emit/emit.h"
#include "exec/exec.h"
#include "host/emit/toolchain.h"
#include "image/pack.h"
#include "midge/custom.h"
#include "midge/model.h"
#include "plan/plan.h"

/* y = x scaled by the first byte of the options, plus input 0's zero point; the text below is the same. */
static void MY_SCALE(const void *params, const void *const *in, void *const *out) {
    const mdg_custom_params *p = params;
    const mdg_custom_tensor *t = in[p->n_in];
    const uint8_t factor = *(const uint8_t *)in[p->n_in + 1];
    const int8_t *x = in[0];
    int8_t *y = out[0];
    for (int32_t i = 0; i < t[0].dim[0]; i++) y[i] = (int8_t)(x[i] * factor + t[0].zero_point);
}

static const char kernel_text[] =
    "#include \"midge/custom.h\"\n"
    "mdg_kernel_fn MY_SCALE;\n"
    "void MY_SCALE(const void *params, const void *const *in, void *const *out) {\n"
    "    const mdg_custom_params *p = (const mdg_custom_params *)params;\n"
    "    const mdg_custom_tensor *t = (const mdg_custom_tensor *)in[p->n_in];\n"
    "    const uint8_t factor = *(const uint8_t *)in[p->n_in + 1];\n"
    "    const int8_t *x = (const int8_t *)in[0];\n"
    "    int8_t *y = (int8_t *)out[0];\n"
    "    for (int32_t i = 0; i < t[0].dim[0]; i++) y[i] = (int8_t)(x[i] * factor + t[0].zero_point);\n"
    "}\n";

static bool MY_SCALE_check(const void *params, mdg_sizes *s) {
    if (!mdg_custom_is_sound(params, s) || s->n_in != 3 || s->n_out != 1) return false;
    const mdg_custom_tensor *t = s->constant[1];
    return t[0].dim[0] > 0 && (uint32_t)t[0].dim[0] <= s->in[0] && s->in[0] == s->out[0] && s->in[2] > 0;
}

static mdg_graph *scaling(mdg_arena *arena, const char *name) {
    static const uint8_t options[] = {3};
    mdg_graph *g = net_new(arena);
    const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(1, 5), 0.5f, -7);
    const int32_t y = net_tensor(g, MDG_INT8, mdg_shape_of(1, 5), 0.5f, 0);
    mdg_op *op = net_op(g, MDG_OP_CUSTOM, 1, &x, y);
    op->custom_name = name;
    op->custom = options;
    op->custom_bytes = sizeof options;
    net_io(g, x, y);
    return g;
}

static mdg_program lowered(mdg_arena *arena) {
    mdg_program p;
    mdg_diag diag = {""};
    if (mdg_lower(scaling(arena, "MY_SCALE"), arena, &p, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_plan(&p, NULL, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return p;
}

static const int8_t input[5] = {1, 2, -3, 4, 5}, expected[5] = {-4, -1, -16, 5, 8};

static void image_calls_the_applications_kernel(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_program p = lowered(arena);
    static const mdg_model_kernel kernels[] = {MDG_USE_CUSTOM(MY_SCALE), {NULL, NULL, NULL}};
    const mdg_model_memory memory = {mdg_arena_alloc(arena, p.arena_bytes), p.arena_bytes, NULL, 0};
    mdg_bytes image;
    mdg_model m;
    assert_int_equal(mdg_pack(&p, 0, arena, &image, NULL), MDG_OK);
    assert_int_equal(mdg_model_open(&m, image.data, image.size, kernels, &memory), MDG_OK);
    memcpy(mdg_model_input(&m, 0), input, sizeof input);
    mdg_model_invoke(&m);
    assert_memory_equal(mdg_model_output(&m, 0), expected, sizeof expected);
    mdg_arena_free(arena);
}

static const char main_text[] =
    "#include <string.h>\n#include \"custom.h\"\n"
    "static uint8_t arena[CUSTOM_ARENA_BYTES] CUSTOM_ALIGNED;\n"
    "int main(void) {\n"
    "    static const int8_t x[5] = {1, 2, -3, 4, 5}, y[5] = {-4, -1, -16, 5, 8};\n"
    "    custom_model m;\n    custom_init(&m, arena, NULL);\n"
    "    memcpy(custom_input(&m, 0), x, 5);\n    custom_invoke(&m);\n"
    "    return memcmp(custom_output(&m, 0), y, 5);\n}\n";

static void write_text(const char *folder, const char *name, const char *text, mdg_arena *arena) {
    mdg_diag diag = {""};
    const char *path = mdg_arena_printf(arena, "%s/%s", folder, name);
    if (mdg_file_write(path, text, strlen(text), &diag) != MDG_OK) fail_msg("%s", diag.text);
}

static void generated_c_calls_it(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const char *source = getenv("MIDGE_SOURCE");
    if (!source) skip();
    const mdg_program p = lowered(arena);
    const char *folder = test_folder(arena);
    const mdg_emit_opts opts = {.name = "custom", .folder = folder, .target = "generic"};
    mdg_diag diag = {""};
    if (mdg_emit_c(&p, &opts, &diag) != MDG_OK) fail_msg("%s", diag.text);
    write_text(folder, "kernel.c", kernel_text, arena);
    write_text(folder, "main.c", main_text, arena);
    const char *compile = mdg_arena_printf(
        arena, "gcc -std=c99 " WARNINGS " -I%s/include -o main main.c custom.c kernel.c", source);
    assert_int_equal(test_run(compile, folder, arena), 0);
    assert_int_equal(test_run(mdg_arena_printf(arena, "%s/main", folder), folder, arena), 0);
    assert_int_equal(test_compile_everywhere(folder, "custom", arena), 0);
    test_folder_remove(folder, arena);
    mdg_arena_free(arena);
}

static void desktop_says_that_it_has_none(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_exec *x;
    mdg_diag diag = {""};
    assert_int_equal(mdg_exec_open(scaling(arena, "MY_SCALE"), arena, &x, &diag), MDG_UNSUPPORTED);
    assert_non_null(strstr(diag.text, "op 0 MY_SCALE"));
    mdg_arena_free(arena);
}

static void names_are_those_of_functions(void **state) {
    (void)state;
    const char *const names[] = {"", "two words", "1st", "x;int evil"};
    mdg_arena *arena = mdg_arena_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        mdg_program p;
        assert_int_equal(mdg_lower(scaling(arena, names[i]), arena, &p, NULL), MDG_UNSUPPORTED);
    }
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_calls_the_applications_kernel),
        cmocka_unit_test(generated_c_calls_it),
        cmocka_unit_test(desktop_says_that_it_has_none),
        cmocka_unit_test(names_are_those_of_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
