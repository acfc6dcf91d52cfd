/* SPDX-License-Identifier: MIT */
#include "project/project.h"

#include <ctype.h>
#include <string.h>

#include "project/keys.h"
#include "util/file.h"

static mdg_status read_all(const mdg_yaml *y, const mdg_raw_project *raw, mdg_arena *arena, mdg_project *p,
                           mdg_diag *diag) {
    MDG_TRY(mdg_values_read(y, &mdg_key_top, -1, raw, arena, p, diag));
    for (int i = 0; i < mdg_key_n_sections; i++) {
        const mdg_key_section *s = &mdg_key_sections[i];
        const void *section = raw ? *(void *const *)((const char *)raw + s->raw) : NULL;
        MDG_TRY(mdg_values_read(y, s, -1, section, arena, p, diag));
    }
    return mdg_layers_read(y, raw ? raw->model : NULL, arena, &p->model, diag);
}

static const char *join(mdg_arena *arena, const char *folder, const char *path) {
    return !path || path[0] == '/' ? path : mdg_arena_printf(arena, "%s/%s", folder, path);
}

/* The last part of a path as a C identifier. */
static const char *identifier_of(mdg_arena *arena, const char *folder) {
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/') start--;
    const char *stem = mdg_arena_printf(arena, "%.*s", (int)(end - start), folder + start);
    char *name = mdg_arena_printf(arena, "%s%s", isalpha((unsigned char)stem[0]) ? "" : "m_", stem);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c)) *c = '_';
    return name;
}

static bool is_identifier(const char *name) {
    if (!isalpha((unsigned char)name[0]) && name[0] != '_') return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_') return false;
    return true;
}

/* What one key alone cannot tell. */
static mdg_status check_together(const mdg_yaml *y, const mdg_project *p, mdg_diag *diag) {
    if (!is_identifier(p->name))
        return mdg_fail(diag, MDG_INVALID,
                        "%s:%d: name: '%.100s' is no C identifier; use letters, digits and _", y->path,
                        mdg_yaml_line(y, "", -1, "name"), p->name);
    if (p->features.window_us < p->features.hop_us)
        return mdg_fail(diag, MDG_INVALID,
                        "%s:%d: features.hop_ms: must not exceed window_ms, or sound is skipped", y->path,
                        mdg_yaml_line(y, "features", -1, "hop_ms"));
    if (p->data.split.validation + p->data.split.test > 0.95f)
        return mdg_fail(diag, MDG_INVALID,
                        "%s:%d: data.test: validation and test leave less than 5 %% for training", y->path,
                        mdg_yaml_line(y, "data", -1, "test"));
    if (p->augment.snr_min_db > p->augment.snr_max_db)
        return mdg_fail(diag, MDG_INVALID, "%s:%d: augment.snr_min_db: exceeds snr_max_db", y->path,
                        mdg_yaml_line(y, "augment", -1, "snr_min_db"));
    mdg_classic_kind kind;
    const bool reproduces = p->model.n_layers ? p->model.objective == MDG_OBJECTIVE_INPUT
                                              : strcmp(p->model.architecture, "autoencoder") == 0;
    if (p->model.n_normal && !reproduces &&
        (p->model.n_layers || !mdg_classic_find(p->model.architecture, &kind) ||
         !mdg_classic_finds_anomalies(kind)))
        return mdg_fail(diag, MDG_INVALID,
                        "%s:%d: model.normal: is for the architectures kmeans, gmm, mahalanobis and "
                        "autoencoder",
                        y->path, mdg_yaml_line(y, "model", -1, "normal"));
    return MDG_OK;
}

static void complete(mdg_project *p, mdg_arena *arena) {
    p->out = mdg_arena_printf(arena, "%s/out", p->folder);
    if (!p->name) p->name = identifier_of(arena, p->folder);
    p->data.path = join(arena, p->folder, p->data.path);
    p->data.background = join(arena, p->folder, p->data.background);
    p->teacher = join(arena, p->folder, p->teacher);
    p->start_from = join(arena, p->folder, p->start_from);
    p->data.split.seed = p->seed;
    p->train.seed = p->seed;
    p->features.sample_rate = p->data.sample_rate;
    p->features.clip_ms = p->data.clip_ms;
    if (p->features.kind == MDG_FEATURE_NONE)
        p->features.kind = p->data.kind == MDG_DATA_AUDIO ? MDG_FEATURE_LOG_MEL : MDG_FEATURE_RAW;
}

static const char *folder_of(mdg_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? mdg_arena_printf(arena, "%.*s", (int)(slash - path), path) : ".";
}

mdg_status mdg_project_parse(const char *text, size_t size, const char *path, mdg_arena *arena,
                             mdg_project *out, mdg_diag *diag) {
    const mdg_yaml y = {.path = path, .text = text, .size = size};
    mdg_raw_project *raw;
    *out = (mdg_project){.folder = folder_of(arena, path)};
    MDG_TRY(mdg_yaml_read(&y, &raw, diag));
    const mdg_status status = read_all(&y, raw, arena, out, diag);
    mdg_yaml_free(raw);
    MDG_TRY(status);
    complete(out, arena);
    return check_together(&y, out, diag);
}

mdg_status mdg_project_load(const char *folder, mdg_arena *arena, mdg_project *out, mdg_diag *diag) {
    const char *path = mdg_arena_printf(arena, "%s/midge.yaml", folder);
    if (!mdg_file_exists(path))
        return mdg_fail(diag, MDG_NOT_FOUND,
                        "%s: there is no midge.yaml here; `midge new %s` makes a project", folder, folder);
    mdg_bytes file;
    MDG_TRY(mdg_file_read(path, arena, &file, diag));
    return mdg_project_parse((const char *)file.data, file.size, path, arena, out, diag);
}
