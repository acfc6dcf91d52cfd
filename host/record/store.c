/* SPDX-License-Identifier: MIT */
#include "record/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "record/recover.h"
#include "util/file.h"

enum { LARGEST_NUMBER = 999999 };

mdg_status mdg_store_open(mdg_store *s, const mdg_record_opts *opts, const char *extension,
                          mdg_record_tally *tally, mdg_diag *diag) {
    char folder[MDG_STORE_PATH];
    *s = (mdg_store){.opts = opts, .extension = extension};
    if ((size_t)snprintf(folder, sizeof folder, "%s/%s", opts->dir, opts->label) >= sizeof folder - 64)
        return mdg_fail(diag, MDG_INVALID, "%.200s...: path is too long", opts->dir);
    MDG_TRY(mdg_folder_make(folder, diag));
    return mdg_recover(opts->dir, &opts->watch, tally, diag);
}

static void path_of(const mdg_store *s, const char *ending, char path[MDG_STORE_PATH]) {
    snprintf(path, MDG_STORE_PATH, "%.3900s.%s%s", s->stem, s->extension, ending);
}

/* One number is one recording: no two files share it, whatever their extension. */
static int open_part(mdg_store *s) {
    char path[MDG_STORE_PATH];
    const char *group = s->opts->group;
    while (++s->number <= LARGEST_NUMBER) {
        snprintf(s->stem, sizeof s->stem, "%.3000s/%.400s/%.400s%s%04d", s->opts->dir, s->opts->label,
                 group ? group : "", group ? "_" : "", s->number);
        snprintf(path, sizeof path, "%.3900s.json", s->stem);
        if (mdg_file_exists(path)) continue;
        path_of(s, "", path);
        if (mdg_file_exists(path)) continue;
        path_of(s, ".part", path);
        const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    errno = EEXIST;
    return -1;
}

static mdg_status save_about(mdg_store *s, json_t *about, mdg_diag *diag) {
    char path[MDG_STORE_PATH];
    snprintf(path, sizeof path, "%.3900s.json", s->stem);
    char *text = json_dumps(about, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    json_decref(about);
    if (!text) return mdg_fail(diag, MDG_NO_MEMORY, "%s: out of memory", path);
    const mdg_status status = mdg_file_write(path, text, strlen(text), diag);
    free(text);
    return status;
}

static json_t *text_or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

static json_t *describe(const mdg_store *s) {
    char now[32];
    const time_t t = time(NULL);
    struct tm utc;
    strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &utc));
    json_t *o = json_object();
    json_object_set_new(o, "label", json_string(s->opts->label));
    json_object_set_new(o, "group", text_or_null(s->opts->group));
    json_object_set_new(o, "notes", text_or_null(s->opts->notes));
    json_object_set_new(o, "device", text_or_null(s->opts->device));
    json_object_set_new(o, "started", json_string(now));
    return o;
}

mdg_status mdg_store_begin(mdg_store *s, json_t *about, mdg_diag *diag) {
    json_t *o = describe(s);
    json_object_update(o, about);
    json_decref(about);
    const int fd = open_part(s);
    if (fd < 0) {
        json_decref(o);
        return mdg_fail(diag, MDG_IO, "%s: cannot be made: %s", s->stem, strerror(errno));
    }
    flock(fd, LOCK_EX | LOCK_NB); /* mine: nobody recovers it */
    s->stream = fdopen(fd, "w");
    return save_about(s, o, diag);
}

mdg_status mdg_store_flush(mdg_store *s, mdg_diag *diag) {
    if (!s->stream || (fflush(s->stream) == 0 && !ferror(s->stream))) return MDG_OK;
    return mdg_fail(diag, MDG_IO, "%s.%s: cannot be written: %s; what came before is kept", s->stem,
                    s->extension, strerror(errno));
}

/* The description that is there, with what is known only now. */
static mdg_status update_about(mdg_store *s, json_t *news, mdg_diag *diag) {
    char path[MDG_STORE_PATH];
    snprintf(path, sizeof path, "%.3900s.json", s->stem);
    json_t *o = json_load_file(path, 0, NULL);
    if (!o) o = describe(s);
    json_object_update(o, news);
    json_decref(news);
    return save_about(s, o, diag);
}

mdg_status mdg_store_end(mdg_store *s, json_t *about, mdg_record_tally *tally, mdg_diag *diag) {
    char part[MDG_STORE_PATH], whole[MDG_STORE_PATH];
    if (!s->stream) {
        json_decref(about);
        return MDG_OK;
    }
    path_of(s, ".part", part);
    path_of(s, "", whole);
    mdg_status status = mdg_store_flush(s, diag);
    fsync(fileno(s->stream));
    fclose(s->stream);
    s->stream = NULL;
    if (status != MDG_OK) { /* a full disk: up to the last whole row, however many */
        mdg_recover_trim(part);
        json_object_del(about, "rows");
        json_object_del(about, "samples");
    }
    if (rename(part, whole) != 0 && status == MDG_OK)
        status = mdg_fail(diag, MDG_IO, "%s: cannot be renamed: %s", part, strerror(errno));
    tally->files++;
    const mdg_status said = update_about(s, about, status == MDG_OK ? diag : NULL);
    return status == MDG_OK ? said : status;
}
