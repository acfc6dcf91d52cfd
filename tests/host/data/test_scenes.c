/* SPDX-License-Identifier: MIT
 *
 * Scenes composed of clips: the same for the same seed, of one split, with objects where they are said to be.
 */
#include "workshop.h"

#include "data/scenes.h"

enum { SIDE = 8, CLIPS = 6, H = 40, W = 48, MOST = 4, SCENES = 50 };

static const mdg_scene_opts opts = {
    .h = H, .w = W, .most = MOST, .least_scale = 0.8f, .most_scale = 1.3f, .seed = 3};

typedef struct scene_of {
    uint8_t pixels[H * W];
    mdg_object objects[MOST];
    float sides[2 * MOST];
    mdg_scene scene;
} scene_of;

/* Clips of training have classes 0 and 1, those of the test 2; all are as bright as can be. */
static mdg_dataset set_of(workshop *w) {
    mdg_dataset set = {.arena = w->arena, .channels = 1, .image_h = SIDE, .image_w = SIDE, .n_clips = CLIPS};
    set.clips = mdg_arena_array(w->arena, CLIPS, sizeof *set.clips);
    for (int i = 0; i < CLIPS; i++) {
        const bool test = i >= 4;
        int16_t *samples = mdg_arena_array(w->arena, SIDE * SIDE, sizeof *samples);
        for (int k = 0; k < SIDE * SIDE; k++) samples[k] = 255;
        set.clips[i] = (mdg_clip){.label = test ? 2 : i % 2,
                                  .split = test ? MDG_SPLIT_TEST : MDG_SPLIT_TRAIN,
                                  .samples = samples,
                                  .n_samples = SIDE * SIDE};
    }
    return set;
}

static void compose(const mdg_dataset *set, mdg_split split, const mdg_scene_opts *o, int number,
                    scene_of *s) {
    s->scene = (mdg_scene){s->pixels, s->objects, s->sides, 0};
    mdg_scene_compose(set, split, o, number, &s->scene);
}

static void the_same_seed_gives_the_same_scene(void **state) {
    const mdg_dataset set = set_of(*state);
    scene_of a, b;
    mdg_scene_opts other = opts;
    other.seed = 4;
    compose(&set, MDG_SPLIT_TRAIN, &opts, 7, &a);
    compose(&set, MDG_SPLIT_TRAIN, &opts, 7, &b);
    assert_memory_equal(a.pixels, b.pixels, sizeof a.pixels);
    assert_int_equal(a.scene.n_objects, b.scene.n_objects);
    compose(&set, MDG_SPLIT_TRAIN, &opts, 8, &b);
    assert_memory_not_equal(a.pixels, b.pixels, sizeof a.pixels);
    compose(&set, MDG_SPLIT_TRAIN, &other, 7, &b);
    assert_memory_not_equal(a.pixels, b.pixels, sizeof a.pixels);
}

static void objects_are_where_they_are_said_to_be(void **state) {
    const mdg_dataset set = set_of(*state);
    int seen[MOST + 1] = {0};
    scene_of s;
    for (int i = 0; i < SCENES; i++) {
        const mdg_split split = i % 2 ? MDG_SPLIT_TEST : MDG_SPLIT_TRAIN;
        compose(&set, split, &opts, i, &s);
        assert_in_range(s.scene.n_objects, 0, MOST);
        seen[s.scene.n_objects]++;
        for (int k = 0; k < s.scene.n_objects; k++) {
            const mdg_object *o = &s.objects[k];
            assert_int_equal(o->label == 2, split == MDG_SPLIT_TEST);
            assert_true(s.sides[2 * k] >= 0.8f * SIDE && s.sides[2 * k] <= 1.3f * SIDE);
            assert_true(o->x >= s.sides[2 * k] / 2 && o->x <= W - s.sides[2 * k] / 2);
            assert_true(o->y >= s.sides[2 * k] / 2 && o->y <= H - s.sides[2 * k] / 2);
            assert_in_range(s.pixels[(int)o->y * W + (int)o->x], 200, 255);
            for (int j = 0; j < k; j++)
                assert_true(hypotf(o->x - s.objects[j].x, o->y - s.objects[j].y) >=
                            0.75f * (s.sides[2 * k] + s.sides[2 * j]) / 2);
        }
    }
    for (int n = 0; n <= MOST; n++) assert_true(seen[n] > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)
        TEST(the_same_seed_gives_the_same_scene),
        TEST(objects_are_where_they_are_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
