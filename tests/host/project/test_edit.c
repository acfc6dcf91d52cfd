/* SPDX-License-Identifier: MIT
 *
 * Keys set in the text of a midge.yaml: the value changes, all the rest stays byte for byte; a key that is
 * absent is added where it belongs; what cannot be replaced is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "host/test_arena.h"
#include "project/edit.h"
#include "project/project.h"

static const char *edited(const char *text, const char *key, const char *value) {
    const mdg_setting s = {key, value};
    const char *out = NULL;
    mdg_project p;
    assert_int_equal(mdg_project_edit(text, "midge.yaml", &s, 1, arena, &out, NULL), MDG_OK);
    mdg_diag diag = {""};
    if (mdg_project_parse(out, strlen(out), "x/midge.yaml", arena, &p, &diag) != MDG_OK)
        fail_msg("%s in:\n%s", diag.text, out);
    return out;
}

static void values_are_replaced(void **state) {
    (void)state;
    assert_string_equal(edited("model:\n  width: 8 # narrow\n  depth: 3\n", "model.width", "24"),
                        "model:\n  width: 24 # narrow\n  depth: 3\n");
    assert_string_equal(edited("# width: 1\nmodel:\n\n  depth: 3\n  width:   8", "model.width", "24"),
                        "# width: 1\nmodel:\n\n  depth: 3\n  width:   24");
    assert_string_equal(edited("name: a\r\nseed: 5\r\n", "seed", "7"), "name: a\r\nseed: 7\r\n");
    assert_string_equal(edited("model:\n  architecture: \"mlp\"  # small\n", "model.architecture", "ds_cnn"),
                        "model:\n  architecture: ds_cnn  # small\n");
    assert_string_equal(edited("model:\n  width:\n", "model.width", "24"), "model:\n  width: 24\n");
}

/* A key of the same name elsewhere is another one. */
static void sections_are_told_apart(void **state) {
    (void)state;
    assert_string_equal(edited("data:\n  kind: audio\nfeatures:\n  kind: raw\n", "features.kind", "mfcc"),
                        "data:\n  kind: audio\nfeatures:\n  kind: mfcc\n");
    const char *layers = "model:\n  layers:\n    - kind: conv2d\n      filters: 3\ntrain:\n  epochs: 3\n";
    assert_string_equal(edited(layers, "train.epochs", "9"),
                        "model:\n  layers:\n    - kind: conv2d\n      filters: 3\ntrain:\n  epochs: 9\n");
}

static void braces_are_read(void **state) {
    (void)state;
    assert_string_equal(edited("features: {kind: log_mel, mels: 20}\n", "features.mels", "32"),
                        "features: {kind: log_mel, mels: 32}\n");
    assert_string_equal(edited("features: { kind: log_mel }\n", "features.mels", "32"),
                        "features: { kind: log_mel, mels: 32 }\n");
    assert_string_equal(edited("features: {}\n", "features.mels", "32"), "features: {mels: 32}\n");
    assert_string_equal(
        edited("data: {pattern: \"{label}, x\", labels: [a, b]}\n", "data.sample_rate", "8000"),
        "data: {pattern: \"{label}, x\", labels: [a, b], sample_rate: 8000}\n");
}

static void absent_keys_are_added(void **state) {
    (void)state;
    assert_string_equal(edited("", "model.width", "24"), "model:\n  width: 24\n");
    assert_string_equal(edited("name: a", "model.width", "24"), "name: a\nmodel:\n  width: 24\n");
    assert_string_equal(edited("model:\n    depth: 3\n", "model.width", "24"),
                        "model:\n    width: 24\n    depth: 3\n");
    assert_string_equal(edited("model:", "model.width", "24"), "model:\n  width: 24\n");
    assert_string_equal(edited("name: a\n", "seed", "7"), "name: a\nseed: 7\n");
}

static void lists_are_refused(void **state) {
    (void)state;
    const char *const texts[] = {"data: {\n  kind: audio}\n", "data:\n  kind:\n    - audio\n",
                                 "data:\n  kind: [audio]\n", "data: {kind: [audio]}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const mdg_setting s = {"data.kind", "images"};
        const char *out;
        mdg_diag diag;
        assert_int_equal(mdg_project_edit(texts[i], "a/midge.yaml", &s, 1, arena, &out, &diag), MDG_INVALID);
        assert_non_null(strstr(diag.text, "a/midge.yaml: data.kind is not one value"));
    }
}

static void known_keys(void **state) {
    (void)state;
    assert_true(mdg_project_has_key("model.width"));
    assert_true(mdg_project_has_key("seed"));
    assert_false(mdg_project_has_key("model.widht"));
    assert_false(mdg_project_has_key("model.layers"));
    assert_false(mdg_project_has_key("data.labels")); /* a list */
    assert_false(mdg_project_has_key("width"));
    assert_false(mdg_project_has_key("mod.width"));
    assert_false(mdg_project_has_key(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced), cmocka_unit_test(sections_are_told_apart),
        cmocka_unit_test(braces_are_read),     cmocka_unit_test(absent_keys_are_added),
        cmocka_unit_test(lists_are_refused),   cmocka_unit_test(known_keys),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
