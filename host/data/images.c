/* SPDX-License-Identifier: MIT
 *
 * A data set of pictures: the clips of IDX files, and the size that all pictures get.
 */
#include "data/images.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "data/audio.h"

enum { MAX_IDX_FILES = 64, IDX_LABELS = 256 };

typedef struct idx_files {
    const char *names[MAX_IDX_FILES];
    int n;
} idx_files;

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static idx_files find_idx(const char *folder, mdg_arena *arena) {
    idx_files files = {.n = 0};
    DIR *dir = opendir(folder);
    for (struct dirent *d; dir && (d = readdir(dir));)
        if (mdg_idx_is_images(d->d_name) && files.n < MAX_IDX_FILES)
            files.names[files.n++] = mdg_arena_strdup(arena, d->d_name);
    if (dir) closedir(dir);
    qsort(files.names, (size_t)files.n, sizeof *files.names, by_text);
    return files;
}

bool mdg_images_has_idx(const char *folder, mdg_arena *arena) {
    return find_idx(folder, arena).n > 0;
}

static int find_label(const mdg_dataset *set, const char *word) {
    for (int l = 0; l < set->n_labels; l++)
        if (strcmp(set->labels[l], word) == 0) return l;
    return -1;
}

/* The class of each number that IDX files hold: those of data.labels, or all from 0 to the largest; -1 = left
 * out. */
static mdg_status settle_labels(mdg_dataset *set, const bool *seen, int *class_of, mdg_diag *diag) {
    const mdg_data_opts *o = set->opts;
    set->labels = mdg_arena_array(set->arena, IDX_LABELS + (size_t)o->n_labels, sizeof *set->labels);
    for (int i = 0; i < o->n_labels; i++) set->labels[set->n_labels++] = o->labels[i];
    for (int number = 0; number < IDX_LABELS; number++) {
        if (o->n_names && seen[number] && number >= o->n_names)
            return mdg_fail(diag, MDG_INVALID,
                            "data.names: %d names, but there is a class %d; name all from 0 on", o->n_names,
                            number);
        const char *word =
            number < o->n_names ? o->names[number] : mdg_arena_printf(set->arena, "%d", number);
        if (!o->n_labels && seen[number] && find_label(set, word) < 0) set->labels[set->n_labels++] = word;
        class_of[number] = find_label(set, word);
    }
    return MDG_OK;
}

static int16_t *widen(const uint8_t *pixels, size_t n, mdg_arena *arena) {
    int16_t *out = mdg_arena_array(arena, n, sizeof *out);
    for (size_t i = 0; i < n; i++) out[i] = pixels[i];
    return out;
}

static void take_clips(mdg_dataset *set, const mdg_idx *idx, const char *path, const char *group,
                       const int *class_of) {
    const size_t n_pixels = (size_t)idx->h * (size_t)idx->w;
    int16_t *pixels = widen(idx->pixels, idx->n * n_pixels, set->arena);
    for (size_t i = 0; i < idx->n; i++) {
        const int label = class_of[idx->labels[i]];
        if (label < 0) {
            set->n_ignored++;
            continue;
        }
        set->clips[set->n_clips++] = (mdg_clip){.path = path,
                                                .label = label,
                                                .group = group,
                                                .start = i,
                                                .samples = pixels + i * n_pixels,
                                                .n_samples = n_pixels};
    }
}

static mdg_status check_size(const mdg_dataset *set, const mdg_idx *idx, mdg_diag *diag) {
    const mdg_data_opts *o = set->opts;
    if (o->image_h && (o->image_h != idx->h || o->image_w != idx->w))
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "its pictures are %d x %d; IDX files are taken as they are, so leave data.image out",
                        idx->h, idx->w);
    if (set->image_h && (set->image_h != idx->h || set->image_w != idx->w))
        return mdg_fail(diag, MDG_INVALID, "its pictures are %d x %d, those of other files %d x %d", idx->h,
                        idx->w, set->image_h, set->image_w);
    return MDG_OK;
}

mdg_status mdg_images_load_idx(mdg_dataset *set, mdg_diag *diag) {
    const idx_files files = find_idx(set->opts->path, set->arena);
    mdg_idx idx[MAX_IDX_FILES];
    const char *paths[MAX_IDX_FILES];
    bool seen[IDX_LABELS] = {false};
    int class_of[IDX_LABELS];
    size_t total = 0;
    for (int f = 0; f < files.n; f++) {
        paths[f] = mdg_arena_printf(set->arena, "%s/%s", set->opts->path, files.names[f]);
        mdg_status status = mdg_idx_read(paths[f], set->arena, &idx[f], diag);
        if (status == MDG_OK) status = check_size(set, &idx[f], diag);
        if (status != MDG_OK) return mdg_fail_in(diag, status, paths[f]);
        set->image_h = idx[f].h;
        set->image_w = idx[f].w;
        total += idx[f].n;
        for (size_t i = 0; i < idx[f].n; i++) seen[idx[f].labels[i]] = true;
    }
    MDG_TRY(settle_labels(set, seen, class_of, diag));
    set->channels = 1;
    set->clips = mdg_arena_array(set->arena, total + 1, sizeof *set->clips);
    for (int f = 0; f < files.n; f++) {
        const int length = (int)(strstr(files.names[f], "-images-") - files.names[f]);
        take_clips(set, &idx[f], paths[f], mdg_arena_printf(set->arena, "%.*s", length, files.names[f]),
                   class_of);
    }
    return MDG_OK;
}

mdg_status mdg_images_settle_size(mdg_dataset *set, mdg_diag *diag) {
    const mdg_data_opts *o = set->opts;
    mdg_image image = {0};
    mdg_audio_be_quiet();
    set->channels = o->grey ? 1 : 3;
    set->image_h = o->image_h;
    set->image_w = o->image_w;
    for (int i = 0; i < set->n_clips && !set->image_h; i++) {
        if (mdg_image_read(set->clips[i].path, 0, 0, o->grey, &image, diag) == MDG_OK)
            set->image_h = image.h, set->image_w = image.w;
        mdg_image_free(&image);
    }
    return set->image_h ? MDG_OK : mdg_fail_in(diag, MDG_INVALID, set->clips[0].path);
}
