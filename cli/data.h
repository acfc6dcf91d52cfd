/* SPDX-License-Identifier: MIT
 *
 * data.h: the verbs of `midge data`, one file each (data_<verb>.c).
 */
#ifndef MDG_CLI_DATA_H
#define MDG_CLI_DATA_H

#include "cli/cli.h"

typedef struct mdg_data_verb {
    const char *name;
    mdg_status (*run)(mdg_cli *cli);
} mdg_data_verb;

#define MDG_DATA_VERB_LIST(V) V(compose)

#define MDG_DATA_VERB_DECLARE(name) extern const mdg_data_verb mdg_data_##name;
MDG_DATA_VERB_LIST(MDG_DATA_VERB_DECLARE)

#define MDG_DATA_HELP_COMPOSE                                                                                \
    "\n"                                                                                                     \
    "midge data compose DIR -o LONG.wav [--truth EVENTS.csv] [--hours 2] [--clips-per-hour 120]\n"           \
    "                  [--targets 0.5] [--split test] [--background FOLDER] [--snr-min 5] [--snr-max 25] "   \
    "[--seed 1]\n"                                                                                           \
    "    A long recording to judge the detector of project DIR on: clips of one split at random moments, "   \
    "over a\n"                                                                                               \
    "    bed of background noise (data.background, or FOLDER), and the list of what is said when "           \
    "(LONG.csv). --targets\n"                                                                                \
    "    is the share of clips that the detector shall find; the others are of the classes that it shall "   \
    "not.\n"                                                                                                 \
    "\n"                                                                                                     \
    "  midge data compose doorbell -o long.wav --hours 4\n"                                                  \
    "  midge eval doorbell --stream long.wav --truth long.csv\n"

#endif
