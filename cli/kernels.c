/* SPDX-License-Identifier: MIT */
#include "cli/kernels.h"

#include <string.h>

#include "measure/measure.h"
#include "util/embedded.h"

static bool is_listed(const char *const *list, const char *name) {
    while (*list && strcmp(*list, name) != 0) list++;
    return *list != NULL;
}

const char **mdg_isas(mdg_arena *arena) {
    size_t n = 0;
    while (mdg_targets[n].name) n++;
    const char **list = mdg_arena_array(arena, n + 1, sizeof *list), **end = list;
    for (const mdg_target *t = mdg_targets; t->name; t++)
        if (strcmp(t->isa, "ref") != 0 && !is_listed(list, t->isa)) *end++ = t->isa;
    return list;
}

const char *mdg_isa_targets(mdg_arena *arena, const char *isa) {
    const char *text = "";
    for (const mdg_target *t = mdg_targets; t->name; t++)
        if (strcmp(t->isa, isa) == 0)
            text = mdg_arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", t->name);
    return text;
}

bool mdg_kernel_is_reference(mdg_arena *arena, mdg_kernel_id kernel) {
    const char *path = mdg_arena_printf(arena, "core/kernels/ref/%s.c", mdg_kernels[kernel].file);
    return mdg_embedded_find(path) != NULL;
}

bool mdg_kernel_is_optimised(mdg_arena *arena, mdg_kernel_id kernel, const char *isa) {
    const char *path = mdg_arena_printf(arena, "core/kernels/%s/%s.c", isa, mdg_kernels[kernel].file);
    return mdg_embedded_find(path) != NULL;
}
