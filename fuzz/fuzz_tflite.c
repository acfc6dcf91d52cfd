/* SPDX-License-Identifier: MIT
 *
 * Feeds the .tflite reader with hostile bytes. What it accepts must be printable, and equal after being
 * written and read again.
 *
 *     cmake -B build-fuzz -G Ninja -DMIDGE_FUZZ=ON -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo
 *     ninja -C build-fuzz fuzz_tflite
 *     build-fuzz/fuzz/fuzz_tflite -max_len=4096 /tmp/corpus fuzz/corpus/tflite
 */
#include <stdlib.h>
#include <string.h>

#include "tflite/tflite.h"

static void demand(bool condition, const mdg_diag *diag) {
    if (condition) return;
    fprintf(stderr, "fuzz_tflite: %s\n", diag->text);
    abort();
}

static void print_to_nowhere(const mdg_graph *g) {
    FILE *nowhere = fopen("/dev/null", "w");
    if (!nowhere) return;
    mdg_graph_print(g, nowhere);
    fclose(nowhere);
}

static void exercise(const mdg_graph *g, mdg_arena *arena) {
    mdg_diag diag = {0};
    mdg_bytes written;
    mdg_graph *again = NULL;
    print_to_nowhere(g);
    for (int i = 0; i < g->n_subgraphs; i++) {
        const mdg_subgraph *s = &g->subgraphs[i];
        for (int k = 0; k < s->n_ops; k++) demand(mdg_op_macs(s, &s->ops[k]) >= 0, &diag);
    }
    if (mdg_tflite_write(g, arena, &written, &diag) != MDG_OK) return;
    demand(mdg_tflite_read(&written, "written", arena, &again, &diag) == MDG_OK, &diag);
    demand(mdg_graph_equal(g, again, &diag), &diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mdg_arena *arena = mdg_arena_new();
    const mdg_bytes bytes = {malloc(size ? size : 1),
                             size}; /* not the arena: a sanitizer then sees the end */
    mdg_graph *g = NULL;
    mdg_diag diag = {0};
    if (size) memcpy(bytes.data, data, size);
    if (mdg_tflite_read(&bytes, "fuzz", arena, &g, &diag) == MDG_OK)
        exercise(g, arena);
    else
        demand(diag.text[0] != 0, &(mdg_diag){"refused without a message"});
    free(bytes.data);
    mdg_arena_free(arena);
    return 0;
}
