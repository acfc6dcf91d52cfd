/* SPDX-License-Identifier: MIT
 *
 * Pictures with several objects: the table that tells of them, what is wrong with it, and where variations of
 * a picture put them.
 */
#include "workshop.h"

#include "data/augment.h"

enum { SIDE = 20 };

/* A grey PGM, all black. */
static void put_scene(workshop *w, const char *name, int h, int width) {
    uint8_t file[1 << 12] = {0};
    const size_t head = (size_t)snprintf((char *)file, sizeof file, "P5\n%d %d\n255\n", width, h);
    put_bytes(w, name, file, head + (size_t)(h * width));
}

static void put_table(workshop *w, const char *text) {
    put_bytes(w, "objects.csv", text, strlen(text));
}

static mdg_data_opts opts_of(const workshop *w) {
    return (mdg_data_opts){.kind = MDG_DATA_IMAGES,
                           .path = w->folder,
                           .objects = "objects.csv",
                           .grey = true,
                           .sample_rate = 1,
                           .clip_ms = 1000};
}

static void put_pictures(workshop *w) {
    put_scene(w, "a/1.pgm", 20, 40);
    put_scene(w, "a/2.pgm", 20, 40);
    put_scene(w, "b/1.pgm", 40, 80);
}

static const mdg_clip *clip_of(const mdg_dataset *set, const char *end) {
    for (int i = 0; i < set->n_clips; i++)
        if (strcmp(set->clips[i].path + strlen(set->clips[i].path) - strlen(end), end) == 0)
            return &set->clips[i];
    fail_msg("no clip %s", end);
    return NULL;
}

static void a_table_tells_of_pictures(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    const mdg_data_opts o = opts_of(w);
    put_pictures(w);
    put_scene(w, "a/unnamed.pgm", 20, 40);
    put_table(w, "path,label,x,y,w\n"
                 "b/1.pgm,shoe,20,30,7\n"
                 "a/1.pgm,bag,10,5,\n"
                 "a/2.pgm,,,\n"
                 "a/1.pgm,shoe,30.5,19.5,9\n");
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_decode(&set, NULL, &w->diag), MDG_OK);
    assert_int_equal(set.n_clips, 3);
    assert_int_equal(set.n_labels, 3);
    assert_string_equal(set.labels[0], MDG_DATA_NO_OBJECT);
    assert_string_equal(set.labels[1], "bag");
    const mdg_clip *c = clip_of(&set, "a/1.pgm");
    assert_int_equal(c->n_objects, 2);
    assert_string_equal(c->group, "a");
    assert_int_equal(c->objects[0].label, 1);
    assert_float_equal(c->objects[0].x, 0.25, 1e-6f);
    assert_float_equal(c->objects[0].y, 0.25, 1e-6f);
    assert_float_equal(c->objects[1].y, 0.975, 1e-6f);
    assert_true(mdg_clip_holds(c, 2));
    assert_int_equal(clip_of(&set, "a/2.pgm")->n_objects, 0);
    assert_int_equal(clip_of(&set, "a/2.pgm")->label, 0);
    /* scaled to the first picture's size; shares stay */
    assert_float_equal(clip_of(&set, "b/1.pgm")->objects[0].x, 0.25, 1e-6f);
}

static void what_is_wrong_with_a_picture_leaves_it_out(void **state) {
    workshop *w = *state;
    mdg_dataset set;
    const mdg_data_opts o = opts_of(w);
    put_pictures(w);
    put_table(w, "path,label,x,y\na/1.pgm,bag,10,5\na/2.pgm,bag,41,5\na/3.pgm,bag,1,1\n");
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), MDG_OK);
    assert_int_equal(mdg_dataset_decode(&set, NULL, &w->diag), MDG_OK);
    assert_int_equal(set.n_clips, 1);
    assert_int_equal(set.n_skipped, 2);
    assert_string_equal(set.skipped[0].cause, "'bag' at 41, 5 lies outside of its 40 x 20 pixels");
    assert_non_null(strstr(set.skipped[1].cause, "No such file"));
}

static void refuse(workshop *w, const char *table, mdg_status wanted, const char *cause) {
    static const char *const labels[] = {"bag", "shoe"};
    mdg_dataset set;
    mdg_data_opts o = opts_of(w);
    o.labels = labels;
    o.n_labels = 2;
    if (table) put_table(w, table);
    assert_int_equal(mdg_dataset_scan(&o, w->arena, &set, &w->diag), wanted);
    assert_says(w, cause);
}

static void what_is_wrong_with_the_table_is_named(void **state) {
    workshop *w = *state;
    put_pictures(w);
    refuse(w, NULL, MDG_NOT_FOUND, "objects.csv: No such file");
    refuse(w, "path,label,x\na/1.pgm,bag,1\n", MDG_INVALID, "there is no column 'y'");
    refuse(w, "path,label,x,y\na/1.pgm,bag,1,1\na/1.pgm,bga,1,1\n", MDG_INVALID,
           "line 3: label 'bga' is none of data.labels");
    refuse(w, "path,label,x,y\na/1.pgm,bag,1,left\n", MDG_INVALID, "line 2: 'left' is no number of pixels");
    refuse(w, "path,label,x,y\na/1.pgm,bag,nan,1\n", MDG_INVALID, "line 2: 'nan' is no number of pixels");
    refuse(w, "path,label,x,y\n,bag,1,1\n", MDG_INVALID, "line 2: its path is empty");
    refuse(w, "path,label,x,y\na/1.pgm,background,1,1\n", MDG_INVALID, "stands for where there is no object");
    refuse(w, "path,label,x,y\n", MDG_INVALID, "it names no picture");
}

/* A white dot on black, varied: where it went is where its object is said to be. */
static void objects_go_with_the_picture(void **state) {
    workshop *w = *state;
    const mdg_data_opts data = {.kind = MDG_DATA_IMAGES};
    const mdg_dataset set = {
        .arena = w->arena, .opts = &data, .channels = 1, .image_h = SIDE, .image_w = SIDE};
    const mdg_augment_opts o = {.image = {.flip = 0.5f, .shift = 0.2f, .zoom = 0.2f, .rotate_deg = 30}};
    int16_t pixels[SIDE * SIDE] = {0}, varied[SIDE * SIDE];
    mdg_object object = {.label = 1, .x = 7.5f / SIDE, .y = 11.5f / SIDE}, moved;
    pixels[11 * SIDE + 7] = 10000;
    const mdg_clip clip = {.samples = pixels, .n_samples = SIDE * SIDE, .objects = &object, .n_objects = 1};
    for (uint64_t seed = 1; seed < 40; seed++) {
        mdg_rng r = mdg_rng_of(seed, 0);
        mdg_augment_objects(&set, &clip, &o, &r, &moved);
        mdg_augment_clip(&set, &clip, &o, &r, varied, SIDE * SIDE);
        float sum = 0, x = 0, y = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            sum += (float)varied[i];
            x += (float)varied[i] * ((float)(i % SIDE) + 0.5f);
            y += (float)varied[i] * ((float)(i / SIDE) + 0.5f);
        }
        assert_true(sum > 0);
        assert_float_equal(moved.x * SIDE, x / sum, 0.5f);
        assert_float_equal(moved.y * SIDE, y / sum, 0.5f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)
        TEST(a_table_tells_of_pictures),
        TEST(what_is_wrong_with_a_picture_leaves_it_out),
        TEST(what_is_wrong_with_the_table_is_named),
        TEST(objects_go_with_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
