/* SPDX-License-Identifier: MIT
 *
 * TFLite_Detection_PostProcess: boxes from encodings and anchors, the best of those that overlap.
 */
#include "lower/lower.h"
#include "tflite/flexbuffer.h"

#include <math.h>

static mdg_status read_real(const mdg_lowering *lo, const mdg_flex_map *m, const char *name, float *out) {
    double value;
    if (!mdg_flex_real(m, name, &value) || !isfinite(value))
        return mdg_lo_fail(lo, MDG_INVALID, "option \"%s\" is missing or no number", name);
    *out = (float)value;
    return MDG_OK;
}

static mdg_status read_count(const mdg_lowering *lo, const mdg_flex_map *m, const char *name, int32_t *out) {
    if (!mdg_flex_i32(m, name, out) || *out < 1)
        return mdg_lo_fail(lo, MDG_INVALID, "option \"%s\" is missing or not positive", name);
    return MDG_OK;
}

static mdg_status read_options(const mdg_lowering *lo, mdg_detection_params *p, bool *regular) {
    mdg_flex_map m;
    MDG_TRY(mdg_lo_need(lo, mdg_flex_open(lo->op->custom, lo->op->custom_bytes, &m),
                        "its custom options are no FlexBuffers map"));
    MDG_TRY(read_count(lo, &m, "max_detections", &p->max_detections));
    MDG_TRY(read_count(lo, &m, "max_classes_per_detection", &p->classes_per_box));
    MDG_TRY(read_count(lo, &m, "num_classes", &p->classes));
    p->detections_per_class = 100; /* unless it is said */
    (void)mdg_flex_i32(&m, "detections_per_class", &p->detections_per_class);
    *regular = false;
    (void)mdg_flex_bool(&m, "use_regular_nms", regular);
    MDG_TRY(read_real(lo, &m, "nms_score_threshold", &p->score_threshold));
    MDG_TRY(read_real(lo, &m, "nms_iou_threshold", &p->overlap_threshold));
    MDG_TRY(mdg_lo_need(lo, p->overlap_threshold > 0.0f && p->overlap_threshold <= 1.0f,
                        "nms_iou_threshold is not in (0, 1]"));
    MDG_TRY(read_real(lo, &m, "y_scale", &p->y_scale));
    MDG_TRY(read_real(lo, &m, "x_scale", &p->x_scale));
    MDG_TRY(read_real(lo, &m, "h_scale", &p->h_scale));
    MDG_TRY(read_real(lo, &m, "w_scale", &p->w_scale));
    return mdg_lo_need(lo, p->y_scale != 0 && p->x_scale != 0 && p->h_scale != 0 && p->w_scale != 0,
                       "a scale is 0");
}

static mdg_status check_shapes(const mdg_lowering *lo, mdg_detection_params *p, bool regular) {
    const mdg_tensor *encodings = mdg_lo_input(lo, 0), *scores = mdg_lo_input(lo, 1);
    MDG_TRY(mdg_lo_need_rank(lo, encodings, 3, 3));
    MDG_TRY(mdg_lo_need_rank(lo, scores, 3, 3));
    p->boxes = encodings->shape.dim[1];
    p->encoding_length = encodings->shape.dim[2];
    p->background = scores->shape.dim[2] - p->classes;
    MDG_TRY(mdg_lo_need(lo, encodings->shape.dim[0] == 1 && scores->shape.dim[0] == 1,
                        "there is more than one batch"));
    MDG_TRY(mdg_lo_need(lo, p->encoding_length >= 4, "a box encoding needs four numbers"));
    MDG_TRY(mdg_lo_need(lo, scores->shape.dim[1] == p->boxes, "boxes and scores differ in number"));
    MDG_TRY(mdg_lo_need(lo, p->background == 0 || p->background == 1, "num_classes does not fit the scores"));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, 2), 4 * (int64_t)p->boxes));
    p->slots = mdg_lo_elements(mdg_lo_output(lo, 1));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), 4 * (int64_t)p->slots));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 2), p->slots));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 3), 1));
    return mdg_lo_need(lo, !regular || p->slots >= p->max_detections,
                       "the outputs have fewer places than max_detections");
}

static mdg_status lower(mdg_lowering *lo) {
    mdg_detection_params *p = mdg_lo_params(lo, sizeof *p);
    bool regular;
    MDG_TRY(read_options(lo, p, &regular));
    MDG_TRY(check_shapes(lo, p, regular));
    if (p->classes_per_box > p->classes) p->classes_per_box = p->classes;
    if (p->max_detections > p->boxes && !regular) p->max_detections = p->boxes;
    MDG_TRY(mdg_lo_need(lo, p->boxes <= INT32_MAX / p->classes_per_box / p->classes_per_box,
                        "there are too many boxes"));
    const size_t n = (size_t)p->boxes;
    const int boxes = mdg_lo_scratch(lo, "boxes", "float", 4 * n * sizeof(float));
    const int candidates = mdg_lo_scratch(lo, "candidates", "uint8_t", n);
    const int best = regular ? -1 : mdg_lo_scratch(lo, "best scores", "float", n * sizeof(float));
    lo->kernel = regular ? MDG_K_detection_regular_f32 : MDG_K_detection_fast_f32;
    mdg_call *c = mdg_lo_call(lo, p);
    mdg_call_add_out(c, boxes);
    mdg_call_add_out(c, candidates);
    if (best >= 0) mdg_call_add_out(c, best);
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"float32,float32,float32->float32,float32,float32,float32", MDG_K_detection_fast_f32},
};
MDG_RULE(detection_postprocess, 3, 3, 4, variants, lower);
