/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of this room share.
 */
#ifndef MDG_PACKAGE_PARTS_H
#define MDG_PACKAGE_PARTS_H

#include "package/package.h"

/* One file of a package, filled in */
typedef struct mdg_package_file {
    const char *path, *text;
} mdg_package_file;

/* The files of a kind, in order; *n of them. */
const mdg_package_file *mdg_package_files(const mdg_package *p, const mdg_package_kind *kind,
                                          mdg_arena *arena, int *n);

#endif
