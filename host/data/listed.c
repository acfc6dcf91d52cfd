/* SPDX-License-Identifier: MIT */
#include "data/listed.h"

#include <string.h>

#include "data/csv.h"
#include "util/file.h"

static int find_split(const char *text) {
    for (int s = 0; s < MDG_SPLIT_COUNT; s++)
        if (strcmp(text, mdg_split_text((mdg_split)s)) == 0) return s;
    return -1;
}

/* The first of n clips whose path, below the data set's, is not less. */
static int lower_bound(const mdg_dataset *set, int n, const char *below) {
    const size_t folder = strlen(set->opts->path) + 1;
    int low = 0;
    while (low < n) {
        const int middle = low + (n - low) / 2;
        if (strcmp(set->clips[middle].path + folder, below) < 0)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

/* Clips that are files below the folder: not those that were generated, nor pictures within one file */
static int count_files(const mdg_dataset *set) {
    const size_t length = strlen(set->opts->path);
    int n = 0;
    while (n < set->n_clips && !set->clips[n].generated &&
           strncmp(set->clips[n].path, set->opts->path, length) == 0 && set->clips[n].path[length] == '/')
        n++;
    return n;
}

static mdg_status take_rows(const mdg_dataset *set, mdg_csv *csv, const char *path, mdg_split *split,
                            bool *names, mdg_diag *diag) {
    const int column_path = mdg_csv_column(csv, "path"), column_split = mdg_csv_column(csv, "split");
    const size_t folder = strlen(set->opts->path) + 1;
    const int n = count_files(set);
    while (column_path >= 0 && column_split >= 0 && mdg_csv_next(csv)) {
        const char *below = mdg_csv_cell(csv, column_path), *text = mdg_csv_cell(csv, column_split);
        const int which = find_split(text);
        if (*text && which < 0)
            return mdg_fail(diag, MDG_INVALID, "%s:%ld: split '%.40s' is none of train, validation, test",
                            path, csv->line, text);
        for (int i = lower_bound(set, n, below);
             which >= 0 && i < n && strcmp(set->clips[i].path + folder, below) == 0; i++) {
            split[i] = (mdg_split)which;
            names[which] = true;
        }
    }
    return MDG_OK;
}

mdg_status mdg_listed_splits(const mdg_dataset *set, mdg_split *split, bool *names, mdg_diag *diag) {
    const char *path = mdg_arena_printf(set->arena, "%s/metadata.csv", set->opts->path);
    mdg_csv csv;
    mdg_diag ignored;
    for (int i = 0; i < set->n_clips; i++) split[i] = MDG_SPLIT_COUNT;
    memset(names, 0, MDG_SPLIT_COUNT * sizeof *names);
    if (!mdg_file_exists(path) || mdg_csv_open(&csv, path, &ignored) != MDG_OK) return MDG_OK;
    const mdg_status status = take_rows(set, &csv, path, split, names, diag);
    mdg_csv_close(&csv);
    return status;
}
