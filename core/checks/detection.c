/* SPDX-License-Identifier: MIT
 *
 * DETECTION_POSTPROCESS.
 */
#include "../check.h"

static bool detection(const mdg_detection_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t boxes = mdg_count1(p->boxes), slots = mdg_count1(p->slots);
    return mdg_within(p->background, 0, 1) && p->encoding_length >= 4 && p->max_detections >= 1 &&
           p->classes >= 1 && p->classes < INT32_MAX &&
           mdg_has_in(s, 0, mdg_times(boxes, p->encoding_length), size) &&
           mdg_has_in(s, 1, mdg_times(boxes, p->classes + p->background), size) &&
           mdg_has_in(s, 2, mdg_times(boxes, 4), size) && mdg_has_out(s, 0, mdg_times(slots, 4), size) &&
           mdg_has_out(s, 1, slots, size) && mdg_has_out(s, 2, slots, size) && mdg_has_out(s, 3, 1, size) &&
           mdg_has_out(s, 4, mdg_times(boxes, 4), size) && mdg_has_out(s, 5, boxes, 1);
}

/* The number of a slot fits an int: no more boxes are taken than there are. */
static bool fast(const mdg_detection_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t classes = mdg_count2(p->classes_per_box, p->classes_per_box);
    return detection(p, s, size) && mdg_within(p->classes_per_box, 1, p->classes) &&
           mdg_times(classes, p->boxes) > 0 && mdg_has_out(s, 6, mdg_count1(p->boxes), size);
}

static bool regular(const mdg_detection_params *p, const mdg_sizes *s, uint32_t size) {
    return detection(p, s, size) && p->max_detections <= p->slots;
}

MDG_CHECK(detection_fast_f32, detection, fast, sizeof(float))
MDG_CHECK(detection_regular_f32, detection, regular, sizeof(float))
