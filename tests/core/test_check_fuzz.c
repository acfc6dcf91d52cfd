/* SPDX-License-Identifier: MIT
 *
 * What checks accept stays within its operands: kernels are called with random parameters and sizes that
 * their check lets pass. Outputs have guards behind them; with the debug preset, every access is watched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lower/program.h"
#include "util/rng.h"

enum { ROUNDS = 5000, ENOUGH = 20, OPERANDS = 7, MAX_BYTES = 512, GUARD = 64, GUARD_BYTE = 0x5A };

typedef struct call {
    int32_t params[256];
    mdg_sizes sizes;
    uint8_t *in[OPERANDS], *out[OPERANDS]; /* of just the size that `sizes` tells; outputs and a guard */
} call;

static int32_t small(mdg_rng *r) {
    const int32_t dice = (int32_t)mdg_rng_below(r, 40);
    return dice == 0 ? INT32_MAX : dice == 1 ? INT32_MIN : dice < 6 ? -dice / 2 : dice / 8;
}

/* Mostly small values: then a check may accept them. */
static void fill(mdg_rng *r, void *data, size_t bytes, bool as_numbers) {
    for (size_t i = 0; i < bytes; i += 4) {
        const int32_t word = as_numbers ? small(r) : (int32_t)mdg_rng_below(r, UINT32_MAX);
        memcpy((uint8_t *)data + i, &word, bytes - i < 4 ? bytes - i : 4);
    }
}

static void make_params(mdg_rng *r, const mdg_kernel_info *k, call *c) {
    int word = 0;
    for (int f = 0; f < k->n_fields; f++) {
        const bool is_float = k->fields[f].type[0] == 'f';
        for (int i = 0; i < (k->fields[f].count ? k->fields[f].count : 1); i++, word++) {
            const float real = mdg_rng_uniform(r, -2, 2);
            c->params[word] = small(r);
            if (is_float) memcpy(&c->params[word], &real, sizeof real);
        }
    }
}

static call *make_call(mdg_rng *r, const mdg_kernel_info *k) {
    call *c = calloc(1, sizeof *c);
    make_params(r, k, c);
    c->sizes = (mdg_sizes){.params_bytes = (uint32_t)k->params_bytes, .n_in = OPERANDS, .n_out = OPERANDS};
    for (int i = 0; i < OPERANDS; i++) {
        c->sizes.in[i] = 4 * (1 + mdg_rng_below(r, MAX_BYTES / 4));
        c->sizes.out[i] = 4 * (1 + mdg_rng_below(r, MAX_BYTES / 4));
        c->in[i] = malloc(c->sizes.in[i]);
        c->out[i] = malloc(c->sizes.out[i] + GUARD);
        const bool is_constant = i > 0 && mdg_rng_below(r, 4) > 0;
        fill(r, c->in[i], c->sizes.in[i], is_constant || mdg_rng_below(r, 2));
        fill(r, c->out[i], c->sizes.out[i], true);
        memset(c->out[i] + c->sizes.out[i], GUARD_BYTE, GUARD);
        c->sizes.constant[i] = is_constant ? c->in[i] : NULL;
    }
    return c;
}

static void run(const mdg_kernel_info *k, call *c) {
    const void *in[OPERANDS];
    void *out[OPERANDS];
    for (int i = 0; i < OPERANDS; i++) {
        in[i] = c->in[i];
        out[i] = c->out[i];
    }
    k->run(c->params, in, out);
    for (int i = 0; i < OPERANDS; i++)
        for (int g = 0; g < GUARD; g++)
            if (c->out[i][c->sizes.out[i] + (uint32_t)g] != GUARD_BYTE)
                fail_msg("%s writes behind output %d", k->name, i);
}

static void release(call *c) {
    for (int i = 0; i < OPERANDS; i++) {
        free(c->in[i]);
        free(c->out[i]);
    }
    free(c);
}

static void what_is_accepted_stays_within(void **state) {
    (void)state;
    int tried = 0;
    for (int i = 0; i < MDG_K_COUNT; i++) {
        const mdg_kernel_info *k = &mdg_kernels[i];
        mdg_rng r = mdg_rng_of((uint64_t)i, 0);
        int accepted = 0;
        for (int round = 0; round < ROUNDS && accepted < ENOUGH && k->check; round++) {
            call *c = make_call(&r, k);
            if (k->check(c->params, &c->sizes)) {
                run(k, c);
                accepted++;
            }
            release(c);
        }
        if (getenv("VERBOSE")) fprintf(stderr, "%-40s %d\n", k->name, accepted);
        tried += accepted > 0;
    }
    assert_true(tried > MDG_K_COUNT / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_accepted_stays_within)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
