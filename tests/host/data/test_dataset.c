/* SPDX-License-Identifier: MIT
 *
 * Scanning and decoding folders that are made here.
 */
#include "workshop.h"

static mdg_data_opts opts_for(const workshop *w) {
    return (mdg_data_opts){.path = w->folder, .sample_rate = 16000, .clip_ms = 100, .split = {.seed = 5}};
}

static void scan(workshop *w, const mdg_data_opts *o, mdg_dataset *set) {
    if (mdg_dataset_scan(o, w->arena, set, &w->diag) != MDG_OK) fail_msg("%s", w->diag.text);
}

static void decode(workshop *w, mdg_dataset *set) {
    if (mdg_dataset_decode(set, NULL, &w->diag) != MDG_OK) fail_msg("%s", w->diag.text);
}

static void refuse(workshop *w, const mdg_data_opts *o, mdg_status expected, const char *words) {
    mdg_dataset set;
    assert_int_equal(mdg_dataset_scan(o, w->arena, &set, &w->diag), expected);
    assert_says(w, words);
}

static void put_tones(workshop *w, const char *const *names) {
    for (; *names; names++) put_tone(w, *names, 100);
}

static void class_folders(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"yes/b.WAV", "yes/a.wav", "no/c.wav", "no/.hidden.wav", ".git/d.wav",
                                  "_noise/e.wav", NULL});
    put_bytes(w, "yes/notes.txt", "x", 1);
    put_bytes(w, "README", "x", 1);
    const mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 3);
    assert_int_equal(set.n_labels, 2);
    assert_string_equal(set.labels[0], "no");
    assert_string_equal(set.labels[1], "yes");
    assert_string_equal(set.clips[0].path, path_in(w, "no/c.wav"));
    assert_string_equal(set.clips[1].path, path_in(w, "yes/a.wav"));
    assert_string_equal(set.clips[2].path, path_in(w, "yes/b.WAV"));
    assert_int_equal(set.clips[2].label, 1);
    assert_string_equal(set.clips[2].group, "");
    assert_int_equal(set.n_ignored, 2);
}

static void flat_folder(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"1_ann_0.wav", "1_bob_0.wav", "0_ann_10.wav", "strange.wav", NULL});
    mdg_data_opts o = opts_for(w);
    o.pattern = "{label}_{group}_*.wav";
    mdg_dataset set;
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 3);
    assert_string_equal(set.labels[0], "0");
    assert_string_equal(set.clips[2].group, "bob");
    assert_int_equal(set.n_skipped, 1);
    assert_string_equal(set.skipped[0].path, path_in(w, "strange.wav"));
    assert_non_null(strstr(set.skipped[0].cause, "does not match"));
}

static void groups_in_class_folders_and_deeper(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"ann/yes_1.wav", "bob/yes_1.wav", "bob/no_2.wav", NULL});
    mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    o.pattern = "{group}_*";
    scan(w, &o, &set);
    assert_string_equal(set.labels[0], "ann");
    assert_string_equal(set.clips[0].group, "yes");
    o.pattern = "{group}/{label}_*";
    scan(w, &o, &set);
    assert_string_equal(set.labels[0], "no");
    assert_string_equal(set.clips[0].group, "ann");
}

static void unknown_gathers_the_rest(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"a/1.wav", "b/1.wav", "c/1.wav", "c/2.wav", NULL});
    const char *const labels[] = {"b"};
    mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    o.labels = labels, o.n_labels = 1;
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 1);
    assert_int_equal(set.n_ignored, 3);
    o.unknown = "other";
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 4);
    assert_int_equal(set.n_labels, 2);
    assert_string_equal(set.labels[1], "other");
    assert_int_equal(set.clips[0].label, 1);
    assert_int_equal(set.clips[1].label, 0);
}

static void silence_is_generated(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"yes/1.wav", "yes/2.wav", "yes/3.wav", "no/1.wav", NULL});
    mdg_data_opts o = opts_for(w);
    mdg_dataset set, again;
    o.silence = "silence";
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 6);
    assert_int_equal(set.n_labels, 3);
    decode(w, &set);
    scan(w, &o, &again);
    decode(w, &again);
    for (int i = 4; i < 6; i++) {
        assert_true(set.clips[i].generated);
        assert_int_equal(set.clips[i].label, 2);
        assert_int_equal(set.clips[i].n_samples, 1600);
        assert_memory_equal(set.clips[i].samples, again.clips[i].samples, 3200);
    }
    assert_memory_not_equal(set.clips[4].samples, set.clips[5].samples, 3200);
}

/* A ramp as background: every sample tells its place. Splits must not share any. */
static void silence_of_splits_does_not_overlap(void **state) {
    workshop *w = *state;
    int16_t ramp[30000];
    for (int i = 0; i < 30000; i++) ramp[i] = (int16_t)(i + 1);
    assert_int_equal(mdg_audio_write_wav(path_in(w, "_noise/ramp.wav"), ramp, 30000, 16000, &w->diag),
                     MDG_OK);
    for (int i = 0; i < 10; i++) put_tone(w, mdg_arena_printf(w->arena, "yes/%d.wav", i), 100);
    mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    o.silence = "silence", o.background = path_in(w, "_noise");
    o.clip_ms = 50;
    o.split.test = 0.3f;
    scan(w, &o, &set);
    assert_int_equal(mdg_dataset_split(&set, &o.split, &w->diag), MDG_OK);
    decode(w, &set);
    assert_int_equal(set.n_backgrounds, 1);
    assert_int_equal(set.backgrounds[0].n_samples, 30000);
    int tests = 0;
    for (int i = 10; i < 20; i++) { /* value / step between neighbours = place, whatever the gain */
        const mdg_clip *c = &set.clips[i];
        const double gain = (double)(c->samples[799] - c->samples[0]) / 799;
        const double place = gain > 0.01 ? c->samples[0] / gain : -1;
        tests += c->split == MDG_SPLIT_TEST;
        if (place < 0) continue;
        if (c->split == MDG_SPLIT_TEST)
            assert_true(place > 20500);
        else
            assert_true(place < 20600);
    }
    assert_int_equal(tests, 3);
}

static void bad_recordings_are_skipped(void **state) {
    workshop *w = *state;
    put_tones(w, (const char *[]){"yes/1.wav", "yes/2.wav", "no/1.wav", NULL});
    put_tone(w, "no/short.wav", 19);
    put_tone(w, "no/20ms.wav", 20);
    put_bytes(w, "yes/0.wav", "", 0);
    put_bytes(w, "yes/x.ogg", "OggSxxxxxxxxxxxxxxxx", 20);
    const mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    scan(w, &o, &set);
    assert_int_equal(set.n_clips, 7);
    decode(w, &set);
    assert_int_equal(set.n_clips, 4);
    assert_int_equal(set.n_skipped, 3);
    assert_string_equal(set.skipped[0].path, path_in(w, "no/short.wav"));
    assert_non_null(strstr(set.skipped[0].cause, "too short"));
    for (int i = 0; i < set.n_clips; i++) assert_non_null(set.clips[i].samples);
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    mdg_dataset_print(&set, f);
    fclose(f);
    assert_non_null(strstr(text, "skipped files: 3"));
    assert_non_null(strstr(text, "yes/x.ogg: no audio"));
    free(text);
}

static void a_class_without_a_good_clip_is_an_error(void **state) {
    workshop *w = *state;
    put_tone(w, "yes/1.wav", 100);
    put_bytes(w, "no/0.wav", "", 0);
    const mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    scan(w, &o, &set);
    assert_int_equal(mdg_dataset_decode(&set, NULL, &w->diag), MDG_INVALID);
    assert_says(w, "class 'no'");
    assert_says(w, "no/0.wav");
}

static void long_recordings_are_cut_around_the_loudest(void **state) {
    workshop *w = *state;
    const size_t n = 16000;
    int16_t *x = mdg_arena_array(w->arena, n, sizeof *x);
    memcpy(x + 12000, sine(w, 500, 16000, 1600, 20000), 3200);
    assert_int_equal(mdg_audio_write_wav(path_in(w, "a/1.wav"), x, n, 16000, &w->diag), MDG_OK);
    const mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    scan(w, &o, &set);
    decode(w, &set);
    assert_int_equal(set.clips[0].n_samples, 3200);
    assert_memory_equal(set.clips[0].samples, x + 11200, 6400);
}

static void what_cannot_be_is_refused(void **state) {
    workshop *w = *state;
    mdg_data_opts o = opts_for(w);
    o.path = "/tmp/midge-no-such-folder";
    refuse(w, &o, MDG_NOT_FOUND, "/tmp/midge-no-such-folder");
    o = opts_for(w);
    refuse(w, &o, MDG_INVALID, "no audio files");
    put_tone(w, "yes/a.wav", 100);
    assert_int_equal(mdg_folder_make(mdg_arena_printf(w->arena, "%s/empty", w->folder), &w->diag), MDG_OK);
    refuse(w, &o, MDG_INVALID, "class 'empty'");
    const char *const labels[] = {"yes", "maybe"};
    o.labels = labels, o.n_labels = 2;
    refuse(w, &o, MDG_INVALID, "class 'maybe'");
    o.n_labels = 0, o.unknown = "u";
    refuse(w, &o, MDG_INVALID, "data.labels");
    o = opts_for(w);
    o.pattern = "{group}-*";
    refuse(w, &o, MDG_INVALID, "matches none of its 1 audio files (such as yes/a.wav)");
    o.pattern = NULL, o.background = "/tmp/midge-no-such-folder";
    refuse(w, &o, MDG_NOT_FOUND, "data.background");
    o.background = NULL, o.sample_rate = 0;
    refuse(w, &o, MDG_INVALID, "sample_rate");
}

static bool stop_at_once(void *context, double done, double total, const char *text) {
    (void)context, (void)done, (void)total, (void)text;
    return false;
}

static bool remember(void *context, double done, double total, const char *text) {
    (void)text;
    *(double *)context = done / total;
    return true;
}

static void progress_is_told_and_heard(void **state) {
    workshop *w = *state;
    for (int i = 0; i < 40; i++) put_tone(w, mdg_arena_printf(w->arena, "a/%d.wav", i), 100);
    const mdg_data_opts o = opts_for(w);
    mdg_dataset set;
    double share = 0;
    scan(w, &o, &set);
    assert_int_equal(mdg_dataset_decode(&set, &(mdg_progress){remember, &share}, &w->diag), MDG_OK);
    assert_true(share == 1.0);
    scan(w, &o, &set);
    assert_int_equal(mdg_dataset_decode(&set, &(mdg_progress){stop_at_once, NULL}, &w->diag),
                     MDG_INTERRUPTED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(class_folders),
        TEST(flat_folder),
        TEST(groups_in_class_folders_and_deeper),
        TEST(unknown_gathers_the_rest),
        TEST(silence_is_generated),
        TEST(silence_of_splits_does_not_overlap),
        TEST(bad_recordings_are_skipped),
        TEST(a_class_without_a_good_clip_is_an_error),
        TEST(long_recordings_are_cut_around_the_loudest),
        TEST(what_cannot_be_is_refused),
        TEST(progress_is_told_and_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
