/* SPDX-License-Identifier: MIT
 *
 * Feeds the ONNX reader with hostile bytes. What it accepts must be printable, writable as .tflite, and safe
 * to lower.
 *
 *     cmake -B build-fuzz -G Ninja -DMIDGE_FUZZ=ON -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=RelWithDebInfo
 *     ninja -C build-fuzz fuzz_onnx
 *     build-fuzz/fuzz/fuzz_onnx -max_len=8192 /tmp/corpus fuzz/corpus/onnx
 */
#include <stdlib.h>
#include <string.h>

#include "onnx/onnx.h"
#include "tflite/tflite.h"

static void demand(bool condition, const char *text) {
    if (condition) return;
    fprintf(stderr, "fuzz_onnx: %s\n", text);
    abort();
}

static void exercise(const mdg_graph *g, mdg_arena *arena) {
    mdg_diag diag = {0};
    mdg_bytes written;
    mdg_graph *again = NULL;
    FILE *nowhere = fopen("/dev/null", "w");
    if (nowhere) {
        mdg_graph_print(g, nowhere);
        fclose(nowhere);
    }
    for (int i = 0; i < g->subgraphs[0].n_ops; i++)
        demand(mdg_op_macs(&g->subgraphs[0], &g->subgraphs[0].ops[i]) >= 0, "negative work");
    if (mdg_tflite_write(g, arena, &written, &diag) != MDG_OK) return;
    demand(mdg_tflite_read(&written, "written", arena, &again, &diag) == MDG_OK, diag.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mdg_arena *arena = mdg_arena_new();
    /* not in the arena: a sanitizer then sees the end */
    const mdg_bytes bytes = {malloc(size ? size : 1), size};
    mdg_graph *g = NULL;
    mdg_diag diag = {0};
    if (size) memcpy(bytes.data, data, size);
    if (mdg_onnx_read(&bytes, "fuzz", arena, &g, &diag) == MDG_OK)
        exercise(g, arena);
    else
        demand(diag.text[0] != 0, "refused without a message");
    free(bytes.data);
    mdg_arena_free(arena);
    return 0;
}
