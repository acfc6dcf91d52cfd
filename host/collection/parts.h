/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of this room share.
 */
#ifndef MDG_COLLECTION_PARTS_H
#define MDG_COLLECTION_PARTS_H

#include "collection/index.h"
#include "collection/sql.h"

struct mdg_index {
    sqlite3 *db;
    mdg_arena *arena;
    mdg_index_opts opts;
    const char *path;
    bool elsewhere;
    int64_t n_measured, n_ignored;
};

enum { MDG_FILE_PENDING, MDG_FILE_MEASURED, MDG_FILE_UNREADABLE }; /* files.state */

#endif
