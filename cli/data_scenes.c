/* SPDX-License-Identifier: MIT
 *
 * data_scenes.c: `midge data scenes`.
 */
#include <string.h>

#include "cli/data.h"
#include "cli/pipeline.h"
#include "data/csv.h"
#include "data/scenes.h"

typedef struct scenes_args {
    const char *out, *size;
    int n[MDG_SPLIT_COUNT];
    int objects, seed;
    double least, most;
} scenes_args;

static mdg_status parse(mdg_cli *cli, scenes_args *a, mdg_scene_opts *o) {
    static const int usual[MDG_SPLIT_COUNT] = {8000, 500, 1000};
    char rest;
    *a = (scenes_args){.size = "96x96", .objects = 5, .seed = 1, .least = 0.8, .most = 1.3};
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &a->out},
                                  {"--size", MDG_OPTION_TEXT, &a->size},
                                  {"--train", MDG_OPTION_COUNT, &a->n[MDG_SPLIT_TRAIN]},
                                  {"--validation", MDG_OPTION_COUNT, &a->n[MDG_SPLIT_VALIDATION]},
                                  {"--test", MDG_OPTION_COUNT, &a->n[MDG_SPLIT_TEST]},
                                  {"--objects", MDG_OPTION_COUNT, &a->objects},
                                  {"--smallest", MDG_OPTION_REAL, &a->least},
                                  {"--largest", MDG_OPTION_REAL, &a->most},
                                  {"--seed", MDG_OPTION_COUNT, &a->seed},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!a->n[MDG_SPLIT_TRAIN] && !a->n[MDG_SPLIT_VALIDATION] && !a->n[MDG_SPLIT_TEST])
        memcpy(a->n, usual, sizeof usual);
    if (!a->out) return mdg_cli_usage(cli, "-o DIR is missing");
    *o = (mdg_scene_opts){.most = a->objects,
                          .least_scale = (float)a->least,
                          .most_scale = (float)a->most,
                          .seed = (uint64_t)a->seed};
    if (sscanf(a->size, "%dx%d%c", &o->h, &o->w, &rest) != 2 || o->h < 16 || o->w < 16 || o->h > 1024 ||
        o->w > 1024)
        return mdg_cli_usage(cli, "--size '%s' is no height x width of 16 to 1024, such as 96x96", a->size);
    if (a->objects > MDG_SCENE_OBJECTS)
        return mdg_cli_usage(cli, "--objects %d exceeds %d", a->objects, MDG_SCENE_OBJECTS);
    if (a->least <= 0 || a->least > a->most)
        return mdg_cli_usage(cli, "--smallest exceeds --largest, or is 0");
    return MDG_OK;
}

static mdg_status read_clips(mdg_cli *cli, mdg_pipeline *pl, const scenes_args *a, const mdg_scene_opts *o,
                             mdg_dataset *set) {
    mdg_data_opts *data = &pl->project.data;
    int n[MDG_SPLIT_COUNT] = {0};
    if (data->kind != MDG_DATA_IMAGES || data->objects)
        return mdg_fail(&cli->diag, MDG_UNSUPPORTED, "%s: scenes are composed of pictures with a class each",
                        cli->args[0]);
    data->grey = true;
    mdg_cli_stage(cli, "reading pictures from %s", data->path);
    MDG_TRY(mdg_dataset_scan(data, cli->arena, set, &cli->diag));
    MDG_TRY(mdg_dataset_split(set, &data->split, &cli->diag));
    MDG_TRY(mdg_dataset_decode(set, &cli->progress, &cli->diag));
    if (a->most * set->image_h > o->h || a->most * set->image_w > o->w)
        return mdg_fail(&cli->diag, MDG_INVALID,
                        "%s: pictures of %d x %d, %g times as large, do not fit into scenes of %d x %d",
                        cli->args[0], set->image_h, set->image_w, a->most, o->h, o->w);
    for (int i = 0; i < set->n_clips; i++) n[set->clips[i].split]++;
    for (int s = 0; s < MDG_SPLIT_COUNT; s++)
        if (a->n[s] && !n[s])
            return mdg_fail(&cli->diag, MDG_INVALID, "%s: the %s split has no picture to compose scenes of",
                            cli->args[0], mdg_split_text((mdg_split)s));
    return MDG_OK;
}

static void write_objects(const mdg_dataset *set, const mdg_scene *s, const char *path, FILE *out) {
    if (s->n_objects == 0) fprintf(out, "%s,,,,,\n", path);
    for (int i = 0; i < s->n_objects; i++) {
        fprintf(out, "%s,", path);
        mdg_csv_put(out, set->labels[s->objects[i].label]);
        fprintf(out, ",%.1f,%.1f,%.1f,%.1f\n", (double)s->objects[i].x, (double)s->objects[i].y,
                (double)s->sides[2 * i], (double)s->sides[2 * i + 1]);
    }
}

static mdg_status write_picture(mdg_cli *cli, const char *path, const mdg_scene_opts *o,
                                const uint8_t *pixels) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, &cli->diag));
    w.unsynced = true;
    fprintf(w.stream, "P5\n%d %d\n255\n", o->w, o->h);
    fwrite(pixels, 1, (size_t)o->h * (size_t)o->w, w.stream);
    return mdg_writer_close(&w, &cli->diag);
}

static mdg_status write_scenes(mdg_cli *cli, const mdg_dataset *set, const scenes_args *a,
                               const mdg_scene_opts *o, FILE *table) {
    mdg_object objects[MDG_SCENE_OBJECTS];
    float sides[2 * MDG_SCENE_OBJECTS];
    mdg_scene scene = {mdg_arena_alloc(cli->arena, (size_t)o->h * (size_t)o->w), objects, sides, 0};
    fputs("path,label,x,y,w,h\n", table);
    for (int s = 0; s < MDG_SPLIT_COUNT; s++) {
        const char *folder = mdg_split_text((mdg_split)s);
        if (a->n[s])
            MDG_TRY(mdg_folder_make(mdg_arena_printf(cli->arena, "%s/%s", a->out, folder), &cli->diag));
        for (int i = 0; i < a->n[s]; i++) {
            const char *path = mdg_arena_printf(cli->arena, "%s/%05d.pgm", folder, i);
            mdg_scene_compose(set, (mdg_split)s, o, i, &scene);
            write_objects(set, &scene, path, table);
            MDG_TRY(write_picture(cli, mdg_arena_printf(cli->arena, "%s/%s", a->out, path), o, scene.pixels));
            if (!mdg_progress_report(&cli->progress, i, a->n[s], folder))
                return mdg_fail(&cli->diag, MDG_INTERRUPTED, "interrupted while composing scenes");
        }
    }
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    scenes_args a;
    mdg_scene_opts o;
    mdg_pipeline pl;
    mdg_dataset set;
    mdg_writer w;
    MDG_TRY(parse(cli, &a, &o));
    pl = (mdg_pipeline){.cli = cli, .arena = cli->arena, .diag = &cli->diag};
    MDG_TRY(mdg_project_load(cli->args[0], cli->arena, &pl.project, &cli->diag));
    MDG_TRY(read_clips(cli, &pl, &a, &o, &set));
    MDG_TRY(mdg_folder_make(a.out, &cli->diag));
    MDG_TRY(mdg_writer_open(&w, mdg_arena_printf(cli->arena, "%s/objects.csv", a.out), &cli->diag));
    const mdg_status status = write_scenes(cli, &set, &a, &o, w.stream);
    if (status != MDG_OK) {
        mdg_writer_discard(&w);
        return status;
    }
    MDG_TRY(mdg_writer_close(&w, &cli->diag));
    printf("wrote %d scenes for training, %d for validation, %d for the test, and %s/objects.csv\n",
           a.n[MDG_SPLIT_TRAIN], a.n[MDG_SPLIT_VALIDATION], a.n[MDG_SPLIT_TEST], a.out);
    return MDG_OK;
}

const mdg_data_verb mdg_data_scenes = {.name = "scenes", .run = run};
