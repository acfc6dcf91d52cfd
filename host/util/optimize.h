/* SPDX-License-Identifier: MIT
 *
 * optimize.h: what a model is compiled for, where one good is paid with another.
 */
#ifndef MDG_OPTIMIZE_H
#define MDG_OPTIMIZE_H

#include <stdbool.h>

/* O(name, what it means) */
#define MDG_OPTIMIZE_LIST(O)                                                                                 \
    O(balanced, "few instructions, as long as what they cost in RAM and flash is in proportion")             \
    O(speed, "fewest instructions, whatever they cost")                                                      \
    O(size, "least flash: weights and code")                                                                 \
    O(ram, "smallest arena, even where results are computed twice")

typedef enum mdg_optimize {
#define ENTRY(name, meaning) MDG_OPTIMIZE_##name,
    MDG_OPTIMIZE_LIST(ENTRY)
#undef ENTRY
        MDG_OPTIMIZE_COUNT
} mdg_optimize;

/* Their names, indexed by mdg_optimize */
extern const char *const mdg_optimize_names[MDG_OPTIMIZE_COUNT];

/* Returns false where no aim has this name. */
bool mdg_optimize_find(const char *name, mdg_optimize *out);

#endif
