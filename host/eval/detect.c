/* SPDX-License-Identifier: MIT */
#include "eval/detect.h"

#include <math.h>
#include <stdlib.h>

#include "midge/decide.h"

enum { NEVER = 1000 };

/* One threshold on its way through the stream. */
typedef struct judge {
    const mdg_detect_opts *o;
    const mdg_truth *truth;
    bool *found;     /* [truth->n] */
    double *latency; /* [truth->n] of what was found, in order */
    int first;       /* earlier events are over */
    mdg_detect_point p;
} judge;

static bool is_target(const mdg_detect_opts *o, int label) {
    return label >= 0 && o->is_target[label];
}

/* Whether a detection at `time` finds an event that nothing has found yet. */
static bool match(judge *j, int label, double time) {
    const mdg_truth_event *e = j->truth->events;
    while (j->first < j->truth->n && e[j->first].end_s + j->o->tolerance_s < time) j->first++;
    for (int i = j->first; i < j->truth->n && e[i].start_s <= time; i++) {
        if (e[i].label != label || j->found[i] || e[i].end_s + j->o->tolerance_s < time) continue;
        j->found[i] = true;
        j->latency[j->p.n_found++] = time - e[i].start_s;
        return true;
    }
    return false;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void finish(judge *j, double seconds) {
    mdg_detect_point *p = &j->p;
    for (int i = 0; i < j->truth->n; i++) p->n_events += is_target(j->o, j->truth->events[i].label);
    p->misses = p->n_events ? 1.0 - (double)p->n_found / p->n_events : 0;
    p->false_per_hour = seconds > 0 ? p->n_false * 3600 / seconds : 0;
    if (p->n_found) qsort(j->latency, (size_t)p->n_found, sizeof *j->latency, by_value);
    p->latency_s = p->n_found ? j->latency[p->n_found / 2] : (double)NAN;
}

static int first_target(const mdg_detect_opts *o) {
    int c = 0;
    while (c + 1 < o->decide.n_classes && !o->is_target[c]) c++;
    return c;
}

mdg_detect_point mdg_detect_run(const mdg_detect_stream *s, const mdg_detect_opts *o, const mdg_truth *truth,
                                mdg_arena *arena, mdg_detections *list) {
    const mdg_decide *d = &o->decide;
    void *memory = mdg_arena_alloc(arena, (size_t)MDG_DECIDE_BYTES(d->n_classes, d->smoothing));
    judge j = {.o = o, .truth = truth, .p = {.threshold = d->on[first_target(o)]}};
    j.found = mdg_arena_array(arena, (size_t)truth->n + 1, sizeof *j.found);
    j.latency = mdg_arena_array(arena, (size_t)truth->n + 1, sizeof *j.latency);
    mdg_decide_start(d, memory);
    for (int i = 0; i < s->n; i++) {
        const int event = mdg_decide_next(d, memory, s->scores + (ptrdiff_t)i * s->n_classes);
        if (event < 0) continue;
        const double time = s->first_s + i * s->step_s;
        const bool correct = match(&j, event, time);
        j.p.n_false += !correct;
        if (list) list->items[list->n++] = (mdg_detection){time, event, correct};
    }
    finish(&j, s->seconds);
    return j.p;
}

void mdg_detect_curve(const mdg_detect_stream *s, const mdg_detect_opts *o, const mdg_truth *truth,
                      mdg_arena *arena, mdg_detect_point *points) {
    const int n = o->decide.n_classes, target = first_target(o);
    int16_t *on = mdg_arena_array(arena, (size_t)n, sizeof *on),
            *off = mdg_arena_array(arena, (size_t)n, sizeof *off);
    mdg_detect_opts varied = *o;
    varied.decide.on = on;
    varied.decide.off = off;
    for (int i = 0; i < MDG_DETECT_THRESHOLDS; i++) {
        const int up = i + INT8_MIN - o->decide.on[target];
        for (int c = 0; c < n; c++) {
            on[c] = (int16_t)(o->is_target[c] ? o->decide.on[c] + up : NEVER);
            off[c] = (int16_t)(o->decide.off[c] + up);
        }
        points[i] = mdg_detect_run(s, &varied, truth, arena, NULL);
    }
}

const mdg_detect_point *mdg_detect_choose(const mdg_detect_point *points, double false_per_hour) {
    const mdg_detect_point *best = NULL;
    for (int i = 0; i < MDG_DETECT_THRESHOLDS; i++) {
        if (points[i].false_per_hour > false_per_hour) continue;
        if (!best || points[i].misses <= best->misses) best = &points[i];
    }
    return best;
}

json_t *mdg_detect_json(const mdg_detect_point *p) {
    json_t *o = json_object();
    json_object_set_new(o, "threshold", json_integer(p->threshold));
    json_object_set_new(o, "events", json_integer(p->n_events));
    json_object_set_new(o, "found", json_integer(p->n_found));
    json_object_set_new(o, "false_accepts", json_integer(p->n_false));
    json_object_set_new(o, "misses", json_real(p->misses));
    json_object_set_new(o, "false_accepts_per_hour", json_real(p->false_per_hour));
    json_object_set_new(o, "latency_s", p->n_found ? json_real(p->latency_s) : json_null());
    return o;
}

json_t *mdg_detections_json(const mdg_detections *list, const char *const *labels) {
    json_t *all = json_array();
    for (int i = 0; i < list->n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "time_s", json_real(list->items[i].time_s));
        json_object_set_new(o, "label", json_string(labels[list->items[i].label]));
        json_object_set_new(o, "correct", json_boolean(list->items[i].correct));
        json_array_append_new(all, o);
    }
    return all;
}
