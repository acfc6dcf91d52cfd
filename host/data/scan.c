/* SPDX-License-Identifier: MIT
 *
 * From a folder to a list of clips: walk, match names, settle the labels, make the list.
 */
#include "data/data.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "data/images.h"
#include "data/objects.h"
#include "data/pattern.h"
#include "data/series.h"

enum { MAX_DEPTH = 8 }; /* of folders of background recordings */

/* What a clip's file is called, and the extensions that it may have. */
static const struct {
    const char *noun;
    const char *const extensions[20];
} kinds[] = {
    [MDG_DATA_AUDIO] = {"audio files",
                        {"wav", "flac", "ogg", "oga", "opus", "mp3", "m4a", "aac", "aif", "aiff", "au", "caf",
                         "w64", "wma", "webm", "mka"}},
    [MDG_DATA_SERIES] = {"recordings", {"csv", "tsv", "txt", "wav"}},
    [MDG_DATA_IMAGES] = {"pictures",
                         {"png", "jpg", "jpeg", "bmp", "gif", "ppm", "pgm", "tif", "tiff", "webp"}},
};

/* An audio file (name, and where it matches: word and group), or a class folder (word only, name NULL). */
typedef struct entry {
    const char *name, *word, *group;
} entry;

typedef struct entries {
    entry *items;
    size_t n, capacity;
} entries;

typedef struct scanner {
    const mdg_data_opts *opts;
    mdg_dataset *set;
    mdg_diag *diag;
    const char *pattern;    /* always with {label} */
    int depth;              /* folders in pattern */
    struct stat background; /* so that it is not taken for a class */
    entries files, misfits, folders;
} scanner;

static void push(mdg_arena *arena, entries *list, entry e) {
    if (list->n == list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 64;
        entry *items = mdg_arena_array(arena, capacity, sizeof *items);
        if (list->n) memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = e;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

static int by_word(const void *a, const void *b) {
    return strcmp(((const entry *)a)->word, ((const entry *)b)->word);
}

static void sort(entries *list, int (*order)(const void *, const void *)) {
    if (list->n) qsort(list->items, list->n, sizeof *list->items, order);
}

bool mdg_data_is_clip(mdg_data_kind kind, const char *name) {
    const char *dot = strrchr(name, '.');
    for (const char *const *e = kinds[kind].extensions; dot && *e; e++)
        if (strcasecmp(dot + 1, *e) == 0) return true;
    return false;
}

static const char *join(mdg_arena *arena, const char *folder, const char *name) {
    return *folder ? mdg_arena_printf(arena, "%s/%s", folder, name) : mdg_arena_strdup(arena, name);
}

static const char *copy_field(mdg_arena *arena, const char *start, size_t length) {
    return start ? mdg_arena_printf(arena, "%.*s", (int)length, start) : "";
}

static void take_file(scanner *s, const char *name, int depth) {
    mdg_arena *arena = s->set->arena;
    mdg_pattern_match m;
    if (!mdg_data_is_clip(s->opts->kind, name) || depth != s->depth)
        s->set->n_ignored++;
    else if (mdg_pattern_apply(s->pattern, name, &m))
        push(arena, &s->files,
             (entry){name, copy_field(arena, m.label, m.label_length),
                     copy_field(arena, m.group, m.group_length)});
    else
        push(arena, &s->misfits, (entry){name, "", ""});
}

static bool is_background(const scanner *s, const struct stat *info) {
    return s->opts->background && info->st_dev == s->background.st_dev &&
           info->st_ino == s->background.st_ino;
}

static mdg_status walk(scanner *s, const char *folder, int depth);

static mdg_status take_folder(scanner *s, const char *name, int depth) {
    if (depth >= s->depth || (depth == 0 && name[0] == '_')) return MDG_OK;
    if (depth == 0 && strncmp(s->pattern, "{label}/", 8) == 0)
        push(s->set->arena, &s->folders, (entry){NULL, name, ""});
    return walk(s, name, depth + 1);
}

static mdg_status walk(scanner *s, const char *folder, int depth) {
    const char *path = *folder ? join(s->set->arena, s->opts->path, folder) : s->opts->path;
    DIR *dir = opendir(path);
    if (!dir)
        return mdg_fail(s->diag, MDG_NOT_FOUND, "%s: cannot be read: %s; see data.path", path,
                        strerror(errno));
    mdg_status status = MDG_OK;
    for (struct dirent *d; status == MDG_OK && (d = readdir(dir));) {
        struct stat info;
        if (d->d_name[0] == '.') continue;
        if (stat(join(s->set->arena, path, d->d_name), &info) != 0) continue;
        const char *name = join(s->set->arena, folder, d->d_name);
        if (S_ISREG(info.st_mode)) take_file(s, name, depth);
        if (S_ISDIR(info.st_mode) && !is_background(s, &info)) status = take_folder(s, name, depth);
    }
    closedir(dir);
    return status;
}

static int index_of(const char *word, const char *const *words, int n) {
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0) return i;
    return -1;
}

static void add_label(mdg_dataset *set, const char *label) {
    if (label && index_of(label, set->labels, set->n_labels) < 0) set->labels[set->n_labels++] = label;
}

/* The labels wanted, or all words (files and empty class folders) in order; then unknown and silence. */
static void settle_labels(scanner *s) {
    mdg_dataset *set = s->set;
    const mdg_data_opts *opts = s->opts;
    set->labels = mdg_arena_array(set->arena, (size_t)opts->n_labels + s->files.n + s->folders.n + 2,
                                  sizeof *set->labels);
    if (opts->n_labels) {
        for (int i = 0; i < opts->n_labels; i++) add_label(set, opts->labels[i]);
    } else {
        entries words = {0};
        for (size_t i = 0; i < s->folders.n; i++) push(set->arena, &words, s->folders.items[i]);
        for (size_t i = 0; i < s->files.n; i++) push(set->arena, &words, s->files.items[i]);
        sort(&words, by_word);
        for (size_t i = 0; i < words.n; i++)
            if (i == 0 || strcmp(words.items[i].word, words.items[i - 1].word) != 0)
                set->labels[set->n_labels++] = words.items[i].word;
    }
    add_label(set, opts->unknown);
    add_label(set, opts->silence);
}

static int label_of(const mdg_dataset *set, const char *word) {
    const int label = index_of(word, set->labels, set->n_labels);
    return label < 0 && set->opts->unknown ? index_of(set->opts->unknown, set->labels, set->n_labels) : label;
}

static int count_label(const mdg_dataset *set, int label) {
    int n = 0;
    for (int i = 0; i < set->n_clips; i++) n += set->clips[i].label == label;
    return n;
}

/* As many silence clips as a word has on average; recordings of silence count. */
static int silence_wanted(const mdg_dataset *set) {
    const mdg_data_opts *opts = set->opts;
    if (!opts->silence) return 0;
    const int silence = label_of(set, opts->silence);
    const int unknown = opts->unknown ? label_of(set, opts->unknown) : -1;
    int words = 0, clips = 0;
    for (int l = 0; l < set->n_labels; l++) {
        if (l == silence || l == unknown) continue;
        words++;
        clips += count_label(set, l);
    }
    const int missing = (words ? (clips + words - 1) / words : set->n_clips) - count_label(set, silence);
    return missing > 0 ? missing : 0;
}

static void make_clips(scanner *s) {
    mdg_dataset *set = s->set;
    set->clips = mdg_arena_array(set->arena, 2 * s->files.n, sizeof *set->clips);
    for (size_t i = 0; i < s->files.n; i++) {
        const entry *e = &s->files.items[i];
        const int label = label_of(set, e->word);
        if (label < 0) {
            set->n_ignored++;
            continue;
        }
        set->clips[set->n_clips++] =
            (mdg_clip){.path = join(set->arena, s->opts->path, e->name), .label = label, .group = e->group};
    }
    const int n = silence_wanted(set), label = n ? label_of(set, s->opts->silence) : 0;
    for (int i = 0; i < n; i++)
        set->clips[set->n_clips++] =
            (mdg_clip){.path = mdg_arena_printf(set->arena, "%s:%d", s->opts->silence, i),
                       .label = label,
                       .group = "",
                       .generated = true};
}

static void list_misfits(scanner *s) {
    mdg_dataset *set = s->set;
    set->skipped = mdg_arena_array(set->arena, s->files.n + s->misfits.n + (size_t)set->n_backgrounds,
                                   sizeof *set->skipped);
    for (size_t i = 0; i < s->misfits.n; i++)
        set->skipped[set->n_skipped++] = (mdg_skipped){
            join(set->arena, s->opts->path, s->misfits.items[i].name),
            mdg_arena_printf(set->arena, "its name does not match data.pattern '%s'", s->opts->pattern)};
}

static mdg_status check_matches(const scanner *s) {
    const char *path = s->opts->path, *noun = kinds[s->opts->kind].noun;
    if (s->files.n) return MDG_OK;
    if (s->misfits.n)
        return mdg_fail(s->diag, MDG_INVALID, "%s: data.pattern '%s' matches none of its %zu %s (such as %s)",
                        path, s->opts->pattern, s->misfits.n, noun, s->misfits.items[0].name);
    if (s->folders.n)
        return mdg_fail(s->diag, MDG_INVALID, "%s: no class folder holds %s (%s/%s is empty); put them there",
                        path, noun, path, s->folders.items[0].word);
    return mdg_fail(
        s->diag, MDG_INVALID,
        "%s: no %s where data.pattern '%s' looks for them; make a folder for each class, with its "
        "files (%s/<label>/*.%s), or set data.pattern",
        path, noun, s->pattern, path, kinds[s->opts->kind].extensions[0]);
}

static mdg_status check_classes(const scanner *s) {
    const mdg_dataset *set = s->set;
    for (int l = 0; l < set->n_labels; l++)
        if (count_label(set, l) == 0)
            return mdg_fail(s->diag, MDG_INVALID,
                            "%s: class '%s' has no %s; add some, or leave it out of data.labels",
                            s->opts->path, set->labels[l], kinds[s->opts->kind].noun);
    return MDG_OK;
}

static mdg_status check_opts(const mdg_data_opts *o, mdg_diag *diag) {
    if (!o->path || !*o->path)
        return mdg_fail(diag, MDG_INVALID, "data.path is not set: name the folder of recordings");
    const int lowest = o->kind == MDG_DATA_AUDIO ? 1000 : 1;
    if (o->sample_rate < lowest || o->sample_rate > 192000)
        return mdg_fail(diag, MDG_INVALID, "data.sample_rate: %d Hz is not in %d..192000", o->sample_rate,
                        lowest);
    if (o->kind != MDG_DATA_AUDIO && (o->silence || o->background))
        return mdg_fail(diag, MDG_INVALID, "data.silence and data.background are for sound");
    if (o->kind != MDG_DATA_IMAGES && (o->objects || o->names))
        return mdg_fail(diag, MDG_INVALID, "data.objects and data.names are for pictures");
    if (o->clip_ms < 20 || o->clip_ms > 60000)
        return mdg_fail(diag, MDG_INVALID, "data.clip_ms: %d is not in 20..60000", o->clip_ms);
    if (o->unknown && !o->n_labels)
        return mdg_fail(diag, MDG_INVALID,
                        "data.unknown: '%s' gathers the words outside data.labels, which is not set",
                        o->unknown);
    for (int i = 0; i < o->n_labels; i++)
        if (index_of(o->labels[i], o->labels, i) >= 0)
            return mdg_fail(diag, MDG_INVALID, "data.labels: '%s' is listed twice", o->labels[i]);
    return o->pattern ? mdg_pattern_check(o->pattern, diag) : MDG_OK;
}

static mdg_status list_backgrounds(scanner *s, const char *folder, int depth, entries *files) {
    mdg_arena *arena = s->set->arena;
    DIR *dir = opendir(folder);
    if (!dir)
        return mdg_fail(s->diag, MDG_NOT_FOUND, "%s: cannot be read: %s; see data.background", folder,
                        strerror(errno));
    mdg_status status = MDG_OK;
    for (struct dirent *d; status == MDG_OK && (d = readdir(dir));) {
        struct stat info;
        const char *path = join(arena, folder, d->d_name);
        if (d->d_name[0] == '.' || stat(path, &info) != 0) continue;
        if (S_ISDIR(info.st_mode) && depth < MAX_DEPTH) status = list_backgrounds(s, path, depth + 1, files);
        if (S_ISREG(info.st_mode) && mdg_data_is_clip(MDG_DATA_AUDIO, path))
            push(arena, files, (entry){path, "", ""});
    }
    closedir(dir);
    return status;
}

static mdg_status find_backgrounds(scanner *s) {
    const char *folder = s->opts->background;
    entries files = {0};
    if (!folder) return MDG_OK;
    MDG_TRY(list_backgrounds(s, folder, 0, &files));
    stat(folder, &s->background);
    if (!files.n) return mdg_fail(s->diag, MDG_INVALID, "%s: no audio files in data.background", folder);
    sort(&files, by_name);
    s->set->n_backgrounds = (int)files.n;
    s->set->backgrounds = mdg_arena_array(s->set->arena, files.n, sizeof(mdg_clip));
    for (size_t i = 0; i < files.n; i++)
        s->set->backgrounds[i] = (mdg_clip){.path = files.items[i].name, .label = -1, .group = ""};
    return MDG_OK;
}

static int count_folders(const char *pattern) {
    int n = 0;
    for (; *pattern; pattern++) n += *pattern == '/';
    return n;
}

mdg_status mdg_dataset_scan(const mdg_data_opts *opts, mdg_arena *arena, mdg_dataset *out, mdg_diag *diag) {
    MDG_TRY(check_opts(opts, diag));
    *out = (mdg_dataset){.arena = arena, .opts = opts, .channels = 1};
    if (opts->objects) {
        MDG_TRY(mdg_objects_load(out, diag));
        return mdg_images_settle_size(out, diag);
    }
    if (opts->kind == MDG_DATA_IMAGES && mdg_images_has_idx(opts->path, arena))
        return mdg_images_load_idx(out, diag);
    scanner s = {.opts = opts, .set = out, .diag = diag};
    s.pattern = opts->pattern ? opts->pattern : "*";
    if (!strstr(s.pattern, "{label}")) s.pattern = mdg_arena_printf(arena, "{label}/%s", s.pattern);
    s.depth = count_folders(s.pattern);
    MDG_TRY(find_backgrounds(&s));
    MDG_TRY(walk(&s, "", 0));
    MDG_TRY(check_matches(&s));
    sort(&s.files, by_name);
    sort(&s.misfits, by_name);
    settle_labels(&s);
    make_clips(&s);
    list_misfits(&s);
    MDG_TRY(check_classes(&s));
    if (opts->kind == MDG_DATA_SERIES) return mdg_series_load(out, diag);
    return opts->kind == MDG_DATA_IMAGES ? mdg_images_settle_size(out, diag) : MDG_OK;
}
