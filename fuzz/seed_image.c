/* SPDX-License-Identifier: MIT
 *
 * Writes seeds of fuzz_image: seed_image FOLDER [MODEL.tflite ...]. Without models, those of the tests; a
 * model that midge does not lower, or whose image is larger than a seed should be, is left out.
 * fuzz/corpus/image holds the smallest one for each kernel.
 */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "image/pack.h"
#include "plan/plan.h"
#include "specialize/specialize.h"
#include "tests/host/tflite/samples.h"
#include "tflite/tflite.h"

enum { MAX_BYTES = 4096 };

static mdg_status save_for(const mdg_graph *g, const char *isa, const char *folder, const char *name,
                           mdg_arena *arena, mdg_diag *diag) {
    mdg_program program;
    mdg_bytes image;
    if (mdg_lower(g, arena, &program, diag) != MDG_OK ||
        mdg_specialize(&program, isa, MDG_OPTIMIZE_balanced, diag) != MDG_OK ||
        mdg_plan(&program, NULL, diag) != MDG_OK || mdg_pack(&program, 0, arena, &image, diag) != MDG_OK ||
        image.size > MAX_BYTES)
        return MDG_OK;
    return mdg_file_write(mdg_arena_printf(arena, "%s/%s.%s.image", folder, name, isa), image.data,
                          image.size, diag);
}

static mdg_status save(const mdg_graph *g, const char *folder, const char *name, mdg_arena *arena,
                       mdg_diag *diag) {
    MDG_TRY(save_for(g, "ref", folder, name, arena, diag));
    return save_for(g, "armv7em", folder, name, arena, diag);
}

static mdg_status save_samples(const char *folder, mdg_arena *arena, mdg_diag *diag) {
    for (int i = 0; i < SAMPLE_COUNT; i++)
        MDG_TRY(save(samples[i].make(arena), folder, samples[i].name, arena, diag));
    return MDG_OK;
}

static mdg_status save_model(const char *folder, char *path, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    mdg_bytes file;
    mdg_graph *g;
    mdg_status status = mdg_file_read(path, arena, &file, diag);
    if (status == MDG_OK && mdg_tflite_read(&file, path, arena, &g, diag) == MDG_OK)
        status = save(g, folder, basename(path), arena, diag);
    mdg_arena_free(arena);
    return status;
}

int main(int argc, char **argv) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {"usage: seed_image FOLDER [MODEL.tflite ...]"};
    mdg_status status = argc < 2 ? MDG_INVALID : MDG_OK;
    if (argc == 2) status = save_samples(argv[1], arena, &diag);
    for (int i = 2; i < argc && status == MDG_OK; i++) status = save_model(argv[1], argv[i], &diag);
    if (status != MDG_OK) fprintf(stderr, "%s\n", diag.text);
    mdg_arena_free(arena);
    return status == MDG_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
