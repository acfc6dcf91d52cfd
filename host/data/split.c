/* SPDX-License-Identifier: MIT
 *
 * Who trains, who validates, who tests. First the listed groups, then groups or files by fraction, then the
 * generated clips in the proportion of the recordings.
 */
#include "data/data.h"

#include <math.h>
#include <string.h>

#include "data/groups.h"
#include "data/listed.h"
#include "util/rng.h"

typedef struct splitter {
    mdg_dataset *set;
    const mdg_split_opts *opts;
    mdg_diag *diag;
    float fractions[MDG_SPLIT_COUNT]; /* of what is not listed; train has the rest */
    bool *settled;                    /* [n_clips] */
    mdg_groups groups;
    int *group_of; /* [n_clips], index into groups, -1 = none */
} splitter;

const char *mdg_split_text(mdg_split split) {
    static const char *const texts[] = {
#define TEXT(name, text) text,
        MDG_SPLIT_LIST(TEXT)
#undef TEXT
    };
    return (unsigned)split < MDG_SPLIT_COUNT ? texts[split] : "?";
}

static bool is_by(const mdg_split_opts *opts, const char *what) {
    return strcmp(opts->by ? opts->by : "file", what) == 0;
}

static bool by_group(const mdg_split_opts *opts) {
    return is_by(opts, "group");
}

static mdg_status check_opts(const mdg_split_opts *o, mdg_diag *diag) {
    const float validation = o->n_validation_groups ? 0 : o->validation,
                test = o->n_test_groups ? 0 : o->test;
    if (!by_group(o) && !is_by(o, "file") && !is_by(o, "time"))
        return mdg_fail(diag, MDG_INVALID, "data.split_by: '%s' is none of file, group, time", o->by);
    if (!(validation >= 0 && test >= 0 && validation + test < 1))
        return mdg_fail(diag, MDG_INVALID,
                        "data: validation %g and test %g leave nothing to train on; both must be at least "
                        "0, together less than 1",
                        (double)validation, (double)test);
    return MDG_OK;
}

static void find_groups(splitter *s) {
    const int n = s->set->n_clips;
    s->groups = mdg_groups_of(s->set, MDG_SPLIT_COUNT);
    s->group_of = mdg_arena_array(s->set->arena, (size_t)n, sizeof *s->group_of);
    for (int i = 0; i < n; i++) s->group_of[i] = mdg_groups_find(&s->groups, s->set->clips[i].group);
}

static void settle(splitter *s, int clip, mdg_split split) {
    s->set->clips[clip].split = split;
    s->settled[clip] = true;
}

static mdg_status settle_listed(splitter *s, const char *const *names, int n, mdg_split split) {
    for (int k = 0; k < n; k++) {
        int found = 0;
        for (int i = 0; i < s->set->n_clips; i++) {
            if (strcmp(s->set->clips[i].group, names[k]) != 0) continue;
            if (s->settled[i])
                return mdg_fail(s->diag, MDG_INVALID,
                                "data: group '%s' is listed twice; a group belongs to one split", names[k]);
            settle(s, i, split);
            found++;
        }
        if (!found)
            return mdg_fail(s->diag, MDG_INVALID, "data.%s_groups: there is no group '%s' (%d groups%s%s)",
                            mdg_split_text(split), names[k], s->groups.n,
                            s->groups.n ? ", such as " : "; data.pattern needs {group}",
                            s->groups.n ? s->groups.names[0] : "");
    }
    return MDG_OK;
}

/* Splits that metadata.csv names have no fractions: its clips of validation and test are settled, and the
 * rest is divided by the fractions that are left. */
static mdg_status settle_metadata(splitter *s) {
    const mdg_dataset *set = s->set;
    mdg_split *split = mdg_arena_array(set->arena, (size_t)set->n_clips, sizeof *split);
    bool named[MDG_SPLIT_COUNT];
    MDG_TRY(mdg_listed_splits(set, split, named, s->diag));
    if (!named[MDG_SPLIT_VALIDATION] && !named[MDG_SPLIT_TEST]) return MDG_OK;
    for (int k = MDG_SPLIT_VALIDATION; k <= MDG_SPLIT_TEST; k++)
        if (named[k]) s->fractions[k] = 0;
    s->fractions[MDG_SPLIT_TRAIN] = 1 - s->fractions[MDG_SPLIT_VALIDATION] - s->fractions[MDG_SPLIT_TEST];
    for (int i = 0; i < set->n_clips; i++)
        if (!s->settled[i] && split[i] != MDG_SPLIT_COUNT && split[i] != MDG_SPLIT_TRAIN)
            settle(s, i, split[i]);
    return MDG_OK;
}

/* The share of n: rounded, but one at least when there is a fraction and n suffices for every split. */
static int share(int n, float fraction) {
    const int rounded = (int)lrintf((float)n * fraction);
    return rounded == 0 && fraction > 0 && n >= MDG_SPLIT_COUNT ? 1 : rounded;
}

/* Shuffles the open clips of a label that are (or are not) generated, and deals them by fraction. */
static void settle_files(splitter *s, int label, bool generated, const float *fractions) {
    mdg_dataset *set = s->set;
    uint32_t *open = mdg_arena_array(set->arena, (size_t)set->n_clips, sizeof *open);
    int n = 0;
    for (int i = 0; i < set->n_clips; i++)
        if (!s->settled[i] && set->clips[i].label == label && set->clips[i].generated == generated)
            open[n++] = (uint32_t)i;
    mdg_rng r = mdg_rng_of(s->opts->seed, (uint64_t)label);
    mdg_rng_shuffle(&r, open, (size_t)n);
    const int test = share(n, fractions[MDG_SPLIT_TEST]);
    const int validation = share(n, fractions[MDG_SPLIT_VALIDATION]);
    for (int i = 0; i < n; i++)
        settle(s, (int)open[i],
               i < test                ? MDG_SPLIT_TEST
               : i < test + validation ? MDG_SPLIT_VALIDATION
                                       : MDG_SPLIT_TRAIN);
}

/* Dealing whole groups: counts[g][label] is what a group brings, wanted[split][label] what a split still
 * lacks. */
typedef struct dealer {
    int n_labels;
    float *counts, *wanted;
    uint32_t *order; /* open groups, large ones first, equal ones shuffled */
    int n_open;
    mdg_split *split; /* of each group */
    int empty;        /* splits with a fraction that have no group yet */
    bool has[MDG_SPLIT_COUNT];
} dealer;

static float group_size(const dealer *d, uint32_t group) {
    float n = 0;
    for (int l = 0; l < d->n_labels; l++) n += d->counts[(int)group * d->n_labels + l];
    return n;
}

static void order_groups(const splitter *s, dealer *d) {
    for (int g = 0; g < s->groups.n; g++)
        if (group_size(d, (uint32_t)g) > 0) d->order[d->n_open++] = (uint32_t)g;
    mdg_rng r = mdg_rng_of(s->opts->seed, UINT32_MAX);
    mdg_rng_shuffle(&r, d->order, (size_t)d->n_open);
    for (int i = 1; i < d->n_open; i++) /* stable insertion sort by falling size */
        for (int k = i; k > 0 && group_size(d, d->order[k - 1]) < group_size(d, d->order[k]); k--) {
            const uint32_t g = d->order[k];
            d->order[k] = d->order[k - 1];
            d->order[k - 1] = g;
        }
}

static void start_dealing(const splitter *s, dealer *d) {
    const mdg_dataset *set = s->set;
    const size_t labels = (size_t)set->n_labels;
    d->n_labels = set->n_labels;
    d->counts = mdg_arena_array(set->arena, (size_t)s->groups.n * labels, sizeof *d->counts);
    d->wanted = mdg_arena_array(set->arena, MDG_SPLIT_COUNT * labels, sizeof *d->wanted);
    d->order = mdg_arena_array(set->arena, (size_t)s->groups.n, sizeof *d->order);
    d->split = mdg_arena_array(set->arena, (size_t)s->groups.n, sizeof *d->split);
    for (int i = 0; i < set->n_clips; i++) {
        if (s->settled[i] || s->group_of[i] < 0) continue;
        const int label = set->clips[i].label;
        d->counts[s->group_of[i] * d->n_labels + label] += 1;
        for (int k = 0; k < MDG_SPLIT_COUNT; k++) d->wanted[k * d->n_labels + label] += s->fractions[k];
    }
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) d->empty += s->fractions[k] > 0;
    order_groups(s, d);
}

/* How much of what the group brings a split still lacks. */
static float use_of(const dealer *d, uint32_t group, int split) {
    float use = 0;
    for (int l = 0; l < d->n_labels; l++)
        use += d->counts[(int)group * d->n_labels + l] * d->wanted[split * d->n_labels + l];
    return use;
}

/* The split to which the group is of most use; when few groups are left, one that has none yet. */
static int best_split(const splitter *s, const dealer *d, uint32_t group, int left) {
    int best = -1;
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) {
        if (s->fractions[k] <= 0 || (left <= d->empty && d->has[k])) continue;
        if (best < 0 || use_of(d, group, k) > use_of(d, group, best)) best = k;
    }
    return best;
}

static mdg_status settle_groups(splitter *s) {
    dealer d = {0};
    start_dealing(s, &d);
    if (!d.n_open)
        return mdg_fail(
            s->diag, MDG_INVALID,
            "data.split_by: group: no clip %s; let data.pattern say where the group stands, as in "
            "\"{group}_*.wav\"",
            s->groups.n ? "is left for training" : "has a group");
    if (d.n_open < d.empty)
        return mdg_fail(
            s->diag, MDG_INVALID,
            "data.split_by: group: %d groups cannot fill %d splits; record more, or split by file", d.n_open,
            d.empty);
    for (int i = 0; i < d.n_open; i++) {
        const uint32_t g = d.order[i];
        const int k = best_split(s, &d, g, d.n_open - i);
        d.empty -= !d.has[k];
        d.has[k] = true;
        d.split[g] = (mdg_split)k;
        for (int l = 0; l < d.n_labels; l++)
            d.wanted[k * d.n_labels + l] -= d.counts[(int)g * d.n_labels + l];
    }
    for (int i = 0; i < s->set->n_clips; i++)
        if (!s->settled[i] && s->group_of[i] >= 0) settle(s, i, d.split[s->group_of[i]]);
    return MDG_OK;
}

/* The last sample of the recording that clip i is of. */
static size_t end_of_recording(const mdg_dataset *set, int i) {
    size_t end = 0;
    for (int k = i; k < set->n_clips && strcmp(set->clips[k].path, set->clips[i].path) == 0; k++)
        end = set->clips[k].start + set->clips[k].n_samples;
    return end;
}

/* The split that holds all of [begin, end), in fractions of a recording, or MDG_SPLIT_COUNT. */
static mdg_split split_at(const splitter *s, double begin, double end) {
    double from = 0;
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) {
        const double to = from + (double)s->fractions[k];
        const bool first = from <= 0, last = to >= 1 - 1e-6;
        if ((first || begin >= from) && (last || end <= to) && begin < to && end > from) return (mdg_split)k;
        from = to;
    }
    return MDG_SPLIT_COUNT;
}

/* Windows keep half their length between them and the next split; those that cannot are dropped. */
static void settle_times(splitter *s) {
    mdg_dataset *set = s->set;
    const double margin = (double)mdg_data_window(set->opts) / 2;
    int kept = 0;
    double length = 0;
    for (int i = 0; i < set->n_clips; i++) {
        const mdg_clip c = set->clips[i];
        if (i == 0 || c.start == 0) length = (double)end_of_recording(set, i);
        const double begin = (double)c.start, end = begin + (double)c.n_samples;
        const mdg_split split =
            s->settled[i] ? c.split : split_at(s, (begin - margin) / length, (end + margin) / length);
        if (split == MDG_SPLIT_COUNT) continue;
        set->clips[kept] = c;
        settle(s, kept++, split);
    }
    set->n_clips = kept;
}

static void settle_generated(splitter *s) {
    const mdg_dataset *set = s->set;
    float parts[MDG_SPLIT_COUNT] = {0};
    int recordings = 0;
    for (int i = 0; i < set->n_clips; i++) {
        if (set->clips[i].generated) continue;
        recordings++;
        parts[set->clips[i].split] += 1;
    }
    for (int k = 0; k < MDG_SPLIT_COUNT; k++) parts[k] /= (float)recordings;
    for (int l = 0; l < set->n_labels; l++) settle_files(s, l, true, parts);
}

static mdg_status check_training(const splitter *s) {
    const mdg_dataset *set = s->set;
    for (int l = set->opts->objects != NULL; l < set->n_labels; l++) {
        int n = 0, training = 0;
        for (int i = 0; i < set->n_clips; i++) {
            if (!mdg_clip_holds(&set->clips[i], l)) continue;
            n++;
            training += set->clips[i].split == MDG_SPLIT_TRAIN;
        }
        if (!training)
            return mdg_fail(s->diag, MDG_INVALID,
                            "data: class '%s' is left without training clips (it has %d); %s", set->labels[l],
                            n,
                            by_group(s->opts) || s->opts->n_test_groups
                                ? "let more groups say it, or choose other test groups"
                                : "record more");
    }
    return MDG_OK;
}

mdg_status mdg_dataset_split(mdg_dataset *set, const mdg_split_opts *opts, mdg_diag *diag) {
    MDG_TRY(check_opts(opts, diag));
    splitter s = {.set = set, .opts = opts, .diag = diag};
    s.settled = mdg_arena_array(set->arena, (size_t)set->n_clips, sizeof *s.settled);
    s.fractions[MDG_SPLIT_VALIDATION] = opts->n_validation_groups ? 0 : opts->validation;
    s.fractions[MDG_SPLIT_TEST] = opts->n_test_groups ? 0 : opts->test;
    s.fractions[MDG_SPLIT_TRAIN] = 1 - s.fractions[MDG_SPLIT_VALIDATION] - s.fractions[MDG_SPLIT_TEST];
    find_groups(&s);
    MDG_TRY(settle_listed(&s, opts->test_groups, opts->n_test_groups, MDG_SPLIT_TEST));
    MDG_TRY(settle_listed(&s, opts->validation_groups, opts->n_validation_groups, MDG_SPLIT_VALIDATION));
    MDG_TRY(settle_metadata(&s));
    if (by_group(opts)) MDG_TRY(settle_groups(&s));
    if (is_by(opts, "time")) settle_times(&s);
    for (int l = 0; l < set->n_labels; l++) settle_files(&s, l, false, s.fractions);
    settle_generated(&s);
    return check_training(&s);
}
