/* SPDX-License-Identifier: MIT */
#include "cli/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/budget.h"
#include "fuse/fuse.h"
#include "onnx/onnx.h"
#include "pass/pass.h"
#include "plan/plan.h"
#include "specialize/specialize.h"
#include "tflite/tflite.h"

static uint64_t fnv1a(const uint8_t *data, size_t size) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ data[i]) * 1099511628211u;
    return hash;
}

static bool ends_with(const char *text, const char *end) {
    const size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

mdg_status mdg_model_load(mdg_cli *cli, const char *path, mdg_model_file *out) {
    mdg_bytes file;
    MDG_TRY(mdg_file_read(path, cli->arena, &file, &cli->diag));
    *out = (mdg_model_file){.path = path, .hash = fnv1a(file.data, file.size)};
    const bool is_tflite = file.size >= 8 && memcmp(file.data + 4, "TFL3", 4) == 0;
    if (!is_tflite && ends_with(path, ".onnx"))
        return mdg_onnx_read(&file, path, cli->arena, &out->graph, &cli->diag);
    return mdg_tflite_read(&file, path, cli->arena, &out->graph, &cli->diag);
}

bool mdg_model_is_path(const char *arg) {
    return ends_with(arg, ".tflite") || ends_with(arg, ".onnx");
}

mdg_status mdg_model_program(mdg_cli *cli, const mdg_graph *g, mdg_program *out) {
    MDG_TRY(mdg_lower(g, cli->arena, out, &cli->diag));
    return mdg_plan(out, NULL, &cli->diag);
}

/* How many channels the kernels of an instruction set like to take at once */
static int granule_of(const char *isa) {
    return strcmp(isa, "armv7em") == 0 || strcmp(isa, "mve") == 0 ? 4 : 1;
}

mdg_status mdg_model_smaller(mdg_cli *cli, const mdg_graph *g, const char *isa, mdg_graph **out) {
    return mdg_remove_channels(g, granule_of(isa), cli->arena, out, NULL, &cli->diag);
}

/* What a program needs when it is specialised and planned, as a copy */
static bool arena_needed(void *context, const mdg_program *p, size_t *arena_bytes) {
    const mdg_goal *goal = context;
    mdg_arena *arena = mdg_arena_new();
    mdg_program copy = mdg_program_copy(p, arena);
    const bool good = mdg_specialize(&copy, goal->target->isa, goal->optimize, NULL) == MDG_OK &&
                      mdg_plan(&copy, NULL, NULL) == MDG_OK;
    *arena_bytes = copy.arena_bytes;
    mdg_arena_free(arena);
    return good;
}

mdg_status mdg_model_specialize(mdg_cli *cli, const mdg_goal *goal, mdg_program *p, mdg_band_report *bands) {
    mdg_goal copy = *goal;
    const mdg_band_opts opts = {.align = 16, .need = arena_needed, .context = &copy};
    *bands = (mdg_band_report){.n = 0};
    mdg_fuse(p, &mdg_fuse_always);
    if (goal->optimize == MDG_OPTIMIZE_ram) mdg_band_choose(p, &opts, bands);
    return mdg_specialize(p, goal->target->isa, goal->optimize, &cli->diag);
}

/* Whatever it costs */
static mdg_status compile_for(mdg_cli *cli, const mdg_graph *g, const mdg_goal *goal, mdg_program *out) {
    mdg_graph *smaller;
    mdg_band_report bands;
    MDG_TRY(mdg_model_smaller(cli, g, goal->target->isa, &smaller));
    MDG_TRY(mdg_lower(smaller, cli->arena, out, &cli->diag));
    MDG_TRY(mdg_model_specialize(cli, goal, out, &bands));
    return mdg_plan(out, NULL, &cli->diag);
}

/* What a program is short of */
static size_t measure_of(const mdg_program *p, mdg_optimize aim) {
    return aim == MDG_OPTIMIZE_ram ? mdg_program_ram(p) : mdg_program_weights(p);
}

/* Of a program that is too large, with what it would need if it were compiled to be small (`other`) */
static mdg_status refuse(mdg_cli *cli, const mdg_goal *goal, const mdg_program *p, const mdg_program *other,
                         mdg_optimize aim) {
    mdg_budget_words words = mdg_budget_options;
    const char **help = aim == MDG_OPTIMIZE_ram ? &words.ram_help : &words.flash_help;
    if (measure_of(other, aim) < measure_of(p, aim))
        *help = mdg_arena_printf(cli->arena, "--optimize %s needs %zu; %s", mdg_optimize_names[aim],
                                 measure_of(other, aim), *help);
    return mdg_budget_check(&goal->budget, &words, p, NULL, &cli->diag);
}

static bool fits(const mdg_goal *goal, const mdg_program *p) {
    return mdg_budget_check(&goal->budget, &mdg_budget_options, p, NULL, NULL) == MDG_OK;
}

/* Where the goal leaves open what comes first, that is what the budget is short of. */
mdg_status mdg_model_target_program(mdg_cli *cli, const mdg_graph *g, const mdg_goal *goal,
                                    mdg_program *out) {
    mdg_goal small = *goal;
    mdg_program program;
    MDG_TRY(compile_for(cli, g, goal, out));
    if (fits(goal, out)) return MDG_OK;
    const bool has_ram = !goal->budget.ram || mdg_program_ram(out) <= goal->budget.ram;
    small.optimize = has_ram ? MDG_OPTIMIZE_size : MDG_OPTIMIZE_ram;
    MDG_TRY(compile_for(cli, g, &small, &program));
    if (goal->optimize_name || !fits(goal, &program)) return refuse(cli, goal, out, &program, small.optimize);
    *out = program;
    return MDG_OK;
}

static size_t io_bytes(const mdg_program *p, const mdg_io *io, int n) {
    size_t bytes = 0;
    for (int i = 0; i < n; i++) bytes += p->buffers[io[i].buffer].bytes;
    return bytes;
}

size_t mdg_program_input_bytes(const mdg_program *p) {
    return io_bytes(p, p->inputs, p->n_inputs);
}

size_t mdg_program_output_bytes(const mdg_program *p) {
    return io_bytes(p, p->outputs, p->n_outputs);
}

mdg_status mdg_model_run(mdg_cli *cli, mdg_exec *x, const uint8_t *input, int repeat, uint8_t *output) {
    const mdg_program *p = mdg_exec_program(x);
    for (int run = 0; run < repeat; run++) {
        for (int i = 0; i < p->n_inputs; i++) {
            memcpy(mdg_exec_input(x, i), input, mdg_exec_input_bytes(x, i));
            input += mdg_exec_input_bytes(x, i);
        }
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, &cli->diag);
        for (int i = 0; i < p->n_outputs; i++) {
            memcpy(output, mdg_exec_output(x, i), mdg_exec_output_bytes(x, i));
            output += mdg_exec_output_bytes(x, i);
        }
    }
    return MDG_OK;
}

size_t mdg_op_weights_bytes(const mdg_subgraph *s, const mdg_op *op) {
    size_t bytes = 0;
    for (int i = 0; i < op->n_inputs; i++) {
        const mdg_tensor *t = mdg_op_input(s, op, i);
        if (t && t->data) bytes += t->bytes;
    }
    return bytes;
}

int64_t mdg_graph_macs(const mdg_graph *g) {
    const mdg_subgraph *s = &g->subgraphs[0];
    int64_t macs = 0;
    for (int i = 0; i < s->n_ops; i++) macs += mdg_op_macs(s, &s->ops[i]);
    return macs;
}

const char *mdg_target_names(mdg_arena *arena) {
    const char *known = "";
    for (const mdg_target *t = mdg_targets; t->name; t++)
        known = mdg_arena_printf(arena, "%s%s%s", known, known[0] ? ", " : "", t->name);
    return known;
}

mdg_status mdg_cli_target(mdg_cli *cli, const char *name, const mdg_target **out) {
    *out = mdg_target_find(name);
    if (*out) return MDG_OK;
    return mdg_cli_usage(cli, "'%s' is no target; known are %s", name, mdg_target_names(cli->arena));
}

static bool is_installed(mdg_arena *arena, const char *program) {
    const char *path = getenv("PATH");
    while (path && *path) {
        const int n = (int)strcspn(path, ":");
        if (access(mdg_arena_printf(arena, "%.*s/%s", n, path, program), X_OK) == 0) return true;
        path += n + (path[n] == ':');
    }
    return false;
}

mdg_status mdg_target_check_tools(mdg_cli *cli, const mdg_target *target) {
    const char *programs[] = {target->compiler, target->qemu};
    for (int i = 0; i < 2; i++)
        if (!is_installed(cli->arena, programs[i]))
            return mdg_fail(&cli->diag, MDG_TOOL, "%s: not found; install it: apt-get install %s",
                            programs[i], target->packages);
    return MDG_OK;
}

enum { JSON_STYLE = JSON_INDENT(2) | JSON_REAL_PRECISION(9) };

mdg_status mdg_json_print(json_t *value) {
    json_dumpf(value, stdout, JSON_STYLE);
    putchar('\n');
    json_decref(value);
    return MDG_OK;
}

mdg_status mdg_json_save(json_t *value, const char *path, mdg_diag *diag) {
    char *text = json_dumps(value, JSON_STYLE);
    json_decref(value);
    if (!text) return mdg_fail(diag, MDG_NO_MEMORY, "%s: out of memory", path);
    const mdg_status status = mdg_file_write(path, text, strlen(text), diag);
    free(text);
    return status;
}

mdg_status mdg_json_load(const char *path, mdg_arena *arena, json_t **out, mdg_diag *diag) {
    mdg_bytes file;
    json_error_t error;
    MDG_TRY(mdg_file_read(path, arena, &file, diag));
    *out = json_loadb((const char *)file.data, file.size, 0, &error);
    if (!*out) return mdg_fail(diag, MDG_INVALID, "%s:%d: %s", path, error.line, error.text);
    return MDG_OK;
}
