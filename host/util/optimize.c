/* SPDX-License-Identifier: MIT */
#include "util/optimize.h"

#include <string.h>

const char *const mdg_optimize_names[MDG_OPTIMIZE_COUNT] = {
#define ENTRY(name, meaning) #name,
    MDG_OPTIMIZE_LIST(ENTRY)
#undef ENTRY
};

bool mdg_optimize_find(const char *name, mdg_optimize *out) {
    for (int i = 0; i < MDG_OPTIMIZE_COUNT; i++) {
        if (strcmp(mdg_optimize_names[i], name) != 0) continue;
        *out = (mdg_optimize)i;
        return true;
    }
    return false;
}
