/* SPDX-License-Identifier: MIT
 *
 * Opens hostile model images, and runs what is accepted: with magic, size and CRC put right, so that the
 * fuzzer gets past them, and each operand of a call in a block of memory of its own, so that the sanitizers
 * see a kernel leave it.
 *
 *     ninja -C build-fuzz fuzz_image seed_image        (fuzz_tflite.c tells how to make build-fuzz)
 *     build-fuzz/fuzz/fuzz_image -max_len=4096 /tmp/corpus fuzz/corpus/image
 */
#include <stdlib.h>
#include <string.h>

#include "core/crc32.h"
#include "lower/program.h"
#include "midge/model.h"

enum { MAX_MEMORY = 1 << 14, MAX_STEPS = 64, CRC_BEGIN = 16 };

/* Exactly as many bytes, aligned as the runtime demands; contents from an arbitrary pattern */
static uint8_t *block(size_t bytes, uint32_t seed) {
    void *p = NULL;
    if (posix_memalign(&p, 16, bytes) != 0) abort();
    uint8_t *b = p;
    for (size_t i = 0; i < bytes; i++) {
        seed = seed * 1664525 + 1013904223;
        b[i] = (uint8_t)(seed >> 24);
    }
    return b;
}

static const mdg_model_kernel *all_kernels(mdg_model_kernel table[MDG_K_COUNT + 1]) {
    int n = 0;
    for (int i = 0; i < MDG_K_COUNT; i++)
        table[n++] = (mdg_model_kernel){mdg_kernels[i].name, mdg_kernels[i].run, mdg_kernels[i].check};
    table[n] = (mdg_model_kernel){NULL, NULL, NULL};
    return table;
}

static uint8_t *put_right(const uint8_t *data, size_t size) {
    uint8_t *image = block(size, 0);
    memcpy(image, data, size);
    if (size < sizeof(mdg_image_header)) return image;
    mdg_image_header *h = (mdg_image_header *)(void *)image;
    h->magic = MDG_IMAGE_MAGIC;
    h->version = MDG_IMAGE_VERSION;
    h->bytes = (uint32_t)size;
    h->crc = mdg_crc32(image + CRC_BEGIN, size - CRC_BEGIN);
    return image;
}

/* -- One call, each operand in a block of its own -- */

typedef struct operand {
    uint8_t *home, *copy; /* in the model's memory, or the image; copy is NULL for NULL */
    size_t bytes;
} operand;

static operand separate(const mdg_model *m, uint32_t number, const operand *earlier, int n_earlier) {
    const mdg_image_header *h = (const mdg_image_header *)(const void *)m->image;
    if (number == MDG_IMAGE_NONE) return (operand){NULL, NULL, 0};
    const mdg_image_buffer *b = (const mdg_image_buffer *)(const void *)(m->image + h->buffers) + number;
    uint8_t *const bases[] = {(uint8_t *)(uintptr_t)m->image, m->arena, m->state};
    operand o = {bases[b->place & 15] + (b->place & ~15u), NULL, b->bytes};
    for (int i = 0; i < n_earlier && !o.copy; i++)
        if (earlier[i].home == o.home && earlier[i].bytes == o.bytes) o.copy = earlier[i].copy;
    if (!o.copy) {
        o.copy = block(o.bytes, 0);
        memcpy(o.copy, o.home, o.bytes);
    }
    return o;
}

static bool is_first(const operand *operands, int i) {
    for (int k = 0; k < i; k++)
        if (operands[k].copy == operands[i].copy) return false;
    return true;
}

static void run_call(const mdg_model *m, const mdg_model_kernel *kernel, const mdg_image_step *s) {
    const mdg_image_header *h = (const mdg_image_header *)(const void *)m->image;
    const uint16_t *numbers = (const uint16_t *)(const void *)(m->image + h->operands) + s->operands;
    operand operands[2 * MDG_MAX_OPERANDS];
    const void *in[MDG_MAX_OPERANDS] = {NULL};
    void *out[MDG_MAX_OPERANDS] = {NULL};
    const int n = s->n_in + s->n_out;
    for (int i = 0; i < n; i++) {
        operands[i] = separate(m, numbers[i], operands, i);
        if (i < s->n_in)
            in[i] = operands[i].copy;
        else
            out[i - s->n_in] = operands[i].copy;
    }
    kernel->run(m->image + s->params, in, out);
    for (int i = s->n_in; i < n; i++)
        if (operands[i].copy) memcpy(operands[i].home, operands[i].copy, operands[i].bytes);
    for (int i = n; i-- > 0;)
        if (is_first(operands, i)) free(operands[i].copy);
}

static const mdg_model_kernel *kernel_of(const mdg_model *m, uint32_t step) {
    const char *name = mdg_model_kernel_name(m, step);
    const mdg_model_kernel *k = m->kernels;
    while (name && strcmp(k->name, name) != 0) k++;
    return name ? k : NULL;
}

static void run(const mdg_model *m) {
    const mdg_image_header *h = (const mdg_image_header *)(const void *)m->image;
    uint32_t step = 0;
    for (int i = 0; i < MAX_STEPS && step < mdg_model_steps(m); i++) {
        const mdg_model_kernel *kernel = kernel_of(m, step);
        if (kernel)
            run_call(m, kernel, (const mdg_image_step *)(const void *)(m->image + h->steps) + step);
        else
            step = mdg_model_step(m, step) - 1;
        step++;
    }
}

static void touch_inputs_and_outputs(const mdg_model *m) {
    for (uint32_t k = 0; mdg_model_input(m, k); k++)
        memset(mdg_model_input(m, k), (int)k, mdg_model_input_bytes(m, k));
    volatile uint8_t sum = 0;
    for (uint32_t k = 0; mdg_model_output(m, k); k++)
        for (size_t i = 0; i < mdg_model_output_bytes(m, k); i++)
            sum = (uint8_t)(sum + ((const uint8_t *)mdg_model_output(m, k))[i]);
}

/* -- Mutations that know the format: a word of a call's parameters, or the size of a buffer -- */

static uint32_t other_word(uint32_t word, uint32_t random) {
    static const uint32_t extremes[] = {0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x10000, 0x40000000, 0x80};
    const uint32_t small = 1 + (random >> 8) % 8;
    switch (random % 6) {
    case 0: return word + small;
    case 1: return word - small;
    case 2: return word * 2;
    case 3: return word / 2;
    case 4: return small;
    default: return extremes[(random >> 8) % 8];
    }
}

static bool is_inside(uint64_t offset, size_t bytes, size_t size) {
    return offset % 4 == 0 && offset + bytes <= size;
}

static uint32_t *word_of_step(uint8_t *data, size_t size, uint32_t random) {
    const mdg_image_header *h = (const mdg_image_header *)(void *)data;
    if (h->n_steps == 0) return NULL;
    const uint64_t at = h->steps + (uint64_t)(random % h->n_steps) * sizeof(mdg_image_step);
    if (!is_inside(at, sizeof(mdg_image_step), size)) return NULL;
    const mdg_image_step *s = (const mdg_image_step *)(void *)(data + at);
    if (s->params_bytes < 4) return NULL;
    const uint64_t word = s->params + (uint64_t)(random / 7 % (s->params_bytes / 4)) * 4;
    return is_inside(word, 4, size) ? (uint32_t *)(void *)(data + word) : NULL;
}

static uint32_t *word_of_buffer(uint8_t *data, size_t size, uint32_t random) {
    const mdg_image_header *h = (const mdg_image_header *)(void *)data;
    if (h->n_buffers == 0) return NULL;
    const uint64_t word = h->buffers + random % (2 * (uint64_t)h->n_buffers) * 4;
    return is_inside(word, 4, size) ? (uint32_t *)(void *)(data + word) : NULL;
}

/* Weak: it is absent where the corpus is but replayed. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
    uint32_t *word = NULL;
    const uint32_t random = (uint32_t)seed * 2654435761u >> 3;
    if (size >= sizeof(mdg_image_header) && seed % 8 < 5) word = word_of_step(data, size, random);
    if (size >= sizeof(mdg_image_header) && seed % 8 == 5) word = word_of_buffer(data, size, random);
    if (!word) return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max_size) : size;
    *word = other_word(*word, random / 31);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mdg_model_kernel table[MDG_K_COUNT + 1];
    uint8_t *image = put_right(data, size);
    size_t arena_bytes, state_bytes;
    if (mdg_model_needs(image, size, &arena_bytes, &state_bytes) == MDG_OK && arena_bytes <= MAX_MEMORY &&
        state_bytes <= MAX_MEMORY) {
        const mdg_model_memory memory = {block(arena_bytes, 1), arena_bytes, block(state_bytes, 2),
                                         state_bytes};
        mdg_model model;
        if (mdg_model_open(&model, image, size, all_kernels(table), &memory) == MDG_OK) {
            touch_inputs_and_outputs(&model);
            run(&model);
            mdg_model_reset(&model);
        }
        free(memory.arena);
        free(memory.state);
    }
    free(image);
    return 0;
}
