/* SPDX-License-Identifier: MIT */
#include "util/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 20, ALIGNMENT = 16, EXIT_NO_MEMORY = 70 };

typedef struct block {
    struct block *next;
    size_t used, size;
} block;

struct mdg_arena {
    block *blocks; /* the first one is being filled */
};

static void *allocate_or_exit(size_t bytes) {
    void *p = calloc(1, bytes);
    if (!p) {
        fprintf(stderr, "midge: out of memory: %zu bytes are not to be had\n", bytes);
        exit(EXIT_NO_MEMORY);
    }
    return p;
}

mdg_arena *mdg_arena_new(void) {
    return allocate_or_exit(sizeof(mdg_arena));
}

void mdg_arena_free(mdg_arena *a) {
    if (!a) return;
    for (block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static const size_t header_bytes = (sizeof(block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

static block *block_add(mdg_arena *a, size_t size) {
    block *b = allocate_or_exit(header_bytes + size);
    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

/* AddressSanitizer's, where the program is built with it: it then sees accesses beyond the end of what was
 * asked for. */
void __asan_poison_memory_region(const volatile void *from, size_t bytes) __attribute__((weak));

void *mdg_arena_alloc(mdg_arena *a, size_t bytes) {
    if (bytes > SIZE_MAX / 2) allocate_or_exit(bytes);
    const size_t rounded = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    block *b = a->blocks;
    if (!b || b->size - b->used < rounded) b = block_add(a, rounded > BLOCK_BYTES ? rounded : BLOCK_BYTES);
    void *p = (uint8_t *)b + header_bytes + b->used;
    b->used += rounded;
    if (__asan_poison_memory_region) __asan_poison_memory_region((uint8_t *)p + bytes, rounded - bytes);
    return p;
}

void *mdg_arena_array(mdg_arena *a, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) return allocate_or_exit(SIZE_MAX / 2);
    return mdg_arena_alloc(a, count * size);
}

void *mdg_arena_copy(mdg_arena *a, const void *data, size_t bytes) {
    void *p = mdg_arena_alloc(a, bytes);
    if (bytes) memcpy(p, data, bytes);
    return p;
}

char *mdg_arena_strdup(mdg_arena *a, const char *text) {
    return mdg_arena_copy(a, text, strlen(text) + 1);
}

char *mdg_arena_printf(mdg_arena *a, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    char *text = mdg_arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    if (n >= 0) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}
