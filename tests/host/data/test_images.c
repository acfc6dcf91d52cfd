/* SPDX-License-Identifier: MIT
 *
 * Pictures from files and from IDX.
 */
#include "workshop.h"

#include "data/images.h"

enum { SIDE = 4 };

/* A binary PPM of one colour. */
static void put_picture(workshop *w, const char *name, int h, int width, const uint8_t *rgb) {
    uint8_t file[1 << 12];
    size_t used = (size_t)snprintf((char *)file, sizeof file, "P6\n%d %d\n255\n", width, h);
    for (int i = 0; i < h * width; i++, used += 3) memcpy(file + used, rgb, 3);
    put_bytes(w, name, file, used);
}

static void files_are_scaled_to_one_size(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    put_picture(w, "red/1.ppm", 8, 12, (uint8_t[]){200, 10, 10});
    put_picture(w, "red/2.ppm", 16, 24, (uint8_t[]){180, 0, 20});
    put_picture(w, "blue/1.ppm", 8, 12, (uint8_t[]){0, 0, 250});
    put_bytes(w, "blue/2.ppm", "no picture", 10);
    const mdg_data_opts o = {.kind = MDG_DATA_IMAGES,
                             .path = w->folder,
                             .sample_rate = 1,
                             .clip_ms = 1000,
                             .image_h = 4,
                             .image_w = 6};
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_decode(&set, NULL, &w->diag), MDG_OK);
    assert_int_equal(set.n_clips, 3);
    assert_int_equal(set.n_skipped, 1);
    assert_int_equal(set.channels, 3);
    assert_int_equal(mdg_dataset_window(&set), 24);
    const int16_t *pixel = set.clips[2].samples + 23 * 3; /* red/2, its last pixel */
    assert_in_range(pixel[0], 178, 182);
    assert_in_range(pixel[2], 18, 22);
}

/* n pictures of SIDE x SIDE, all pixels of picture i being i, of class i % 3. */
static void put_idx(workshop *w, const char *prefix, int n, int promised, int labels) {
    uint8_t images[16 + 64 * SIDE * SIDE] = {0, 0, 8, 3,    0, 0, 0, (uint8_t)promised,
                                             0, 0, 0, SIDE, 0, 0, 0, SIDE};
    uint8_t classes[8 + 64] = {0, 0, 8, 1, 0, 0, 0, (uint8_t)labels};
    for (int i = 0; i < n; i++) {
        memset(images + 16 + i * SIDE * SIDE, i, SIDE * SIDE);
        classes[8 + i] = (uint8_t)(i % 3);
    }
    put_bytes(w, mdg_arena_printf(w->arena, "%s-images-idx3-ubyte", prefix), images,
              16 + (size_t)n * SIDE * SIDE);
    put_bytes(w, mdg_arena_printf(w->arena, "%s-labels-idx1-ubyte", prefix), classes, 8 + (size_t)labels);
}

static mdg_data_opts idx_opts(const workshop *w) {
    return (mdg_data_opts){.kind = MDG_DATA_IMAGES, .path = w->folder, .sample_rate = 1, .clip_ms = 1000};
}

static void idx_files_are_split_by_their_names(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    put_idx(w, "train", 30, 30, 30);
    put_idx(w, "t10k", 9, 9, 9);
    const mdg_data_opts o = idx_opts(w);
    const char *const test[] = {"t10k"};
    const mdg_split_opts split = {.test_groups = test, .n_test_groups = 1, .validation = 0.2f};
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_split(&set, &split, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_decode(&set, NULL, &w->diag), MDG_OK);
    assert_int_equal(set.n_clips, 39);
    assert_int_equal(set.n_labels, 3);
    assert_int_equal(set.image_h, SIDE);
    for (int i = 0; i < set.n_clips; i++) {
        const mdg_clip *c = &set.clips[i];
        assert_int_equal(c->split == MDG_SPLIT_TEST, strcmp(c->group, "t10k") == 0);
        assert_int_equal(c->samples[SIDE * SIDE - 1], c->start);
        assert_int_equal(c->label, c->start % 3);
    }
}

/* Classes 0 and 2 of one name are one class. */
static void idx_classes_can_have_names(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    static const char *const names[] = {"top", "shoe", "top"};
    mdg_data_opts o = idx_opts(w);
    put_idx(w, "train", 9, 9, 9);
    o.names = names;
    o.n_names = 3;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(set.n_labels, 2);
    assert_string_equal(set.labels[1], "shoe");
    for (int i = 0; i < 9; i++) assert_int_equal(set.clips[i].label, i % 3 == 1);
    o.n_names = 2;
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "data.names: 2 names, but there is a class 2");
}

static void headers_that_lie_are_refused(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    const mdg_data_opts o = idx_opts(w);
    put_idx(w, "train", 30, 31, 30);
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "its header promises 496 bytes, 480 are there");
    put_idx(w, "train", 30, 30, 29);
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "30 pictures, but 29 labels");
    put_bytes(w, "train-images-idx3-ubyte", "\0\0\x0d\3", 4);
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_INVALID);
    assert_says(w, "no IDX file of uint8 with 3 dimensions");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)
        TEST(files_are_scaled_to_one_size),
        TEST(idx_files_are_split_by_their_names),
        TEST(idx_classes_can_have_names),
        TEST(headers_that_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
