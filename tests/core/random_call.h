/* SPDX-License-Identifier: MIT
 *
 * random_call.h: a kernel's call with random parameters and operands, which the kernel's check may accept.
 */
#ifndef MDG_TEST_RANDOM_CALL_H
#define MDG_TEST_RANDOM_CALL_H

#include <stdlib.h>
#include <string.h>

#include "lower/program.h"
#include "util/rng.h"

enum { CALL_OPERANDS = 14, CALL_GUARD = 64, CALL_GUARD_BYTE = 0x5A };

typedef struct random_call {
    int32_t params[256];
    mdg_sizes sizes;
    uint8_t *in[CALL_OPERANDS], *out[CALL_OPERANDS]; /* of just the size that `sizes` tells; outputs and a
                                                        guard */
} random_call;

static inline int32_t call_number(mdg_rng *r) {
    const int32_t dice = (int32_t)mdg_rng_below(r, 40);
    return dice == 0 ? INT32_MAX : dice == 1 ? INT32_MIN : dice < 6 ? -dice / 2 : dice / 8;
}

typedef enum call_contents { CALL_NUMBERS, CALL_POSITIVE, CALL_ANYTHING } call_contents;

static inline int32_t call_word(mdg_rng *r, call_contents contents) {
    if (contents == CALL_NUMBERS) return call_number(r);
    const uint32_t word = mdg_rng_below(r, UINT32_MAX);
    return (int32_t)(contents == CALL_POSITIVE ? (word & 0x7F7F7F7Fu) | 0x01010101u : word);
}

/* Mostly small values, or such that are positive whatever their width is: then a check may accept them. */
static inline void call_fill(mdg_rng *r, void *data, size_t bytes, call_contents contents) {
    for (size_t i = 0; i < bytes; i += 4) {
        const int32_t word = call_word(r, contents);
        memcpy((uint8_t *)data + i, &word, 4);
    }
}

static inline void call_make_params(mdg_rng *r, const mdg_kernel_info *k, random_call *c) {
    int word = 0;
    for (int f = 0; f < k->n_fields; f++) {
        const bool is_float = k->fields[f].type[0] == 'f';
        for (int i = 0; i < (k->fields[f].count ? k->fields[f].count : 1); i++, word++) {
            const float real = mdg_rng_uniform(r, -2, 2);
            c->params[word] = call_number(r);
            if (is_float) memcpy(&c->params[word], &real, sizeof real);
        }
    }
}

/* Some operands are tables: a byte's, or of 513 int16. */
static inline uint32_t call_bytes(mdg_rng *r) {
    const uint32_t dice = mdg_rng_below(r, 8);
    return dice == 0 ? 512 : dice == 1 ? 1028 : 4 * (1 + mdg_rng_below(r, 128));
}

static inline random_call *random_call_new(mdg_rng *r, const mdg_kernel_info *k) {
    random_call *c = (random_call *)calloc(1, sizeof *c);
    call_make_params(r, k, c);
    c->sizes =
        (mdg_sizes){.params_bytes = (uint32_t)k->params_bytes, .n_in = CALL_OPERANDS, .n_out = CALL_OPERANDS};
    for (int i = 0; i < CALL_OPERANDS; i++) {
        c->sizes.in[i] = call_bytes(r);
        c->sizes.out[i] = call_bytes(r);
        c->in[i] = (uint8_t *)malloc(c->sizes.in[i]);
        c->out[i] = (uint8_t *)malloc(c->sizes.out[i] + CALL_GUARD);
        const bool is_constant = i > 0 && mdg_rng_below(r, 4) > 0;
        const uint32_t dice = mdg_rng_below(r, 4);
        call_fill(r, c->in[i], c->sizes.in[i],
                  is_constant ? (dice ? CALL_NUMBERS : CALL_POSITIVE)
                              : (dice < 2 ? CALL_NUMBERS : CALL_ANYTHING));
        call_fill(r, c->out[i], c->sizes.out[i], CALL_NUMBERS);
        memset(c->out[i] + c->sizes.out[i], CALL_GUARD_BYTE, CALL_GUARD);
        c->sizes.constant[i] = is_constant ? c->in[i] : NULL;
    }
    return c;
}

static inline void random_call_free(random_call *c) {
    for (int i = 0; i < CALL_OPERANDS; i++) {
        free(c->in[i]);
        free(c->out[i]);
    }
    free(c);
}

#endif
