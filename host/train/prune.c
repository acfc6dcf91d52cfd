/* SPDX-License-Identifier: MIT */
#include "train/prune.h"

#include <math.h>
#include <string.h>

#include "train/net.h"

/* After the cost fell by this share, what channels cost is asked anew. */
#define STALE 0.06

/* Channels that go through several layers: all that are added to each other, or passed on */
typedef struct group {
    int size, n_kept;
    bool is_fixed;      /* its channels mean something outside: input, output, recurrent layers */
    bool *is_kept;      /* [size] */
    double *importance; /* [size] */
    double gain;        /* in cost, when its least important channels go; 0 = none */
} group;

typedef struct pruning {
    const mdg_net *net;
    const mdg_prune_opts *opts;
    mdg_arena *arena;
    group *groups; /* [n_layers + 1], by the first layer in it; the last one is the input */
    int *group_of; /* [n_layers + 1] of the output of each layer */
} pruning;

/* ==== Groups ==== */

/* The layer that another reads, or the input's number */
static int source(const pruning *p, int layer) {
    return layer < 0 ? p->net->spec.n_layers : layer;
}

static int root(const int *group_of, int i) {
    while (group_of[i] != i) i = group_of[i];
    return i;
}

static bool makes_channels(const mdg_layer *l) {
    return l->spec.kind == MDG_LAYER_CONV2D || l->spec.kind == MDG_LAYER_DENSE;
}

static bool passes_on(const mdg_layer *l) {
    switch (l->spec.kind) {
    case MDG_LAYER_DEPTHWISE_CONV2D: return l->out_c == l->in_c;
    case MDG_LAYER_AVERAGE_POOL:
    case MDG_LAYER_MAX_POOL:
    case MDG_LAYER_GLOBAL_AVERAGE_POOL:
    case MDG_LAYER_ADD:
    case MDG_LAYER_FLATTEN:
    case MDG_LAYER_DROPOUT: return true;
    default: return false;
    }
}

static void join(pruning *p, int a, int b) {
    p->group_of[root(p->group_of, a)] = root(p->group_of, b);
}

static void join_layers(pruning *p) {
    const int n = p->net->spec.n_layers;
    for (int i = 0; i <= n; i++) p->group_of[i] = i;
    for (int i = 0; i < n; i++) {
        const mdg_layer *l = &p->net->layers[i];
        if (passes_on(l)) join(p, i, source(p, l->spec.from));
        if (l->spec.kind == MDG_LAYER_ADD) join(p, i, source(p, l->spec.with));
    }
    for (int i = 0; i <= n; i++) p->group_of[i] = root(p->group_of, i);
}

static void fix(pruning *p, int layer) {
    p->groups[p->group_of[source(p, layer)]].is_fixed = true;
}

static void make_groups(pruning *p) {
    const int n = p->net->spec.n_layers;
    for (int i = 0; i < n; i++) {
        const mdg_layer *l = &p->net->layers[i];
        if (makes_channels(l)) p->groups[p->group_of[i]].size = l->out_c;
        if (makes_channels(l) || passes_on(l)) continue;
        fix(p, i);
        fix(p, l->spec.from);
        if (mdg_layer_has_two(l->spec.kind)) fix(p, l->spec.with);
    }
    fix(p, n - 1);
    fix(p, -1);
    for (int i = 0; i <= n; i++) {
        group *g = &p->groups[i];
        if (g->is_fixed) g->size = 0;
        g->n_kept = g->size;
        g->is_kept = mdg_arena_array(p->arena, (size_t)g->size + 1, sizeof *g->is_kept);
        g->importance = mdg_arena_array(p->arena, (size_t)g->size + 1, sizeof *g->importance);
        for (int c = 0; c < g->size; c++) g->is_kept[c] = true;
    }
}

/* ==== Importance ==== */

/* The mean square of max(x, 0) for a normal x of that mean and deviation */
static double rectified_square(double mean, double deviation) {
    if (deviation < 1e-12) return mean > 0 ? mean * mean : 0;
    const double t = mean / deviation, density = exp(-t * t / 2) / sqrt(2 * 3.14159265358979);
    const double share = 0.5 * erfc(-t / sqrt(2.0));
    return (mean * mean + deviation * deviation) * share + mean * deviation * density;
}

/* The mean square of a channel's values behind a layer: by batch norm, else by its weights */
static double square_of(const pruning *p, int layer, int c) {
    if (layer < 0) return 1;
    const mdg_layer *l = &p->net->layers[layer];
    const float *params = p->net->params;
    if (l->norm.count) {
        const double scale = (double)params[l->norm.at + (size_t)c],
                     shift = (double)params[l->norm.at + (size_t)(l->out_c + c)];
        return l->spec.activation == MDG_ACTIVATION_NONE ? scale * scale + shift * shift
                                                         : rectified_square(shift, fabs(scale));
    }
    if (l->spec.kind == MDG_LAYER_ADD) return square_of(p, l->spec.from, c) + square_of(p, l->spec.with, c);
    if (!makes_channels(l)) return square_of(p, l->spec.from, c);
    const size_t n = l->weights.count / (size_t)l->out_c;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = (double)params[l->weights.at + (size_t)c * n + i];
        sum += w * w;
    }
    return sum;
}

/* What a layer gets from each channel of the group that it reads, as shares of the whole, onto the group's
 * importance. Its weights are [out][...][channel]. */
static void add_shares(pruning *p, const mdg_layer *l) {
    group *g = &p->groups[p->group_of[source(p, l->spec.from)]];
    if (!g->size) return;
    const float *w = p->net->params + l->weights.at;
    double *shares = mdg_arena_array(p->arena, (size_t)g->size, sizeof *shares), all = 0;
    for (size_t i = 0; i < l->weights.count; i++) shares[i % (size_t)g->size] += (double)w[i] * (double)w[i];
    for (int c = 0; c < g->size; c++) all += shares[c] *= square_of(p, l->spec.from, c);
    for (int c = 0; c < g->size && all > 0; c++) g->importance[c] += shares[c] / all;
}

/* ==== Choice ==== */

/* How many channels go at once: down to a multiple of the granule, in about eight steps of the whole */
static int step_of(const pruning *p, const group *g) {
    const int granule = p->opts->granule, over = g->n_kept % granule;
    const int step = over ? over : granule * (1 + g->size / (16 * granule));
    return step < g->n_kept ? step : 0;
}

/* The kept channel that matters least */
static int least_of(const group *g) {
    int least = -1;
    for (int c = 0; c < g->size; c++)
        if (g->is_kept[c] && (least < 0 || g->importance[c] < g->importance[least])) least = c;
    return least;
}

/* Without the least important ones; how much they mattered together */
static double drop(group *g, int n) {
    double lost = 0;
    for (; n > 0; n--) {
        const int c = least_of(g);
        lost += g->importance[c];
        g->is_kept[c] = false;
        g->n_kept--;
    }
    return lost;
}

static double loss_of(const pruning *p, const group *g) {
    group copy = *g;
    copy.is_kept = mdg_arena_copy(p->arena, g->is_kept, (size_t)g->size * sizeof *g->is_kept);
    return drop(&copy, step_of(p, g));
}

/* The net's shape with these many channels in the group, and as it is now elsewhere */
static mdg_net_spec spec_with(const pruning *p, const group *changed, int n_kept) {
    mdg_net_spec spec = p->net->spec;
    spec.layers = mdg_arena_copy(p->arena, spec.layers, (size_t)spec.n_layers * sizeof *spec.layers);
    for (int i = 0; i < spec.n_layers; i++) {
        const group *g = &p->groups[p->group_of[i]];
        if (makes_channels(&p->net->layers[i]) && g->size)
            spec.layers[i].filters = g == changed ? n_kept : g->n_kept;
    }
    return spec;
}

static double cost_with(const pruning *p, const group *changed, int n_kept) {
    const mdg_net_spec spec = spec_with(p, changed, n_kept);
    return p->opts->cost(p->opts->context, &spec);
}

static void ask_gains(pruning *p, double cost) {
    for (int i = 0; i <= p->net->spec.n_layers; i++) {
        group *g = &p->groups[i];
        const int step = g->size ? step_of(p, g) : 0;
        const double without = step ? cost_with(p, g, g->n_kept - step) : -1;
        g->gain = without >= 0 && without < cost ? cost - without : 0;
    }
}

/* The group whose least channels matter least for what they cost; NULL when none is left */
static group *choose(const pruning *p) {
    group *best = NULL;
    double least = INFINITY;
    for (int i = 0; i <= p->net->spec.n_layers; i++) {
        group *g = &p->groups[i];
        if (!g->size || g->gain <= 0 || !step_of(p, g)) continue;
        const double price = loss_of(p, g) / g->gain;
        if (price >= least) continue;
        least = price;
        best = g;
    }
    return best;
}

static mdg_status choose_channels(pruning *p, mdg_diag *diag) {
    double cost = cost_with(p, NULL, 0);
    while (cost >= 0 && cost > p->opts->target) {
        ask_gains(p, cost);
        const double asked = cost;
        while (cost > p->opts->target && cost > (1 - STALE) * asked) {
            group *g = choose(p);
            if (!g && cost == asked)
                return mdg_fail(diag, MDG_BUDGET,
                                "without more channels the network still costs %.0f, and %.0f is wanted",
                                cost, p->opts->target);
            if (!g) break;
            drop(g, step_of(p, g));
            cost -= g->gain;
        }
        cost = cost_with(p, NULL, 0);
    }
    return cost >= 0 ? MDG_OK : mdg_fail(diag, MDG_INVALID, "what the narrower network costs cannot be told");
}

/* ==== The narrower net ==== */

/* Whether element i of a row of channels stays */
static bool stays(const group *g, size_t i) {
    return !g->size || g->is_kept[i % (size_t)g->size];
}

/* Rows of the group `outer`, [rows][n / rows], whose elements are of the group `inner` (NULL: all stay) */
static void copy_rows(float *to, const float *from, size_t n, size_t rows, const group *outer,
                      const group *inner) {
    const size_t width = rows ? n / rows : 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < width && stays(outer, r); i++)
            if (!inner || stays(inner, i)) *to++ = from[r * width + i];
}

static void copy_layer(const pruning *p, int i, mdg_net *to) {
    const mdg_net *net = p->net;
    const mdg_layer *l = &net->layers[i], *m = &to->layers[i];
    const group *out = &p->groups[p->group_of[i]], *in = &p->groups[p->group_of[source(p, l->spec.from)]];
    static const group all = {.size = 0};
    float *weights = to->params + m->weights.at;
    if (makes_channels(l))
        copy_rows(weights, net->params + l->weights.at, l->weights.count, (size_t)l->out_c, out, in);
    else /* depthwise, [kernel][channel]; others have no groups that shrink */
        copy_rows(weights, net->params + l->weights.at, l->weights.count, 1, &all, passes_on(l) ? out : &all);
    copy_rows(to->params + m->bias.at, net->params + l->bias.at, l->bias.count, 1, &all,
              passes_on(l) || makes_channels(l) ? out : &all);
    copy_rows(to->params + m->norm.at, net->params + l->norm.at, l->norm.count, 1, &all, out);
    copy_rows(to->statistics + m->statistics.at, net->statistics + l->statistics.at, l->statistics.count, 1,
              &all, out);
}

mdg_status mdg_net_prune(const mdg_net *net, const mdg_prune_opts *opts, mdg_arena *arena, mdg_net **out,
                         mdg_diag *diag) {
    const size_t n = (size_t)net->spec.n_layers + 1;
    pruning p = {.net = net, .opts = opts, .arena = arena};
    p.groups = mdg_arena_array(arena, n, sizeof *p.groups);
    p.group_of = mdg_arena_array(arena, n, sizeof *p.group_of);
    join_layers(&p);
    make_groups(&p);
    for (int i = 0; i < net->spec.n_layers; i++)
        if (makes_channels(&net->layers[i])) add_shares(&p, &net->layers[i]);
    MDG_TRY(choose_channels(&p, diag));
    const mdg_net_spec spec = spec_with(&p, NULL, 0);
    MDG_TRY(mdg_net_new(&spec, 0, arena, out, diag));
    for (int i = 0; i < net->spec.n_layers; i++) copy_layer(&p, i, *out);
    return MDG_OK;
}
