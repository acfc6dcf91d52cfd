/* SPDX-License-Identifier: MIT */
#include "eval/locate.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* truth and predicted are a class for each pair and for each object without a partner, which has 0 in its
 * place. */
struct mdg_locate {
    mdg_arena *arena;
    int n_classes, n;
    int *truth, *predicted;
    int *partners; /* of the last picture */
    int n_objects, n_found, n_placed, n_right;
};

mdg_locate *mdg_locate_new(mdg_arena *arena, int n_classes, int most) {
    mdg_locate *l = mdg_arena_alloc(arena, sizeof *l);
    *l = (mdg_locate){.arena = arena, .n_classes = n_classes};
    l->truth = mdg_arena_array(arena, (size_t)most + 1, sizeof *l->truth);
    l->predicted = mdg_arena_array(arena, (size_t)most + 1, sizeof *l->predicted);
    return l;
}

static void add(mdg_locate *l, int truth, int predicted) {
    l->truth[l->n] = truth;
    l->predicted[l->n++] = predicted;
}

/* Squared, in units of the reach; infinite beyond it. */
static float distance(const mdg_object *t, const mdg_found *f, mdg_locate_reach reach) {
    const float dx = fabsf(t->x - (float)f->x) / reach.x, dy = fabsf(t->y - (float)f->y) / reach.y;
    return dx <= 1 && dy <= 1 ? dx * dx + dy * dy : INFINITY;
}

typedef struct pair {
    int truth, found;
    float distance;
} pair;

/* The nearest two that are free; .truth -1 where there are none. */
static pair nearest(const mdg_object *truth, int n_truth, const mdg_found *found, int n_found,
                    mdg_locate_reach reach, const bool *taken) {
    pair best = {-1, -1, INFINITY};
    for (int t = 0; t < n_truth; t++)
        for (int f = 0; f < n_found; f++) {
            const float d = taken[t] || taken[n_truth + f] ? INFINITY : distance(&truth[t], &found[f], reach);
            if (d < best.distance) best = (pair){t, f, d};
        }
    return best;
}

void mdg_locate_picture(mdg_locate *l, const mdg_object *truth, int n_truth, const mdg_found *found,
                        int n_found, mdg_locate_reach reach) {
    l->partners = mdg_arena_array(l->arena, (size_t)n_found + 1, sizeof *l->partners);
    for (int f = 0; f < n_found; f++) l->partners[f] = -1;
    bool *taken = mdg_arena_array(l->arena, (size_t)(n_truth + n_found) + 1, sizeof *taken);
    for (pair p; (p = nearest(truth, n_truth, found, n_found, reach, taken)).truth >= 0;) {
        taken[p.truth] = taken[n_truth + p.found] = true;
        l->partners[p.found] = p.truth;
        add(l, truth[p.truth].label, found[p.found].kind);
        l->n_placed++;
        l->n_right += truth[p.truth].label == found[p.found].kind;
    }
    for (int t = 0; t < n_truth; t++)
        if (!taken[t]) add(l, truth[t].label, 0);
    for (int f = 0; f < n_found; f++)
        if (!taken[n_truth + f]) add(l, 0, found[f].kind);
    l->n_objects += n_truth;
    l->n_found += n_found;
}

const int *mdg_locate_partners(const mdg_locate *l) {
    return l->partners;
}

static float share(int part, int whole) {
    return whole ? (float)part / (float)whole : 0;
}

void mdg_locate_finish(const mdg_locate *l, mdg_located *out) {
    *out = (mdg_located){.n_objects = l->n_objects,
                         .n_found = l->n_found,
                         .n_placed = l->n_placed,
                         .n_right = l->n_right,
                         .precision = share(l->n_right, l->n_found),
                         .recall = share(l->n_right, l->n_objects),
                         .f1 = share(2 * l->n_right, l->n_found + l->n_objects),
                         .place_f1 = share(2 * l->n_placed, l->n_found + l->n_objects)};
    mdg_eval_decisions(l->predicted, l->truth, l->n, l->n_classes, l->arena, &out->eval);
}

void mdg_located_print(const mdg_located *r, const char *const *labels, FILE *out) {
    fprintf(out, "F1 of kind and place %.1f %% (precision %.1f %%, recall %.1f %%), of place alone %.1f %%\n",
            100 * (double)r->f1, 100 * (double)r->precision, 100 * (double)r->recall,
            100 * (double)r->place_f1);
    fprintf(out, "%d objects; %d found: %d right, %d of another kind, %d where there is none\n\n",
            r->n_objects, r->n_found, r->n_right, r->n_placed - r->n_right, r->n_found - r->n_placed);
    mdg_eval_print_classes(&r->eval, labels, 1, out);
    mdg_eval_print_confusion(&r->eval, labels, out);
}

json_t *mdg_located_json(const mdg_located *r, const char *const *labels) {
    json_t *o =
        json_pack("{s:i, s:i, s:i, s:i, s:f, s:f, s:f, s:f}", "objects", r->n_objects, "found", r->n_found,
                  "placed", r->n_placed, "right", r->n_right, "precision", (double)r->precision, "recall",
                  (double)r->recall, "f1", (double)r->f1, "place_f1", (double)r->place_f1);
    json_t *eval = mdg_eval_json(&r->eval, labels);
    static const char *const kept[] = {"labels", "confusion", "classes"};
    for (int i = 0; i < 3; i++) json_object_set(o, kept[i], json_object_get(eval, kept[i]));
    json_decref(eval);
    return o;
}
