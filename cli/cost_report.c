/* SPDX-License-Identifier: MIT */
#include "cli/cost_report.h"

#include <string.h>
#include <sys/stat.h>

mdg_report_cost mdg_cost_report(mdg_arena *arena, const mdg_cost_view *v) {
    const mdg_cost *c = v->cost;
    return (mdg_report_cost){.target = mdg_arena_printf(arena, "%s, emulated", v->target->name),
                             .instructions = c->instructions,
                             .feature_instructions = c->feature_instructions,
                             .cycles = c->cycles,
                             .clock_hz = v->clock_hz,
                             .macs = (uint64_t)v->macs,
                             .arena_bytes = c->arena_bytes,
                             .state_bytes = c->state_bytes,
                             .stack_bytes = c->stack_bytes,
                             .weights_bytes = c->weights_bytes,
                             .code_bytes = c->code_bytes};
}

const mdg_report_op *mdg_cost_report_ops(mdg_arena *arena, const mdg_cost_view *v) {
    mdg_report_op *out = mdg_arena_array(arena, (size_t)v->cost->n_ops + 1, sizeof *out);
    for (int i = 0; i < v->cost->n_ops; i++) {
        const mdg_op_cost *op = &v->cost->ops[i];
        out[i] = (mdg_report_op){op->name, op->instructions, (uint64_t)mdg_cost_macs(v, op->op), op->op};
    }
    return out;
}

/* What the figures of a target begin with */
static const char *anchor_prefix(const char *target) {
    static const char *const known[][2] = {
        {"cortex-m4", "m4"}, {"cortex-m55", "m55"}, {"cortex-m0plus", "m0plus"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], target) == 0) return known[i][1];
    return NULL;
}

static size_t figure(mdg_cli *cli, const json_t *model, const char *prefix, const char *name) {
    const char *key = mdg_arena_printf(cli->arena, "%s_%s", prefix, name);
    const json_int_t n = json_integer_value(json_object_get(model, key));
    return n > 0 ? (size_t)n : 0;
}

static const json_t *find_model(const json_t *models, size_t bytes) {
    const char *key;
    json_t *model;
    json_object_foreach((json_t *)models, key, model) {
        if (json_integer_value(json_object_get(model, "model_bytes")) == (json_int_t)bytes) return model;
    }
    return NULL;
}

/* *out stays as it is where nothing is known of the model on that target. */
static mdg_status read_peer(mdg_cli *cli, const char *folder, const char *model_path, const char *target,
                            mdg_report_peer *out) {
    json_t *models;
    struct stat info = {0};
    const char *prefix = anchor_prefix(target);
    const char *path = mdg_arena_printf(cli->arena, "%s/tflm_cmsis_nn.json", folder);
    MDG_TRY(mdg_json_load(path, cli->arena, &models, &cli->diag));
    if (!json_is_object(models)) {
        json_decref(models);
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: is no object of models", path);
    }
    const bool exists = stat(model_path, &info) == 0;
    const json_t *model = prefix && exists ? find_model(models, (size_t)info.st_size) : NULL;
    if (model)
        *out = (mdg_report_peer){.name = "TensorFlow Lite Micro, CMSIS-NN",
                                 .instructions = figure(cli, model, prefix, "instructions"),
                                 .arena_bytes = figure(cli, model, prefix, "arena_bytes"),
                                 .code_bytes = figure(cli, model, prefix, "code_bytes"),
                                 .weights_bytes = (size_t)info.st_size};
    json_decref(models);
    return MDG_OK;
}

mdg_status mdg_cost_html(mdg_cli *cli, const mdg_cost_view *v, const char *model, const char *anchors,
                         const char *path) {
    mdg_report_peer peer = {0};
    if (anchors) MDG_TRY(read_peer(cli, anchors, model, v->target->name, &peer));
    const char *slash = strrchr(model, '/');
    const mdg_report r = {.title = slash ? slash + 1 : model,
                          .subtitle = mdg_arena_printf(cli->arena, "what it costs on %s", v->target->name),
                          .cost = mdg_cost_report(cli->arena, v),
                          .ops = mdg_cost_report_ops(cli->arena, v),
                          .n_ops = v->cost->n_ops,
                          .peers = &peer,
                          .n_peers = peer.name ? 1 : 0,
                          .version = MIDGE_VERSION};
    return mdg_report_write(&r, path, &cli->diag);
}
