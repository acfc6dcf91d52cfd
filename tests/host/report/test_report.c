/* SPDX-License-Identifier: MIT */
#include <cairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "host/report/example.h"
#include "util/file.h"

typedef struct fixture {
    mdg_arena *arena;
    char folder[64], path[96];
} fixture;

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->arena = mdg_arena_new();
    strcpy(f->folder, "/tmp/midge_report_XXXXXX");
    if (!mkdtemp(f->folder)) return -1;
    snprintf(f->path, sizeof f->path, "%s/report.html", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    unlink(f->path);
    rmdir(f->folder);
    mdg_arena_free(f->arena);
    free(f);
    return 0;
}

static const char *written(fixture *f, const mdg_report *r) {
    mdg_diag diag = {{0}};
    mdg_bytes bytes;
    assert_int_equal(mdg_report_write(r, f->path, &diag), MDG_OK);
    assert_int_equal(mdg_file_read(f->path, f->arena, &bytes, &diag), MDG_OK);
    char *text = mdg_arena_alloc(f->arena, bytes.size + 1);
    memcpy(text, bytes.data, bytes.size);
    return text;
}

static void assert_has(const char *html, const char *part) {
    if (!strstr(html, part)) fail_msg("the report lacks: %s", part);
}

static void assert_lacks(const char *html, const char *part) {
    if (strstr(html, part)) fail_msg("the report should not have: %s", part);
}

static int occurrences(const char *html, const char *part) {
    int n = 0;
    for (const char *p = html; (p = strstr(p, part)); p += strlen(part)) n++;
    return n;
}

static void test_all_sections(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    const char *html = written(f, &r);
    assert_has(html, "int8, Cortex-M4 (emulated)</div>");
    assert_has(html, "88.0 % (440 of 500)");
    assert_has(html, "4.69 M</div>");
    assert_has(html, "12.1 KB</div>");
    assert_has(html, "75 % of the budget of 16.0 KB");
    assert_has(html, "weights 27.4 KB, code 7.29 KB");
    assert_has(html, "the weights of epoch 32 of 40 were kept");
    assert_has(html, "taken for five 73 %");
    assert_has(html, "class=\"bad\">8.1 dB");
    assert_has(html, "Skipped files: 2");
    assert_has(html, "architecture: ds_cnn");
    assert_int_equal(occurrences(html, "<svg"), 4 + EXAMPLE_CLIPS);
    assert_int_equal(occurrences(html, "<section>"), occurrences(html, "</section>"));
}

/* The dearest takes the whole width; what multiplies nothing has no bar of instructions per product. */
static void test_charts_of_costs(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    const char *html = written(f, &r);
    assert_has(html, "about 7.00 M cycles, 70 ms at 100 MHz");
    assert_has(html, "2 CONV_2D</div><div class=\"bar\"><i style=\"width:100.00%\"></i></div>"
                     "<div class=\"size\">2.65 M, 56.5 %</div>");
    assert_has(html, "1 DEPTHWISE_CONV_2D</div><div class=\"bar\"><i style=\"width:100.00%\"></i></div>"
                     "<div class=\"size\">2.05</div>");
    assert_int_equal(occurrences(html, "6 SOFTMAX</div>"), 1);
    assert_int_equal(occurrences(html, "5 FULLY_CONNECTED</div>"), 2);
    assert_has(html, "midge</div><div class=\"bar\"><i style=\"width:50.00%\"></i></div>"
                     "<div class=\"size\">4.69 M</div>");
    assert_int_equal(occurrences(html, "another &lt;engine&gt;</div>"), 4);
    assert_int_equal(occurrences(html, "a third</div>"), 1); /* the rest is not known */
}

static void test_judgement(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    const char *html = written(f, &r);
    assert_has(html, "lies between 85.1 and 90.8 %");
    assert_has(html, "<td>0.910</td></tr>");
    assert_has(html, "<td>88.0 %</td><td></td></tr>"); /* zero: AUC not known */
    assert_has(html, "<td>60 to 70 %</td><td>100</td><td>65.0 %</td><td>50.0 %</td>");
    assert_int_equal(occurrences(html, "<rect "), 2);
    assert_has(html, "L290.0 10.0\"><title>one: AUC 0.910</title>");
    assert_lacks(html, "<title>zero: AUC");
    assert_has(html, "expected calibration error 4.2 %");
    assert_has(html, "george</div><div class=\"bar\"><i style=\"width:60.00%\"></i></div>");
    assert_has(html, "(none)</div>");
    assert_has(html, "<a href=\"../recordings/%3C3%3E_a%20b.wav\">recordings/&lt;3&gt;_a b.wav</a>");
    assert_has(html,
               "<td>zero</td><td class=\"l\">nine</td><td>61.0 %</td><td class=\"l\">&lt;silence&gt;:4</td>");
}

static void test_needs_nothing_else(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    const char *html = written(f, &r);
    assert_lacks(html, "<script");
    assert_lacks(html, "http://");
    assert_lacks(html, "https://");
    assert_lacks(html, "<link");
    assert_lacks(html, "nan");
}

static void test_text_is_escaped(void **state) {
    fixture *f = *state;
    mdg_report r = example_report(f->arena);
    r.title = "<b>\"it's\" & more\x01";
    const char *html = written(f, &r);
    assert_has(html, "<title>&lt;b&gt;&quot;it&#39;s&quot; &amp; more&#xFFFD;</title>");
    assert_has(html, "digits/3/&lt;broken&gt;.wav");
    assert_has(html, "&lt;espeak-ng&gt; &amp; flite");
}

static void test_empty_report_has_no_sections(void **state) {
    fixture *f = *state;
    const mdg_report r = {.title = "nothing yet"};
    const char *html = written(f, &r);
    assert_lacks(html, "<section>");
    assert_lacks(html, "<svg");
    assert_has(html, "</html>");
}

static void test_one_epoch_without_validation(void **state) {
    fixture *f = *state;
    const mdg_report_epoch epoch = {1.5f, 0.4f, NAN, NAN};
    const mdg_report r = {.title = "short", .epochs = &epoch, .n_epochs = 1, .best_epoch = -1};
    const char *html = written(f, &r);
    assert_int_equal(occurrences(html, "<svg"), 2);
    assert_lacks(html, "nan");
    assert_lacks(html, "inf");
}

typedef struct base64_reader {
    const char *at;
    unsigned bits;
    int n_bits;
} base64_reader;

static cairo_status_t read_base64(void *context, unsigned char *data, unsigned length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    base64_reader *r = context;
    for (unsigned i = 0; i < length; i++) {
        while (r->n_bits < 8) {
            const char *digit = strchr(digits, *r->at);
            if (!digit || !*r->at) return CAIRO_STATUS_READ_ERROR;
            r->bits = r->bits << 6 | (unsigned)(digit - digits);
            r->n_bits += 6;
            r->at++;
        }
        r->n_bits -= 8;
        data[i] = (unsigned char)(r->bits >> r->n_bits);
    }
    return CAIRO_STATUS_SUCCESS;
}

/* The picture inside the page is a PNG with a pixel for each value, and the loudest value is its brightest.
 */
static void test_spectrogram_is_a_png_of_the_features(void **state) {
    fixture *f = *state;
    float features[6] = {0.0f, 1.0f, 2.0f, 3.0f, 4.0f, 5.0f};
    const mdg_report_clip clip = {.name = "x",
                                  .label = "a",
                                  .predicted = "a",
                                  .features = features,
                                  .frames = 3,
                                  .width = 2,
                                  .seconds = 1.0f};
    const mdg_report r = {.title = "one clip", .clips = &clip, .n_clips = 1};
    const char *html = written(f, &r), *marker = "data:image/png;base64,";
    base64_reader reader = {.at = strstr(html, marker) + strlen(marker)};
    cairo_surface_t *png = cairo_image_surface_create_from_png_stream(read_base64, &reader);
    assert_int_equal(cairo_surface_status(png), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(png), 3);
    assert_int_equal(cairo_image_surface_get_height(png), 2);
    const uint32_t *top = (const uint32_t *)(void *)cairo_image_surface_get_data(png);
    assert_int_equal(top[2] & 0xffffff, 0xfdf6be);
    assert_true((top[2] >> 8 & 255) > (top[0] >> 8 & 255));
    cairo_surface_destroy(png);
}

/* Two grey scenes side by side, 220 pixels and a gap of 8 each, in the report and as a file; what is right is
 * ringed. */
static void test_scenes_are_drawn_with_their_marks(void **state) {
    fixture *f = *state;
    static const int16_t black[20 * 20];
    const mdg_report_mark mark = {MDG_MARK_RIGHT, "bag", 10, 10};
    const mdg_report_scene scenes[] = {
        {.pixels = black, .h = 20, .w = 20, .channels = 1, .marks = &mark, .n_marks = 1},
        {.pixels = black, .h = 20, .w = 20, .channels = 1}};
    const mdg_report_accuracy f1 = {"F1 of kind and place", "int8", 0.75f, 3, 4};
    const mdg_report r = {
        .title = "t", .accuracies = &f1, .n_accuracies = 1, .scenes = scenes, .n_scenes = 2};
    const char *html = written(f, &r);
    mdg_diag diag;
    assert_has(html, "<h2>Scenes</h2>");
    assert_has(html, "src=\"data:image/png;base64,");
    assert_has(html, "F1 of kind and place");
    assert_int_equal(mdg_report_scenes_save(scenes, 2, f->path, &diag), MDG_OK);
    cairo_surface_t *png = cairo_image_surface_create_from_png(f->path);
    assert_int_equal(cairo_image_surface_get_width(png), 2 * 220 + 8);
    assert_int_equal(cairo_image_surface_get_height(png), 220);
    const uint8_t *row = cairo_image_surface_get_data(png) + 110 * cairo_image_surface_get_stride(png);
    const uint8_t *ring = row + 4 * (110 + 7), *other = row + 4 * (228 + 110 + 7);
    assert_true(ring[1] > 150 && ring[2] < 150);
    assert_int_equal(other[1], 0);
    cairo_surface_destroy(png);
    assert_int_equal(mdg_report_scenes_save(scenes, 2, "/nowhere/scenes.png", &diag), MDG_IO);
}

static void test_same_bytes_again(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    const char *first = written(f, &r);
    assert_string_equal(first, written(f, &r));
}

static void test_unwritable_path(void **state) {
    fixture *f = *state;
    const mdg_report r = example_report(f->arena);
    mdg_diag diag = {{0}};
    char path[160];
    snprintf(path, sizeof path, "%s/missing/report.html", f->folder);
    assert_int_equal(mdg_report_write(&r, path, &diag), MDG_IO);
    assert_non_null(strstr(diag.text, "missing/report.html"));
    assert_false(mdg_file_exists(path));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_charts_of_costs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_judgement, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_needs_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text_is_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_empty_report_has_no_sections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_epoch_without_validation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_spectrogram_is_a_png_of_the_features, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scenes_are_drawn_with_their_marks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_bytes_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unwritable_path, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
