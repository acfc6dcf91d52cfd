/* SPDX-License-Identifier: MIT */
#include "collection/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_ROOM = 4096, DEEPEST = 32 /* links may go round */ };

typedef struct walker {
    mdg_walk_visit visit;
    void *context;
    mdg_diag *diag;
    bool underscored;
    size_t root;          /* length of the folder's name, with its '/' */
    char path[PATH_ROOM]; /* of where the walk is */
} walker;

static mdg_status walk(walker *w, int depth);

static mdg_status take(walker *w, int depth) {
    struct stat info;
    if (stat(w->path, &info) != 0) return MDG_OK; /* gone meanwhile, or a link to nothing */
    if (S_ISDIR(info.st_mode)) return depth < DEEPEST ? walk(w, depth + 1) : MDG_OK;
    if (!S_ISREG(info.st_mode)) return MDG_OK;
    const mdg_walk_file file = {w->path + w->root, info.st_size,
                                (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec};
    return w->visit(w->context, &file, w->diag);
}

static mdg_status walk(walker *w, int depth) {
    DIR *dir = opendir(w->path);
    if (!dir) return mdg_fail(w->diag, MDG_NOT_FOUND, "%s: cannot be read: %s", w->path, strerror(errno));
    const size_t length = strlen(w->path);
    mdg_status status = MDG_OK;
    for (struct dirent *d; status == MDG_OK && (d = readdir(dir));) {
        if (d->d_name[0] == '.' || (depth == 0 && d->d_name[0] == '_' && !w->underscored)) continue;
        if (length + strlen(d->d_name) + 2 > sizeof w->path) continue;
        snprintf(w->path + length, sizeof w->path - length, "/%s", d->d_name);
        status = take(w, depth);
        w->path[length] = '\0';
    }
    closedir(dir);
    return status;
}

mdg_status mdg_walk(const char *folder, bool underscored, mdg_walk_visit visit, void *context,
                    mdg_diag *diag) {
    walker w = {.visit = visit, .context = context, .diag = diag, .underscored = underscored};
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') length--;
    if (length + 2 > sizeof w.path) return mdg_fail(diag, MDG_INVALID, "%.200s...: path is too long", folder);
    memcpy(w.path, folder, length);
    w.root = length + 1;
    return walk(&w, 0);
}
