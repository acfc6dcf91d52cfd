/* SPDX-License-Identifier: MIT */
#include "util/embedded.h"

#include <string.h>

const mdg_embedded_file *mdg_embedded_find(const char *path) {
    const mdg_embedded_file *f = mdg_embedded_files;
    while (f->path && strcmp(f->path, path) != 0) f++;
    return f->path ? f : NULL;
}
