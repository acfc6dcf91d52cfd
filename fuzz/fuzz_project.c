/* SPDX-License-Identifier: MIT
 *
 * Feeds the reader of midge.yaml with hostile text. What it accepts must lead through the stages that come
 * next (feature tables, file name pattern, network), each of which may refuse it, with a message.
 *
 *     ninja -C build-fuzz fuzz_project        (fuzz_tflite.c tells how to make build-fuzz)
 *     build-fuzz/fuzz/fuzz_project -max_len=4096 -dict=fuzz/project.dict /tmp/corpus fuzz/corpus/project
 */
#include <stdlib.h>
#include <string.h>

#include "data/pattern.h"
#include "project/project.h"

enum { CLASSES = 3 };

static void demand(bool condition, const char *what) {
    if (condition) return;
    fprintf(stderr, "fuzz_project: %s\n", what);
    abort();
}

static void demand_message(mdg_status status, const mdg_diag *diag) {
    demand(status == MDG_OK || diag->text[0], "refused without a message");
}

/* The network of the project, on an input of h x w */
static mdg_status check_network(const mdg_project *p, int h, int w, mdg_arena *arena, mdg_diag *diag) {
    const int n = p->model.n_layers;
    mdg_net_spec spec = {.in_h = h, .in_w = w, .in_c = 1, .n_layers = n, .n_classes = CLASSES};
    if (n == 0)
        return mdg_net_architecture(p->model.architecture, &p->model.opts, h, w, 1, CLASSES, arena, &spec,
                                    diag);
    spec.layers = p->model.layers;
    return mdg_net_spec_check(&spec, diag);
}

static void exercise(const mdg_project *p, mdg_arena *arena) {
    mdg_diag diag = {0};
    mdg_features features;
    mdg_pattern_match match;
    demand(p->name && p->folder && p->out && p->target && p->data.path, "a default is missing");
    if (p->data.pattern && mdg_pattern_check(p->data.pattern, &diag) == MDG_OK)
        mdg_pattern_apply(p->data.pattern, "7_george_12.wav", &match);
    diag = (mdg_diag){0};
    mdg_status status = mdg_feature_build(&p->features, arena, &features, &diag);
    if (status == MDG_OK) status = check_network(p, features.frames, features.width, arena, &diag);
    demand_message(status, &diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mdg_arena *arena = mdg_arena_new();
    char *text = malloc(size ? size : 1); /* not the arena: a sanitizer then sees the end */
    mdg_project project;
    mdg_diag diag = {0};
    if (size) memcpy(text, data, size);
    const mdg_status status = mdg_project_parse(text, size, "fuzz/midge.yaml", arena, &project, &diag);
    demand_message(status, &diag);
    if (status == MDG_OK) exercise(&project, arena);
    free(text);
    mdg_arena_free(arena);
    return 0;
}
