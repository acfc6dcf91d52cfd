/* SPDX-License-Identifier: MIT
 *
 * embedded.h: files that are built into the program by tools/embed: the text of the device's sources, which
 * generated code carries, the harness that runs it in QEMU, and QEMU's counting plugin.
 */
#ifndef MDG_EMBEDDED_H
#define MDG_EMBEDDED_H

#include <stddef.h>

typedef struct mdg_embedded_file {
    const char *path; /* "core/kernels/ref/conv2d_s8.c" */
    const char *data; /* ends with a zero byte that size does not count */
    size_t size;
} mdg_embedded_file;

extern const mdg_embedded_file mdg_embedded_files[]; /* ends with a NULL path */

/* Returns the file of that path, or NULL. */
const mdg_embedded_file *mdg_embedded_find(const char *path);

#endif
