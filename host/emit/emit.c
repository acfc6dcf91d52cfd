/* SPDX-License-Identifier: MIT */
#include "emit/emit.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "emit/parts.h"
#include "emit/roll.h"
#include "emit/trees.h"
#include "midge/blocks.h"
#include "util/embedded.h"
#include "util/file.h"

static mdg_status check_name(mdg_emit *e, mdg_diag *diag) {
    const char *name = e->opts->name;
    const size_t length = strlen(name);
    if (length == 0 || length > MDG_EMIT_NAME_MAX)
        return mdg_fail(diag, MDG_INVALID, "name \"%.60s\": has to be 1 to %d characters long", name,
                        MDG_EMIT_NAME_MAX);
    for (size_t i = 0; i < length; i++) {
        const bool good =
            name[i] == '_' || (isalnum((unsigned char)name[i]) && (i > 0 || !isdigit((unsigned char)*name)));
        if (!good)
            return mdg_fail(
                diag, MDG_INVALID,
                "name \"%s\": is no C identifier; use letters, digits and _, not beginning with a digit",
                name);
        e->upper[i] = (char)toupper((unsigned char)name[i]);
    }
    return MDG_OK;
}

/* The kernel's file for the target, else the reference, else that of the only processor that has it. */
static const char *kernel_path(const mdg_emit *e, const mdg_kernel_info *k) {
    const char *const folders[] = {e->opts->isa ? e->opts->isa : "ref", "ref"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *path = mdg_arena_printf(e->program->arena, "core/kernels/%s/%s.c", folders[i], k->file);
        if (mdg_embedded_find(path)) return path;
    }
    const char *name = mdg_arena_printf(e->program->arena, "/%s.c", k->file);
    for (const mdg_embedded_file *f = mdg_embedded_files; f->path; f++) {
        const char *slash = strrchr(f->path, '/');
        if (strncmp(f->path, "core/kernels/", 13) == 0 && strcmp(slash, name) == 0) return f->path;
    }
    return k->file;
}

/* The structs that macros make of lists are printed field by field; one that is not needed is not printed. */
#define TEXT_OF(value)           #value
#define FIELD(type, name)        "    " #type " " #name ";\n"
#define ARRAY(type, name, count) "    " #type " " #name "[" TEXT_OF(count) "];\n"
#define STRUCT(list)             "typedef struct {\n" MDG_PARAMS_##list(FIELD, ARRAY) "} mdg_" #list "_params;\n\n"
#define SCALAR(name)             "    int32_t " #name ";\n"
#define TABLE(type, name, count) "    const " #type " *" #name ";\n"
#define BLOCK(name)              "typedef struct mdg_" #name " {\n" MDG_BLOCK_##name(SCALAR, TABLE) "} mdg_" #name ";\n\n"

static const char standard_headers[] = "#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n";
static const char params_structs[] = MDG_PARAMS_LIST(STRUCT);
static const char blocks_structs[] = MDG_BLOCK_TYPES(BLOCK);

/* A block's file, behind those of the kernels that it calls. */
static mdg_status add_block(const mdg_emit *e, mdg_source *source, const char *path, mdg_diag *diag) {
    mdg_arena *arena = e->program->arena;
    const mdg_embedded_file *f = mdg_embedded_find(path);
    for (int k = 0; f && k < MDG_K_COUNT; k++)
        if (strstr(f->data, mdg_arena_printf(arena, "mdg_%s(", mdg_kernels[k].name)))
            MDG_TRY(mdg_source_add_file(source, kernel_path(e, &mdg_kernels[k]), diag));
    return mdg_source_add_file(source, path, diag);
}

static mdg_status add_decide(mdg_source *source, mdg_diag *diag) {
    MDG_TRY(mdg_source_add_file(source, "dsp/decide.c", diag));
    mdg_source_need(source, "mdg_decide_start");
    mdg_source_need(source, "mdg_decide_next");
    return MDG_OK;
}

static mdg_status add_find(mdg_source *source, mdg_diag *diag) {
    MDG_TRY(mdg_source_add_file(source, "dsp/find.c", diag));
    mdg_source_need(source, "mdg_find_next");
    return MDG_OK;
}

static mdg_status add_features(const mdg_emit *e, mdg_source *source, mdg_diag *diag) {
    mdg_arena *arena = e->program->arena;
    const char *block = mdg_emit_block_name(e->opts->frontend->features);
    MDG_TRY(mdg_source_add_file(source, "include/midge/features.h", diag));
    MDG_TRY(mdg_source_add_file(source, "dsp/features.c", diag));
    MDG_TRY(add_block(e, source, mdg_arena_printf(arena, "dsp/%s.c", block), diag));
    mdg_source_need(source, mdg_arena_printf(arena, "mdg_%s_frame", block));
    mdg_source_need(source,
                    mdg_arena_printf(arena, "mdg_%s", mdg_emit_block_type(e->opts->frontend->features)));
    static const char *const names[] = {"mdg_features_start", "mdg_features_push", "mdg_features_read"};
    if (e->opts->frontend->features->filter) {
        MDG_TRY(mdg_source_add_file(source, "include/midge/filter.h", diag));
        MDG_TRY(mdg_source_add_file(source, "dsp/filter.c", diag));
        mdg_source_need(source, "mdg_filter");
    }
    if (e->opts->frontend->image_h) {
        mdg_source_need(source, "mdg_features_quantize");
        if (e->opts->frontend->map) MDG_TRY(add_find(source, diag));
        if (strcmp(block, "picture") != 0) return MDG_OK;
        mdg_source_need(source, "mdg_picture_start");
        mdg_source_need(source, "mdg_picture_push");
        mdg_source_need(source, "mdg_picture_row");
        return MDG_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) mdg_source_need(source, names[i]);
    return e->opts->frontend->decide ? add_decide(source, diag) : MDG_OK;
}

static mdg_status collect_source(const mdg_emit *e, mdg_source *source, mdg_diag *diag) {
    const mdg_program *p = e->program;
    mdg_source_add_text(source, "standard headers", standard_headers);
    mdg_source_add_text(source, "parameters", params_structs);
    mdg_source_add_text(source, "tables of the features", blocks_structs);
    for (int i = 0; i < p->n_calls; i++) {
        if (p->calls[i].step != MDG_STEP_KERNEL || p->calls[i].custom) continue;
        MDG_TRY(mdg_source_add_file(source, kernel_path(e, &mdg_kernels[p->calls[i].kernel]), diag));
    }
    if (mdg_emit_needs_math(e)) mdg_source_add_text(source, "infinity", "#include <math.h>\n");
    if (e->opts->frontend) MDG_TRY(add_features(e, source, diag));
    for (int i = 0; i < p->n_calls; i++) {
        if (p->calls[i].step != MDG_STEP_KERNEL) continue;
        const mdg_kernel_info *k = mdg_call_kernel(&p->calls[i]);
        if (!p->calls[i].custom) mdg_source_need(source, mdg_arena_printf(p->arena, "mdg_%s", k->name));
        mdg_source_need(source, mdg_arena_printf(p->arena, "mdg_%s_params", k->params));
    }
    return MDG_OK;
}

void mdg_emit_head_comment(const mdg_emit *e, FILE *out, const char *suffix) {
    const mdg_emit_opts *o = e->opts;
    const size_t state = o->frontend ? mdg_emit_frontend_state_bytes(e, 4) : e->program->state_bytes;
    fprintf(out, "/* %s.%s: a model as C, written by midge " MIDGE_VERSION, o->name, suffix);
    fputs(". Do not edit: it is made anew from the model.\n *\n *     ", out);
    mdg_emit_comment(out, o->command_line ? o->command_line : "midge compile");
    fputs("\n *\n * model   ", out);
    mdg_emit_comment(out, o->model_name ? o->model_name : o->name);
    fprintf(out, ", hash %016" PRIx64 "\n * target  %s\n", o->model_hash, o->target ? o->target : "generic");
    fprintf(out, " * flash   %zu bytes of weights and tables; `midge bench` measures the code\n",
            e->weights_bytes);
    fprintf(out, " * RAM     %zu bytes of arena, %zu bytes of state; `midge bench` measures the stack\n",
            e->arena_bytes, state);
    fprintf(out, " * work    %lld MAC an inference, %d operators\n", (long long)mdg_emit_macs(e),
            e->program->graph && e->program->graph->n_subgraphs ? e->program->graph->subgraphs[0].n_ops : 0);
}

static const char *const prelude = "\n"
                                   "/* Some helpers are for other processors only */\n"
                                   "#if defined(__clang__)\n"
                                   "#    pragma clang diagnostic ignored \"-Wunused-function\"\n"
                                   "#endif\n"
                                   "\n"
                                   "/* Called behind each operator, for measuring */\n"
                                   "#ifndef MDG_AFTER_OP\n"
                                   "#    define MDG_AFTER_OP(index, name)\n"
                                   "#endif\n"
                                   "\n"
                                   "/* Kernels take their stack one after the other */\n"
                                   "#if defined(__GNUC__)\n"
                                   "#    define MDG_APART __attribute__((noinline))\n"
                                   "#else\n"
                                   "#    define MDG_APART\n"
                                   "#endif\n"
                                   "\n"
                                   "/* So that kernels may load words */\n"
                                   "#if defined(__GNUC__)\n"
                                   "#    define MDG_ALIGNED __attribute__((aligned(4)))\n"
                                   "#else\n"
                                   "#    define MDG_ALIGNED\n"
                                   "#endif\n";

static void print_params(const mdg_emit *e, FILE *out) {
    fputc('\n', out);
    for (int i = 0; i < e->program->n_calls; i++) {
        if (e->program->calls[i].step == MDG_STEP_KERNEL && e->params[i] == i)
            mdg_emit_params(e, out, &e->program->calls[i], i);
    }
}

/* C allows a declaration to be repeated. */
static void print_custom_kernels(const mdg_emit *e, FILE *out) {
    for (int i = 0; i < e->program->n_calls; i++) {
        const mdg_kernel_info *k = e->program->calls[i].custom;
        if (!k || (e->tables && !e->tables->calls[i].custom)) continue;
        fputs("\n/* The application's kernel of a custom operator (midge/custom.h) */\n", out);
        fprintf(out, "extern void %s(const void *params, const void *const *in, void *const *out);\n",
                k->name);
    }
}

static const char *const init = "\n"
                                "void $n_init($n_model *m, void *arena, void *state)\n"
                                "{\n"
                                "    m->arena = (uint8_t *)arena;\n"
                                "    m->state = (uint8_t *)state;\n"
                                "    $n_reset(m);\n"
                                "}\n";

/* Clang has no such request. */
static const char small_code[] = "\n/* For --optimize size, whatever the options say */\n"
                                 "#if defined(__GNUC__) && !defined(__clang__)\n"
                                 "#    pragma GCC optimize(\"Os\")\n"
                                 "#endif\n";

static void print_source(const mdg_emit *e, const mdg_source *source, FILE *out) {
    mdg_emit_head_comment(e, out, "c");
    fputs(" *\n * The kernels' text is part of midge, under the MIT licence (SPDX-License-Identifier: MIT); "
          "weights and\n"
          " * parameters are the model's.\n */\n",
          out);
    mdg_emit_text(e, out, "#include \"$n.h\"\n\n");
    mdg_source_print_includes(source, out);
    fputs(prelude, out);
    if (e->program->for_size) fputs(small_code, out);
    mdg_source_print(source, out);
    fputs("\n/* ---- the model ---- */\n", out);
    mdg_emit_constants(e, out);
    print_params(e, out);
    print_custom_kernels(e, out);
    mdg_emit_trees(e, out);
    mdg_emit_model(e, out, e->opts->frontend ? "static " : "");
    if (e->opts->frontend) mdg_emit_frontend_c(e, out);
    mdg_emit_text(e, out, init);
}

/* Both files are complete before either gets its name. */
static mdg_status write_files(const mdg_emit *e, const mdg_source *source, mdg_diag *diag) {
    const mdg_emit_opts *o = e->opts;
    mdg_writer c, h;
    MDG_TRY(mdg_folder_make(o->folder, diag));
    MDG_TRY(mdg_writer_open(&c, mdg_arena_printf(e->program->arena, "%s/%s.c", o->folder, o->name), diag));
    mdg_status status =
        mdg_writer_open(&h, mdg_arena_printf(e->program->arena, "%s/%s.h", o->folder, o->name), diag);
    if (status != MDG_OK) {
        mdg_writer_discard(&c);
        return status;
    }
    print_source(e, source, c.stream);
    mdg_emit_header(e, h.stream);
    if (fflush(h.stream) != 0 || ferror(h.stream)) {
        mdg_writer_discard(&c);
        return mdg_writer_close(&h, diag);
    }
    status = mdg_writer_close(&c, diag);
    if (status != MDG_OK) {
        mdg_writer_discard(&h);
        return status;
    }
    status = mdg_writer_close(&h, diag);
    if (status != MDG_OK) remove(c.path);
    return status;
}

mdg_status mdg_emit_c(const mdg_program *p, const mdg_emit_opts *opts, mdg_diag *diag) {
    mdg_emit e = {.program = p, .opts = opts, .arena_bytes = p->arena_bytes};
    MDG_TRY(check_name(&e, diag));
    MDG_TRY(mdg_emit_take_trees(&e, diag));
    if (opts->frontend) {
        MDG_TRY(mdg_emit_frontend_check(&e, diag));
        const size_t scratch = (size_t)opts->frontend->features->scratch_bytes;
        if (scratch > e.arena_bytes) e.arena_bytes = scratch;
    }
    mdg_source *source = mdg_source_new(p->arena);
    mdg_emit_number_constants(&e);
    mdg_emit_number_params(&e);
    MDG_TRY(collect_source(&e, source, diag));
    return write_files(&e, source, diag);
}
