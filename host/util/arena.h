/* SPDX-License-Identifier: MIT
 *
 * arena.h: the memory of one command. Everything that a stage allocates lives until the arena is freed;
 * nothing is freed singly.
 *
 *     mdg_arena *a = mdg_arena_new();
 *     float *x = mdg_arena_alloc(a, n * sizeof *x);    // zeroed
 *     mdg_arena_free(a);
 *
 * Threads: an arena belongs to one thread.
 */
#ifndef MDG_ARENA_H
#define MDG_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct mdg_arena mdg_arena;

mdg_arena *mdg_arena_new(void);
void mdg_arena_free(mdg_arena *a);

/* Gives `bytes` zeroed bytes, aligned to 16. Never NULL: a host without memory ends the process with a line
 * on stderr and exit code 70, since no command could go on. */
void *mdg_arena_alloc(mdg_arena *a, size_t bytes);

/* The same for `count` elements of `size` bytes; the product is checked. */
void *mdg_arena_array(mdg_arena *a, size_t count, size_t size);

void *mdg_arena_copy(mdg_arena *a, const void *data, size_t bytes);
char *mdg_arena_strdup(mdg_arena *a, const char *text);
char *mdg_arena_printf(mdg_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
