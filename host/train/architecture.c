/* SPDX-License-Identifier: MIT
 *
 * The table of named architectures, and those without convolutions.
 */
#include <string.h>

#include "train/builder.h"

static void hidden(mdg_builder *b, int units) {
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_DENSE,
                                  .filters = units,
                                  .batch_norm = true,
                                  .activation = MDG_ACTIVATION_RELU});
}

/* Hidden dense layers, batch norm in each (it also takes in inputs of any scale). */
void mdg_build_mlp(mdg_builder *b) {
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_FLATTEN});
    for (int i = 0; i < b->opts.depth; i++) hidden(b, b->opts.width);
    mdg_build_head(b);
}

/* Down to a few values and up again, as MLPerf Tiny's for anomalies: what the network cannot reproduce is
 * unlike what it was trained on. */
void mdg_build_autoencoder(mdg_builder *b) {
    const int n = b->at.h * b->at.w * b->at.c;
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_FLATTEN});
    for (int i = 0; i < b->opts.depth; i++) hidden(b, b->opts.width);
    hidden(b, b->opts.bottleneck);
    for (int i = 0; i < b->opts.depth; i++) hidden(b, b->opts.width);
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_DENSE, .filters = n});
}

/* What an option of 0 becomes; an option without default here is not taken, nor padding where valid is not
 * set. All that tell classes take dropout. */
typedef struct architecture {
    const char *name;
    mdg_architecture_build *build;
    mdg_architecture_opts defaults;
    mdg_objective objective;
} architecture;

static const architecture architectures[] = {
    {"mlp", mdg_build_mlp, {.width = 64, .depth = 2}, MDG_OBJECTIVE_CLASSES},
    {"ds_cnn", mdg_build_ds_cnn, {.width = 64, .depth = 4, .valid = 1}, MDG_OBJECTIVE_CLASSES},
    {"resnet8", mdg_build_resnet8, {.width = 16, .depth = 3}, MDG_OBJECTIVE_CLASSES},
    {"mobilenet_v1", mdg_build_mobilenet_v1, {.multiplier = 0.25f, .depth = 13}, MDG_OBJECTIVE_CLASSES},
    {"mobilenet_v2", mdg_build_mobilenet_v2, {.multiplier = 0.35f, .depth = 17}, MDG_OBJECTIVE_CLASSES},
    {"tc_resnet",
     mdg_build_tc_resnet,
     {.width = 16, .depth = 3, .kernel = 9, .segments = 1},
     MDG_OBJECTIVE_CLASSES},
    {"conv1d",
     mdg_build_conv1d,
     {.width = 24, .depth = 3, .kernel = 5, .segments = 3, .valid = 1},
     MDG_OBJECTIVE_CLASSES},
    {"sparse_temporal",
     mdg_build_sparse_temporal,
     {.width = 32, .depth = 3, .kernel = 9, .segments = 1, .valid = 1},
     MDG_OBJECTIVE_CLASSES},
    {"crnn", mdg_build_crnn, {.width = 32, .depth = 1, .kernel = 9, .cell = "gru"}, MDG_OBJECTIVE_CLASSES},
    {"centroid", mdg_build_centroid, {.multiplier = 0.35f, .depth = 6, .width = 32}, MDG_OBJECTIVE_MAP},
    {"autoencoder", mdg_build_autoencoder, {.width = 128, .depth = 4, .bottleneck = 8}, MDG_OBJECTIVE_INPUT},
};

enum { N_ARCHITECTURES = sizeof architectures / sizeof *architectures };

const char *mdg_architecture_names(mdg_arena *arena) {
    const char *names = architectures[0].name;
    for (int i = 1; i < N_ARCHITECTURES; i++)
        names = mdg_arena_printf(arena, "%s, %s", names, architectures[i].name);
    return names;
}

/* The options, each with how it reads from and writes to the struct. */
typedef struct option {
    const char *name;
    float given, fallback;
} option;

enum { N_OPTIONS = 6 };

static void list_options(const mdg_architecture_opts *o, const mdg_architecture_opts *d,
                         option out[N_OPTIONS]) {
    const option all[N_OPTIONS] = {
        {"width", (float)o->width, (float)d->width},
        {"depth", (float)o->depth, (float)d->depth},
        {"multiplier", o->multiplier, d->multiplier},
        {"kernel", (float)o->kernel, (float)d->kernel},
        {"segments", (float)o->segments, (float)d->segments},
        {"bottleneck", (float)o->bottleneck, (float)d->bottleneck},
    };
    memcpy(out, all, sizeof all);
}

static mdg_status not_taken(const architecture *a, const char *what, const char *taken, mdg_diag *diag) {
    return mdg_fail(diag, MDG_INVALID, "architecture %s: takes no %s; it takes %s", a->name, what, taken);
}

static mdg_status check_options(const architecture *a, const mdg_architecture_opts *opts, mdg_diag *diag) {
    option all[N_OPTIONS];
    char taken[128] = "";
    size_t used = 0;
    list_options(opts, &a->defaults, all);
    for (int i = 0; i < N_OPTIONS; i++)
        if (all[i].fallback > 0.0f)
            used +=
                (size_t)snprintf(taken + used, sizeof taken - used, "%s%s", used ? ", " : "", all[i].name);
    if (a->defaults.cell) used += (size_t)snprintf(taken + used, sizeof taken - used, ", cell");
    if (a->defaults.valid) snprintf(taken + used, sizeof taken - used, ", padding");
    for (int i = 0; i < N_OPTIONS; i++) {
        if (!(all[i].given >= 0.0f))
            return mdg_fail(diag, MDG_INVALID, "architecture %s: %s %g: must not be negative", a->name,
                            all[i].name, (double)all[i].given);
        if (all[i].given > 0.0f && !(all[i].fallback > 0.0f)) return not_taken(a, all[i].name, taken, diag);
    }
    if (a->defaults.multiplier > 0.0f && opts->depth > a->defaults.depth) /* their blocks are listed */
        return mdg_fail(diag, MDG_INVALID, "architecture %s: depth %d: it has no more than %d blocks",
                        a->name, opts->depth, a->defaults.depth);
    if (opts->valid && !a->defaults.valid) return not_taken(a, "padding: valid", taken, diag);
    if (opts->cell && !a->defaults.cell) return not_taken(a, "cell", taken, diag);
    if (opts->cell && strcmp(opts->cell, "gru") != 0 && strcmp(opts->cell, "lstm") != 0)
        return mdg_fail(diag, MDG_INVALID, "architecture %s: cell '%.32s' is not gru or lstm", a->name,
                        opts->cell);
    if (opts->dropout > 0.0f && a->objective != MDG_OBJECTIVE_CLASSES)
        return not_taken(a, "dropout", taken, diag);
    return MDG_OK;
}

static mdg_architecture_opts with_defaults(const mdg_architecture_opts *o, const mdg_architecture_opts *d) {
    return (mdg_architecture_opts){.width = o->width ? o->width : d->width,
                                   .depth = o->depth ? o->depth : d->depth,
                                   .dropout = o->dropout,
                                   .multiplier = o->multiplier > 0.0f ? o->multiplier : d->multiplier,
                                   .kernel = o->kernel ? o->kernel : d->kernel,
                                   .segments = o->segments ? o->segments : d->segments,
                                   .bottleneck = o->bottleneck ? o->bottleneck : d->bottleneck,
                                   .cell = o->cell ? o->cell : d->cell,
                                   .valid = o->valid};
}

static mdg_status unknown(const char *name, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    mdg_fail(diag, MDG_NOT_FOUND, "architecture %.64s: not known; known are %s", name,
             mdg_architecture_names(arena));
    mdg_arena_free(arena);
    return MDG_NOT_FOUND;
}

mdg_status mdg_net_architecture(const char *name, const mdg_architecture_opts *opts, int in_h, int in_w,
                                int in_c, int n_classes, mdg_arena *arena, mdg_net_spec *out,
                                mdg_diag *diag) {
    const architecture *a = NULL;
    for (int i = 0; i < N_ARCHITECTURES; i++)
        if (strcmp(name, architectures[i].name) == 0) a = &architectures[i];
    if (!a) return unknown(name, diag);
    MDG_TRY(check_options(a, opts, diag));
    *out = (mdg_net_spec){
        .in_h = in_h, .in_w = in_w, .in_c = in_c, .n_classes = n_classes, .objective = a->objective};
    if (a->objective == MDG_OBJECTIVE_MAP) out->n_classes++;
    MDG_TRY(mdg_net_spec_check_input(out, diag));
    mdg_builder b = {.spec = out, .arena = arena, .at = {-1, in_h, in_w, in_c}};
    b.opts = with_defaults(opts, &a->defaults);
    a->build(&b);
    return mdg_net_spec_check(out, diag);
}
