/* SPDX-License-Identifier: MIT
 *
 * What checks accept stays within its operands, for targets' own kernels, which take too much that fits
 * together for random numbers to hit: calls of random layers are altered, a parameter, an operand's size or a
 * constant, and run if their check still lets them pass; with the debug preset, every access is watched.
 */
#include <stdarg.h>
#include <stddef.h>

#include "host/specialize/layers.h"
#include "host/specialize/layers_kernels.h"
#include "specialize/clusters.h"
#include "specialize/size.h"

enum { ROUNDS = 600, LAYERS = 4, VARIANTS = 12, MOST_BYTES = 1 << 16, ENOUGH = 20 };

static int counts[MDG_K_COUNT];

/* A call with operands in memory of their own and of just their sizes */
typedef struct altered {
    const mdg_kernel_info *kernel;
    int32_t params[64];
    mdg_sizes sizes;
    uint8_t *in[MDG_MAX_OPERANDS], *out[MDG_MAX_OPERANDS];
} altered;

static int32_t altered_word(mdg_rng *r, int32_t word) {
    static const int32_t extremes[] = {0, 1, -1, INT32_MAX, INT32_MIN, 1 << 16, 1 << 30, 255};
    const int32_t small = random_int(r, 1, 8);
    switch (random_int(r, 0, 5)) {
    case 0: return (int32_t)((uint32_t)word + (uint32_t)small);
    case 1: return (int32_t)((uint32_t)word - (uint32_t)small);
    case 2: return (int32_t)((uint32_t)word * 2);
    case 3: return word / 2;
    case 4: return small;
    default: return extremes[random_int(r, 0, 7)];
    }
}

static void alter_size(mdg_rng *r, altered *a) {
    const uint32_t n = a->sizes.n_in + a->sizes.n_out, k = mdg_rng_below(r, n);
    uint32_t *bytes = k < a->sizes.n_in ? &a->sizes.in[k] : &a->sizes.out[k - a->sizes.n_in];
    const uint32_t other = (uint32_t)altered_word(r, (int32_t)*bytes);
    if (*bytes && other <= MOST_BYTES) *bytes = other;
}

static void alter_params(mdg_rng *r, altered *a) {
    const uint32_t word = mdg_rng_below(r, a->sizes.params_bytes / 4);
    a->params[word] = altered_word(r, a->params[word]);
}

static void alter_constant(mdg_rng *r, altered *a) {
    const uint32_t k = mdg_rng_below(r, a->sizes.n_in), bytes = a->sizes.in[k];
    if (!a->sizes.constant[k] || bytes < 4) return;
    uint8_t *at = a->in[k] + mdg_rng_below(r, bytes / 4) * 4;
    int32_t word;
    memcpy(&word, at, 4);
    word = random_int(r, 0, 1) ? altered_word(r, word) : (int32_t)mdg_rng_below(r, UINT32_MAX);
    memcpy(at, &word, 4);
}

/* -- One call -- */

static uint32_t bytes_of(const mdg_program *p, int buffer) {
    return buffer < 0 ? 0 : (uint32_t)p->buffers[buffer].bytes;
}

static uint8_t *noise(mdg_rng *r, uint32_t bytes) {
    uint8_t *data = malloc(bytes);
    for (uint32_t i = 0; i < bytes; i++) data[i] = (uint8_t)random_int(r, 0, 255);
    return data;
}

static altered *altered_new(mdg_rng *r, const mdg_program *p, const mdg_call *c) {
    altered *a = calloc(1, sizeof *a);
    a->kernel = &mdg_kernels[c->kernel];
    assert_true(a->kernel->params_bytes <= sizeof a->params);
    memcpy(a->params, c->params, a->kernel->params_bytes);
    a->sizes = (mdg_sizes){.params_bytes = (uint32_t)a->kernel->params_bytes,
                           .n_in = (uint32_t)c->n_in,
                           .n_out = (uint32_t)c->n_out};
    for (int i = 0; i < c->n_in; i++) a->sizes.in[i] = bytes_of(p, c->in[i]);
    for (int i = 0; i < c->n_out; i++) a->sizes.out[i] = bytes_of(p, c->out[i]);
    if (random_int(r, 0, 2) == 0) alter_size(r, a);
    for (int i = 0; i < c->n_in; i++) {
        if (a->sizes.in[i] == 0) continue;
        a->in[i] = noise(r, a->sizes.in[i]);
        if (p->buffers[c->in[i]].kind != MDG_BUF_CONST) continue;
        const uint32_t bytes = bytes_of(p, c->in[i]);
        memcpy(a->in[i], p->buffers[c->in[i]].data, bytes < a->sizes.in[i] ? bytes : a->sizes.in[i]);
        a->sizes.constant[i] = a->in[i];
    }
    for (int i = 0; i < c->n_out; i++)
        if (a->sizes.out[i]) a->out[i] = noise(r, a->sizes.out[i]);
    return a;
}

static void altered_free(altered *a) {
    for (int i = 0; i < MDG_MAX_OPERANDS; i++) {
        free(a->in[i]);
        free(a->out[i]);
    }
    free(a);
}

static void run_altered(mdg_rng *r, const mdg_program *p, const mdg_call *c) {
    altered *a = altered_new(r, p, c);
    if (random_int(r, 0, 2) > 0) alter_params(r, a);
    for (int n = random_int(r, 0, 3); n > 0; n--) alter_constant(r, a);
    if (a->kernel->check(a->params, &a->sizes)) {
        const void *in[MDG_MAX_OPERANDS];
        for (int i = 0; i < MDG_MAX_OPERANDS; i++) in[i] = a->in[i];
        a->kernel->run(a->params, in, (void **)a->out);
        counts[c->kernel]++;
    }
    altered_free(a);
}

/* -- All kernels -- */

static void check(uint64_t seed, const char *isa, mdg_optimize optimize) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 1);
    layers l = layers_new(&r, arena, LAYERS);
    const bool without[MDG_K_COUNT] = {false}; /* what is smallest does not count here */
    assert_int_equal(mdg_specialize_without(&l.program, isa, optimize, without, NULL), MDG_OK);
    layers_plan(&l.program);
    for (int i = 0; i < l.program.n_calls; i++)
        for (int n = 0; n < VARIANTS; n++) run_altered(&r, &l.program, &l.program.calls[i]);
    mdg_arena_free(arena);
}

static void what_is_accepted_stays_within(void **state) {
    (void)state;
    static const char *const isas[] = {"armv7em", "armv6m", "mve"};
    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++)
        for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, isas[i], MDG_OPTIMIZE_balanced);
    for (uint64_t seed = ROUNDS; seed < 2 * ROUNDS; seed++) check(seed, "armv7em", MDG_OPTIMIZE_ram);
    for (uint64_t seed = 2 * ROUNDS; seed < 4 * ROUNDS; seed++)
        check(seed, seed % 3 ? "armv7em" : "ref", MDG_OPTIMIZE_size);
}

/* Else the test above has lost its subject. */
static void accepts_some_of_every_kernel(void **state) {
    (void)state;
    layers_expect_every_kernel(counts, ENOUGH);
    for (int k = 0; k < MDG_K_COUNT; k++)
        assert_true(counts[k] > ENOUGH || !mdg_spec_is_decoding((mdg_kernel_id)k));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_stays_within),
        cmocka_unit_test(accepts_some_of_every_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
