/* SPDX-License-Identifier: MIT
 *
 * Corrupted models: each is refused with a message, or runs. (Run with the debug preset, out-of-bounds
 * accesses end the program.)
 */
#include "golden.h"

/* Returns whether it ran; a refusal without a message is an error and ends the test. */
static bool load_and_run(const char *path) {
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *g;
    mdg_exec *x;
    mdg_diag diag = {""};
    mdg_status status = mdg_tflite_load(path, arena, &g, &diag);
    if (status == MDG_OK) status = mdg_exec_open(g, arena, &x, &diag);
    if (status == MDG_OK)
        for (int i = 0; i < 2; i++) mdg_exec_invoke(x, NULL);
    else if (!diag.text[0]) {
        printf("%s: refused without a message\n", path);
        exit(1);
    }
    mdg_arena_free(arena);
    return status == MDG_OK;
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    const char *folder = golden_folder(arena, "conformance/bad");
    if (!folder) return golden_skip(arena);
    FILE *index = fopen(mdg_arena_printf(arena, "%s/index.tsv", folder), "r");
    char line[4096];
    int ran = 0, refused = 0;
    if (!index || !fgets(line, sizeof line, index)) return 1;
    while (fgets(line, sizeof line, index)) {
        char *rest = line;
        const char *name = golden_field(&rest);
        const char *suffix = strstr(name, ".tflite") ? "" : ".tflite";
        if (load_and_run(mdg_arena_printf(arena, "%s/%s%s", folder, name, suffix)))
            ran++;
        else
            refused++;
    }
    fclose(index);
    mdg_arena_free(arena);
    printf("%d corrupted models: %d refused, %d ran within bounds\n", ran + refused, refused, ran);
    return refused < 100; /* most of them are beyond repair */
}
