/* SPDX-License-Identifier: MIT
 *
 * cmd_operators.c: `midge operators`: what midge supports, from the tables that it works by.
 * docs/OPERATORS.md is its output.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/kernels.h"
#include "cli/model.h"
#include "graph/op_table.h"
#include "lower/lower.h"
#include "specialize/specialize.h"

static const char *name_of(mdg_opcode code) {
    return mdg_op_info_of(code)->name;
}

static int by_name(const void *a, const void *b) {
    const mdg_opcode *x = a, *y = b;
    return strcmp(name_of(*x), name_of(*y));
}

/* The operators with a rule, sorted; a custom operator that the application supplies has no name. */
static int list_supported(mdg_opcode *list) {
    int n = 0;
    for (int i = 0; i < MDG_OP_COUNT; i++)
        if (mdg_rule_of((mdg_opcode)i) && name_of((mdg_opcode)i)) list[n++] = (mdg_opcode)i;
    qsort(list, (size_t)n, sizeof *list, by_name);
    return n;
}

static bool is_optimised(mdg_cli *cli, const mdg_variant *v, const char *isa) {
    return mdg_kernel_is_optimised(cli->arena, v->kernel, isa) || mdg_specialize_replaces(v->kernel, isa);
}

static bool has_optimised(mdg_cli *cli, const mdg_rule *rule, const char *isa) {
    for (int i = 0; i < rule->n_variants; i++)
        if (is_optimised(cli, &rule->variants[i], isa)) return true;
    return false;
}

/* "int8,int8->int8" where the kernel that it leads to has an optimised form */
static const char *optimised_text(mdg_cli *cli, const mdg_rule *rule) {
    const char *text = "";
    for (const char **isa = mdg_isas(cli->arena); *isa; isa++) {
        const char *comma = text[0] ? "; " : "", *types = "";
        for (int i = 0; i < rule->n_variants; i++) {
            const mdg_variant *v = &rule->variants[i];
            const char *x = mdg_arena_printf(cli->arena, "%.*s", (int)strcspn(v->types, ",-*"), v->types);
            if (is_optimised(cli, v, *isa) && !strstr(types, x))
                types = mdg_arena_printf(cli->arena, "%s%s%s", types, types[0] ? ", " : "", x);
        }
        if (types[0]) text = mdg_arena_printf(cli->arena, "%s%s%s (%s)", text, comma, *isa, types);
    }
    return text[0] ? text : "-";
}

static const char *types_text(mdg_cli *cli, const mdg_rule *rule, const char *before, const char *behind) {
    const char *text = "";
    for (int i = 0; i < rule->n_variants; i++)
        text = mdg_arena_printf(cli->arena, "%s%s%s%s%s", text, i ? ", " : "", before,
                                rule->variants[i].types, behind);
    return text;
}

static void print_others(void) {
    const char *comma = "";
    size_t column = 0;
    printf("\n## Custom operators\n\nOne that is not in the list is the application's: it brings the kernel "
           "(`midge/custom.h`, [FORMAT.md](FORMAT.md)).\n");
    printf("\n## Not supported\n\nTFLite's operators that TensorFlow Lite Micro does not run, and midge "
           "neither; a message names them:\n");
    for (int i = 0; i < MDG_OP_COUNT; i++) {
        const mdg_op_info *info = mdg_op_info_of((mdg_opcode)i);
        if (info->kind == MDG_CLASS_CUSTOM || mdg_rule_of((mdg_opcode)i)) continue;
        column += strlen(info->name) + 2;
        printf("%s%s", comma, info->name);
        comma = column < 100 ? ", " : ",\n";
        if (column >= 100) column = 0;
    }
    printf(".\n");
}

static void print_isas(mdg_cli *cli, const char *item) {
    for (const char **isa = mdg_isas(cli->arena); *isa; isa++) {
        bool any = false;
        for (int k = 0; k < MDG_K_COUNT; k++)
            any |= mdg_kernel_is_optimised(cli->arena, (mdg_kernel_id)k, *isa);
        printf("%s%s: %s%s\n", item, *isa, mdg_isa_targets(cli->arena, *isa),
               any ? "" : " (reference kernels so far)");
    }
}

/* midge's own are custom operators of that name. */
static int n_own(const mdg_opcode *list, int n) {
    int own = 0;
    for (int i = 0; i < n; i++) own += strncmp(name_of(list[i]), "Midge", 5) == 0;
    return own;
}

static void print_markdown(mdg_cli *cli) {
    mdg_opcode list[MDG_OP_COUNT] = {0};
    const int n = list_supported(list), own = n_own(list, n);
    printf("# Operators\n\n"
           "What midge runs, made by `midge operators --markdown` from the tables that it works by; a test "
           "keeps this file in step.\n"
           "All %d operators of TensorFlow Lite Micro and its signal library, with TFLM's results to the bit "
           "(floats: within the\n"
           "tolerance of the golden files), and %d of midge's own for what needs no network "
           "([CLASSIC.md](CLASSIC.md)). What is not in the types column, and what breaks a restriction, "
           "is refused when a model\nis read, with the operator's number and name.\n\n"
           "Types are those of inputs and outputs; `*` stands for any, a missing optional input is left out. "
           "Everywhere: up to %d\ndimensions, up to 256 MiB a tensor, quantised per tensor where not said "
           "otherwise, the shapes of all tensors known.\n"
           "An operator on constants alone is computed on the desktop.\n\n"
           "Optimised for: instruction sets with kernels of their own, and for which input type; whether a "
           "layer can use one\ndepends on its shape and weights, and `midge inspect` tells for a given "
           "model. All others run the reference kernel.\n\n",
           n - own, own, MDG_MAX_RANK);
    print_isas(cli, "- ");
    printf("\n| operator | types | optimised for | restrictions |\n|---|---|---|---|\n");
    for (int i = 0; i < n; i++) {
        const mdg_rule *rule = mdg_rule_of(list[i]);
        const char *restrictions = mdg_restrictions_of(list[i]);
        printf("| %s | %s | %s | %s |\n", name_of(list[i]), types_text(cli, rule, "`", "`"),
               optimised_text(cli, rule), restrictions[0] ? restrictions : "-");
    }
    print_others();
}

static void print_text(mdg_cli *cli) {
    mdg_opcode list[MDG_OP_COUNT] = {0};
    const int n = list_supported(list);
    for (int i = 0; i < n; i++) {
        const mdg_rule *rule = mdg_rule_of(list[i]);
        const char *restrictions = mdg_restrictions_of(list[i]), *optimised = optimised_text(cli, rule);
        printf("%s: %s\n", name_of(list[i]), types_text(cli, rule, "", ""));
        if (optimised[0] != '-') printf("    optimised for %s\n", optimised);
        if (restrictions[0]) printf("    %s\n", restrictions);
    }
}

static json_t *operator_json(mdg_cli *cli, mdg_opcode code) {
    const mdg_rule *rule = mdg_rule_of(code);
    json_t *o = json_object(), *types = json_array(), *isas = json_array();
    for (int i = 0; i < rule->n_variants; i++)
        json_array_append_new(types, json_string(rule->variants[i].types));
    for (const char **isa = mdg_isas(cli->arena); *isa; isa++)
        if (has_optimised(cli, rule, *isa)) json_array_append_new(isas, json_string(*isa));
    json_object_set_new(o, "op", json_string(name_of(code)));
    json_object_set_new(o, "builtin", json_integer(mdg_op_info_of(code)->builtin));
    json_object_set_new(o, "types", types);
    json_object_set_new(o, "optimised", isas);
    json_object_set_new(o, "restrictions", json_string(mdg_restrictions_of(code)));
    return o;
}

static mdg_status print_json(mdg_cli *cli) {
    mdg_opcode list[MDG_OP_COUNT] = {0};
    const int n = list_supported(list);
    json_t *operators = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(operators, operator_json(cli, list[i]));
    return mdg_json_print(operators);
}

static mdg_status run(mdg_cli *cli) {
    bool markdown = false, json = false;
    const mdg_option options[] = {
        {"--markdown", MDG_OPTION_FLAG, &markdown}, {"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 0, 0));
    if (json) return print_json(cli);
    if (markdown)
        print_markdown(cli);
    else
        print_text(cli);
    return MDG_OK;
}

const mdg_verb mdg_verb_operators = {
    .name = "operators",
    .summary = "list the operators that midge runs: types, optimised kernels, restrictions",
    .help = "midge operators [--markdown | --json]\n"
            "\n"
            "  midge operators\n"
            "  midge operators --markdown >docs/OPERATORS.md\n",
    .run = run,
};
