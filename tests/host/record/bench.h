/* SPDX-License-Identifier: MIT
 *
 * bench.h: a folder, the program `midge record` running beside the test, and what it left in the folder.
 */
#ifndef MDG_TESTS_RECORD_BENCH_H
#define MDG_TESTS_RECORD_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/arena.h"

typedef struct bench {
    char folder[64];
    pid_t program;
    mdg_arena *arena;
} bench;

static inline int open_bench(void **state) {
    bench *b = calloc(1, sizeof *b);
    strcpy(b->folder, "/tmp/midge-record-XXXXXX");
    b->arena = mdg_arena_new();
    *state = b;
    return mkdtemp(b->folder) ? 0 : -1;
}

static inline int close_bench(void **state) {
    bench *b = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", b->folder);
    const int result = system(command);
    mdg_arena_free(b->arena);
    free(b);
    return result;
}

static inline const char *path_in(const bench *b, const char *name) {
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", b->folder, name);
    return path;
}

/* midge record -o FOLDER --label wave with these arguments; what it says goes to FOLDER/said. */
static inline void start(bench *b, const char *const *more) {
    const char *args[32] = {getenv("MIDGE"), "record", "-o", b->folder, "--label", "wave"};
    int n = 6;
    while (*more) args[n++] = *more++;
    if (!args[0]) fail_msg("MIDGE is not set");
    fflush(NULL);
    b->program = fork();
    if (b->program != 0) return;
    const int said = open(path_in(b, "said"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    for (int fd = 3; fd < 64; fd++) close(fd);
    execv(args[0], (char **)(uintptr_t)args);
    _exit(99);
}

/* The exit code; 128 + the signal that ended it. */
static inline int end(bench *b) {
    int status = 0;
    assert_int_equal(waitpid(b->program, &status, 0), b->program);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline int end_by(bench *b, int signal_number) {
    kill(b->program, signal_number);
    return end(b);
}

/* A whole file as text; NULL when it is not there. The caller frees it. */
static inline char *read_text(const char *path, size_t *n) {
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    fseek(f, 0, SEEK_END);
    *n = (size_t)ftell(f);
    rewind(f);
    char *text = malloc(*n + 1);
    *n = fread(text, 1, *n, f);
    text[*n] = '\0';
    fclose(f);
    return text;
}

static inline bool exists(const bench *b, const char *name) {
    return access(path_in(b, name), F_OK) == 0;
}

static inline bool has_text(const bench *b, const char *name, const char *wanted) {
    size_t n;
    char *text = read_text(path_in(b, name), &n);
    const bool found = text && strstr(text, wanted);
    free(text);
    return found;
}

static inline void assert_has(const bench *b, const char *name, const char *wanted) {
    size_t n;
    if (has_text(b, name, wanted)) return;
    char *text = read_text(path_in(b, name), &n);
    fail_msg("%s lacks '%s':\n%.2000s", name, wanted, text ? text : "(no file)");
}

/* Until the file is that long. */
static inline void wait_for_bytes(const bench *b, const char *name, size_t bytes) {
    for (int i = 0; i < 12000; i++) {
        FILE *f = fopen(path_in(b, name), "rb");
        const bool there = f && fseek(f, 0, SEEK_END) == 0 && (size_t)ftell(f) >= bytes;
        if (f) fclose(f);
        if (there) return;
        usleep(5000);
    }
    fail_msg("%s did not reach %zu bytes", name, bytes);
}

static inline void assert_text(const bench *b, const char *name, const char *expected, size_t n_expected) {
    size_t n;
    char *text = read_text(path_in(b, name), &n);
    if (!text) fail_msg("%s is missing", name);
    if (n != n_expected) fail_msg("%s has %zu bytes, not %zu", name, n, n_expected);
    assert_memory_equal(text, expected, n);
    free(text);
}

#endif
