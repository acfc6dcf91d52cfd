/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "package/parts.h"

static mdg_package plain(void) {
    return (mdg_package){.name = "bell",
                         .version = "1.2.3",
                         .vendor = "Acme",
                         .author = "Jo Doe",
                         .url = "https://example.com/bell",
                         .sentence = "Hears a bell.",
                         .date = "2026-01-31",
                         .source = "int x;\n",
                         .header = "#define AT @name@\n"};
}

static const char *text_of(const mdg_package_file *files, int n, const char *path) {
    for (int i = 0; i < n; i++)
        if (strcmp(files[i].path, path) == 0) return files[i].text;
    return NULL;
}

/* Every file of every kind has its template, and nothing is left to fill in; generated code stays as it is.
 */
static void fills_in_every_kind(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_package p = plain();
    for (const mdg_package_kind *k = mdg_package_kinds; k->name; k++) {
        for (int input = MDG_PACKAGE_SAMPLES; input <= MDG_PACKAGE_BYTES; input++) {
            int n;
            p.input = (mdg_package_input)input;
            const mdg_package_file *files = mdg_package_files(&p, k, arena, &n);
            assert_true(n >= 4);
            for (int i = 0; i < n; i++) {
                assert_non_null(files[i].text);
                assert_null(strchr(files[i].path, '@'));
                if (files[i].text != p.header) assert_null(strchr(files[i].text, '@'));
            }
            assert_ptr_equal(text_of(files, n, "src/bell.c"), p.source);
            assert_ptr_equal(text_of(files, n, "src/bell.h"), p.header);
        }
    }
    mdg_arena_free(arena);
}

static void says_what_it_was_told(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    const mdg_package p = plain();
    int n;
    const mdg_package_file *files = mdg_package_files(&p, mdg_package_find("arduino"), arena, &n);
    const char *text = text_of(files, n, "library.properties");
    assert_non_null(strstr(text, "name=bell\nversion=1.2.3\nauthor=Jo Doe\n"));
    assert_non_null(strstr(text, "sentence=Hears a bell.\n"));
    files = mdg_package_files(&p, mdg_package_find("cmsis-pack"), arena, &n);
    text = text_of(files, n, "Acme.bell.pdsc");
    assert_non_null(strstr(text, "<release version=\"1.2.3\" date=\"2026-01-31\">"));
    assert_non_null(strstr(text_of(files, n, "example/example.h"), "BELL_ARENA_BYTES"));
    assert_string_equal(mdg_package_names(arena), "cmake, arduino, esp-idf, zephyr, platformio, cmsis-pack");
    assert_null(mdg_package_find("snap"));
    mdg_arena_free(arena);
}

static void assert_refused(const mdg_package *p, const char *option) {
    mdg_diag diag = {""};
    assert_int_equal(mdg_package_check(p, &diag), MDG_INVALID);
    if (!strstr(diag.text, option)) fail_msg("'%s' lacks '%s'", diag.text, option);
}

static void refuses_what_files_cannot_hold(void **state) {
    (void)state;
    mdg_diag diag;
    mdg_package p = plain();
    assert_int_equal(mdg_package_check(&p, &diag), MDG_OK);
    static const char *const versions[] = {"", "1", "1.2", "1.2.3.4", "1.2.x", "-1.2.3", "1.2.3\n"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        p.version = versions[i];
        assert_refused(&p, "--version");
    }
    p = plain();
    p.sentence = "a & b";
    assert_refused(&p, "--sentence");
    p = plain();
    p.author = "two\nlines";
    assert_refused(&p, "--author");
    p = plain();
    p.vendor = "../up";
    assert_refused(&p, "--vendor");
    p = plain();
    p.date = "today";
    assert_refused(&p, "--date");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_every_kind),
        cmocka_unit_test(says_what_it_was_told),
        cmocka_unit_test(refuses_what_files_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
