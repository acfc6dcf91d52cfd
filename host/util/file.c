/* SPDX-License-Identifier: MIT */
#include "util/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mdg_status read_stream(FILE *f, size_t size, mdg_arena *arena, mdg_bytes *out) {
    out->data = mdg_arena_alloc(arena, size);
    out->size = fread(out->data, 1, size, f);
    return out->size == size && !ferror(f) ? MDG_OK : MDG_IO;
}

mdg_status mdg_file_read(const char *path, mdg_arena *arena, mdg_bytes *out, mdg_diag *diag) {
    struct stat info;
    if (stat(path, &info) != 0) return mdg_fail(diag, MDG_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode)) return mdg_fail(diag, MDG_INVALID, "%s: not a regular file", path);
    FILE *f = fopen(path, "rb");
    if (!f) return mdg_fail(diag, MDG_IO, "%s: %s", path, strerror(errno));
    const mdg_status status = read_stream(f, (size_t)info.st_size, arena, out);
    fclose(f);
    return status == MDG_OK ? MDG_OK : mdg_fail(diag, status, "%s: could not be read to its end", path);
}

mdg_status mdg_writer_open(mdg_writer *w, const char *path, mdg_diag *diag) {
    if (strlen(path) + 32 > sizeof w->path)
        return mdg_fail(diag, MDG_INVALID, "%.200s...: path is too long", path);
    snprintf(w->path, sizeof w->path, "%s", path);
    struct stat info;
    w->unsynced = false;
    const bool is_device =
        stat(path, &info) == 0 && !S_ISREG(info.st_mode); /* /dev/stdout: nothing to rename over */
    if (is_device)
        w->temporary[0] = '\0';
    else
        snprintf(w->temporary, sizeof w->temporary, "%.4000s.tmp%ld", path, (long)getpid());
    w->stream = fopen(is_device ? path : w->temporary, "wb");
    if (!w->stream) return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", path, strerror(errno));
    return MDG_OK;
}

void mdg_writer_discard(mdg_writer *w) {
    if (w->stream) fclose(w->stream);
    w->stream = NULL;
    if (w->temporary[0]) unlink(w->temporary);
}

mdg_status mdg_writer_close(mdg_writer *w, mdg_diag *diag) {
    const bool is_file = w->temporary[0];
    const bool failed = fflush(w->stream) != 0 || ferror(w->stream) ||
                        (is_file && !w->unsynced && fsync(fileno(w->stream)) != 0);
    const int cause = errno;
    if (!failed && fclose(w->stream) == 0 && (!is_file || rename(w->temporary, w->path) == 0)) return MDG_OK;
    const int error = failed ? cause : errno;
    if (!failed) w->stream = NULL;
    mdg_writer_discard(w);
    return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", w->path, strerror(error));
}

mdg_status mdg_file_write(const char *path, const void *data, size_t size, mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    if (size) fwrite(data, 1, size, w.stream);
    return mdg_writer_close(&w, diag);
}

mdg_status mdg_folder_make(const char *path, mdg_diag *diag) {
    char part[4096];
    if (strlen(path) >= sizeof part) return mdg_fail(diag, MDG_INVALID, "%.200s...: path is too long", path);
    for (size_t i = 1;; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return mdg_fail(diag, MDG_IO, "%s: cannot be made: %s", part, strerror(errno));
        if (path[i] == '\0') break;
    }
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return mdg_fail(diag, MDG_IO, "%s: is not a folder", path);
    return MDG_OK;
}

mdg_status mdg_folder_temporary(mdg_arena *arena, const char **out, mdg_diag *diag) {
    const char *parent = getenv("TMPDIR");
    char *path = mdg_arena_printf(arena, "%s/midge-XXXXXX", parent && *parent ? parent : "/tmp");
    *out = mkdtemp(path);
    return *out ? MDG_OK : mdg_fail(diag, MDG_IO, "%s: cannot be made: %s", path, strerror(errno));
}

void mdg_folder_remove(const char *folder) {
    DIR *d = folder ? opendir(folder) : NULL;
    if (!d) return;
    for (const struct dirent *e; (e = readdir(d));) {
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) unlinkat(dirfd(d), e->d_name, 0);
    }
    closedir(d);
    rmdir(folder);
}

bool mdg_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}
