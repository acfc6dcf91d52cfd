/* SPDX-License-Identifier: MIT
 *
 * workshop.h: a folder, an arena and a diag for each test, and recordings made to measure.
 */
#ifndef WORKSHOP_H
#define WORKSHOP_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/data.h"
#include "util/file.h"

typedef struct workshop {
    char folder[64];
    mdg_arena *arena;
    mdg_diag diag;
} workshop;

static inline int workshop_open(void **state) {
    workshop *w = calloc(1, sizeof *w);
    snprintf(w->folder, sizeof w->folder, "/tmp/midge-data-XXXXXX");
    w->arena = mdg_arena_new();
    *state = w;
    return w && mkdtemp(w->folder) ? 0 : -1;
}

static inline int workshop_close(void **state) {
    workshop *w = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    const int status = system(command);
    mdg_arena_free(w->arena);
    free(w);
    return status;
}

/* A path in the workshop's folder; its folders are made. */
static inline const char *path_in(workshop *w, const char *name) {
    char *path = mdg_arena_printf(w->arena, "%s/%s", w->folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(mdg_folder_make(path, &w->diag), MDG_OK);
    *slash = '/';
    return path;
}

static inline int16_t *sine(workshop *w, double hz, int rate, size_t n, double amplitude) {
    int16_t *x = mdg_arena_array(w->arena, n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = (int16_t)lrint(amplitude * sin(6.283185307179586 * hz * (double)i / rate));
    return x;
}

/* A 440 Hz tone of ms milliseconds at 16 kHz. */
static inline void put_tone(workshop *w, const char *name, int ms) {
    const size_t n = (size_t)ms * 16;
    assert_int_equal(mdg_audio_write_wav(path_in(w, name), sine(w, 440, 16000, n, 10000), n, 16000, &w->diag),
                     MDG_OK);
}

static inline void put_bytes(workshop *w, const char *name, const void *bytes, size_t size) {
    assert_int_equal(mdg_file_write(path_in(w, name), bytes, size, &w->diag), MDG_OK);
}

static inline void assert_says(const workshop *w, const char *words) {
    if (!strstr(w->diag.text, words)) fail_msg("'%s' does not say '%s'", w->diag.text, words);
}

static inline const char *shared_folder(workshop *w, const char *name) {
    const char *shared = getenv("MIDGE_SHARED");
    const char *path = mdg_arena_printf(w->arena, "%s/data/%s", shared ? shared : "../shared", name);
    return mdg_file_exists(path) ? path : NULL;
}

#endif
