/* SPDX-License-Identifier: MIT
 *
 * test_arena.h: the arena that all tests of a file allocate from.
 */
#ifndef MDG_TEST_ARENA_H
#define MDG_TEST_ARENA_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "util/arena.h"

static mdg_arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = mdg_arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    mdg_arena_free(arena);
    return 0;
}

#endif
