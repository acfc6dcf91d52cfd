/* SPDX-License-Identifier: MIT
 *
 * layers.c: model.layers, each entry by the table of its keys; which layer reads which, by number or by name.
 */
#include "project/keys.h"

#include <stdlib.h>
#include <string.h>

typedef struct list {
    const mdg_yaml *yaml;
    const mdg_raw_layer *raw;
    int at; /* the layer that is being read, from 0 */
    mdg_diag *diag;
} list;

static int line_of(const list *l, const char *key) {
    return mdg_yaml_line(l->yaml, "model", l->at, key);
}

/* The index of an earlier layer by its name, by its number (from 1), or -1 for the network's input. */
static mdg_status find(const list *l, const char *key, const char *text, int *out) {
    char *end;
    *out = -1;
    if (strcmp(text, "input") == 0) return MDG_OK;
    for (int i = 0; i < l->at; i++) {
        *out = i;
        if (l->raw[i].name && strcmp(l->raw[i].name, text) == 0) return MDG_OK;
    }
    const long number = strtol(text, &end, 10);
    if (end == text || *end || number < 0)
        return mdg_fail(l->diag, MDG_INVALID,
                        "%s:%d: model.layers.%s: no layer before this one is called '%.64s'; it must be the "
                        "name of one, its number (the first is 1), or input",
                        l->yaml->path, line_of(l, key), key, text);
    if (number > l->at)
        return mdg_fail(l->diag, MDG_INVALID,
                        "%s:%d: model.layers.%s: layer %ld comes later; a layer reads earlier ones",
                        l->yaml->path, line_of(l, key), key, number);
    *out = (int)number - 1;
    return MDG_OK;
}

static mdg_status check_name(const list *l) {
    const char *name = l->raw[l->at].name;
    if (!name) return MDG_OK;
    bool taken = strcmp(name, "input") == 0 || (name[0] >= '0' && name[0] <= '9');
    for (int i = 0; i < l->at && !taken; i++) taken = l->raw[i].name && strcmp(l->raw[i].name, name) == 0;
    if (!taken) return MDG_OK;
    return mdg_fail(l->diag, MDG_INVALID,
                    "%s:%d: model.layers.name: '%.64s' must be a name that no other layer has, that is no "
                    "number and not input",
                    l->yaml->path, line_of(l, "name"), name);
}

static mdg_status read_layer(const list *l, mdg_arena *arena, mdg_layer_spec *out) {
    const mdg_raw_layer *raw = &l->raw[l->at];
    mdg_layer_values v = {.padding = 0};
    if (!raw->kind)
        return mdg_fail(l->diag, MDG_INVALID, "%s:%d: model.layers: layer %d lacks its kind: one of %s",
                        l->yaml->path, line_of(l, "kind"), l->at + 1, mdg_key_layer.keys[0].choices);
    MDG_TRY(mdg_values_read(l->yaml, &mdg_key_layer, l->at, raw, arena, &v, l->diag));
    v.spec.same = v.padding == 1;
    v.spec.from = l->at - 1;
    v.spec.with = -1;
    MDG_TRY(check_name(l));
    if (v.from) MDG_TRY(find(l, "from", v.from, &v.spec.from));
    if (v.with) MDG_TRY(find(l, "with", v.with, &v.spec.with));
    *out = v.spec;
    return MDG_OK;
}

mdg_status mdg_layers_read(const mdg_yaml *y, const mdg_raw_model *raw, mdg_arena *arena,
                           mdg_project_model *out, mdg_diag *diag) {
    if (!raw || !raw->layers_count) return MDG_OK;
    list l = {.yaml = y, .raw = raw->layers, .diag = diag};
    out->n_layers = (int)raw->layers_count;
    out->layers = mdg_arena_array(arena, raw->layers_count, sizeof *out->layers);
    for (; l.at < out->n_layers; l.at++) MDG_TRY(read_layer(&l, arena, &out->layers[l.at]));
    return MDG_OK;
}
