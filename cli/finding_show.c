/* SPDX-License-Identifier: MIT
 *
 * finding_show.c: what was found in the test pictures, as a table and as a picture.
 */
#include "cli/finding.h"
#include "data/csv.h"

enum { SCENES = 12 };

static const int8_t *scores_of(const mdg_pipeline *pl, int i) {
    return (const int8_t *)pl->host_outputs + (size_t)i * mdg_pipeline_scores(pl);
}

static mdg_found *room_for(const mdg_pipeline *pl) {
    return mdg_arena_array(pl->arena, (size_t)pl->map_h * (size_t)pl->map_w + 1, sizeof(mdg_found));
}

static mdg_status save_table(const mdg_pipeline *pl) {
    const mdg_map m = mdg_finding_map_of(pl);
    mdg_found *found = room_for(pl);
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, mdg_pipeline_file(pl, "found.csv"), pl->diag));
    fputs("path,label,x,y,score\n", w.stream);
    for (int i = 0; i < pl->n_of[MDG_SPLIT_TEST]; i++) {
        const int n = mdg_finding_all(&m, scores_of(pl, i), found);
        for (int k = 0; k < n; k++) {
            mdg_csv_put(w.stream, pl->set.clips[pl->clips_of[MDG_SPLIT_TEST][i]].path);
            fputc(',', w.stream);
            mdg_csv_put(w.stream, pl->frontend.labels[found[k].kind]);
            fprintf(w.stream, ",%d,%d,%.3f\n", found[k].x, found[k].y, found[k].score / 256.0);
        }
    }
    return mdg_writer_close(&w, pl->diag);
}

/* What was found in a picture, then what was missed: out [n_found + n_truth], returns how many */
static int marks_of(const mdg_pipeline *pl, const mdg_object *truth, int n_truth, const mdg_found *found,
                    int n_found, mdg_report_mark *out) {
    const mdg_map m = mdg_finding_map_of(pl);
    bool seen[MDG_DATA_OBJECTS] = {false};
    int n = 0;
    mdg_locate *l = mdg_locate_new(pl->arena, m.n_classes, n_truth + n_found);
    mdg_locate_picture(l, truth, n_truth, found, n_found, mdg_finding_reach(&m));
    for (int f = 0; f < n_found; f++) {
        const int t = mdg_locate_partners(l)[f];
        const bool same = t >= 0 && truth[t].label == found[f].kind;
        if (t >= 0) seen[t] = true;
        out[n++] = (mdg_report_mark){same     ? MDG_MARK_RIGHT
                                     : t >= 0 ? MDG_MARK_OTHER_KIND
                                              : MDG_MARK_NOTHING,
                                     pl->frontend.labels[found[f].kind], found[f].x, found[f].y};
    }
    for (int t = 0; t < n_truth; t++)
        if (!seen[t])
            out[n++] = (mdg_report_mark){MDG_MARK_MISSED, pl->frontend.labels[truth[t].label], truth[t].x,
                                         truth[t].y};
    return n;
}

static mdg_report_scene scene_of(const mdg_pipeline *pl, int i, mdg_found *found) {
    const int clip = pl->clips_of[MDG_SPLIT_TEST][i];
    const mdg_map m = mdg_finding_map_of(pl);
    mdg_object truth[MDG_DATA_OBJECTS];
    const int n_truth = mdg_finding_truth(pl, clip, &m, truth),
              n_found = mdg_finding_all(&m, scores_of(pl, i), found);
    mdg_report_mark *marks = mdg_arena_array(pl->arena, (size_t)(n_truth + n_found) + 1, sizeof *marks);
    return (mdg_report_scene){.pixels = pl->set.clips[clip].samples,
                              .h = pl->set.image_h,
                              .w = pl->set.image_w,
                              .channels = pl->set.channels,
                              .marks = marks,
                              .n_marks = marks_of(pl, truth, n_truth, found, n_found, marks)};
}

const mdg_report_scene *mdg_finding_scenes(const mdg_pipeline *pl, int *n) {
    mdg_found *found = room_for(pl);
    mdg_report_scene *out = mdg_arena_array(pl->arena, SCENES, sizeof *out);
    *n = pl->n_of[MDG_SPLIT_TEST] < SCENES ? pl->n_of[MDG_SPLIT_TEST] : SCENES;
    for (int i = 0; i < *n; i++) out[i] = scene_of(pl, i, found);
    return out;
}

mdg_status mdg_finding_save(const mdg_pipeline *pl) {
    int n;
    MDG_TRY(save_table(pl));
    const mdg_report_scene *scenes = mdg_finding_scenes(pl, &n);
    return mdg_report_scenes_save(scenes, n, mdg_pipeline_file(pl, "scenes.png"), pl->diag);
}
