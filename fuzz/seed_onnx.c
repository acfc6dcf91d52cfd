/* SPDX-License-Identifier: MIT
 *
 * Writes the seeds of fuzz_onnx: seed_onnx FOLDER
 */
#include <stdio.h>

#include "tests/host/onnx/samples.h"

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    mdg_status status = MDG_OK;
    mdg_diag diag = {"usage: seed_onnx FOLDER"};
    for (int i = 0; i < ONNX_SAMPLE_COUNT && argc == 2 && status == MDG_OK; i++) {
        const char *path = mdg_arena_printf(arena, "%s/%s.onnx", argv[1], onnx_samples[i].name);
        const mdg_bytes bytes = onnx_bytes(onnx_samples[i].make(arena));
        status = mdg_file_write(path, bytes.data, bytes.size, &diag);
    }
    if (status != MDG_OK || argc != 2) fprintf(stderr, "%s\n", diag.text);
    mdg_arena_free(arena);
    return status == MDG_OK && argc == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
