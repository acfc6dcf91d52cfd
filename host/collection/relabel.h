/* SPDX-License-Identifier: MIT
 *
 * relabel.h: files to other class folders, as a table says.
 */
#ifndef MDG_RELABEL_H
#define MDG_RELABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/diag.h"

typedef struct mdg_relabel_opts {
    const char *folder; /* of classes */
    const char *table;  /* CSV with the columns path (below folder) and label */
    bool dry;           /* say what would be done, do nothing */
    void (*say)(void *context, const char *path, const char *what);
    void *context;
} mdg_relabel_opts;

typedef struct mdg_relabel_result {
    int64_t moved, same, refused;
} mdg_relabel_result;

/* Moves <old>/<name> to <label>/<name>, and puts metadata.csv right where there is one. A row is refused
 * where its file is missing or not in a class folder, its label is no name of a folder, or a file of that
 * name is there. Returns MDG_OK, with refused rows counted; MDG_NOT_FOUND, MDG_INVALID for a table without
 * the columns, MDG_IO. */
mdg_status mdg_relabel(const mdg_relabel_opts *opts, mdg_relabel_result *out, mdg_diag *diag);

#endif
