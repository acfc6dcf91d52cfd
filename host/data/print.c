/* SPDX-License-Identifier: MIT
 *
 * A data set as text, for people and for spreadsheets.
 */
#include "data/data.h"

#include "data/groups.h"
#include "util/file.h"

enum { MAX_LISTED = 20 };

static int count(const mdg_dataset *set, int label, int split) {
    int n = 0;
    for (int i = 0; i < set->n_clips; i++)
        n += (label < 0 || mdg_clip_holds(&set->clips[i], label)) &&
             (split < 0 || (int)set->clips[i].split == split);
    return n;
}

static void print_row(const mdg_dataset *set, const char *name, int label, FILE *out) {
    fprintf(out, "%-16s", name);
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) fprintf(out, " %10d", count(set, label, k));
    fprintf(out, " %10d\n", count(set, label, -1));
}

static void print_groups(const mdg_dataset *set, mdg_split split, FILE *out) {
    const mdg_groups groups = mdg_groups_of(set, split);
    if (!groups.n) return;
    fprintf(out, "%s groups:", mdg_split_text(split));
    for (int g = 0; g < groups.n && g < MAX_LISTED; g++) fprintf(out, " %s", groups.names[g]);
    if (groups.n > MAX_LISTED) fprintf(out, " and %d more", groups.n - MAX_LISTED);
    fputc('\n', out);
}

void mdg_dataset_print(const mdg_dataset *set, FILE *out) {
    fprintf(out, "%-16s", "label");
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) fprintf(out, " %10s", mdg_split_text((mdg_split)k));
    fprintf(out, " %10s\n", "all");
    for (int l = 0; l < set->n_labels; l++) print_row(set, set->labels[l], l, out);
    print_row(set, "all", -1, out);
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) print_groups(set, (mdg_split)k, out);
    if (set->n_backgrounds) fprintf(out, "background recordings: %d\n", set->n_backgrounds);
    if (set->n_ignored)
        fprintf(out, "ignored files (of another kind, or of no wanted class): %d\n", set->n_ignored);
    if (set->n_skipped) fprintf(out, "skipped files: %d\n", set->n_skipped);
    for (int i = 0; i < set->n_skipped && i < MAX_LISTED; i++)
        fprintf(out, "  %s: %s\n", set->skipped[i].path, set->skipped[i].cause);
    if (set->n_skipped > MAX_LISTED) fprintf(out, "  and %d more\n", set->n_skipped - MAX_LISTED);
}

mdg_status mdg_dataset_write_split(const mdg_dataset *set, const char *path, mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    fputs("path\tlabel\tgroup\tsplit\tstart\n", w.stream);
    for (int i = 0; i < set->n_clips; i++) {
        const mdg_clip *c = &set->clips[i];
        fprintf(w.stream, "%s\t%s\t%s\t%s\t%zu\n", c->path, set->labels[c->label], c->group,
                mdg_split_text(c->split), c->start);
    }
    return mdg_writer_close(&w, diag);
}
