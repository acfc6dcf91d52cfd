/* SPDX-License-Identifier: MIT
 *
 * file.h: whole files in, whole files out. Output goes to a temporary file beside the target and is renamed
 * when complete, so that no partial file ever has its final name. What exists and is no regular file (a
 * device, a pipe) is written straight.
 */
#ifndef MDG_FILE_H
#define MDG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/arena.h"
#include "util/diag.h"

typedef struct mdg_bytes {
    uint8_t *data;
    size_t size;
} mdg_bytes;

/* Returns MDG_OK, MDG_NOT_FOUND or MDG_IO with the file's name and the cause. */
mdg_status mdg_file_read(const char *path, mdg_arena *arena, mdg_bytes *out, mdg_diag *diag);
mdg_status mdg_file_write(const char *path, const void *data, size_t size, mdg_diag *diag);

/* For text: open, fprintf into w->stream, close. Close renames, or removes the temporary after any error. */
typedef struct mdg_writer {
    FILE *stream;
    bool unsynced; /* to be set after open where many files are written: close does not wait for the disk */
    char path[4096];
    char temporary[4096];
} mdg_writer;

mdg_status mdg_writer_open(mdg_writer *w, const char *path, mdg_diag *diag);
mdg_status mdg_writer_close(mdg_writer *w, mdg_diag *diag);
void mdg_writer_discard(mdg_writer *w);

/* Makes the folder and its parents. */
mdg_status mdg_folder_make(const char *path, mdg_diag *diag);

/* A new folder under $TMPDIR (/tmp), and its removal with all files in it; NULL is none. */
mdg_status mdg_folder_temporary(mdg_arena *arena, const char **out, mdg_diag *diag);
void mdg_folder_remove(const char *folder);

bool mdg_file_exists(const char *path);

#endif
