/* SPDX-License-Identifier: MIT
 *
 * main.c: finds the verb, runs it, prints its one line of failure, and picks the exit code:
 * 0 it worked, 1 it failed, 2 the command line makes no sense, 130 interrupted by Ctrl-C.
 */
#include <string.h>

#include "cli/cli.h"

static const mdg_verb *const verbs[] = {
#define VERB(name) &mdg_verb_##name,
    MDG_VERB_LIST(VERB)
#undef VERB
};
enum { N_VERBS = sizeof verbs / sizeof *verbs };

static const char intro[] =
    "midge: from recordings to a model that decides on a microcontroller.\n"
    "\n"
    "With recordings of your own:\n"
    "  midge new doorbell                 a project folder; put recordings under "
    "doorbell/recordings/<label>/\n"
    "  midge build doorbell               train, quantise, compile, prove on an emulated Cortex-M4\n"
    "With a model of your own:\n"
    "  midge inspect model.tflite         what is in it, and what it needs\n"
    "  midge compile model.tflite -o src --name model    one C file and a header\n"
    "\n"
    "Verbs (`midge VERB --help` shows examples):\n";

static void print_help(FILE *out) {
    fputs(intro, out);
    for (int i = 0; i < N_VERBS; i++) fprintf(out, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs("\nExit codes: 0 it worked, 1 it failed (one line on stderr says why), 2 wrong usage, 130 "
          "interrupted.\n",
          out);
}

static const mdg_verb *find_verb(const char *name) {
    for (int i = 0; i < N_VERBS; i++)
        if (strcmp(verbs[i]->name, name) == 0) return verbs[i];
    return NULL;
}

static bool is_help(const char *arg) {
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

static bool wants_help(int argc, char **argv) {
    for (int i = 0; i < argc; i++)
        if (is_help(argv[i])) return true;
    return false;
}

static const char *join(mdg_arena *arena, int argc, char **argv) {
    const char *line = "midge";
    for (int i = 1; i < argc; i++) line = mdg_arena_printf(arena, "%s %s", line, argv[i]);
    return line;
}

static int run_verb(const mdg_verb *verb, int argc, char **argv) {
    mdg_cli cli = {
        .verb = verb, .argc = argc - 2, .argv = argv + 2, .arena = mdg_arena_new(), .parallel = {.size = 1}};
    cli.command_line = join(cli.arena, argc, argv);
    mdg_cli_progress_start(&cli);
    mdg_status status = verb->run(&cli);
    mdg_cli_progress_end(&cli);
    if (status == MDG_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = mdg_fail(&cli.diag, MDG_IO, "standard output: cannot be written; is the disk full?");
    if (status != MDG_OK)
        fprintf(stderr, "midge: %s\n", cli.diag.text[0] ? cli.diag.text : mdg_status_text(status));
    cli.parallel.lost |= status != MDG_OK; /* others may be in the midst of something */
    mdg_parallel_close(&cli.parallel);
    mdg_arena_free(cli.arena);
    if (status == MDG_INTERRUPTED) return 130;
    return status == MDG_OK ? 0 : cli.usage ? 2 : 1;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("midge " MIDGE_VERSION);
        return 0;
    }
    const mdg_verb *verb = find_verb(argv[1]);
    if (!verb) {
        fprintf(stderr, "midge: '%s' is no verb of midge; `midge --help` lists them\n", argv[1]);
        return 2;
    }
    if (wants_help(argc - 2, argv + 2)) {
        fputs(verb->help, stdout);
        return 0;
    }
    return run_verb(verb, argc, argv);
}
