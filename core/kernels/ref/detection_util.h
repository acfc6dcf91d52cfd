/* SPDX-License-Identifier: MIT
 *
 * detection_util.h: what both ways of DETECTION_POSTPROCESS share: boxes from encodings and anchors, and the
 * choice of the best among boxes that overlap (non-maximum suppression).
 */
#ifndef MDG_REF_DETECTION_UTIL_H
#define MDG_REF_DETECTION_UTIL_H

#include "midge/kernel.h"
#include <math.h>

/* Encodings and anchors are {y, x, h, w} of the centre and the size; boxes {ymin, xmin, ymax, xmax}. */
static inline void mdg_detection_decode_boxes(const mdg_detection_params *p, const float *encodings,
                                              const float *anchors, float *boxes) {
    for (int32_t i = 0; i < p->boxes; i++) {
        const float *e = encodings + i * p->encoding_length, *a = anchors + 4 * i;
        const double h = (double)a[2], w = (double)a[3];
        const float y = (float)((double)e[0] / (double)p->y_scale * h + (double)a[0]);
        const float x = (float)((double)e[1] / (double)p->x_scale * w + (double)a[1]);
        const float half_h = (float)(0.5 * exp((double)e[2] / (double)p->h_scale) * h);
        const float half_w = (float)(0.5 * exp((double)e[3] / (double)p->w_scale) * w);
        float *box = boxes + 4 * i;
        box[0] = y - half_h;
        box[1] = x - half_w;
        box[2] = y + half_h;
        box[3] = x + half_w;
    }
}

static inline float mdg_detection_area(const float *box) {
    return (box[2] - box[0]) * (box[3] - box[1]);
}

/* The length that [a_min, a_max] and [b_min, b_max] have in common */
static inline float mdg_detection_common(float a_min, float a_max, float b_min, float b_max) {
    const float from = a_min < b_min ? b_min : a_min, to = b_max < a_max ? b_max : a_max;
    return to - from < 0.0f ? 0.0f : to - from;
}

/* What two boxes have in common, as part of what they cover together */
static inline float mdg_detection_overlap(const float *a, const float *b) {
    const float area_a = mdg_detection_area(a), area_b = mdg_detection_area(b);
    if (area_a <= 0.0f || area_b <= 0.0f) return 0.0f;
    const float common =
        mdg_detection_common(a[0], a[2], b[0], b[2]) * mdg_detection_common(a[1], a[3], b[1], b[3]);
    return common / (area_a + area_b - common);
}

/* Makes boxes of a high enough score candidates; the score of box i stands at scores[i * stride]. */
static inline void mdg_detection_begin(const mdg_detection_params *p, const float *scores, int32_t stride,
                                       uint8_t *candidate) {
    for (int32_t i = 0; i < p->boxes; i++) candidate[i] = scores[i * stride] >= p->score_threshold;
}

/* Takes the best candidate, the first of equals, and drops those that overlap with it. Returns -1 when none
 * is left. */
static inline int32_t mdg_detection_take(const mdg_detection_params *p, const float *scores, int32_t stride,
                                         const float *boxes, uint8_t *candidate) {
    int32_t best = -1;
    for (int32_t i = 0; i < p->boxes; i++)
        if (candidate[i] && (best < 0 || scores[i * stride] > scores[best * stride])) best = i;
    if (best < 0) return -1;
    candidate[best] = 0;
    for (int32_t i = 0; i < p->boxes; i++)
        if (candidate[i] && mdg_detection_overlap(boxes + 4 * best, boxes + 4 * i) > p->overlap_threshold)
            candidate[i] = 0;
    return best;
}

#endif
