/* SPDX-License-Identifier: MIT
 *
 * DETECTION_POSTPROCESS, the fast way: boxes compete with the score of their best class; the winners are
 * listed with their best classes.
 */
#include "detection_util.h"
#include <string.h>

/* The class that follows `last` (-1: none) in order of falling score; of equals, the lower number first */
static int32_t mdg_detection_next_class(const float *scores, int32_t classes, int32_t last) {
    int32_t best = -1;
    for (int32_t c = 0; c < classes; c++) {
        const int behind = last < 0 || scores[c] < scores[last] || (scores[c] == scores[last] && c > last);
        if (behind && (best < 0 || scores[c] > scores[best])) best = c;
    }
    return best < 0 ? 0 : best;
}

MDG_KERNEL void mdg_detection_fast_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_detection_params *p = (const mdg_detection_params *)params;
    const int32_t row = p->classes + p->background;
    const float *scores = (const float *)in[1] + p->background; /* [boxes][row] */
    float *y_boxes = (float *)out[0];                           /* [slots][4] */
    float *y_class = (float *)out[1];                           /* [slots] */
    float *y_score = (float *)out[2];                           /* [slots] */
    float *y_count = (float *)out[3];                           /* [1] */
    float *boxes = (float *)out[4];                             /* scratch [boxes][4] */
    uint8_t *candidate = (uint8_t *)out[5];                     /* scratch [boxes] */
    float *best = (float *)out[6];                              /* scratch [boxes] */

    memset(y_boxes, 0, (size_t)p->slots * 4 * sizeof *y_boxes);
    memset(y_class, 0, (size_t)p->slots * sizeof *y_class);
    memset(y_score, 0, (size_t)p->slots * sizeof *y_score);
    mdg_detection_decode_boxes(p, (const float *)in[0], (const float *)in[2], boxes);
    for (int32_t i = 0; i < p->boxes; i++)
        best[i] = scores[i * row + mdg_detection_next_class(scores + i * row, p->classes, -1)];
    mdg_detection_begin(p, best, 1, candidate);
    int32_t count = 0;
    for (int32_t n = 0; n < p->max_detections; n++) {
        const int32_t box = mdg_detection_take(p, best, 1, boxes, candidate);
        if (box < 0) break;
        int32_t c = -1;
        /* TFLM counts on within a box: with several classes to a box, slots are left out */
        for (int32_t k = 0; k < p->classes_per_box; k++, count++) {
            const int32_t slot = p->classes_per_box * count + k;
            c = mdg_detection_next_class(scores + box * row, p->classes, c);
            if (slot >= p->slots) continue;
            memcpy(y_boxes + 4 * slot, boxes + 4 * box, 4 * sizeof *boxes);
            y_class[slot] = (float)c;
            y_score[slot] = scores[box * row + c];
        }
    }
    *y_count = (float)count;
}
