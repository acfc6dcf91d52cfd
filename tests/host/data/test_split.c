/* SPDX-License-Identifier: MIT
 *
 * Splits over data sets made in memory: nobody in two splits, every class in each, the seed decides.
 */
#include "workshop.h"

static const char *const words[] = {"a", "b", "c"};

/* per_word[g] clips of every word by group g; label l has them only from groups g with has(g, l). */
static mdg_dataset make(workshop *w, int n_groups, const int *per_word, bool grouped) {
    static const mdg_data_opts none = {0};
    mdg_dataset set = {
        .arena = w->arena, .opts = &none, .n_labels = 3, .labels = (const char **)(uintptr_t)words};
    set.clips = mdg_arena_array(w->arena, 10000, sizeof(mdg_clip));
    for (int g = 0; g < n_groups; g++)
        for (int l = 0; l < 3; l++)
            for (int i = 0; i < per_word[g]; i++)
                set.clips[set.n_clips++] =
                    (mdg_clip){.path = mdg_arena_printf(w->arena, "%d_%d_%d", l, g, i),
                               .label = l,
                               .group = grouped ? mdg_arena_printf(w->arena, "g%d", g) : ""};
    return set;
}

static int count(const mdg_dataset *set, int label, mdg_split split) {
    int n = 0;
    for (int i = 0; i < set->n_clips; i++) n += set->clips[i].label == label && set->clips[i].split == split;
    return n;
}

static void split(workshop *w, mdg_dataset *set, const mdg_split_opts *o) {
    if (mdg_dataset_split(set, o, &w->diag) != MDG_OK) fail_msg("%s", w->diag.text);
}

static void refuse(workshop *w, mdg_dataset *set, const mdg_split_opts *o, const char *words_of_cause) {
    assert_int_equal(mdg_dataset_split(set, o, &w->diag), MDG_INVALID);
    assert_says(w, words_of_cause);
}

static void assert_groups_apart(const mdg_dataset *set) {
    for (int i = 0; i < set->n_clips; i++)
        for (int k = 0; k < i; k++)
            if (*set->clips[i].group && strcmp(set->clips[i].group, set->clips[k].group) == 0)
                assert_int_equal(set->clips[i].split, set->clips[k].split);
}

static void files_are_stratified(void **state) {
    workshop *w = *state;
    mdg_dataset set = make(w, 1, (int[]){100}, false);
    split(w, &set, &(mdg_split_opts){.validation = 0.1f, .test = 0.2f, .seed = 3});
    for (int l = 0; l < 3; l++) {
        assert_int_equal(count(&set, l, MDG_SPLIT_TEST), 20);
        assert_int_equal(count(&set, l, MDG_SPLIT_VALIDATION), 10);
        assert_int_equal(count(&set, l, MDG_SPLIT_TRAIN), 70);
    }
}

static void small_classes_have_one_each(void **state) {
    workshop *w = *state;
    mdg_dataset set = make(w, 1, (int[]){3}, false);
    split(w, &set, &(mdg_split_opts){.validation = 0.1f, .test = 0.1f});
    for (int l = 0; l < 3; l++)
        for (int k = 0; k < MDG_SPLIT_COUNT; k++) assert_int_equal(count(&set, l, (mdg_split)k), 1);
}

static void the_seed_decides(void **state) {
    workshop *w = *state;
    const char *by[] = {"file", "group"};
    for (int m = 0; m < 2; m++) {
        int per[20], same = 0;
        for (int g = 0; g < 20; g++) per[g] = 5;
        mdg_dataset a = make(w, 20, per, true), b = make(w, 20, per, true), c = make(w, 20, per, true);
        split(w, &a, &(mdg_split_opts){.by = by[m], .validation = 0.2f, .test = 0.2f, .seed = 7});
        split(w, &b, &(mdg_split_opts){.by = by[m], .validation = 0.2f, .test = 0.2f, .seed = 7});
        split(w, &c, &(mdg_split_opts){.by = by[m], .validation = 0.2f, .test = 0.2f, .seed = 8});
        for (int i = 0; i < a.n_clips; i++) {
            assert_int_equal(a.clips[i].split, b.clips[i].split);
            same += a.clips[i].split == c.clips[i].split;
        }
        assert_true(same < a.n_clips);
    }
}

static void groups_stay_whole(void **state) {
    workshop *w = *state;
    int per[30];
    for (int g = 0; g < 30; g++) per[g] = 1 + g % 7;
    for (uint64_t seed = 0; seed < 20; seed++) {
        mdg_dataset set = make(w, 30, per, true);
        split(w, &set, &(mdg_split_opts){.by = "group", .validation = 0.15f, .test = 0.25f, .seed = seed});
        assert_groups_apart(&set);
        for (int l = 0; l < 3; l++) {
            const int n = set.n_clips / 3;
            assert_in_range(count(&set, l, MDG_SPLIT_TEST), n * 20 / 100, n * 30 / 100);
            assert_in_range(count(&set, l, MDG_SPLIT_VALIDATION), n * 10 / 100, n * 20 / 100);
        }
    }
}

static void few_groups_fill_all_splits(void **state) {
    workshop *w = *state;
    for (int n = 3; n <= 5; n++)
        for (uint64_t seed = 0; seed < 10; seed++) {
            mdg_dataset set = make(w, n, (int[]){50, 50, 50, 50, 50}, true);
            split(w, &set, &(mdg_split_opts){.by = "group", .validation = 0.1f, .test = 0.1f, .seed = seed});
            assert_groups_apart(&set);
            assert_int_equal(count(&set, 0, MDG_SPLIT_TEST), 50);
            assert_int_equal(count(&set, 0, MDG_SPLIT_VALIDATION), 50);
            assert_int_equal(count(&set, 0, MDG_SPLIT_TRAIN), 50 * (n - 2));
        }
}

static void listed_groups_are_the_test(void **state) {
    workshop *w = *state;
    const char *const out[] = {"g1"}, *const check[] = {"g3"};
    mdg_dataset set = make(w, 4, (int[]){50, 50, 50, 50}, true);
    split(w, &set,
          &(mdg_split_opts){.validation = 0.1f, .test = 0.5f, .test_groups = out, .n_test_groups = 1});
    for (int i = 0; i < set.n_clips; i++)
        assert_true((set.clips[i].split == MDG_SPLIT_TEST) == (strcmp(set.clips[i].group, "g1") == 0));
    assert_int_equal(count(&set, 2, MDG_SPLIT_VALIDATION), 15);

    split(w, &set,
          &(mdg_split_opts){.by = "group", .validation = 0.1f, .test_groups = out, .n_test_groups = 1});
    assert_groups_apart(&set);
    assert_int_equal(count(&set, 2, MDG_SPLIT_VALIDATION), 50);

    split(w, &set,
          &(mdg_split_opts){.by = "group",
                            .validation = 0.1f,
                            .test_groups = out,
                            .n_test_groups = 1,
                            .validation_groups = check,
                            .n_validation_groups = 1});
    for (int i = 0; i < set.n_clips; i++)
        assert_true((set.clips[i].split == MDG_SPLIT_VALIDATION) == (strcmp(set.clips[i].group, "g3") == 0));
    assert_int_equal(count(&set, 2, MDG_SPLIT_TRAIN), 100);
}

static void silence_follows_the_recordings(void **state) {
    workshop *w = *state;
    const char *const out[] = {"g1"};
    mdg_dataset set = make(w, 4, (int[]){25, 25, 25, 25}, true);
    for (int i = 0; i < set.n_clips; i++)
        if (set.clips[i].label == 2) set.clips[i].generated = true, set.clips[i].group = "";
    split(w, &set, &(mdg_split_opts){.by = "group", .test_groups = out, .n_test_groups = 1});
    assert_int_equal(count(&set, 2, MDG_SPLIT_TEST), 25);
    assert_int_equal(count(&set, 2, MDG_SPLIT_TRAIN), 75);
}

static void what_cannot_be_is_refused(void **state) {
    workshop *w = *state;
    const char *const stranger[] = {"zoe"}, *const one[] = {"g0"}, *const all[] = {"g0", "g1"};
    mdg_dataset set = make(w, 2, (int[]){5, 5}, true), bare = make(w, 2, (int[]){5, 5}, false);
    refuse(w, &set, &(mdg_split_opts){.by = "speaker"}, "'speaker'");
    refuse(w, &set, &(mdg_split_opts){.validation = 0.5f, .test = 0.5f}, "leave nothing to train on");
    refuse(w, &set, &(mdg_split_opts){.test = NAN}, "leave nothing to train on");
    refuse(w, &set, &(mdg_split_opts){.test_groups = stranger, .n_test_groups = 1}, "no group 'zoe'");
    refuse(w, &set,
           &(mdg_split_opts){
               .test_groups = one, .n_test_groups = 1, .validation_groups = one, .n_validation_groups = 1},
           "'g0' is listed twice");
    refuse(w, &set, &(mdg_split_opts){.test_groups = all, .n_test_groups = 2}, "without training clips");
    refuse(w, &set, &(mdg_split_opts){.by = "group", .validation = 0.1f, .test = 0.1f},
           "2 groups cannot fill 3 splits");
    refuse(w, &bare, &(mdg_split_opts){.by = "group", .test = 0.1f}, "{group}");
}

/* A word that only the test speaker says cannot be learnt. */
static void a_class_outside_training_is_refused(void **state) {
    workshop *w = *state;
    const char *const out[] = {"g1"};
    mdg_dataset set = make(w, 2, (int[]){5, 5}, true);
    for (int i = 0; i < set.n_clips; i++)
        if (strcmp(set.clips[i].group, "g0") == 0 && set.clips[i].label == 1) set.clips[i].label = 0;
    refuse(w, &set, &(mdg_split_opts){.test_groups = out, .n_test_groups = 1}, "class 'b'");
}

static void a_split_is_written_as_a_table(void **state) {
    workshop *w = *state;
    const char *const out[] = {"g1"};
    mdg_bytes text;
    mdg_dataset set = make(w, 2, (int[]){1, 1}, true);
    split(w, &set, &(mdg_split_opts){.test_groups = out, .n_test_groups = 1});
    assert_int_equal(mdg_dataset_write_split(&set, path_in(w, "split.tsv"), &w->diag), MDG_OK);
    assert_int_equal(mdg_file_read(path_in(w, "split.tsv"), w->arena, &text, &w->diag), MDG_OK);
    const char expected[] = "path\tlabel\tgroup\tsplit\tstart\n0_0_0\ta\tg0\ttrain\t0\n1_0_"
                            "0\tb\tg0\ttrain\t0\n2_0_0\tc\tg0\ttrain\t0\n"
                            "0_1_0\ta\tg1\ttest\t0\n1_1_0\tb\tg1\ttest\t0\n2_1_0\tc\tg1\ttest\t0\n";
    assert_int_equal(text.size, sizeof expected - 1);
    assert_memory_equal(text.data, expected, text.size);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(files_are_stratified),
        TEST(small_classes_have_one_each),
        TEST(the_seed_decides),
        TEST(groups_stay_whole),
        TEST(few_groups_fill_all_splits),
        TEST(listed_groups_are_the_test),
        TEST(silence_follows_the_recordings),
        TEST(what_cannot_be_is_refused),
        TEST(a_class_outside_training_is_refused),
        TEST(a_split_is_written_as_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
