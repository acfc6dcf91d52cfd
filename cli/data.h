/* SPDX-License-Identifier: MIT
 *
 * data.h: the verbs of `midge data`, one file each (data_<verb>.c).
 */
#ifndef MDG_CLI_DATA_H
#define MDG_CLI_DATA_H

#include "cli/cli.h"

typedef mdg_subverb mdg_data_verb;

/* In the order of the help, whose texts are in data_help.h */
#define MDG_DATA_VERB_LIST(V)                                                                                \
    V(ls)                                                                                                    \
    V(stats)                                                                                                 \
    V(import)                                                                                                \
    V(export)                                                                                                \
    V(split)                                                                                                 \
    V(trim)                                                                                                  \
    V(relabel)                                                                                               \
    V(verify)                                                                                                \
    V(show)                                                                                                  \
    V(play)                                                                                                  \
    V(compose)                                                                                               \
    V(scenes)

#define MDG_DATA_VERB_DECLARE(name) extern const mdg_data_verb mdg_data_##name;
MDG_DATA_VERB_LIST(MDG_DATA_VERB_DECLARE)

#endif
