/* SPDX-License-Identifier: MIT
 *
 * midge.yaml: values arrive where they belong, defaults stand where a key is absent, and what is wrong is
 * told with its line, its key and what is allowed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "project/project.h"

typedef struct fixture {
    mdg_arena *arena;
    mdg_project project;
    mdg_diag diag;
} fixture;

static int set_up(void **state) {
    static fixture f;
    f = (fixture){.arena = mdg_arena_new()};
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    mdg_arena_free(((fixture *)*state)->arena);
    return 0;
}

static mdg_status parse(fixture *f, const char *text) {
    f->diag.text[0] = '\0';
    return mdg_project_parse(text, strlen(text), "bell/midge.yaml", f->arena, &f->project, &f->diag);
}

static void assert_message(fixture *f, const char *text, const char *part) {
    assert_int_equal(parse(f, text), MDG_INVALID);
    if (!strstr(f->diag.text, part)) fail_msg("'%s' lacks '%s'", f->diag.text, part);
}

static void empty_file_gives_defaults(void **state) {
    fixture *f = *state;
    assert_int_equal(parse(f, ""), MDG_OK);
    assert_string_equal(f->project.name, "bell");
    assert_string_equal(f->project.out, "bell/out");
    assert_string_equal(f->project.data.path, "bell/recordings");
    assert_string_equal(f->project.target, "cortex-m4");
    assert_int_equal(f->project.features.kind, MDG_FEATURE_LOG_MEL);
    assert_int_equal(f->project.features.window_us, 30000);
    assert_int_equal(f->project.features.sample_rate, 16000);
    assert_int_equal(f->project.train.seed, 1);
    assert_true(f->project.balance);
    assert_int_equal(f->project.budget.ram, 0);
    assert_null(f->project.data.labels);
}

static void optimize_takes_every_aim(void **state) {
    fixture *f = *state;
    for (int i = 0; i < MDG_OPTIMIZE_COUNT; i++) {
        assert_int_equal(parse(f, mdg_arena_printf(f->arena, "optimize: %s\n", mdg_optimize_names[i])),
                         MDG_OK);
        assert_int_equal(f->project.optimize, i);
    }
}

static void values_arrive(void **state) {
    fixture *f = *state;
    assert_int_equal(parse(f, "name: knock\n"
                              "seed: 12345678901234567890\n"
                              "data:\n"
                              "  path: /sounds\n"
                              "  labels: [yes, no]\n"
                              "  test_groups: [ann]\n"
                              "  split_by: group\n"
                              "features: {kind: mfcc, hop_ms: 12.5}\n"
                              "train:\n"
                              "  optimizer: sgd\n"
                              "  learning_rate: 1e-2\n"
                              "  balance: no\n"
                              "budget:\n"
                              "  ram: 32 KB\n"
                              "  flash: 0.5MB\n"),
                     MDG_OK);
    const mdg_project *p = &f->project;
    assert_string_equal(p->name, "knock");
    assert_true(p->data.split.seed == 12345678901234567890u && p->train.seed == p->seed);
    assert_string_equal(p->data.path, "/sounds");
    assert_int_equal(p->data.n_labels, 2);
    assert_string_equal(p->data.labels[1], "no");
    assert_int_equal(p->data.split.n_test_groups, 1);
    assert_string_equal(p->data.split.by, "group");
    assert_int_equal(p->features.kind, MDG_FEATURE_MFCC);
    assert_int_equal(p->features.hop_us, 12500);
    assert_string_equal(p->train.optimizer, "sgd");
    assert_true(p->train.learning_rate == 0.01f);
    assert_false(p->balance);
    assert_int_equal(p->budget.ram, 32 * 1024);
    assert_int_equal(p->budget.flash, 512 * 1024);
}

static void layers_arrive(void **state) {
    fixture *f = *state;
    assert_int_equal(parse(f, "model:\n"
                              "  layers:\n"
                              "    - {kind: conv2d, filters: 8, kernel: 3x5, stride: 2, activation: relu}\n"
                              "    - kind: depthwise_conv2d\n"
                              "      filters: 1\n"
                              "      kernel: 3\n"
                              "      padding: valid\n"
                              "      batch_norm: yes\n"
                              "      name: body\n"
                              "    - {kind: add, with: 1}\n"
                              "    - {kind: max_pool, kernel: 2, from: input, name: side}\n"
                              "    - {kind: concat, from: body, with: side}\n"
                              "    - {kind: reshape}\n"),
                     MDG_OK);
    const mdg_layer_spec *l = f->project.model.layers;
    assert_int_equal(f->project.model.n_layers, 6);
    assert_int_equal(l[0].from, -1);
    assert_int_equal(l[0].kernel_h * 100 + l[0].kernel_w, 305);
    assert_int_equal(l[0].stride_h * 100 + l[0].stride_w, 202);
    assert_true(l[0].same && l[0].activation == MDG_ACTIVATION_RELU);
    assert_true(l[1].kind == MDG_LAYER_DEPTHWISE_CONV2D && !l[1].same && l[1].batch_norm);
    assert_int_equal(l[1].kernel_w, 3);
    assert_true(l[2].kind == MDG_LAYER_ADD && l[2].with == 0 && l[2].from == 1);
    assert_int_equal(l[3].from, -1);
    assert_true(l[4].kind == MDG_LAYER_CONCAT && l[4].from == 1 && l[4].with == 3);
    assert_true(l[5].kind == MDG_LAYER_RESHAPE && l[5].kernel_h == 0);
}

static void unknown_keys_are_named(void **state) {
    fixture *f = *state;
    assert_message(f, "name: a\nfoo: 1\n", "bell/midge.yaml:2: unknown key 'foo'; known are name, seed");
    assert_message(f, "name: a\nfeatures:\n  kinds: mfcc\n",
                   "bell/midge.yaml:3: features: unknown key 'kinds'; known are kind, window_ms");
    assert_message(f, "model:\n  layers:\n    - kernal: 3\n",
                   "midge.yaml:3: model.layers: unknown key 'kernal'");
}

static void wrong_values_are_named(void **state) {
    fixture *f = *state;
    assert_message(f, "# x\nfeatures:\n  # y\n  kind: mfc\n",
                   "bell/midge.yaml:4: features.kind: 'mfc' is not allowed; it must be one of log_mel, mfcc");
    assert_message(f, "train:\n  epochs: many\n", "midge.yaml:2: train.epochs: 'many'");
    assert_message(f, "train:\n  epochs: 0\n", "a whole number from 1 to 100000");
    assert_message(f, "train:\n  learning_rate: nan\n", "train.learning_rate");
    assert_message(f, "seed: -1\n", "midge.yaml:1: seed");
    assert_message(f, "budget:\n  ram: 32 bananas\n", "a size such as 32 KB");
    assert_message(f, "train:\n  nesterov: perhaps\n", "yes or no");
    assert_message(f, "model:\n  layers:\n    - kind: conv2d\n      kernel: 3y3\n",
                   "midge.yaml:4: model.layers.kernel");
    assert_message(f, "model:\n  layers:\n    - kernel: 3\n", "lacks its kind");
    assert_message(f, "model:\n  layers:\n    - {kind: add, with: 1}\n", "comes later");
    assert_message(f, "model:\n  layers:\n    - kind: flatten\n    - kind: add\n      with: body\n",
                   "midge.yaml:5: model.layers.with: no layer before this one is called 'body'");
    assert_message(f, "model:\n  layers:\n    - {kind: flatten, name: a}\n    - {kind: flatten, name: a}\n",
                   "midge.yaml:4: model.layers.name: 'a' must be a name that no other layer has");
    assert_message(f, "model:\n  layers:\n    - {kind: flatten, name: input}\n", "model.layers.name");
    assert_message(f, "model:\n  layers:\n    - {kind: flatten, from: -1}\n", "model.layers.from");
    assert_message(f, "name: 9 lives\n", "midge.yaml:1: name: '9 lives' is no C identifier");
    assert_message(f, "features:\n  hop_ms: 40\n", "midge.yaml:2: features.hop_ms");
    assert_message(f, "data:\n  test: 0.6\n  validation: 0.5\n", "midge.yaml:2: data.test");
}

static void wrong_structure_is_named(void **state) {
    fixture *f = *state;
    assert_message(f, "name: a\nfeatures: 3\n",
                   "midge.yaml:2: features: needs keys below it here, not one value");
    assert_message(f, "data:\n  labels: yes\n", "midge.yaml:2: data: needs a list here, not one value");
    assert_message(f, "name: [a]\n", "midge.yaml:1");
    assert_message(f, "- a\n", "midge.yaml:1");
    assert_message(f, "name: a\nname: b\n", "midge.yaml:");
    assert_message(f, "name: a\n  bad: [\n", "midge.yaml:");
    assert_message(f, "a: &x [1]\nb: *x\n", "midge.yaml:1");
}

static void a_folder_without_a_project_is_told(void **state) {
    fixture *f = *state;
    assert_int_equal(mdg_project_load("/nonexistent", f->arena, &f->project, &f->diag), MDG_NOT_FOUND);
    assert_non_null(strstr(f->diag.text, "midge new"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(empty_file_gives_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(optimize_takes_every_aim, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_arrive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(layers_arrive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_keys_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_values_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_structure_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_without_a_project_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
