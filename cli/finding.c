/* SPDX-License-Identifier: MIT */
#include "cli/finding.h"

#include <math.h>
#include <string.h>

#include "data/augment.h"
#include "train/train.h"

bool mdg_pipeline_finds(const mdg_pipeline *pl) {
    return pl->project.data.objects != NULL;
}

mdg_status mdg_finding_check(mdg_pipeline *pl, bool is_map) {
    const mdg_project *p = &pl->project;
    if (is_map && !mdg_pipeline_finds(pl))
        return mdg_fail(
            pl->diag, MDG_UNSUPPORTED,
            "%s: a map of objects needs their positions, which class folders do not tell: name a table of "
            "them in data.objects, or take an architecture for classes",
            p->folder);
    if (!is_map && mdg_pipeline_finds(pl))
        return mdg_fail(pl->diag, MDG_UNSUPPORTED,
                        "%s: data.objects tells where objects are, which this network does not learn: take "
                        "model.architecture: centroid, or layers with objective: map",
                        p->folder);
    if (is_map && (p->augment.mixup > 0 || p->augment.between_class > 0 || p->teacher))
        return mdg_fail(
            pl->diag, MDG_UNSUPPORTED,
            "%s: augment.mixup, augment.between_class and train.teacher are for classes, not for a map",
            p->folder);
    return MDG_OK;
}

/* Of the middle of the picture, where that is what the model sees */
static void crop(const mdg_pipeline *pl, mdg_object *o) {
    const mdg_feature_opts *f = &pl->frontend.opts;
    if (!f->crop_h) return;
    o->x = (o->x * (float)f->image_w - (float)((f->image_w - f->crop_w) / 2)) / (float)f->crop_w;
    o->y = (o->y * (float)f->image_h - (float)((f->image_h - f->crop_h) / 2)) / (float)f->crop_h;
}

int mdg_finding_objects(const mdg_pipeline *pl, int clip, const mdg_rng *r, mdg_object *out) {
    const mdg_clip *c = &pl->set.clips[clip];
    if (r)
        mdg_augment_objects(&pl->set, c, &pl->project.augment, r, out);
    else if (c->n_objects)
        memcpy(out, c->objects, (size_t)c->n_objects * sizeof *out);
    for (int i = 0; i < c->n_objects; i++) crop(pl, &out[i]);
    return c->n_objects;
}

void mdg_finding_target(const mdg_pipeline *pl, int clip, const mdg_rng *r, float *y) {
    mdg_object objects[MDG_DATA_OBJECTS];
    const int n = mdg_finding_objects(pl, clip, r, objects);
    mdg_map_target(objects, n, pl->map_h, pl->map_w, pl->set.n_labels, y);
}

const float *mdg_finding_weights(mdg_pipeline *pl) {
    float *weights = mdg_arena_array(pl->arena, (size_t)pl->set.n_labels, sizeof *weights);
    for (int l = 0; l < pl->set.n_labels; l++) weights[l] = l ? pl->project.object_weight : 1;
    return weights;
}

size_t mdg_pipeline_scores(const mdg_pipeline *pl) {
    return (size_t)pl->map_h * (size_t)pl->map_w * (size_t)pl->frontend.n_labels;
}

mdg_status mdg_finding_map(mdg_pipeline *pl) {
    mdg_model_file m;
    if (!mdg_pipeline_finds(pl)) return MDG_OK;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &m));
    const mdg_subgraph *s = &m.graph->subgraphs[0];
    const mdg_shape *y = &s->tensors[s->outputs[0]].shape;
    if (s->n_outputs != 1 || y->rank != 4 || y->dim[3] != pl->frontend.n_labels)
        return mdg_fail(pl->diag, MDG_INVALID, "%s: gives no map of %d classes; run `midge build %s` again",
                        m.path, pl->frontend.n_labels, pl->project.folder);
    pl->map_h = y->dim[1];
    pl->map_w = y->dim[2];
    return MDG_OK;
}

mdg_map mdg_finding_map_of(const mdg_pipeline *pl) {
    const mdg_feature_opts *f = &pl->frontend.opts;
    const int h = f->crop_h ? f->crop_h : f->image_h, w = f->crop_w ? f->crop_w : f->image_w;
    return (mdg_map){.h = pl->map_h,
                     .w = pl->map_w,
                     .n_classes = pl->frontend.n_labels,
                     .threshold = (int32_t)fmaxf(1, ceilf(256 * pl->frontend.threshold)),
                     .left = (f->image_w - w) / 2,
                     .top = (f->image_h - h) / 2,
                     .width = w,
                     .height = h};
}

int mdg_finding_truth(const mdg_pipeline *pl, int clip, const mdg_map *m, mdg_object *out) {
    mdg_object all[MDG_DATA_OBJECTS];
    const int n = mdg_finding_objects(pl, clip, NULL, all);
    int kept = 0;
    for (int i = 0; i < n; i++) {
        mdg_object o = all[i];
        if (o.x < 0 || o.x >= 1 || o.y < 0 || o.y >= 1) continue;
        o.x = (float)m->left + o.x * (float)m->width;
        o.y = (float)m->top + o.y * (float)m->height;
        out[kept++] = o;
    }
    return kept;
}

int mdg_finding_all(const mdg_map *m, const int8_t *scores, mdg_found *out) {
    int n = 0;
    for (int32_t cell = 0; mdg_find_next(m, scores, &cell, &out[n]);) n++;
    return n;
}

mdg_locate_reach mdg_finding_reach(const mdg_map *m) {
    return (mdg_locate_reach){(float)m->width / (float)m->w, (float)m->height / (float)m->h};
}

void mdg_finding_judge(const mdg_pipeline *pl, mdg_split split, const int8_t *outputs, mdg_located *out) {
    const mdg_map m = mdg_finding_map_of(pl);
    const int n = pl->n_of[split], room = m.h * m.w;
    mdg_object truth[MDG_DATA_OBJECTS];
    mdg_found *found = mdg_arena_array(pl->arena, (size_t)room + 1, sizeof *found);
    mdg_locate *l = mdg_locate_new(pl->arena, m.n_classes, n * (room + MDG_DATA_OBJECTS));
    for (int i = 0; i < n; i++) {
        const int n_truth = mdg_finding_truth(pl, pl->clips_of[split][i], &m, truth);
        const int n_found = mdg_finding_all(&m, outputs + (size_t)i * mdg_pipeline_scores(pl), found);
        mdg_locate_picture(l, truth, n_truth, found, n_found, mdg_finding_reach(&m));
    }
    mdg_locate_finish(l, out);
}

const int8_t *mdg_finding_rounded(const mdg_pipeline *pl, const float *scores, size_t n) {
    int8_t *out = mdg_arena_alloc(pl->arena, n);
    for (size_t i = 0; i < n; i++) out[i] = (int8_t)(fminf(rintf(256 * scores[i]), 255) - 128);
    return out;
}
