/* SPDX-License-Identifier: MIT
 *
 * Detections matched with events, and the threshold that is chosen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "eval/detect.h"
#include "util/file.h"

enum { CLASSES = 2, N = 36000 }; /* an hour, ten inferences a second */

static const char *const labels[CLASSES] = {"alexa", "other"};
static const bool targets[CLASSES] = {true, false};
static const int16_t on[CLASSES] = {50, 1000}, off[CLASSES] = {40, 990};
static const mdg_detect_opts usual = {
    .decide = {.n_classes = CLASSES, .smoothing = 1, .count = 1, .refractory = 10, .on = on, .off = off},
    .is_target = targets,
    .tolerance_s = 0.5};

typedef struct scene {
    mdg_arena *arena;
    int8_t *scores;
    mdg_detect_stream stream;
} scene;

static scene open_scene(void) {
    scene s = {.arena = mdg_arena_new()};
    s.scores = mdg_arena_array(s.arena, N * CLASSES, 1);
    memset(s.scores, -128, N * CLASSES);
    s.stream = (mdg_detect_stream){
        .scores = s.scores, .n = N, .n_classes = CLASSES, .first_s = 0, .step_s = 0.1, .seconds = 3600};
    return s;
}

/* The score of class 0 is `score` for three inferences from `time` on. */
static void put(scene *s, double time, int score) {
    for (int i = 0; i < 3; i++) s->scores[((int)(time * 10 + 0.5) + i) * CLASSES] = (int8_t)score;
}

static mdg_truth truth_of(const char *text, mdg_arena *arena, mdg_status expected, const char *words) {
    char folder[] = "/tmp/midge-detect-XXXXXX";
    mdg_truth t = {0};
    mdg_diag diag = {""};
    assert_non_null(mkdtemp(folder));
    const char *path = mdg_arena_printf(arena, "%s/truth.csv", folder);
    assert_int_equal(mdg_file_write(path, text, strlen(text), &diag), MDG_OK);
    const mdg_status status = mdg_truth_read(path, labels, CLASSES, arena, &t, &diag);
    remove(path);
    rmdir(folder);
    assert_int_equal(status, expected);
    if (words && !strstr(diag.text, words)) fail_msg("'%s' lacks '%s'", diag.text, words);
    return t;
}

static const char events[] =
    "start,end,label\n100,100.8,alexa\n500,500.8,alexa,speaker 3\n\n300,301,other\n200,200.8,alexa\n";

static void events_are_found_once(void **state) {
    (void)state;
    scene s = open_scene();
    const mdg_truth t = truth_of(events, s.arena, MDG_OK, NULL);
    assert_int_equal(t.n, 4);
    put(&s, 100.5, 90);
    put(&s, 200.9, 80);  /* within the tolerance */
    put(&s, 300.5, 70);  /* another word */
    put(&s, 1000, 60);   /* nothing */
    put(&s, 501.5, 100); /* too late */
    mdg_detections list = {.items = mdg_arena_array(s.arena, N, sizeof *list.items)};
    const mdg_detect_point p = mdg_detect_run(&s.stream, &usual, &t, s.arena, &list);
    assert_int_equal(p.threshold, 50);
    assert_int_equal(p.n_events, 3);
    assert_int_equal(p.n_found, 2);
    assert_int_equal(p.n_false, 3);
    assert_int_equal(list.n, 5);
    assert_true(list.items[0].correct && list.items[1].correct && !list.items[2].correct);
    assert_true(p.misses > 0.33 && p.misses < 0.34);
    assert_true(p.false_per_hour > 2.99 && p.false_per_hour < 3.01);
    assert_true(p.latency_s > 0.89 && p.latency_s < 0.91);
    mdg_arena_free(s.arena);
}

static void the_threshold_is_chosen_by_false_accepts(void **state) {
    (void)state;
    scene s = open_scene();
    mdg_detect_point points[MDG_DETECT_THRESHOLDS];
    const mdg_truth t = truth_of(events, s.arena, MDG_OK, NULL);
    put(&s, 100.5, 90);
    put(&s, 200.5, 40);
    put(&s, 500.5, 20);
    put(&s, 1000, 30);
    put(&s, 1100, 60);
    mdg_detect_curve(&s.stream, &usual, &t, s.arena, points);
    assert_int_equal(mdg_detect_choose(points, 0)->threshold, 90);
    assert_int_equal(mdg_detect_choose(points, 1)->threshold, 40);
    assert_int_equal(mdg_detect_choose(points, 2)->threshold, 20);
    assert_int_equal(mdg_detect_choose(points, 2)->n_found, 3);
    assert_null(mdg_detect_choose(points, -1));
    mdg_arena_free(s.arena);
}

/* Classes keep their distance while the curve moves all thresholds. */
static void classes_have_thresholds_of_their_own(void **state) {
    (void)state;
    static const int16_t above[CLASSES] = {50, 20}, below[CLASSES] = {40, 0};
    static const bool both[CLASSES] = {true, true};
    scene s = open_scene();
    mdg_detect_opts o = usual;
    o.decide.on = above, o.decide.off = below, o.is_target = both;
    mdg_detect_point points[MDG_DETECT_THRESHOLDS];
    const mdg_truth t = truth_of(events, s.arena, MDG_OK, NULL);
    put(&s, 100.5, 50);
    for (int i = 0; i < 3; i++) s.scores[(3002 + i) * CLASSES + 1] = 20;
    assert_int_equal(mdg_detect_run(&s.stream, &o, &t, s.arena, NULL).n_found, 2);
    mdg_detect_curve(&s.stream, &o, &t, s.arena, points);
    assert_int_equal(points[50 + 128].n_found, 2);
    assert_int_equal(points[51 + 128].n_found, 0);
    mdg_arena_free(s.arena);
}

static void bad_lines_are_named(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    truth_of("start,end,label\n1,2,alexa\nx,3,alexa\n", arena, MDG_INVALID, "truth.csv:3: 'x,3,alexa'");
    truth_of("1,alexa\n", arena, MDG_INVALID, "has no end");
    truth_of("2,1,alexa\n", arena, MDG_INVALID, "ends before it starts");
    assert_int_equal(truth_of("", arena, MDG_OK, NULL).n, 0);
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_found_once),
        cmocka_unit_test(the_threshold_is_chosen_by_false_accepts),
        cmocka_unit_test(classes_have_thresholds_of_their_own),
        cmocka_unit_test(bad_lines_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
