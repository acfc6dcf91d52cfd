/* SPDX-License-Identifier: MIT
 *
 * DETECTION_POSTPROCESS: both ways against sorting, class by class, as it is usually told.
 */
#include "oracle.h"

enum { ROUNDS = 300, BOXES = 24, CLASSES = 4, SLOTS = 8 };

typedef struct found {
    int box, klass;
    float score;
} found;

/* Random boxes of which many overlap; scores of few values, so that there are equals */
typedef struct scene {
    mdg_detection_params p;
    float encodings[BOXES * 4], anchors[BOXES * 4], scores[BOXES * (CLASSES + 1)];
    double corners[BOXES][4];
    float boxes[SLOTS * 4], classes[SLOTS], best[SLOTS], count;
} scene;

static scene random_scene(mdg_rng *r) {
    scene s = {.p = {.boxes = BOXES, .encoding_length = 4, .classes = CLASSES, .slots = SLOTS}};
    s.p.background = random_int(r, 0, 1);
    s.p.max_detections = random_int(r, 1, SLOTS);
    s.p.classes_per_box = 1;
    s.p.detections_per_class = random_int(r, 1, 5);
    s.p.score_threshold = 0.25f, s.p.overlap_threshold = 0.4f;
    s.p.y_scale = s.p.x_scale = 10, s.p.h_scale = s.p.w_scale = 5;
    for (int i = 0; i < BOXES * 4; i++) {
        s.encodings[i] = mdg_rng_uniform(r, -1, 1);
        s.anchors[i] = mdg_rng_uniform(r, 0.2f, 0.8f);
    }
    for (int i = 0; i < BOXES * (CLASSES + 1); i++) s.scores[i] = (float)random_int(r, 0, 20) / 20.0f;
    for (int i = 0; i < BOXES; i++) {
        const float *e = s.encodings + 4 * i, *a = s.anchors + 4 * i;
        const double y = (double)e[0] / 10 * (double)a[2] + (double)a[0];
        const double x = (double)e[1] / 10 * (double)a[3] + (double)a[1];
        const double h = exp((double)e[2] / 5) * (double)a[2] / 2,
                     w = exp((double)e[3] / 5) * (double)a[3] / 2;
        s.corners[i][0] = y - h, s.corners[i][1] = x - w, s.corners[i][2] = y + h, s.corners[i][3] = x + w;
    }
    return s;
}

static float score_of(const scene *s, int box, int klass) {
    return s->scores[box * (CLASSES + s->p.background) + s->p.background + klass];
}

static double overlap(const scene *s, int i, int j) {
    const double *a = s->corners[i], *b = s->corners[j];
    const double h = fmin(a[2], b[2]) - fmax(a[0], b[0]), w = fmin(a[3], b[3]) - fmax(a[1], b[1]);
    const double common = fmax(h, 0) * fmax(w, 0);
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common);
}

/* Stable: insertion, falling */
static void sort(found *list, int n) {
    for (int i = 1; i < n; i++) {
        const found f = list[i];
        int k = i;
        for (; k > 0 && list[k - 1].score < f.score; k--) list[k] = list[k - 1];
        list[k] = f;
    }
}

/* Of the n candidates, those that overlap with none before them, at most `limit` */
static int suppress(const scene *s, found *list, int n, int limit) {
    int kept = 0;
    sort(list, n);
    for (int i = 0; i < n && kept < limit; i++) {
        bool is_free = true;
        for (int k = 0; k < kept; k++)
            if (overlap(s, list[k].box, list[i].box) > (double)s->p.overlap_threshold) is_free = false;
        if (is_free) list[kept++] = list[i];
    }
    return kept;
}

static int regular(const scene *s, found *all) {
    int total = 0;
    for (int c = 0; c < CLASSES; c++) {
        found list[BOXES];
        int n = 0;
        for (int i = 0; i < BOXES; i++)
            if (score_of(s, i, c) >= s->p.score_threshold) list[n++] = (found){i, c, score_of(s, i, c)};
        n = suppress(s, list, n, s->p.detections_per_class);
        for (int k = 0; k < n; k++) all[total++] = list[k];
    }
    sort(all, total);
    return total < s->p.max_detections ? total : s->p.max_detections;
}

static int fast(const scene *s, found *all) {
    int n = 0;
    for (int i = 0; i < BOXES; i++) {
        found best = {i, 0, score_of(s, i, 0)};
        for (int c = 1; c < CLASSES; c++)
            if (score_of(s, i, c) > best.score) best = (found){i, c, score_of(s, i, c)};
        if (best.score >= s->p.score_threshold) all[n++] = best;
    }
    return suppress(s, all, n, s->p.max_detections);
}

static void run(scene *s, mdg_kernel_fn *kernel) {
    float boxes[BOXES * 4], best[BOXES];
    uint8_t candidates[BOXES];
    const void *in[] = {s->encodings, s->scores, s->anchors};
    void *out[] = {s->boxes, s->classes, s->best, &s->count, boxes, candidates, best};
    kernel(&s->p, in, out);
}

static void assert_found(const scene *s, const found *want, int n) {
    assert_int_equal((int)s->count, n);
    for (int i = 0; i < n; i++) {
        assert_int_equal((int)s->classes[i], want[i].klass);
        assert_true(s->best[i] == want[i].score);
        for (int k = 0; k < 4; k++)
            assert_true(fabs((double)s->boxes[4 * i + k] - s->corners[want[i].box][k]) < 1e-5);
    }
    for (int i = n; i < SLOTS; i++) assert_true(s->best[i] == 0.0f && s->boxes[4 * i] == 0.0f);
}

static void the_best_boxes_are_found(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        scene s = random_scene(&r);
        found want[BOXES * CLASSES];
        int n = regular(&s, want);
        run(&s, mdg_detection_regular_f32);
        assert_found(&s, want, n);
        n = fast(&s, want);
        run(&s, mdg_detection_fast_f32);
        assert_found(&s, want, n);
    }
}

/* With several classes to a box slots are left out, as in TFLM, and none beyond the last is written. */
static void several_classes_stay_within(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    scene s = random_scene(&r);
    s.p.classes_per_box = 2;
    s.p.max_detections = SLOTS;
    run(&s, mdg_detection_fast_f32);
    assert_true(s.best[0] >= s.best[3]);
    assert_true(s.best[0] > 0 && s.best[1] == 0.0f && s.best[2] == 0.0f);
    assert_true((int)s.count % 2 == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_boxes_are_found),
        cmocka_unit_test(several_classes_stay_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
