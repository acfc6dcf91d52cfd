/* SPDX-License-Identifier: MIT
 *
 * judging.c: what the scores of the test clips tell beyond accuracy.
 */
#include <string.h>

#include "cli/judging.h"

/* Windows of a recording, and pictures in one file, are told apart by where they begin. */
static const char *name_of(const mdg_pipeline *pl, const mdg_clip *c) {
    if (pl->project.data.kind == MDG_DATA_SERIES)
        return mdg_arena_printf(pl->arena, "%s at %.2f s", c->path,
                                (double)c->start / pl->frontend.opts.sample_rate);
    if (pl->project.data.kind == MDG_DATA_IMAGES && c->start)
        return mdg_arena_printf(pl->arena, "%s, number %zu", c->path, c->start);
    return c->path;
}

void mdg_pipeline_judge(mdg_pipeline *pl, const float *scores, mdg_judgement *out) {
    const int n = pl->n_of[MDG_SPLIT_TEST];
    const char **groups = mdg_arena_array(pl->arena, (size_t)n + 1, sizeof *groups);
    pl->test_names = mdg_arena_array(pl->arena, (size_t)n + 1, sizeof *pl->test_names);
    for (int i = 0; i < n; i++) {
        const mdg_clip *c = &pl->set.clips[pl->clips_of[MDG_SPLIT_TEST][i]];
        groups[i] = c->group ? c->group : "";
        pl->test_names[i] = name_of(pl, c);
    }
    const mdg_eval_clips clips = {scores, pl->truth, groups, n, pl->frontend.n_labels, pl->project.seed};
    mdg_eval_judge(&clips, pl->arena, out);
}

/* The recording as seen from out/report.html; NULL where there is none. */
static const char *link_of(const mdg_pipeline *pl, const mdg_clip *c) {
    const char *folder = pl->project.folder;
    const size_t n = strlen(folder);
    if (c->generated || !mdg_data_is_clip(pl->project.data.kind, c->path)) return NULL;
    if (strncmp(c->path, folder, n) == 0 && c->path[n] == '/')
        return mdg_arena_printf(pl->arena, "..%s", c->path + n);
    return c->path[0] == '/' ? c->path : NULL;
}

const mdg_report_miss *mdg_pipeline_misses(const mdg_pipeline *pl) {
    const mdg_judgement *j = &pl->judge_int8;
    mdg_report_miss *out = mdg_arena_array(pl->arena, MDG_EVAL_WORST, sizeof *out);
    for (int i = 0; i < j->n_worst; i++) {
        const mdg_eval_miss *m = &j->worst[i];
        out[i] = (mdg_report_miss){.name = pl->test_names[m->clip],
                                   .link = link_of(pl, &pl->set.clips[pl->clips_of[MDG_SPLIT_TEST][m->clip]]),
                                   .label = pl->frontend.labels[m->truth],
                                   .predicted = pl->frontend.labels[m->predicted],
                                   .score = m->score};
    }
    return out;
}

const mdg_report_group *mdg_pipeline_groups(const mdg_pipeline *pl) {
    const mdg_judgement *j = &pl->judge_int8;
    mdg_report_group *out = mdg_arena_array(pl->arena, (size_t)j->n_groups + 1, sizeof *out);
    for (int i = 0; i < j->n_groups; i++)
        out[i] = (mdg_report_group){j->groups[i].name, j->groups[i].n_correct, j->groups[i].n};
    return out;
}

mdg_report_calibration mdg_pipeline_calibration(const mdg_pipeline *pl) {
    const mdg_judgement *j = &pl->judge_int8;
    mdg_report_calibration c = {.error = j->calibration_error};
    for (int b = 0; b < MDG_EVAL_BINS; b++) {
        c.bins[b] = (mdg_report_bin){j->bins[b].n, j->bins[b].score, j->bins[b].accuracy};
        c.n += j->bins[b].n;
    }
    return c;
}
