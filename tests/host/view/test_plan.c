/* SPDX-License-Identifier: MIT
 *
 * The picture of a memory plan: a rectangle for each buffer, where the plan has it; text that cannot break
 * the file.
 */
#include "host/lower/nets.h"

#include <stdlib.h>

#include "plan/plan.h"
#include "view/parts.h"
#include "view/view.h"

static int setup(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static int teardown(void **state) {
    mdg_arena_free(*state);
    return 0;
}

static const char *draw(const mdg_graph *g, const char *title) {
    mdg_program p;
    mdg_diag diag = {""};
    char *text;
    size_t size;
    assert_int_equal(mdg_lower(g, g->arena, &p, &diag), MDG_OK);
    assert_int_equal(mdg_plan(&p, NULL, &diag), MDG_OK);
    FILE *f = open_memstream(&text, &size);
    mdg_view_plan(&p, title, f);
    fclose(f);
    const char *copy = mdg_arena_strdup(g->arena, text);
    free(text);
    return copy;
}

static int count(const char *text, const char *word) {
    int n = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) n++;
    return n;
}

/* One convolution: its input for two columns, its output for two, the one above the other */
static void buffers_are_where_the_plan_has_them(void **state) {
    const char *svg = draw(net_conv(*state, 5), "a model");
    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 38), 0);
    assert_non_null(strstr(svg, "a model</text>"));
    assert_non_null(strstr(svg, "arena of 144 bytes"));
    assert_non_null(strstr(svg, "60 bytes at 80, calls -1 to 0: t0<"));
    assert_non_null(strstr(svg, "120 bytes at 0, calls 0 to 1: t3<"));
    assert_int_equal(count(svg, "<title>"), 2);
    assert_int_equal(count(svg, "class=\"io\" d="), 2);
    assert_non_null(strstr(svg, ">CONV_2D 0</text>"));
    assert_non_null(strstr(svg, "no plan can do with less than 144<"));
    assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
    assert_non_null(strstr(svg, "</svg>\n"));
}

/* Where the next buffer takes the place of one, the border rises from the bottom of the column to its top. */
static void buffers_hand_over(void **state) {
    const char *svg = draw(net_relus(*state, 2, 100), "relus");
    assert_int_equal(count(svg, "400 bytes at 0,"), 3);
    assert_int_equal(count(svg, "L206.00 92.00"), 1); /* grows to the top in the column of call 0 */
    assert_int_equal(count(svg, "H205.50L142.00 532.00Z"), 1);
}

/* The input of a convolution is still there, in part, when the first rows of its output are. */
static void overlaps_are_drawn(void **state) {
    const char *svg = draw(net_conv(*state, 5), "conv");
    assert_non_null(strstr(svg, "M78.50 287.56L78.50 104.22H")); /* the input, from offset 80 to 140 */
    assert_non_null(strstr(svg, "V165.33L"));                    /* of which 20 bytes survive the output */
}

static void many_calls_are_numbered(void **state) {
    const char *svg = draw(net_relus(*state, 300, 4), "long");
    assert_null(strstr(svg, "RELU"));
    assert_non_null(strstr(svg, ">100</text>"));
    assert_int_equal(count(svg, "<title>"), 301);
}

static void names_cannot_break_it(void **state) {
    mdg_graph *g = net_conv(*state, 5);
    g->subgraphs[0].tensors[0].name = "<script>\"&\x01\xff;b";
    const char *svg = draw(g, "</svg><evil>");
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "<evil"));
    assert_non_null(strstr(svg, "&lt;script&gt;&quot;&amp;?"
                                "?<"));
    assert_int_equal(count(svg, "</svg>"), 1);
}

static void names_are_shortened(void **state) {
    (void)state;
    char text[100] = "";
    FILE *f = fmemopen(text, sizeof text, "w");
    mdg_view_name("net/block_1/conv;net/block_1/bias", 12, f);
    fputc('|', f);
    mdg_view_name("a_name_without_any_end", 8, f);
    fclose(f);
    assert_string_equal(text, "block_1/conv|a_name_&#8230;");
    assert_string_equal(mdg_view_number(1234567).chars, "1,234,567");
    assert_string_equal(mdg_view_number(100).chars, "100");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(buffers_are_where_the_plan_has_them),
        TEST(buffers_hand_over),
        TEST(overlaps_are_drawn),
        TEST(many_calls_are_numbered),
        TEST(names_cannot_break_it),
        TEST(names_are_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
