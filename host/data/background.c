/* SPDX-License-Identifier: MIT */
#include "data/background.h"

enum { WHOLE_FROM = 10, SHARES = 5 };

/* Of five recordings in a row, which is whose; of a single one, its fifths. */
static const mdg_split owner[SHARES] = {MDG_SPLIT_TRAIN, MDG_SPLIT_TRAIN, MDG_SPLIT_TRAIN,
                                        MDG_SPLIT_VALIDATION, MDG_SPLIT_TEST};

int mdg_background_count(const mdg_dataset *set, mdg_split split) {
    if (set->n_backgrounds < WHOLE_FROM) return set->n_backgrounds;
    int n = 0;
    for (int i = 0; i < set->n_backgrounds; i++) n += owner[i % SHARES] == split;
    return n;
}

static mdg_background part_of(const mdg_clip *c, mdg_split split) {
    size_t first = 0, end = SHARES;
    while (owner[first] != split) first++;
    while (owner[end - 1] != split) end--;
    const size_t begin = c->n_samples * first / SHARES;
    return (mdg_background){c->samples + begin, c->n_samples * end / SHARES - begin};
}

mdg_background mdg_background_at(const mdg_dataset *set, mdg_split split, int k) {
    if (set->n_backgrounds < WHOLE_FROM) return part_of(&set->backgrounds[k], split);
    int i = 0;
    for (; k > 0 || owner[i % SHARES] != split; i++) k -= owner[i % SHARES] == split;
    return (mdg_background){set->backgrounds[i].samples, set->backgrounds[i].n_samples};
}
