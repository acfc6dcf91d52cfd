/* SPDX-License-Identifier: MIT
 *
 * From maps that are drawn by hand to the objects in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "midge/find.h"

enum { H = 5, W = 6, CLASSES = 3, ROOM = 8 };

static const mdg_map map = {
    .h = H, .w = W, .n_classes = CLASSES, .threshold = 128, .width = 60, .height = 50};

typedef struct scores {
    int8_t q[H][W][CLASSES];
} scores;

/* Each cell is `of_256` sure of a class, and for the rest of nothing. */
static void set(scores *s, int y, int x, int kind, int of_256) {
    memset(s->q[y][x], -128, CLASSES);
    s->q[y][x][0] = (int8_t)(of_256 ? 128 - of_256 : 127);
    if (kind) s->q[y][x][kind] = (int8_t)(of_256 - 128);
}

static scores nothing(void) {
    scores s;
    for (int i = 0; i < H * W; i++) set(&s, i / W, i % W, 0, 0);
    return s;
}

static int find(const mdg_map *m, const scores *s, mdg_found *out) {
    int n = 0;
    for (int32_t cell = 0; n < ROOM && mdg_find_next(m, s->q[0][0], &cell, &out[n]);) n++;
    return n;
}

static void expect(const mdg_found *f, int kind, int x, int y, int score) {
    assert_int_equal(f->kind, kind);
    assert_int_equal(f->x, x);
    assert_int_equal(f->y, y);
    assert_int_equal(f->score, score);
}

static void an_empty_map_has_nothing(void **state) {
    (void)state;
    mdg_found f[ROOM];
    const scores s = nothing();
    assert_int_equal(find(&map, &s, f), 0);
}

static void cells_are_found_in_their_middle(void **state) {
    (void)state;
    mdg_found f[ROOM];
    scores s = nothing();
    set(&s, 0, 0, 1, 200);
    set(&s, 4, 5, 2, 255);
    set(&s, 2, 2, 1, 127); /* a step below the threshold */
    assert_int_equal(find(&map, &s, f), 2);
    expect(&f[0], 1, 5, 5, 200);
    expect(&f[1], 2, 55, 45, 255);
    set(&s, 2, 2, 1, 128);
    assert_int_equal(find(&map, &s, f), 3);
}

static void cells_that_touch_are_one_object(void **state) {
    (void)state;
    mdg_found f[ROOM];
    scores s = nothing();
    set(&s, 2, 2, 1, 200);
    set(&s, 2, 3, 1, 200);
    assert_int_equal(find(&map, &s, f), 1);
    expect(&f[0], 1, 30, 25, 200); /* between both */
    set(&s, 3, 3, 2, 180);
    assert_int_equal(find(&map, &s, f), 1);
    set(&s, 2, 5, 1, 190); /* two cells from the next */
    assert_int_equal(find(&map, &s, f), 2);
}

/* Two cells that say t-shirt outweigh the surest, which says shirt. */
static void the_neighbourhood_decides_the_kind(void **state) {
    (void)state;
    mdg_found f[ROOM];
    scores s = nothing();
    set(&s, 2, 2, 1, 200);
    set(&s, 2, 3, 2, 150);
    set(&s, 1, 2, 2, 150);
    assert_int_equal(find(&map, &s, f), 1);
    assert_int_equal(f[0].kind, 2);
    assert_int_equal(f[0].score, 200);
}

static void places_are_of_the_whole_picture(void **state) {
    (void)state;
    mdg_found f[ROOM];
    mdg_map m = map;
    scores s = nothing();
    set(&s, 1, 3, 1, 255);
    m.left = 40, m.top = 10, m.width = 240, m.height = 200;
    assert_int_equal(find(&m, &s, f), 1);
    expect(&f[0], 1, 40 + 140, 10 + 60, 255);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(cells_are_found_in_their_middle),
        cmocka_unit_test(cells_that_touch_are_one_object),
        cmocka_unit_test(the_neighbourhood_decides_the_kind),
        cmocka_unit_test(places_are_of_the_whole_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
