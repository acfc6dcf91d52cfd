/* SPDX-License-Identifier: MIT */
#include "data/groups.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

mdg_groups mdg_groups_of(const mdg_dataset *set, mdg_split split) {
    mdg_groups g = {mdg_arena_array(set->arena, (size_t)set->n_clips, sizeof *g.names), 0};
    int n = 0;
    for (int i = 0; i < set->n_clips; i++)
        if (*set->clips[i].group && (split == MDG_SPLIT_COUNT || set->clips[i].split == split))
            g.names[n++] = set->clips[i].group;
    qsort(g.names, (size_t)n, sizeof *g.names, by_text);
    for (int i = 0; i < n; i++)
        if (i == 0 || strcmp(g.names[i], g.names[g.n - 1]) != 0) g.names[g.n++] = g.names[i];
    return g;
}

int mdg_groups_find(const mdg_groups *groups, const char *name) {
    const char **found = bsearch(&name, groups->names, (size_t)groups->n, sizeof name, by_text);
    return found ? (int)(found - groups->names) : -1;
}
