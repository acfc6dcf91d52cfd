/* SPDX-License-Identifier: MIT
 *
 * Writes the seeds of fuzz_tflite: seed_tflite FOLDER
 */
#include <stdlib.h>

#include "tests/host/tflite/samples.h"
#include "tflite/tflite.h"

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    mdg_status status = MDG_OK;
    mdg_diag diag = {"usage: seed_tflite FOLDER"};
    for (int i = 0; i < SAMPLE_COUNT && argc == 2 && status == MDG_OK; i++) {
        const char *path = mdg_arena_printf(arena, "%s/%s.tflite", argv[1], samples[i].name);
        status = mdg_tflite_save(samples[i].make(arena), path, &diag);
    }
    if (status != MDG_OK || argc != 2) fprintf(stderr, "%s\n", diag.text);
    mdg_arena_free(arena);
    return status == MDG_OK && argc == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
