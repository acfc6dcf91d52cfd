/* SPDX-License-Identifier: MIT
 *
 * cmd_package.c: `midge package`: the generated code by the rules of an ecosystem.
 */
#include <string.h>
#include <time.h>

#include "cli/pipeline.h"
#include "cli/target.h"
#include "package/package.h"

typedef struct package_opts {
    const char *as, *folder;
    bool zip;
    mdg_goal goal; /* of a model file */
    mdg_package package;
} package_opts;

static mdg_status read_text(mdg_cli *cli, const char *folder, const char *name, const char *ending,
                            const char **out) {
    mdg_bytes b;
    MDG_TRY(mdg_file_read(mdg_arena_printf(cli->arena, "%s/%s.%s", folder, name, ending), cli->arena, &b,
                          &cli->diag));
    *out = mdg_arena_printf(cli->arena, "%.*s", (int)b.size, (const char *)b.data);
    return MDG_OK;
}

static mdg_status read_code(mdg_cli *cli, const char *folder, mdg_package *p) {
    MDG_TRY(read_text(cli, folder, p->name, "c", &p->source));
    return read_text(cli, folder, p->name, "h", &p->header);
}

static mdg_status compile_model(mdg_cli *cli, package_opts *o) {
    mdg_model_file m;
    mdg_program program;
    mdg_emit_opts emit = {.name = o->package.name};
    if (!emit.name) return mdg_cli_usage(cli, "a model file needs --name NAME");
    if (!mdg_is_identifier(emit.name))
        return mdg_cli_usage(cli, "--name '%s' is no C identifier: letters, digits and _, no digit in front",
                             emit.name);
    if (!o->goal.target_name) o->goal.target_name = "generic"; /* packages are for any target */
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    emit.target = o->goal.target_name;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &m));
    MDG_TRY(mdg_model_target_program(cli, m.graph, &o->goal, &program));
    MDG_TRY(mdg_folder_temporary(cli->arena, &emit.folder, &cli->diag));
    mdg_status status = mdg_cli_emit(cli, &m, &program, &emit);
    if (status == MDG_OK) status = read_code(cli, emit.folder, &o->package);
    mdg_folder_remove(emit.folder);
    o->package.input = MDG_PACKAGE_BYTES;
    return status;
}

static mdg_status compile_project(mdg_cli *cli, package_opts *o) {
    mdg_pipeline pl;
    if (o->package.name) return mdg_cli_usage(cli, "a project has its name in midge.yaml");
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_goal_of_project(cli, &o->goal, &pl.optimize));
    MDG_TRY(mdg_pipeline_compile(&pl));
    o->package.name = pl.project.name;
    o->package.input = pl.frontend.opts.image_h ? MDG_PACKAGE_PIXELS : MDG_PACKAGE_SAMPLES;
    return read_code(cli, pl.project.out, &o->package);
}

static mdg_status write_package(mdg_cli *cli, const package_opts *o, const mdg_package_kind *kind) {
    const mdg_package *p = &o->package;
    const char *folder = o->folder;
    if (!folder) folder = mdg_arena_printf(cli->arena, "%s-%s", p->name, kind->name);
    MDG_TRY(mdg_package_write(p, kind, folder, cli->arena, &cli->diag));
    printf("wrote %s\n", folder);
    if (!o->zip) return MDG_OK;
    /* a CMSIS pack has a name and an ending of its own, and nothing around its files */
    const bool is_pack = strcmp(kind->name, "cmsis-pack") == 0;
    const char *archive =
        is_pack ? mdg_arena_printf(cli->arena, "%s/%s.%s.%s.pack", folder, p->vendor, p->name, p->version)
                : mdg_arena_printf(cli->arena, "%s.zip", folder);
    MDG_TRY(mdg_package_zip(p, kind, is_pack ? "" : p->name, archive, cli->arena, &cli->diag));
    printf("wrote %s\n", archive);
    return MDG_OK;
}

static const char *today(mdg_arena *arena) {
    char text[16];
    const time_t now = time(NULL);
    struct tm day;
    gmtime_r(&now, &day);
    strftime(text, sizeof text, "%Y-%m-%d", &day);
    return mdg_arena_strdup(arena, text);
}

static mdg_status run(mdg_cli *cli) {
    package_opts o = {.package = {.version = "1.0.0",
                                  .vendor = "midge",
                                  .author = "unknown",
                                  .url = "https://example.com",
                                  .sentence = "A machine learning model as C."}};
    const mdg_option options[] = {{"--as", MDG_OPTION_TEXT, &o.as},
                                  {"-o", MDG_OPTION_TEXT, &o.folder},
                                  {"--name", MDG_OPTION_TEXT, &o.package.name},
                                  {"--target", MDG_OPTION_TEXT, &o.goal.target_name},
                                  {"--optimize", MDG_OPTION_TEXT, &o.goal.optimize_name},
                                  {"--version", MDG_OPTION_TEXT, &o.package.version},
                                  {"--vendor", MDG_OPTION_TEXT, &o.package.vendor},
                                  {"--author", MDG_OPTION_TEXT, &o.package.author},
                                  {"--url", MDG_OPTION_TEXT, &o.package.url},
                                  {"--sentence", MDG_OPTION_TEXT, &o.package.sentence},
                                  {"--date", MDG_OPTION_TEXT, &o.package.date},
                                  {"--zip", MDG_OPTION_FLAG, &o.zip},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!o.as) return mdg_cli_usage(cli, "--as KIND is missing; known are %s", mdg_package_names(cli->arena));
    const mdg_package_kind *kind = mdg_package_find(o.as);
    if (!kind)
        return mdg_cli_usage(cli, "'%s' is no kind of package; known are %s", o.as,
                             mdg_package_names(cli->arena));
    if (!o.package.date) o.package.date = today(cli->arena);
    MDG_TRY(mdg_package_check(&o.package, &cli->diag));
    MDG_TRY(mdg_model_is_path(cli->args[0]) ? compile_model(cli, &o) : compile_project(cli, &o));
    return write_package(cli, &o, kind);
}

const mdg_verb mdg_verb_package = {
    .name = "package",
    .summary = "the generated code as a library for Arduino, ESP-IDF, Zephyr, ...",
    .help = "midge package DIR --as KIND [-o FOLDER] [OPTION...]\n"
            "midge package MODEL --as KIND --name NAME [-o FOLDER] [--target TARGET] [--optimize AIM] "
            "[OPTION...]\n"
            "\n"
            "KIND is cmake, arduino, esp-idf, zephyr, platformio or cmsis-pack. The folder (NAME-KIND) gets "
            "the C "
            "file, its\nheader, what the ecosystem wants to know of a library, and an example that reads the "
            "sensor's bytes from\nserial port or standard input and prints what the model makes of them.\n"
            "\n"
            "  --version 1.0.0  --vendor WORD  --author TEXT  --url URL  --sentence TEXT  --date 2026-01-31\n"
            "                   for the package's description\n"
            "  --zip            also as an archive: NAME-KIND.zip, of a CMSIS pack VENDOR.NAME.VERSION.pack\n"
            "\n"
            "  midge package doorbell --as arduino --author 'Jo Doe' --zip\n"
            "  midge package model.tflite --as cmake --name model\n"
            "  cmake -S model-cmake -B build && cmake --build build && build/model_example <input.bin\n",
    .run = run,
};
