/* SPDX-License-Identifier: MIT */
#include "cli/collection.h"

#include <math.h>
#include <string.h>

#include "util/file.h"

static const char *const kinds[] = {"audio", "series", "images"};

const char *mdg_collection_kind_text(mdg_data_kind kind) {
    return kinds[kind];
}

mdg_status mdg_collection_kind(mdg_cli *cli, const char *text, int *kind) {
    *kind = MDG_INDEX_ANY_KIND;
    if (!text) return MDG_OK;
    for (int k = 0; k < 3; k++) {
        if (strcmp(text, kinds[k]) != 0) continue;
        *kind = k;
        return MDG_OK;
    }
    return mdg_cli_usage(cli, "--kind '%s' is none of audio, series, images", text);
}

/* A folder with a midge.yaml is a project: its recordings, its pattern, its kind. */
static mdg_status take_project(mdg_cli *cli, const char *folder, mdg_index_opts *o, mdg_collection *out) {
    mdg_project *p = &out->project;
    out->folder = folder;
    out->has_project = mdg_file_exists(mdg_arena_printf(cli->arena, "%s/midge.yaml", folder));
    if (!out->has_project) return MDG_OK;
    MDG_TRY(mdg_project_load(folder, cli->arena, p, &cli->diag));
    out->folder = p->data.path;
    o->kind = (int)p->data.kind;
    o->pattern = p->data.pattern;
    o->sample_rate = p->data.kind == MDG_DATA_SERIES ? p->data.sample_rate : 0;
    o->fallback = mdg_arena_printf(cli->arena, "%s/index.sqlite", p->out);
    return MDG_OK;
}

mdg_status mdg_collection_open(mdg_cli *cli, const char *folder, const mdg_collection_args *args,
                               mdg_collection *out) {
    mdg_index_opts o = {.kind = MDG_INDEX_ANY_KIND};
    int kind;
    *out = (mdg_collection){.folder = folder};
    MDG_TRY(mdg_collection_kind(cli, args->kind, &kind));
    MDG_TRY(take_project(cli, folder, &o, out));
    o.folder = out->folder;
    o.path = args->index;
    if (args->kind) o.kind = kind;
    if (args->pattern) o.pattern = args->pattern;
    MDG_TRY(mdg_index_open(&o, cli->arena, &out->index, &cli->diag));
    if (mdg_index_is_elsewhere(out->index))
        mdg_cli_stage(cli, "%s cannot be written; the index is %s", o.folder, mdg_index_path(out->index));
    const mdg_status status = mdg_index_refresh(out->index, &cli->progress, &cli->diag);
    mdg_cli_progress_end(cli);
    return status;
}

mdg_text mdg_text_seconds(double seconds) {
    mdg_text t;
    const long whole = lround(seconds);
    if (seconds <= 0)
        snprintf(t.chars, sizeof t.chars, "-");
    else if (seconds < 10)
        snprintf(t.chars, sizeof t.chars, "%.3f s", seconds);
    else if (seconds < 120)
        snprintf(t.chars, sizeof t.chars, "%.1f s", seconds);
    else if (whole < 7200)
        snprintf(t.chars, sizeof t.chars, "%ld min %02ld s", whole / 60, whole % 60);
    else
        snprintf(t.chars, sizeof t.chars, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    return t;
}

mdg_text mdg_text_count(int64_t n, const char *noun) {
    mdg_text t;
    snprintf(t.chars, sizeof t.chars, "%lld %s%s", (long long)n, noun, n == 1 ? "" : "s");
    return t;
}

json_t *mdg_json_text(const char *text) {
    json_t *value = json_string(text);
    return value ? value : json_string("?");
}
