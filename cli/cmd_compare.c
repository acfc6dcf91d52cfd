/* SPDX-License-Identifier: MIT
 *
 * cmd_compare.c: `midge compare`: two models on the same input, layer by layer.
 */
#include <math.h>
#include <string.h>

#include "cli/model.h"
#include "compare/compare.h"

typedef struct pair {
    mdg_model_file a, b;
    int repeat;
    mdg_comparison result;
} pair;

static const mdg_subgraph *main_of(const mdg_model_file *m) {
    return &m->graph->subgraphs[0];
}

static const char *op_name(const mdg_model_file *m, int op) {
    return op < 0 ? "input" : mdg_op_name(&main_of(m)->ops[op]);
}

static const char *tensor_name(mdg_arena *arena, const mdg_model_file *m, int tensor, size_t max) {
    const char *name = main_of(m)->tensors[tensor].name;
    const size_t n = name ? strcspn(name, ";") : 0;
    return n > max ? mdg_arena_printf(arena, "..%.*s", (int)max - 2, name + n - max + 2)
                   : mdg_arena_printf(arena, "%.*s", (int)n, name ? name : "");
}

static const char *type_name(const mdg_model_file *m, int tensor) {
    return mdg_type_text(main_of(m)->tensors[tensor].type);
}

static const char *verdict(const mdg_compared *l) {
    if (!l->unequal) return "equal";
    return l->differs ? "differs" : "within rounding";
}

static const char *sqnr_text(mdg_arena *arena, const mdg_compared *l) {
    const double db = mdg_compared_sqnr_db(l);
    return isfinite(db) ? mdg_arena_printf(arena, "%.1f", db) : "-";
}

static void print_layers(mdg_cli *cli, const pair *p) {
    printf("%4s  %-24s %-34s %-16s %12s %12s %8s  %s\n", "op", "name", "tensor", "types", "max diff",
           "mean diff", "SQNR dB", "");
    for (int i = 0; i < p->result.n_layers; i++) {
        const mdg_compared *l = &p->result.layers[i];
        const char *types = type_name(&p->a, l->tensor_a), *other = type_name(&p->b, l->tensor_b);
        if (strcmp(types, other) != 0) types = mdg_arena_printf(cli->arena, "%s %s", types, other);
        printf("%4s  %-24s %-34s %-16s %12.6g %12.6g %8s  %s\n",
               l->op_a < 0 ? "-" : mdg_arena_printf(cli->arena, "%d", l->op_a), op_name(&p->a, l->op_a),
               tensor_name(cli->arena, &p->a, l->tensor_a, 34), types, l->max,
               l->n ? l->sum / (double)l->n : 0, sqnr_text(cli->arena, l), verdict(l));
    }
}

static void print_single(mdg_cli *cli, const mdg_model_file *m, const int *list, int n) {
    if (n) printf("only in %s:", m->path);
    for (int i = 0; i < n; i++) printf("%s %s", i ? "," : "", tensor_name(cli->arena, m, list[i], 40));
    if (n) printf("\n");
}

/* op 3 CONV_2D "conv/Relu" */
static const char *place_text(mdg_cli *cli, const pair *p, const mdg_compared *l) {
    const char *number = l->op_a < 0 ? "" : mdg_arena_printf(cli->arena, "op %d ", l->op_a);
    return mdg_arena_printf(cli->arena, "%s%s \"%s\"", number, op_name(&p->a, l->op_a),
                            tensor_name(cli->arena, &p->a, l->tensor_a, 60));
}

static void print_worst(mdg_cli *cli, const pair *p) {
    const mdg_compared *worst = &p->result.layers[p->result.first];
    for (int i = p->result.first; i < p->result.n_layers; i++)
        if (mdg_compared_sqnr_db(&p->result.layers[i]) < mdg_compared_sqnr_db(worst))
            worst = &p->result.layers[i];
    printf("the least alike: %s, SQNR %s dB\n", place_text(cli, p, worst), sqnr_text(cli->arena, worst));
}

static void print_text(mdg_cli *cli, const pair *p) {
    const mdg_comparison *r = &p->result;
    printf("%s against %s, %d run%s: %d layers in common\n\n", p->a.path, p->b.path, p->repeat,
           p->repeat == 1 ? "" : "s", r->n_layers);
    print_layers(cli, p);
    printf("\n");
    print_single(cli, &p->a, r->only_a, r->n_only_a);
    print_single(cli, &p->b, r->only_b, r->n_only_b);
    if (r->first < 0) {
        printf("no layer differs\n");
        return;
    }
    const mdg_compared *l = &r->layers[r->first];
    printf("the first to differ: %s, by up to %.6g, %llu of %llu values\n", place_text(cli, p, l), l->max,
           (unsigned long long)l->unequal, (unsigned long long)l->n);
    print_worst(cli, p);
}

/* JSON has no infinity. */
static json_t *number_json(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *side_json(const mdg_model_file *m, int op, int tensor) {
    const char *name = main_of(m)->tensors[tensor].name;
    json_t *o = json_object(), *text = json_string(name ? name : "");
    json_object_set_new(o, "op", json_integer(op));
    json_object_set_new(o, "op_name", json_string(op_name(m, op)));
    json_object_set_new(o, "tensor", text ? text : json_string("?"));
    json_object_set_new(o, "type", json_string(type_name(m, tensor)));
    return o;
}

static json_t *layer_json(const pair *p, const mdg_compared *l) {
    json_t *o = json_object();
    json_object_set_new(o, "a", side_json(&p->a, l->op_a, l->tensor_a));
    json_object_set_new(o, "b", side_json(&p->b, l->op_b, l->tensor_b));
    json_object_set_new(o, "same_format", json_boolean(l->same_format));
    json_object_set_new(o, "differs", json_boolean(l->differs));
    json_object_set_new(o, "values", json_integer((json_int_t)l->n));
    json_object_set_new(o, "unequal", json_integer((json_int_t)l->unequal));
    json_object_set_new(o, "max", number_json(l->max));
    json_object_set_new(o, "mean", number_json(l->n ? l->sum / (double)l->n : 0));
    json_object_set_new(o, "sqnr_db", number_json(mdg_compared_sqnr_db(l)));
    return o;
}

static json_t *names_json(mdg_arena *arena, const mdg_model_file *m, const int *list, int n) {
    json_t *names = json_array();
    for (int i = 0; i < n; i++) {
        json_t *name = json_string(tensor_name(arena, m, list[i], 1000));
        json_array_append_new(names, name ? name : json_string("?"));
    }
    return names;
}

static json_t *pair_json(mdg_cli *cli, const pair *p) {
    const mdg_comparison *r = &p->result;
    json_t *o = json_object(), *layers = json_array();
    for (int i = 0; i < r->n_layers; i++) json_array_append_new(layers, layer_json(p, &r->layers[i]));
    json_object_set_new(o, "a", json_string(p->a.path));
    json_object_set_new(o, "b", json_string(p->b.path));
    json_object_set_new(o, "runs", json_integer(p->repeat));
    json_object_set_new(o, "layers", layers);
    json_object_set_new(o, "first_difference", r->first < 0 ? json_null() : json_integer(r->first));
    json_object_set_new(o, "only_a", names_json(cli->arena, &p->a, r->only_a, r->n_only_a));
    json_object_set_new(o, "only_b", names_json(cli->arena, &p->b, r->only_b, r->n_only_b));
    return o;
}

static mdg_status demand_equal(mdg_cli *cli, const pair *p) {
    for (int i = 0; i < p->result.n_layers; i++) {
        const mdg_compared *l = &p->result.layers[i];
        if (l->unequal)
            return mdg_fail(&cli->diag, MDG_MISMATCH, "%s and %s differ first at %s", p->a.path, p->b.path,
                            place_text(cli, p, l));
    }
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    pair p = {.repeat = 1};
    bool json = false, exact = false;
    mdg_compare_input input = {.path = NULL};
    const mdg_option options[] = {{"--input", MDG_OPTION_TEXT, &input.path},
                                  {"--repeat", MDG_OPTION_COUNT, &p.repeat},
                                  {"--exact", MDG_OPTION_FLAG, &exact},
                                  {"--json", MDG_OPTION_FLAG, &json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 2, 2));
    if (!input.path) return mdg_cli_usage(cli, "--input is needed");
    input.repeat = p.repeat;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &p.a));
    MDG_TRY(mdg_model_load(cli, cli->args[1], &p.b));
    MDG_TRY(mdg_file_read(input.path, cli->arena, &input.data, &cli->diag));
    MDG_TRY(mdg_compare(p.a.graph, p.b.graph, &input, cli->arena, &p.result, &cli->diag));
    if (json)
        mdg_json_print(pair_json(cli, &p));
    else
        print_text(cli, &p);
    return exact ? demand_equal(cli, &p) : MDG_OK;
}

const mdg_verb mdg_verb_compare = {
    .name = "compare",
    .summary = "run two models on the same input and show, layer by layer, where they part",
    .help =
        "midge compare A B --input FILE [--repeat K] [--exact] [--json]\n"
        "\n"
        "FILE holds the raw inputs of A, K times over; where B takes another type, they are converted by "
        "its\n"
        "quantisation. Layers are matched by name, the rest by operator, shape and order. A layer differs "
        "if bits do,\n"
        "or, between two types or quantisations, if it is off by more than rounding to these explains. The "
        "exit code\n"
        "is 0 either way; with --exact it is 1 if any value of any layer differs.\n"
        "\n"
        "  midge compare out/model_float.tflite out/model.tflite --input clip.bin\n"
        "  midge compare old.tflite new.tflite --input clips.bin --repeat 100 --exact\n",
    .run = run,
};
