/* SPDX-License-Identifier: MIT */
#include "specialize/choose.h"

#include <string.h>

#include "specialize/code.h"
#include "specialize/cost.h"

enum {
    MOST_OFFERS = 4,
    CLEARLY = 75,   /* percent: the table is right within a quarter (tests/cli/test_costs.sh) */
    BYTE_WORTH = 10 /* instructions, of code that only this layer needs, unless speed comes first */
};

/* What a rule made: what it costs, and without which kernels it made it */
typedef struct offer {
    int64_t instructions; /* -1: not known */
    size_t scratch;
    int64_t code; /* of the whole program, in bytes */
    bool without[MDG_K_COUNT];
} offer;

/* What the operator of a call has to do; false where that is not known */
static bool find_work(const mdg_program *p, const mdg_call *c, mdg_kernel_work *work) {
    if (!p->graph || c->op < 0) return false;
    const mdg_subgraph *s = &p->graph->subgraphs[c->subgraph];
    *work = mdg_kernel_work_of(s, &s->ops[c->op]);
    return true;
}

/* A clamp hardly counts. */
int64_t mdg_spec_call_cost(const mdg_program *p, const mdg_call *c, const char *isa) {
    mdg_kernel_work work;
    if (c->kernel == MDG_K_clamp_s8) return 0;
    return find_work(p, c, &work) ? mdg_kernel_cost(isa, mdg_kernels[c->kernel].name, &work) : -1;
}

/* -1 too where nothing like it was measured */
static int64_t sure_cost(const mdg_program *p, const mdg_call *c, const char *isa) {
    mdg_kernel_work work;
    const bool is_sure =
        c->kernel == MDG_K_clamp_s8 ||
        (find_work(p, c, &work) && mdg_kernel_cost_is_sure(isa, mdg_kernels[c->kernel].name, &work));
    return is_sure ? mdg_spec_call_cost(p, c, isa) : -1;
}

/* Where a program ends before something is added */
typedef struct mark {
    int calls, buffers;
} mark;

static mark mark_of(const mdg_program *p) {
    return (mark){p->n_calls, p->n_buffers};
}

static void take_back(mdg_program *p, mark m) {
    p->n_calls = m.calls;
    p->n_buffers = m.buffers;
}

/* Applies a rule; takes back what it adds where that uses a kernel that is not to be used. */
static bool apply(mdg_spec_rule *rule, mdg_spec *s) {
    mdg_program *p = s->program;
    const mark m = mark_of(p);
    if (!rule || !rule(s)) return false;
    for (int i = m.calls; i < p->n_calls; i++) {
        if (mdg_spec_may_use(s, p->calls[i].kernel)) continue;
        take_back(p, m);
        return false;
    }
    return true;
}

/* Of the calls from `first` on */
static void weigh(const mdg_program *p, int first, const char *isa, offer *o) {
    o->instructions = 0;
    o->scratch = 0;
    o->code = mdg_code_bytes(p, isa);
    for (int i = first; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        const int64_t n = sure_cost(p, c, isa);
        o->instructions = n < 0 || o->instructions < 0 ? -1 : o->instructions + n;
        for (int k = 1; k < c->n_out; k++)
            if (c->out[k] >= 0) o->scratch += p->buffers[c->out[k]].bytes;
    }
}

/* Makes an offer without some kernels, and takes it back; false where there is none. The kernels that it used
 * are marked in `used`. */
static bool try_offer(const mdg_spec *s, mdg_spec_rule *rule, const char *isa, offer *o, bool *used) {
    mdg_spec again = *s;
    mdg_program *p = s->program;
    const mark m = mark_of(p);
    again.without = o->without;
    if (!apply(rule, &again)) return false;
    weigh(p, m.calls, isa, o);
    for (int i = m.calls; i < p->n_calls; i++)
        used[p->calls[i].kernel] |= p->calls[i].kernel != MDG_K_clamp_s8;
    take_back(p, m);
    return true;
}

/* Clearly faster than the best so far, and worth what it takes more than the first */
static bool is_better(const mdg_spec *s, const offer *o, const offer *best, const offer *first) {
    if (o->instructions < 0 || best->instructions < 0 ||
        o->instructions * 100 >= best->instructions * CLEARLY)
        return false;
    return s->optimize == MDG_OPTIMIZE_speed ||
           (o->scratch <= first->scratch &&
            (o->code - first->code) * BYTE_WORTH <= first->instructions - o->instructions);
}

bool mdg_spec_choose(mdg_spec *s, mdg_spec_rule *rule, const char *isa) {
    if (s->optimize == MDG_OPTIMIZE_size || !s->program->graph) return apply(rule, s);
    bool gone[MDG_K_COUNT];
    offer first = {0}, best = {0}, next;
    memcpy(gone, s->without, sizeof gone);
    int n = 0;
    for (; n < MOST_OFFERS; n++) {
        memcpy(next.without, gone, sizeof gone);
        if (!try_offer(s, rule, isa, &next, gone)) break;
        if (n == 0) first = best = next;
        if (is_better(s, &next, &best, &first)) best = next;
    }
    mdg_spec chosen = *s;
    chosen.without = best.without;
    return n > 0 && apply(rule, &chosen);
}
