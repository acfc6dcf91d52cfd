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

#include <cmocka.h>

#include "core/random_call.h"

enum { ROUNDS = 5000, ENOUGH = 20 };

static void run(const mdg_kernel_info *k, random_call *c) {
    const void *in[CALL_OPERANDS];
    void *out[CALL_OPERANDS];
    for (int i = 0; i < CALL_OPERANDS; i++) {
        in[i] = c->in[i];
        out[i] = c->out[i];
    }
    k->run(c->params, in, out);
    for (int i = 0; i < CALL_OPERANDS; i++)
        for (int g = 0; g < CALL_GUARD; g++)
            if (c->out[i][c->sizes.out[i] + (uint32_t)g] != CALL_GUARD_BYTE)
                fail_msg("%s writes behind output %d", k->name, i);
}

static void what_is_accepted_stays_within(void **state) {
    (void)state;
    int tried = 0;
    for (int i = 0; i < MDG_K_COUNT; i++) {
        const mdg_kernel_info *k = &mdg_kernels[i];
        mdg_rng r = mdg_rng_of((uint64_t)i, 0);
        int accepted = 0;
        for (int round = 0; round < ROUNDS && accepted < ENOUGH && k->check; round++) {
            random_call *c = random_call_new(&r, k);
            if (k->check(c->params, &c->sizes)) {
                run(k, c);
                accepted++;
            }
            random_call_free(c);
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
