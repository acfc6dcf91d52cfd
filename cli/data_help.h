/* SPDX-License-Identifier: MIT
 *
 * data_help.h: what `midge data --help` says.
 */
#ifndef MDG_CLI_DATA_HELP_H
#define MDG_CLI_DATA_HELP_H

#define MDG_DATA_HELP_LS                                                                                     \
    "\n"                                                                                                     \
    "midge data ls DIR|PROJECT [--label L] [--group G] [--kind audio|series|images] [--pattern P]\n"         \
    "             [--index FILE] [--json]\n"                                                                 \
    "    A line a file: label, group, length, sample rate and channels, level (RMS and peak, dB of full "    \
    "scale).\n"                                                                                              \
    "    The label is the folder below DIR, or as P says (\"{label}_{group}_*.wav\"); of a PROJECT, as\n"    \
    "    midge.yaml says. What is measured is kept in DIR/.midge-index.sqlite, or FILE, so that only "       \
    "files\n"                                                                                                \
    "    that changed are decoded again.\n"

#define MDG_DATA_HELP_STATS                                                                                  \
    "\n"                                                                                                     \
    "midge data stats DIR|PROJECT [--all] [options of ls]\n"                                                 \
    "    Figures of each class and each group, the formats found, and files that look wrong: damaged, the "  \
    "same\n"                                                                                                 \
    "    content twice or under two labels, silent, very short, clipped, far from the others of their "      \
    "class.\n"                                                                                               \
    "    --all shows more than ten of a kind.\n"                                                             \
    "\n"                                                                                                     \
    "      midge data stats doorbell\n"                                                                      \
    "      midge data stats recordings --pattern \"{label}_{group}_*.wav\" --json\n"

#define MDG_DATA_HELP_CONVERT                                                                                \
    "\n"                                                                                                     \
    "midge data import SOURCE -o DIR [--from FORMAT] [--rate HZ] [--pattern P]\n"                            \
    "                  [--rows-hz HZ] [--window-ms MS | --window ROWS] [--overlap SHARE]\n"                  \
    "                  [--label-column NAME] [--group-column NAME] [--json]\n"                               \
    "midge data export DIR -o OUT --to FORMAT [options of import]\n"                                         \
    "    From and to: folder, speech_commands, esc50, idx, cifar10, csv, edge_impulse, strokes "             \
    "(docs/DATA.md).\n"                                                                                      \
    "    import writes class folders of plain files (sound, CSV, PNG) and metadata.csv with label, group, "  \
    "split\n"                                                                                                \
    "    and source of each; without --from it looks what SOURCE is. --rate makes sound mono WAV of that "   \
    "rate.\n"                                                                                                \
    "    csv: a long table is cut into windows within rows of one label; bad rows are named and cut "        \
    "around.\n"                                                                                              \
    "    What cannot be read is left out and counted; run again, it goes on with what is missing.\n"         \
    "\n"                                                                                                     \
    "      midge data import speech_commands_v0.02 -o words/recordings\n"                                    \
    "      midge data import log.csv -o moves --rows-hz 50 --window-ms 2000 --overlap 0.5 --label-column "   \
    "move\n"                                                                                                 \
    "      midge data export moves -o upload --to edge_impulse --rows-hz 50\n"

#define MDG_DATA_HELP_MEND                                                                                   \
    "\n"                                                                                                     \
    "midge data split PROJECT [-o FILE] [--json]\n"                                                          \
    "    Which clip is in which split, as training would divide them: a table path, label, group, split, "   \
    "start\n"                                                                                                \
    "    (out/clips.txt, or FILE).\n"                                                                        \
    "\n"                                                                                                     \
    "midge data trim DIR -o OUT [--below 40] [--pad-ms 50] [--rate HZ] [--pattern P] [--json]\n"             \
    "    Copies of the sounds without the silence before and after: what is more than so many dB below "     \
    "the\n"                                                                                                  \
    "    loudest 10 ms. Mono WAV; the files in DIR stay as they are. What is silent throughout is left "     \
    "out.\n"                                                                                                 \
    "\n"                                                                                                     \
    "midge data relabel DIR TABLE.csv [--dry-run] [--json]\n"                                                \
    "    Moves files between class folders: TABLE has the columns path (below DIR) and label. A row is "     \
    "refused\n"                                                                                              \
    "    where a file of that name is there; exit code 1 then.\n"                                            \
    "\n"                                                                                                     \
    "midge data verify DIR|PROJECT [--rate HZ] [--channels 1] [options of ls]\n"                             \
    "    Decodes every file and names those that are damaged, of another rate (HZ, the project's, or that "  \
    "of\n"                                                                                                   \
    "    most), stereo, ragged, or hold values that are no numbers; exit code 1 where anything is wrong.\n"

#define MDG_DATA_HELP_SHOW                                                                                   \
    "\n"                                                                                                     \
    "midge data show FILE [--png OUT.png] [--kind audio|series|images] [--rows-hz HZ] [--columns N]\n"       \
    "    The waveform and the spectrogram of a sound or a table, or a picture, in the terminal; as PNG "     \
    "with --png.\n"                                                                                          \
    "\n"                                                                                                     \
    "midge data play FILE [--device alsa:default]\n"                                                         \
    "    A sound, to the loudspeaker or another device of FFmpeg.\n"

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

#define MDG_DATA_HELP_SCENES                                                                                 \
    "\n"                                                                                                     \
    "midge data scenes PROJECT -o DIR [--size 96x96] [--train N] [--validation N] [--test N]\n"              \
    "                  [--objects 5] [--smallest 0.8] [--largest 1.3] [--seed 1]\n"                          \
    "    Scenes for a detector: pictures of PROJECT (one thing each, on black), 0 to --objects a scene,\n"   \
    "    --smallest to --largest times as large, over gradients, shapes, noise and fragments. Scenes of a "  \
    "split are\n"                                                                                            \
    "    made of the pictures of that split alone; N of each, 8000, 500 and 1000 where no N is given. DIR "  \
    "gets train/,\n"                                                                                         \
    "    validation/, test/ (PGM) and objects.csv, for data.objects.\n"                                      \
    "\n"                                                                                                     \
    "  midge data scenes clothes -o find/scenes\n"

#endif
