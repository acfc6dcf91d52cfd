/* SPDX-License-Identifier: MIT
 *
 * replay.h: feeds files to a fuzz target that is part of a test; under the debug preset that shows any access
 * out of bounds. Included behind cmocka.h and the fuzz target.
 */
#ifndef MDG_FUZZ_REPLAY_H
#define MDG_FUZZ_REPLAY_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The files of a pattern in the folder that an environment variable names. Returns their number. */
static inline size_t replay(const char *variable, const char *pattern) {
    const char *folder = getenv(variable);
    char path[4096];
    glob_t files;
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &files) != 0) return 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_bytes bytes;
        mdg_diag diag = {0};
        assert_int_equal(mdg_file_read(files.gl_pathv[i], arena, &bytes, &diag), MDG_OK);
        LLVMFuzzerTestOneInput(bytes.data, bytes.size);
        mdg_arena_free(arena);
    }
    const size_t count = files.gl_pathc;
    globfree(&files);
    return count;
}

#endif
