/* SPDX-License-Identifier: MIT
 *
 * Recordings of sensors: tables and WAV files to windows of int16, and what is wrong with them.
 */
#include "workshop.h"

#include "data/series.h"

static mdg_series read_text(workshop *w, const char *text, const mdg_data_opts *o, mdg_status expected) {
    mdg_series s;
    put_bytes(w, "x.csv", text, strlen(text));
    const mdg_status status = mdg_series_read(path_in(w, "x.csv"), o, w->arena, &s, &w->diag);
    if (status != expected) fail_msg("status %d: %s", status, w->diag.text);
    return s;
}

static void assert_values(const mdg_series *s, int channels, size_t n, const float *expected) {
    assert_int_equal(s->channels, channels);
    assert_int_equal(s->n, n);
    assert_memory_equal(s->values, expected, n * (size_t)channels * sizeof *expected);
}

static void tables_are_read_in_all_their_forms(void **state) {
    workshop *w = *state;
    const mdg_data_opts all = {.kind = MDG_DATA_SERIES};
    const float rows[] = {1, -2.5f, 3, 4e2f};
    static const char *const texts[] = {
        "ax,ay\n1,-2.5\n3,400\n",
        "1;-2.5\r\n3;4e2",
        "time\tax\tay\n0\t1\t-2.5\n10\t3\t400\n\n",
        "  1   -2.5\n  3  400\n",
        "ax, ay\n1 , -2.5\n3, 400 \n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const mdg_series s = read_text(w, texts[i], &all, MDG_OK);
        assert_values(&s, 2, 2, rows);
    }
}

static void columns_are_chosen_by_name(void **state) {
    workshop *w = *state;
    const char *const wanted[] = {"z", "x"};
    const mdg_data_opts o = {.columns = wanted, .n_columns = 2};
    const float rows[] = {3, 1, 6, 4};
    const mdg_series s = read_text(w, "x,y,z\n1,2,3\n4,5,6\n", &o, MDG_OK);
    assert_values(&s, 2, 2, rows);
    assert_string_equal(s.names[0], "z");
    read_text(w, "x,y\n1,2\n", &o, MDG_INVALID);
    assert_says(w, "no column 'z'");
}

static void damaged_tables_are_refused_with_their_line(void **state) {
    workshop *w = *state;
    const mdg_data_opts o = {0};
    read_text(w, "x,y\n1,2\n3\n", &o, MDG_INVALID);
    assert_says(w, "line 3: 1 values where the first line has 2");
    read_text(w, "x,y\n1,2\n\n3,nan\n", &o, MDG_INVALID);
    assert_says(w, "line 4: 'nan' is no number");
    read_text(w, "x,y\n1,\n", &o, MDG_INVALID);
    assert_says(w, "line 2");
    read_text(w, "x,y\n", &o, MDG_INVALID);
    assert_says(w, "no rows");
    read_text(w, "", &o, MDG_INVALID);
    read_text(w, "time\n1\n", &o, MDG_INVALID);
    assert_says(w, "no column of values");
}

/* A class of one recording of n rows, which count up. */
static void put_ramp(workshop *w, const char *name, int n) {
    char text[1 << 14];
    size_t used = (size_t)snprintf(text, sizeof text, "a,b\n");
    for (int i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%d,%g\n", i, 0.001 * i);
    put_bytes(w, name, text, used);
}

static mdg_data_opts ramp_opts(workshop *w) {
    put_ramp(w, "up/1.csv", 1000);
    put_ramp(w, "down/1.csv", 990);
    put_ramp(w, "down/2.csv", 40);
    return (mdg_data_opts){
        .kind = MDG_DATA_SERIES, .path = w->folder, .sample_rate = 100, .clip_ms = 500, .step_ms = 250};
}

static void recordings_are_cut_to_windows(void **state) {
    workshop *w = *state;
    const mdg_data_opts o = ramp_opts(w);
    mdg_dataset set;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(set.channels, 2);
    assert_int_equal(set.n_clips, 38 + 1 + 39);
    assert_true(set.full_scale[0] == 1024.0f && set.full_scale[1] == 1.0f);
    const mdg_clip *c = &set.clips[38 + 1 + 2]; /* up: after down/1 and down/2 */
    assert_int_equal(c->start, 50);
    assert_int_equal(c->n_samples, 50);
    assert_int_equal(c->samples[0], lrint(50 * 32767.0 / 1024));
    assert_int_equal(c->samples[1], lrint(0.05 * 32767));
    assert_int_equal(set.clips[38].n_samples, 40); /* shorter than a window */
}

static void the_end_of_each_recording_is_the_test(void **state) {
    workshop *w = *state;
    const mdg_data_opts o = ramp_opts(w);
    const mdg_split_opts split = {.by = "time", .validation = 0.2f, .test = 0.3f};
    mdg_dataset set;
    int n[MDG_SPLIT_COUNT] = {0};
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_split(&set, &split, &w->diag), MDG_OK);
    for (int i = 0; i < set.n_clips; i++) {
        const mdg_clip *c = &set.clips[i];
        n[c->split]++;
        for (int k = 0; k < i; k++) {
            const mdg_clip *d = &set.clips[k];
            if (c->split == d->split || strcmp(c->path, d->path) != 0) continue;
            assert_true(c->start >= d->start + d->n_samples + 50); /* half a window on each side */
            assert_true(c->split > d->split);
        }
    }
    assert_true(n[MDG_SPLIT_TRAIN] > 30 && n[MDG_SPLIT_VALIDATION] >= 8 && n[MDG_SPLIT_TEST] >= 18);
}

static void unreadable_recordings_are_skipped(void **state) {
    workshop *w = *state;
    const mdg_data_opts o = ramp_opts(w);
    mdg_dataset set;
    put_bytes(w, "up/2.csv", "a,b\n1,x\n", 8);
    put_bytes(w, "up/3.csv", "a,b,c\n1,2,3\n", 12);
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(set.n_skipped, 2);
    assert_non_null(strstr(set.skipped[0].cause, "line 2: 'x' is no number"));
    assert_non_null(strstr(set.skipped[1].cause, "3 columns, other files have 2"));
}

static void full_scale_is_taken_or_refused(void **state) {
    workshop *w = *state;
    mdg_data_opts o = ramp_opts(w);
    const char *const scales[] = {"2000", "-1", "4"};
    mdg_dataset set;
    o.full_scale = scales, o.n_full_scale = 1;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_true(set.full_scale[1] == 2000.0f);
    o.n_full_scale = 2;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "'-1' is no positive number");
    o.n_full_scale = 3;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "3 numbers for 2 columns");
}

static void wav_files_have_their_rate(void **state) {
    workshop *w = *state;
    mdg_series s;
    mdg_data_opts o = {.sample_rate = 16000};
    put_tone(w, "tone.wav", 100);
    assert_int_equal(mdg_series_read(path_in(w, "tone.wav"), &o, w->arena, &s, &w->diag), MDG_OK);
    assert_int_equal(s.n, 1600);
    assert_true(fabsf(s.values[9] - 10000.0f / 32768 * sinf(6.2831853f * 440 * 9 / 16000)) < 1e-4f);
    o.sample_rate = 12000;
    assert_int_equal(mdg_series_read(path_in(w, "tone.wav"), &o, w->arena, &s, &w->diag), MDG_INVALID);
    assert_says(w, "its rate is 16000 Hz, data.sample_rate 12000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)
        TEST(tables_are_read_in_all_their_forms),
        TEST(columns_are_chosen_by_name),
        TEST(damaged_tables_are_refused_with_their_line),
        TEST(recordings_are_cut_to_windows),
        TEST(the_end_of_each_recording_is_the_test),
        TEST(unreadable_recordings_are_skipped),
        TEST(full_scale_is_taken_or_refused),
        TEST(wav_files_have_their_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
