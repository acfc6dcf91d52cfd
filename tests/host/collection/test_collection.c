/* SPDX-License-Identifier: MIT */
#include "host/data/workshop.h"

#include "data/csv.h"
#include "collection/draw.h"
#include "collection/measure.h"
#include "collection/stats.h"
#include "collection/trim.h"
#include "data/audio.h"

static void assert_near(double a, double b, double distance) {
    if (!(fabs(a - b) <= distance)) fail_msg("%.9g is not %.9g", a, b);
}

static void measures_a_sine(void **state) {
    workshop *w = *state;
    mdg_measured m;
    put_tone(w, "tone.wav", 500);
    mdg_audio_be_quiet();
    assert_int_equal(mdg_measure_content(path_in(w, "tone.wav"), MDG_DATA_AUDIO, 0, &m, &w->diag), MDG_OK);
    assert_int_equal(m.samples, 8000);
    assert_int_equal(m.rate, 16000);
    assert_int_equal(m.channels, 1);
    assert_int_equal(m.clipped, 0);
    assert_near(m.peak, 10000.0 / 32768, 1e-4);
    assert_near(m.rms, m.peak / sqrt(2), 1e-3);
    assert_near(m.deviation, m.rms, 1e-3);
    assert_near(mdg_decibels(0.1), -20, 1e-9);
    assert_near(mdg_decibels(0), -120, 1e-9);
}

/* Tables: a constant column has no deviation whatever its value; rates come from the caller. */
static void measures_a_table(void **state) {
    workshop *w = *state;
    mdg_measured m;
    put_bytes(w, "rows.csv", "x,y\n5,7\n5,7\n5,7\n", 16);
    assert_int_equal(mdg_measure_content(path_in(w, "rows.csv"), MDG_DATA_SERIES, 50, &m, &w->diag), MDG_OK);
    assert_int_equal(m.samples, 3);
    assert_int_equal(m.channels, 2);
    assert_int_equal(m.rate, 50);
    assert_near(m.peak, 7, 0);
    assert_near(m.deviation, 0, 0);
}

static void csv_cells_may_be_quoted(void **state) {
    workshop *w = *state;
    static const char text[] = "path,label\n\"a,b\"\"c\",yes\r\n\nplain,\n";
    mdg_csv csv;
    put_bytes(w, "t.csv", text, sizeof text - 1);
    assert_int_equal(mdg_csv_open(&csv, path_in(w, "t.csv"), &w->diag), MDG_OK);
    assert_int_equal(mdg_csv_column(&csv, "label"), 1);
    assert_int_equal(mdg_csv_column(&csv, "nothing"), -1);
    assert_true(mdg_csv_next(&csv));
    assert_string_equal(mdg_csv_cell(&csv, 0), "a,b\"c");
    assert_string_equal(mdg_csv_cell(&csv, 1), "yes");
    assert_string_equal(mdg_csv_cell(&csv, 7), "");
    assert_true(mdg_csv_next(&csv));
    assert_int_equal(csv.line, 4);
    assert_int_equal(csv.n_cells, 2);
    assert_string_equal(mdg_csv_cell(&csv, 1), "");
    assert_false(mdg_csv_next(&csv));
    mdg_csv_close(&csv);
}

static void csv_put_and_read_agree(void **state) {
    workshop *w = *state;
    static const char *const cells[] = {"plain", "with, comma", "with \"quotes\"", ""};
    mdg_csv csv;
    FILE *f = fopen(path_in(w, "t.csv"), "w");
    for (int i = 0; i < 4; i++) {
        if (i) fputc(',', f);
        mdg_csv_put(f, cells[i]);
    }
    fclose(f);
    assert_int_equal(mdg_csv_open(&csv, path_in(w, "t.csv"), &w->diag), MDG_OK);
    assert_int_equal(csv.n_names, 4);
    for (int i = 0; i < 4; i++) assert_string_equal(csv.names[i], cells[i]);
    mdg_csv_close(&csv);
}

/* 1 s with a tone from 400 to 600 ms at 8 kHz, over noise 60 dB below it. */
static void trim_keeps_the_tone(void **state) {
    workshop *w = *state;
    mdg_series s = {.n = 8000, .channels = 1, .values = mdg_arena_array(w->arena, 8000, sizeof(float))};
    for (size_t i = 0; i < s.n; i++) {
        const bool is_tone = i >= 3200 && i < 4800;
        s.values[i] = (is_tone ? 0.5f : 0.0005f) * (i % 2 ? 1.0f : -1.0f);
    }
    assert_int_equal(mdg_trim(&s, 8000, 40, 0, &w->diag), MDG_OK);
    assert_int_equal(s.n, 1600);
    assert_near((double)s.values[1], 0.5, 0);
    assert_int_equal(mdg_trim(&s, 8000, 40, 100, &w->diag), MDG_OK); /* no more than there is */
    assert_int_equal(s.n, 1600);
    memset(s.values, 0, s.n * sizeof *s.values);
    assert_int_equal(mdg_trim(&s, 8000, 40, 0, &w->diag), MDG_INVALID);
}

/* The loudest band of a tone is that of its frequency. */
static void spectrogram_finds_a_tone(void **state) {
    workshop *w = *state;
    enum { BANDS = 32, COLUMNS = 10 };
    mdg_series s = {.n = 16000, .channels = 1, .values = mdg_arena_array(w->arena, 16000, sizeof(float))};
    for (size_t i = 0; i < s.n; i++) s.values[i] = (float)sin(6.283185307179586 * 3125 * (double)i / 16000);
    const float *db = mdg_draw_spectrogram(&s, 0, 16000, COLUMNS, BANDS, w->arena);
    assert_non_null(db);
    for (int c = 0; c < COLUMNS; c++)
        for (int b = 0; b < BANDS; b++) /* 250 Hz a band, so 3125 Hz is in the middle of band 12 */
            if (b != 12) assert_true(db[c * BANDS + b] < db[c * BANDS + 12] - 10);
    s.n = 20;
    assert_null(mdg_draw_spectrogram(&s, 0, 16000, COLUMNS, BANDS, w->arena));
}

static mdg_status count_row(void *context, const mdg_index_row *row) {
    int *n = context;
    assert_string_equal(row->cause, "");
    ++*n;
    return MDG_OK;
}

/* What the user stops keeps what was measured, and the next run goes on from there. */
static bool stop_after_three(void *context, double done, double total, const char *text) {
    int *calls = context;
    (void)done, (void)total;
    return strcmp(text, "measuring files") != 0 || ++*calls < 3;
}

static void an_interrupted_index_goes_on(void **state) {
    workshop *w = *state;
    char name[40];
    int calls = 0, rows = 0;
    mdg_index *index;
    mdg_stats stats;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "%s/%d.wav", i % 2 ? "yes" : "no", i);
        put_tone(w, name, 100 + i);
    }
    const mdg_index_opts opts = {.folder = w->folder, .kind = MDG_INDEX_ANY_KIND};
    const mdg_progress progress = {.report = stop_after_three, .context = &calls};
    assert_int_equal(mdg_index_open(&opts, w->arena, &index, &w->diag), MDG_OK);
    assert_int_equal(mdg_index_refresh(index, &progress, &w->diag), MDG_INTERRUPTED);
    assert_says(w, "of 40 files were measured and are kept");
    const int64_t before = mdg_index_n_measured(index);
    assert_true(before >= 3);
    assert_int_equal(mdg_index_refresh(index, NULL, &w->diag), MDG_OK);
    assert_int_equal(before + mdg_index_n_measured(index), 40);
    assert_int_equal(mdg_index_rows(index, &(mdg_index_filter){.label = "yes"}, count_row, &rows, &w->diag),
                     MDG_OK);
    assert_int_equal(rows, 20);
    assert_int_equal(mdg_stats_of(index, w->arena, &stats, &w->diag), MDG_OK);
    assert_int_equal(stats.n_labels, 2);
    assert_near(stats.labels[0].median, 0.119, 1e-9); /* 100, 102, ..., 138 ms */
    assert_near(stats.labels[0].shortest, 0.1, 1e-9);
    assert_near(stats.labels[0].longest, 0.138, 1e-9);
    mdg_index_close(index);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, workshop_open, workshop_close)
    const struct CMUnitTest tests[] = {
        TEST(measures_a_sine),
        TEST(measures_a_table),
        TEST(csv_cells_may_be_quoted),
        TEST(csv_put_and_read_agree),
        TEST(trim_keeps_the_tone),
        TEST(spectrogram_finds_a_tone),
        TEST(an_interrupted_index_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
