/* SPDX-License-Identifier: MIT
 *
 * Real recordings in ../shared/data: spoken digits (WAV, flat folder), wake words (FLAC), sounds (Ogg).
 */
#include "workshop.h"

#include <time.h>

static void load(workshop *w, const mdg_data_opts *o, mdg_dataset *set) {
    mdg_status status = mdg_dataset_scan(o, w->arena, set, &w->diag);
    if (status == MDG_OK) status = mdg_dataset_split(set, &o->split, &w->diag);
    if (status == MDG_OK) status = mdg_dataset_decode(set, NULL, &w->diag);
    if (status != MDG_OK) fail_msg("%s", w->diag.text);
    assert_int_equal(set->n_skipped, 0);
}

static uint64_t hash(const mdg_dataset *set) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (int i = 0; i < set->n_clips; i++)
        for (size_t k = 0; k < set->clips[i].n_samples; k++)
            h = (h ^ (uint16_t)set->clips[i].samples[k]) * 1099511628211u;
    return h;
}

static void digits_leave_one_speaker_out(void **state) {
    workshop *w = *state;
    const char *const speakers[] = {"george", "jackson", "lucas", "nicolas"};
    mdg_data_opts o = {.path = shared_folder(w, "fsdd"),
                       .pattern = "{label}_{group}_*.wav",
                       .sample_rate = 8000,
                       .clip_ms = 1000};
    if (!o.path) skip();
    for (int s = 0; s < 4; s++) {
        mdg_dataset set;
        o.split = (mdg_split_opts){.validation = 0.1f, .test_groups = &speakers[s], .n_test_groups = 1};
        const clock_t start = clock();
        load(w, &o, &set);
        assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 20);
        assert_int_equal(set.n_clips, 2000);
        assert_int_equal(set.n_labels, 10);
        int tests = 0;
        for (int i = 0; i < set.n_clips; i++) {
            const bool test = set.clips[i].split == MDG_SPLIT_TEST;
            assert_true(test == (strcmp(set.clips[i].group, speakers[s]) == 0));
            tests += test;
        }
        assert_int_equal(tests, 500);
    }
}

static void same_bytes_every_time(void **state) {
    workshop *w = *state;
    mdg_data_opts o = {.path = shared_folder(w, "fsdd"),
                       .pattern = "{label}_{group}_*.wav",
                       .sample_rate = 16000,
                       .clip_ms = 1000};
    mdg_dataset a, b;
    if (!o.path) skip();
    load(w, &o, &a);
    load(w, &o, &b);
    assert_true(hash(&a) == hash(&b));
}

static void wake_words_in_flac(void **state) {
    workshop *w = *state;
    mdg_data_opts o = {
        .path = shared_folder(w, "wakeword"), .sample_rate = 16000, .clip_ms = 1500, .split = {.test = 0.2f}};
    mdg_dataset set;
    if (!o.path) skip();
    load(w, &o, &set);
    assert_int_equal(set.n_clips, 329 + 411 + 384);
    assert_string_equal(set.labels[2], "jarvis");
}

static void sounds_in_ogg(void **state) {
    workshop *w = *state;
    mdg_data_opts o = {.path = shared_folder(w, "esc10"),
                       .pattern = "{group}-*",
                       .sample_rate = 16000,
                       .clip_ms = 5000,
                       .split = {.by = "group", .test = 0.33f}};
    mdg_dataset set;
    if (!o.path) skip();
    load(w, &o, &set);
    assert_int_equal(set.n_clips, 240);
    assert_int_equal(set.n_labels, 10);
    for (int i = 0; i < set.n_clips; i++) assert_in_range(set.clips[i].n_samples, 79000, 120000);
}

/* A compressed file with a damaged middle is refused, not played as noise. */
static void damage(workshop *w, const char *source, const char *name) {
    mdg_bytes b;
    int16_t *x;
    size_t n;
    assert_int_equal(mdg_file_read(source, w->arena, &b, &w->diag), MDG_OK);
    for (size_t i = b.size / 2; i < b.size / 2 + 64; i++) b.data[i] ^= 0x5a;
    put_bytes(w, name, b.data, b.size);
    assert_int_equal(mdg_audio_decode(path_in(w, name), 16000, w->arena, &x, &n, &w->diag), MDG_INVALID);
    assert_says(w, "damaged");
}

static void cut(workshop *w, const char *source, const char *name) {
    mdg_bytes b;
    int16_t *x;
    size_t n;
    assert_int_equal(mdg_file_read(source, w->arena, &b, &w->diag), MDG_OK);
    put_bytes(w, name, b.data, b.size / 2);
    assert_int_equal(mdg_audio_decode(path_in(w, name), 16000, w->arena, &x, &n, &w->diag), MDG_INVALID);
    assert_says(w, "damaged");
}

static void damaged_files_are_refused(void **state) {
    workshop *w = *state;
    const char *flac = shared_folder(w, "wakeword/alexa/0.flac"),
               *ogg = shared_folder(w, "esc10/rain/1-17367-A.ogg");
    if (!flac || !ogg) skip();
    damage(w, flac, "damaged.flac");
    damage(w, ogg, "damaged.ogg");
    cut(w, flac, "cut.flac");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const char *shared = getenv("MIDGE_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/data", shared ? shared : "../shared");
    if (!mdg_file_exists(path)) {
        puts("skipped: no recordings in ../shared/data");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        TEST(digits_leave_one_speaker_out), TEST(same_bytes_every_time),
        TEST(wake_words_in_flac),           TEST(sounds_in_ogg),
        TEST(damaged_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
