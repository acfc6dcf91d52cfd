/* SPDX-License-Identifier: MIT
 *
 * find.h: from the scores of a map's cells to the objects in a picture: a bag at (40, 52), a shoe at (70,
 * 18).
 *
 *     mdg_found found;
 *     for (int32_t cell = 0; mdg_find_next(&map, scores, &cell, &found);) say(labels[found.kind], found.x,
 * found.y);
 *
 * Where the class of nothing (0) has the least score among the cell and its eight neighbours, and less than
 * the threshold leaves to it, there is an object. Its kind is the class with the highest sum over the nine
 * cells, its place their centre of gravity. So cells that touch count once, and objects are told apart from
 * two cells on. Memory: none but the caller's list. Threads: re-entrant.
 */
#ifndef MIDGE_FIND_H
#define MIDGE_FIND_H

#include <stdint.h>

#include "midge/config.h"

/* scores are those of a softmax: (q + 128) / 256. An object is where those of all classes but 0 add up to
 * threshold / 256 or more. The map lies over the rectangle left, top, width, height of the picture, in
 * pixels, each up to 4096. */
typedef struct mdg_map {
    int32_t h, w, n_classes;
    int32_t threshold; /* 1 to 256 */
    int32_t left, top, width, height;
} mdg_map;

typedef struct mdg_found {
    int16_t kind;  /* 1 to n_classes - 1 */
    int16_t x, y;  /* centre, in pixels of the picture */
    int16_t score; /* how sure it is that something is there, of 256 */
} mdg_found;

/* scores [h][w][n_classes]; *cell: 0 for the first object, then as it was left. Objects come from top to
 * bottom. Returns 1, or 0 when there are no more. */
MDG_KERNEL int mdg_find_next(const mdg_map *m, const int8_t *scores, int32_t *cell, mdg_found *out);

#endif
