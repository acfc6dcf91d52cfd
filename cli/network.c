/* SPDX-License-Identifier: MIT */
#include "cli/network.h"

#include <string.h>

enum { RANDOM_SAMPLES = 8 };

/* What gives the values that the objective is about */
static mdg_layer_spec last_layer(const mdg_net_spec *s) {
    const bool input = s->objective == MDG_OBJECTIVE_INPUT, map = s->objective == MDG_OBJECTIVE_MAP;
    return (mdg_layer_spec){.kind = map ? MDG_LAYER_CONV2D : MDG_LAYER_DENSE,
                            .from = s->n_layers - 2,
                            .filters = input ? s->in_h * s->in_w * s->in_c : s->n_classes,
                            .kernel_h = map,
                            .kernel_w = map};
}

mdg_status mdg_network_spec(mdg_cli *cli, const mdg_project_model *m, const mdg_network_io *io,
                            mdg_net_spec *out) {
    const mdg_feature_shape s = io->shape;
    const int n = m->n_layers;
    mdg_classic_kind kind;
    if (n == 0 && mdg_classic_find(m->architecture, &kind))
        return mdg_fail(
            &cli->diag, MDG_UNSUPPORTED,
            "model.architecture: %s is no network, and has its size from the recordings; train it, which "
            "takes seconds, and `midge bench` tells",
            m->architecture);
    if (n == 0)
        return mdg_net_architecture(m->architecture, &m->opts, s.h, s.w, s.c, io->n_classes, cli->arena, out,
                                    &cli->diag);
    *out = (mdg_net_spec){.in_h = s.h,
                          .in_w = s.w,
                          .in_c = s.c,
                          .n_layers = n + 1,
                          .n_classes = io->n_classes + (m->objective == MDG_OBJECTIVE_MAP),
                          .objective = m->objective};
    out->layers = mdg_arena_array(cli->arena, (size_t)n + 1, sizeof *out->layers);
    memcpy(out->layers, m->layers, (size_t)n * sizeof *out->layers);
    out->layers[n] = last_layer(out);
    return MDG_OK;
}

mdg_status mdg_network_io_of(mdg_cli *cli, const mdg_project *p, mdg_network_io *out) {
    mdg_dataset set;
    mdg_features features;
    mdg_feature_opts opts = p->features;
    MDG_TRY(mdg_dataset_scan(&p->data, cli->arena, &set, &cli->diag));
    opts.channels = set.channels;
    opts.image_h = set.image_h;
    opts.image_w = set.image_w;
    MDG_TRY(mdg_feature_build(&opts, cli->arena, &features, &cli->diag));
    *out = (mdg_network_io){mdg_feature_shape_of(&opts, &features), set.n_labels - (p->data.objects != NULL)};
    return MDG_OK;
}

static void fill_randomly(void *context, int i, float *x) {
    const size_t count = *(const size_t *)context;
    mdg_rng r = mdg_rng_of(1, (uint64_t)i);
    for (size_t k = 0; k < count; k++) x[k] = mdg_rng_normal(&r);
}

mdg_status mdg_network_int8(mdg_cli *cli, const mdg_project *p, const mdg_net *net, mdg_model_file *out) {
    mdg_graph *graph;
    MDG_TRY(mdg_net_export(net, cli->arena, &graph, &cli->diag));
    const mdg_subgraph *s = &graph->subgraphs[0];
    size_t count = (size_t)mdg_shape_elements(&s->tensors[s->inputs[0]].shape);
    const mdg_calibration data = {.n = RANDOM_SAMPLES, .fill = fill_randomly, .context = &count};
    *out = (mdg_model_file){.path = p->name};
    return mdg_quantize(graph, &p->quantize, &data, cli->arena, &cli->progress, &out->graph, &cli->diag);
}
