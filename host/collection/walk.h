/* SPDX-License-Identifier: MIT
 *
 * walk.h: the files of a data set, one after the other, without a list of them.
 */
#ifndef MDG_WALK_H
#define MDG_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "util/diag.h"

typedef struct mdg_walk_file {
    const char *path; /* below the folder */
    int64_t size, mtime_ns;
} mdg_walk_file;

typedef mdg_status (*mdg_walk_visit)(void *context, const mdg_walk_file *file, mdg_diag *diag);

/* Visits every regular file below folder, in no order. Passed over: hidden files and folders; folders right
 * below it that begin with '_', unless `underscored`. Returns MDG_OK, MDG_NOT_FOUND for a folder that cannot
 * be read, or what visit returned that was not MDG_OK. */
mdg_status mdg_walk(const char *folder, bool underscored, mdg_walk_visit visit, void *context,
                    mdg_diag *diag);

#endif
