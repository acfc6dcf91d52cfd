/* SPDX-License-Identifier: MIT */
#include "specialize/size.h"

#include <string.h>

#include "specialize/choose.h"
#include "specialize/clusters.h"
#include "specialize/code.h"
#include "specialize/cost.h"
#include "specialize/weights4.h"

enum {
    MOST_SLOWDOWN = 2,
    WORTH = 10,           /* a percent of flash is worth so many percent of instructions */
    CALL_BYTES = 24,      /* of code, besides parameters and four bytes an operand */
    PRODUCT_UNKNOWN = 16, /* instructions a product of kernels that were not measured */
    OUTPUT_UNKNOWN = 100  /* and an output */
};

/* What a program costs */
typedef struct price {
    int64_t flash_bytes, instructions;
} price;

static bool is_kernel(const mdg_call *c) {
    return c->step == MDG_STEP_KERNEL && !c->custom;
}

static int64_t data_bytes(const mdg_program *p) {
    int64_t bytes = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind == MDG_BUF_CONST && b->first <= b->last) bytes += (int64_t)b->bytes;
    }
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (c->step != MDG_STEP_KERNEL) continue;
        bytes += CALL_BYTES + 4 * (c->n_in + c->n_out) + (int64_t)mdg_call_kernel(c)->params_bytes;
    }
    return bytes;
}

static int64_t instructions(const mdg_program *p, const char *isa) {
    int64_t sum = 0;
    for (int i = 0; i < p->n_calls && p->graph; i++) {
        const mdg_call *c = &p->calls[i];
        if (!is_kernel(c) || c->op < 0) continue;
        const mdg_subgraph *s = &p->graph->subgraphs[c->subgraph];
        const mdg_kernel_work work = mdg_kernel_work_of(s, &s->ops[c->op]);
        const int64_t n = mdg_spec_call_cost(p, c, isa);
        sum += n >= 0 ? n : PRODUCT_UNKNOWN * work.products + OUTPUT_UNKNOWN * work.outputs;
    }
    return sum;
}

/* Of the program without these kernels, as far as it is used: in *used */
static price price_without(const mdg_program *p, const char *isa, const bool *without, bool *used) {
    mdg_arena *arena = mdg_arena_new();
    mdg_program copy = mdg_program_copy(p, arena);
    price result = {INT64_MAX, INT64_MAX};
    if (mdg_specialize_without(&copy, isa, MDG_OPTIMIZE_size, without, NULL) == MDG_OK)
        result = (price){mdg_code_bytes(&copy, isa) + data_bytes(&copy), instructions(&copy, isa)};
    for (int i = 0; i < copy.n_calls && used; i++)
        if (is_kernel(&copy.calls[i])) used[copy.calls[i].kernel] = true;
    mdg_arena_free(arena);
    return result;
}

/* Whether code and time of a kernel are known, so that it can be weighed */
static bool is_known(mdg_kernel_id kernel, const char *isa) {
    const char *name = mdg_kernels[kernel].name;
    const mdg_kernel_work nothing = {0};
    return mdg_code_is_known(isa, name) && mdg_kernel_cost(isa, name, &nothing) >= 0;
}

/* A search: what it goes without, what that costs, and the two that could go or come next */
typedef struct search {
    const mdg_program *program;
    const char *isa;
    bool *without;
    price now, next;
    int64_t most_instructions, gain;
    int pair[2];
} search;

/* What flash saves less what instructions cost, in millionths */
static int64_t gain_of(const price *from, const price *to) {
    const int64_t saved = from->flash_bytes - to->flash_bytes, more = to->instructions - from->instructions;
    if (saved <= 0) return 0;
    return saved * 1000000 * WORTH / from->flash_bytes -
           (from->instructions ? more * 1000000 / from->instructions : 0);
}

/* One kernel that was there goes, or one of packed or clustered weights comes; likewise b, unless it is the
 * same. */
static void turn(search *s, int a, int b) {
    s->without[a] = !s->without[a];
    if (b != a) s->without[b] = !s->without[b];
}

/* Tries kernels a and b the other way; remembers them where that is best so far. */
static void try_pair(search *s, int a, int b) {
    turn(s, a, b);
    const price next = price_without(s->program, s->isa, s->without, NULL);
    turn(s, a, b);
    if (next.instructions > s->most_instructions || gain_of(&s->now, &next) <= s->gain) return;
    s->gain = gain_of(&s->now, &next);
    s->next = next;
    s->pair[0] = a, s->pair[1] = b;
}

/* Whether calls could become this kernel by mdg_spec_pack_weights */
static bool is_wanted(const mdg_program *p, int kernel) {
    bool others[MDG_K_COUNT];
    for (int k = 0; k < MDG_K_COUNT; k++) others[k] = k != kernel;
    for (int i = 0; i < p->n_calls; i++)
        if (mdg_spec_is_packable(p, &p->calls[i], others)) return true;
    return false;
}

/* What may go or come: [MDG_K_COUNT]; not those that the program has, to which all falls in the end */
static void find_candidates(const search *s, bool *candidates) {
    price_without(s->program, s->isa, s->without, candidates);
    for (int k = 0; k < MDG_K_COUNT; k++) {
        const mdg_kernel_id kernel = (mdg_kernel_id)k;
        if (s->without[k] && mdg_spec_is_packed(kernel)) candidates[k] = is_wanted(s->program, k);
        if (s->without[k] && mdg_spec_is_decoding(kernel))
            candidates[k] = mdg_spec_may_decode(s->program, kernel);
        candidates[k] =
            candidates[k] && mdg_code_calls(s->program, mdg_kernels[k].name) == 0 && is_known(kernel, s->isa);
    }
}

/* Turns one or two kernels; false where none are worth it. */
static bool improve(search *s) {
    bool candidates[MDG_K_COUNT] = {false};
    find_candidates(s, candidates);
    s->gain = 0;
    for (int a = 0; a < MDG_K_COUNT; a++)
        for (int b = a; b < MDG_K_COUNT; b++)
            if (candidates[a] && candidates[b]) try_pair(s, a, b);
    if (s->gain == 0) return false;
    s->now = s->next;
    turn(s, s->pair[0], s->pair[1]);
    return true;
}

void mdg_size_choose(const mdg_program *p, const char *isa, bool *without) {
    search s = {.program = p, .isa = isa, .without = without};
    for (int k = 0; k < MDG_K_COUNT; k++)
        without[k] = mdg_spec_is_packed((mdg_kernel_id)k) || mdg_spec_is_decoding((mdg_kernel_id)k);
    s.now = price_without(p, isa, without, NULL);
    s.most_instructions = MOST_SLOWDOWN * s.now.instructions;
    while (improve(&s)) continue;
}
