/* SPDX-License-Identifier: MIT
 *
 * toolchain.h: for tests that compile generated code: folders, compilers, programs.
 */
#ifndef MDG_TEST_TOOLCHAIN_H
#define MDG_TEST_TOOLCHAIN_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure/process.h"
#include "util/file.h"

#define WARNINGS "-O2 -Wall -Wextra -Wconversion -Wshadow -Werror"

static inline char *test_folder(mdg_arena *arena) {
    char *folder = mdg_arena_strdup(arena, "/tmp/midge-test-XXXXXX");
    if (!mkdtemp(folder)) abort();
    return folder;
}

static inline void test_folder_remove(const char *folder, mdg_arena *arena) {
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (e->d_name[0] != '.') unlink(mdg_arena_printf(arena, "%s/%s", folder, e->d_name));
    }
    if (d) closedir(d);
    rmdir(folder);
}

/* Runs a command in a folder; prints what it said when it fails. Returns its exit code, or -1 when it is
 * missing. */
static inline int test_run(const char *words, const char *folder, mdg_arena *arena) {
    mdg_command c = {.arena = arena};
    mdg_diag diag;
    int exit_code = -1;
    const mdg_process p = {
        .command = &c, .folder = folder, .log = mdg_arena_printf(arena, "%s/log", folder), .packages = "it"};
    mdg_command_add_words(&c, words);
    if (mdg_process_run(&p, &exit_code, &diag) != MDG_OK) return -1;
    mdg_bytes log;
    if (exit_code != 0 && mdg_file_read(p.log, arena, &log, NULL) == MDG_OK)
        fprintf(stderr, "%s:\n%.*s\n", words, (int)log.size, (const char *)log.data);
    return exit_code;
}

static inline bool test_has(const char *tool, mdg_arena *arena) {
    return test_run(mdg_arena_printf(arena, "%s --version", tool), "/tmp", arena) == 0;
}

/* Compiles folder/name.c with every compiler that is here, warnings being errors. Returns how many refused
 * it. */
static inline int test_compile_everywhere(const char *folder, const char *name, mdg_arena *arena) {
    static const char *const compilers[] = {
        "gcc -std=c99 -pedantic",
        "g++ -x c++ -std=c++11 -fsyntax-only",
        "clang -std=c99 -pedantic",
        "clang++ -x c++ -std=c++11 -fsyntax-only",
        "arm-none-eabi-gcc --specs=picolibc.specs -std=c99 -mcpu=cortex-m4 -mthumb",
        "arm-none-eabi-gcc --specs=picolibc.specs -std=c99 -mcpu=cortex-m0plus -mthumb",
    };
    int refused = 0;
    for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++) {
        const char *command =
            mdg_arena_printf(arena, "%s " WARNINGS " -c -o %s.o %s.c", compilers[i], name, name);
        const int result = test_run(command, folder, arena);
        if (result < 0) printf("not tried: %s\n", compilers[i]);
        refused += result > 0;
    }
    return refused;
}

#endif
