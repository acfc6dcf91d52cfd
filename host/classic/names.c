/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "classic/classic.h"

const char *const mdg_classic_names[MDG_CLASSIC_COUNT] = {
#define X(name, member) #name,
    MDG_CLASSIC_KINDS(X)
#undef X
};

bool mdg_classic_find(const char *name, mdg_classic_kind *out) {
    for (int k = 0; k < MDG_CLASSIC_COUNT; k++) {
        if (strcmp(name, mdg_classic_names[k]) != 0) continue;
        *out = (mdg_classic_kind)k;
        return true;
    }
    return false;
}
