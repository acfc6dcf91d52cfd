/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "emit/scan.h"
#include "emit/source.h"

static mdg_item_text nth_item(const char *text, int n) {
    mdg_item_text t;
    do assert_true(mdg_scan_item(&text, &t));
    while (n-- > 0);
    return t;
}

static void assert_declares(const char *text, int index, const char *name) {
    const mdg_item_text t = nth_item(text, 0);
    mdg_span found;
    assert_true(mdg_scan_declared(&t, index, &found));
    assert_int_equal(found.length, strlen(name));
    assert_memory_equal(found.at, name, found.length);
}

static void names_what_is_declared(void **state) {
    (void)state;
    assert_declares("static inline int32_t f(int32_t x)\n{\n    return \")}\"[x];\n}\n", 0, "f");
    assert_declares("MDG_KERNEL void mdg_f(const void *params);", 0, "mdg_f");
    assert_declares("typedef struct {\n int a;\n} mdg_t;", 0, "mdg_t");
    assert_declares("typedef void mdg_fn(int x);", 0, "mdg_fn");
    assert_declares("typedef void (*mdg_pointer)(int x);", 0, "mdg_pointer");
    assert_declares("static const int16_t table[33] = {1, 2};", 0, "table");
    assert_declares("#define MACRO(x) \\\n  ((x) + 1)\n", 0, "MACRO");
    assert_declares("enum { ONE, TWO = 2 };", 2, "ONE");
    assert_declares("enum { ONE, TWO = 2 };", 3, "TWO");
}

static void cuts_at_the_right_places(void **state) {
    (void)state;
    const char *text = "/* head */\n#include \"a.h\"\n\n/* of f */\nstatic int f(void) { return ';'; }\n"
                       "MAKE(a, b)\nMAKE(c, d)\n\n/* alone */\n\nint t[] = {1}; /* behind */\n";
    assert_int_equal(nth_item(text, 0).kind, MDG_ITEM_INCLUDE);
    assert_int_equal(nth_item(text, 0).comment.length, 10);
    assert_int_equal(nth_item(text, 1).kind, MDG_ITEM_CODE);
    assert_int_equal(nth_item(text, 1).comment.length, 10);
    assert_true(nth_item(text, 1).text.at[nth_item(text, 1).text.length - 1] == '}');
    assert_int_equal(nth_item(text, 2).kind, MDG_ITEM_INVOCATION);
    assert_int_equal(nth_item(text, 3).kind, MDG_ITEM_INVOCATION);
    assert_int_equal(nth_item(text, 4).kind, MDG_ITEM_COMMENT);
    assert_memory_equal(nth_item(text, 5).text.at, "int t[] = {1}; /* behind */",
                        nth_item(text, 5).text.length);
}

/* What is needed comes out, in order, static; what is not, does not. */
static void prints_only_what_is_needed(void **state) {
    (void)state;
    static const char text[] = "#ifndef GUARD_H\n#define GUARD_H\n\nenum { USED = 3 };\nenum { UNUSED };\n"
                               "static inline int helper(int x) { return x + USED; }\n"
                               "static inline int other(int x) { return x; /* helper */ }\n"
                               "#define MAKE(name) int mdg_##name(void) { return helper(1); }\nMAKE(made)\n"
                               "MDG_KERNEL int mdg_asked(void) { return mdg_made(); }\n#endif\n";
    mdg_arena *arena = mdg_arena_new();
    mdg_source *s = mdg_source_new(arena);
    mdg_source_add_text(s, "text", text);
    mdg_source_need(s, "mdg_asked");

    char out[2048] = "";
    FILE *stream = fmemopen(out, sizeof out, "w");
    mdg_source_print(s, stream);
    fclose(stream);
    assert_non_null(strstr(out, "enum { USED = 3 };"));
    assert_non_null(strstr(out, "MAKE(made)"));
    assert_non_null(strstr(out, "static MDG_APART int mdg_asked"));
    assert_true(strstr(out, "int helper") < strstr(out, "MAKE(made)"));
    assert_null(strstr(out, "UNUSED"));
    assert_null(strstr(out, "other"));
    assert_null(strstr(out, "GUARD_H"));
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_declared),
        cmocka_unit_test(cuts_at_the_right_places),
        cmocka_unit_test(prints_only_what_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
