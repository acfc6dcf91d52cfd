/* SPDX-License-Identifier: MIT
 *
 * process.h: runs a program without a shell, in a folder, with a watch on it.
 */
#ifndef MDG_PROCESS_H
#define MDG_PROCESS_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/diag.h"

/* Arguments of a command, ended by NULL. Begin with {.arena = arena}. */
typedef struct mdg_command {
    mdg_arena *arena;
    int n, capacity;
    const char **args;
} mdg_command;

void mdg_command_add(mdg_command *c, const char *arg);
/* Adds words that are separated by blanks. */
void mdg_command_add_words(mdg_command *c, const char *words);

typedef enum mdg_watch { MDG_WATCH_ON, MDG_WATCH_TIMEOUT, MDG_WATCH_STOP } mdg_watch;

typedef struct mdg_process {
    const mdg_command *command;
    const char *folder;   /* where it runs */
    const char *log;      /* file that gets what it prints; standard input is empty */
    const char *packages; /* what to install when it is missing */
    /* called every 20 ms; anything but ON ends the process */
    mdg_watch (*watch)(void *context);
    void *context;
} mdg_process;

/* Runs it to its end. *exit_code: what it returned, or 128 + signal.
 * Returns MDG_OK, MDG_TOOL (it is not installed, or the watch timed out), or MDG_INTERRUPTED. */
mdg_status mdg_process_run(const mdg_process *p, int *exit_code, mdg_diag *diag);

#endif
