/* SPDX-License-Identifier: MIT
 *
 * index.h: what is known of every file of a data set, kept in SQLite beside the files, so that only what
 * changed is decoded again. Rows are streamed: a data set may be larger than memory.
 *
 *     mdg_index *index;
 *     MDG_TRY(mdg_index_open(&opts, arena, &index, diag));
 *     status = mdg_index_refresh(index, progress, diag);      // finds files, measures the new ones
 *     if (status == MDG_OK) status = mdg_index_rows(index, NULL, visit, context, diag);
 *     mdg_index_close(index);
 *
 * An index is a cache: one that is damaged or of another version is made anew.
 */
#ifndef MDG_INDEX_H
#define MDG_INDEX_H

#include "collection/measure.h"
#include "util/progress.h"

typedef struct mdg_index mdg_index;

enum { MDG_INDEX_ANY_KIND = -1 };

typedef struct mdg_index_opts {
    const char *folder;   /* of the data set */
    const char *path;     /* of the index; NULL = folder/.midge-index.sqlite, or where that cannot be written
                             fallback, else $XDG_CACHE_HOME/midge/ (or ~/.cache/midge/) */
    const char *fallback; /* NULL = none */
    const char *pattern;  /* as data.pattern; NULL = the first folder is the label */
    int kind;             /* mdg_data_kind, or MDG_INDEX_ANY_KIND: as the file's name says */
    int sample_rate;      /* of tables, Hz; 0 = not known */
} mdg_index_opts;

typedef struct mdg_index_row {
    const char *path, *label, *group; /* path below the folder; all valid during the visit alone */
    const char *cause;                /* "" = decoded; else why not */
    int64_t size;
    double seconds; /* 0 = not known */
    mdg_measured measured;
} mdg_index_row;

typedef struct mdg_index_filter {
    const char *label, *group; /* NULL = all */
} mdg_index_filter;

typedef mdg_status (*mdg_index_visit)(void *context, const mdg_index_row *row);

/* Returns MDG_OK, MDG_NOT_FOUND for a missing folder, MDG_INVALID for a bad pattern, MDG_IO. */
mdg_status mdg_index_open(const mdg_index_opts *opts, mdg_arena *arena, mdg_index **out, mdg_diag *diag);
void mdg_index_close(mdg_index *index);

/* Where it is, and whether that is elsewhere than the defaults say since the folder cannot be written. */
const char *mdg_index_path(const mdg_index *index);
bool mdg_index_is_elsewhere(const mdg_index *index);

/* Finds files, forgets those that are gone, measures with a thread per processor those that are new or
 * changed, and keeps what it has every 256 files. Returns MDG_OK; MDG_INTERRUPTED, with what was measured
 * kept; MDG_NOT_FOUND; MDG_IO. */
mdg_status mdg_index_refresh(mdg_index *index, const mdg_progress *progress, mdg_diag *diag);

/* Files that were measured by the last refresh, and files that are of no known kind or do not match. */
int64_t mdg_index_n_measured(const mdg_index *index);
int64_t mdg_index_n_ignored(const mdg_index *index);

/* All rows by path. Returns MDG_OK, MDG_IO, or what visit returned that was not MDG_OK. */
mdg_status mdg_index_rows(mdg_index *index, const mdg_index_filter *filter, mdg_index_visit visit,
                          void *context, mdg_diag *diag);

#endif
