/* SPDX-License-Identifier: MIT
 *
 * locate.h: what was found in pictures, against what is there: F1 of kind and place.
 *
 *     mdg_locate *l = mdg_locate_new(arena, n_classes, most);
 *     for each picture: mdg_locate_picture(l, truth, n_truth, found, n_found, reach);
 *     mdg_located r;
 *     mdg_locate_finish(l, &r);
 *
 * Both lists are of one picture, places in its pixels. A found object is at its place where its centre is no
 * farther than `reach` (a cell of the map) from the true one, to the side and up or down. Pairs are made from
 * the nearest on, each object being in one at most; it is right where the classes are the same too.
 */
#ifndef MDG_EVAL_LOCATE_H
#define MDG_EVAL_LOCATE_H

#include "eval/eval.h"
#include "midge/find.h"
#include "util/object.h"

typedef struct mdg_locate_reach {
    float x, y; /* pixels */
} mdg_locate_reach;

typedef struct mdg_located {
    int n_objects, n_found;
    int n_placed, n_right;       /* found where one is; of its class as well */
    float precision, recall, f1; /* of kind and place */
    float place_f1;              /* of any kind */
    mdg_eval eval; /* by class; class 0: found where nothing is (its row), and not found (its column) */
} mdg_located;

typedef struct mdg_locate mdg_locate;

/* most: objects of all pictures together, there and found. Lives in the arena. */
mdg_locate *mdg_locate_new(mdg_arena *arena, int n_classes, int most);

void mdg_locate_picture(mdg_locate *l, const mdg_object *truth, int n_truth, const mdg_found *found,
                        int n_found, mdg_locate_reach reach);

/* Of each object found in the last picture, the number of the true one that it was paired with; -1 = none */
const int *mdg_locate_partners(const mdg_locate *l);

void mdg_locate_finish(const mdg_locate *l, mdg_located *out);

void mdg_located_print(const mdg_located *r, const char *const *labels, FILE *out);

/* {"objects", "found", "placed", "right", "precision", "recall", "f1", "place_f1", "labels", "confusion",
 * "classes"} */
json_t *mdg_located_json(const mdg_located *r, const char *const *labels);

#endif
