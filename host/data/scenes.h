/* SPDX-License-Identifier: MIT
 *
 * scenes.h: pictures of one thing each, composed to scenes of several over clutter, so that a detector can
 * learn where and what, without anybody drawing boxes.
 *
 *     mdg_scene_opts o = {.h = 96, .w = 96, .most = 5, .seed = 1};
 *     mdg_scene scene = {.pixels = ..., .objects = ...};
 *     mdg_scene_compose(&set, MDG_SPLIT_TEST, &o, 7, &scene);     // the seventh of the test split's clips
 * alone
 *
 * The clips' background has to be black: what is bright covers what lies behind. Memory: the caller's.
 * Threads: pure functions; a scene depends on the clips, the options and its number alone.
 */
#ifndef MDG_DATA_SCENES_H
#define MDG_DATA_SCENES_H

#include "data/data.h"

enum { MDG_SCENE_OBJECTS = 16 };

typedef struct mdg_scene_opts {
    int h, w;                      /* at least twice the clips' sides */
    int most;                      /* objects: 0 to this, up to MDG_SCENE_OBJECTS */
    float least_scale, most_scale; /* of each object */
    uint64_t seed;
} mdg_scene_opts;

typedef struct mdg_scene {
    uint8_t *pixels;     /* [h][w] */
    mdg_object *objects; /* [most], in pixels */
    float *sides;        /* [most][2], width and height in pixels */
    int n_objects;
} mdg_scene;

/* Draws scene `number` of a decoded set of grey pictures, from the clips of one split, each split and seed
 * with numbers of its own. Objects lie whole within the scene, and their centres at least 3/4 of their mean
 * side apart; where no room is found for one, it is left out. Behind them are a gradient, shapes, noise, and
 * fragments of clips. */
void mdg_scene_compose(const mdg_dataset *set, mdg_split split, const mdg_scene_opts *o, int number,
                       mdg_scene *out);

#endif
