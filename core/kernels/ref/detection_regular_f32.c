/* SPDX-License-Identifier: MIT
 *
 * DETECTION_POSTPROCESS, the regular way: boxes compete class by class; the best of all winners are listed.
 */
#include "detection_util.h"
#include <string.h>

/* The outputs, a list in order of falling score */
typedef struct mdg_detection_list {
    float *box, *klass, *score;
    int32_t count, slots;
} mdg_detection_list;

/* Behind all that score as much; what falls off the end is lost. */
static void mdg_detection_insert(mdg_detection_list *list, const float *box, int32_t klass, float score) {
    int32_t at = list->count;
    while (at > 0 && list->score[at - 1] < score) at--;
    if (at >= list->slots) return;
    const int32_t moved = (list->count < list->slots ? list->count : list->slots - 1) - at;
    memmove(list->box + 4 * (at + 1), list->box + 4 * at, (size_t)moved * 4 * sizeof *box);
    memmove(list->klass + at + 1, list->klass + at, (size_t)moved * sizeof *list->klass);
    memmove(list->score + at + 1, list->score + at, (size_t)moved * sizeof *list->score);
    memcpy(list->box + 4 * at, box, 4 * sizeof *box);
    list->klass[at] = (float)klass;
    list->score[at] = score;
    if (list->count < list->slots) list->count++;
}

MDG_KERNEL void mdg_detection_regular_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_detection_params *p = (const mdg_detection_params *)params;
    const int32_t row = p->classes + p->background;
    const float *scores = (const float *)in[1] + p->background; /* [boxes][row] */
    mdg_detection_list list = {(float *)out[0], (float *)out[1], (float *)out[2], 0, p->max_detections};
    float *y_count = (float *)out[3];       /* [1] */
    float *boxes = (float *)out[4];         /* scratch [boxes][4] */
    uint8_t *candidate = (uint8_t *)out[5]; /* scratch [boxes] */

    memset(list.box, 0, (size_t)p->slots * 4 * sizeof *list.box);
    memset(list.klass, 0, (size_t)p->slots * sizeof *list.klass);
    memset(list.score, 0, (size_t)p->slots * sizeof *list.score);
    mdg_detection_decode_boxes(p, (const float *)in[0], (const float *)in[2], boxes);
    for (int32_t c = 0; c < p->classes; c++) {
        mdg_detection_begin(p, scores + c, row, candidate);
        for (int32_t n = 0; n < p->detections_per_class; n++) {
            const int32_t box = mdg_detection_take(p, scores + c, row, boxes, candidate);
            if (box < 0) break;
            mdg_detection_insert(&list, boxes + 4 * box, c, scores[box * row + c]);
        }
    }
    *y_count = (float)list.count;
}
