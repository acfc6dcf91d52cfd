/* SPDX-License-Identifier: MIT */
#include "train/exchange.h"

#include <string.h>

/* Of a process's message, in front of its shards: its state. */
enum { HEAD_BYTES = 16 };

static bool is_alone(const mdg_parallel *p) {
    return !p || p->size == 1;
}

mdg_exchange *mdg_exchange_new(mdg_arena *arena, const mdg_net *net, const mdg_division *division,
                               const mdg_parallel *parallel) {
    mdg_exchange *x = mdg_arena_alloc(arena, sizeof *x);
    *x = (mdg_exchange){.division = *division,
                        .parallel = parallel,
                        .n_params = net->n_params,
                        .n_statistics = net->n_statistics};
    x->shard_bytes = sizeof(mdg_tally) + (net->n_params + net->n_statistics) * sizeof(float);
    x->all = mdg_arena_array(arena, (size_t)division->total, sizeof *x->all);
    if (is_alone(parallel)) return x;
    const size_t size = HEAD_BYTES + (size_t)division->mine * x->shard_bytes;
    x->mine = mdg_arena_alloc(arena, size);
    x->gathered = mdg_arena_alloc(arena, size * (size_t)parallel->size);
    return x;
}

static mdg_status judge(const mdg_parallel *p, const uint8_t *heads, size_t stride, mdg_status own,
                        mdg_diag *diag) {
    if (own != MDG_OK) return own;
    for (int i = 0; i < p->size; i++) {
        mdg_status state;
        memcpy(&state, heads + (size_t)i * stride, sizeof state);
        if (state == MDG_INTERRUPTED) return mdg_fail(diag, state, "train: process %d was interrupted", i);
        if (state != MDG_OK)
            return mdg_fail(diag, MDG_INVALID, "train: process %d has failed; its message tells why", i);
    }
    return MDG_OK;
}

mdg_status mdg_exchange_agree(const mdg_parallel *p, mdg_status state, mdg_diag *diag) {
    uint8_t heads[HEAD_BYTES * MDG_MAX_SHARDS], mine[HEAD_BYTES] = {0};
    if (is_alone(p)) return state;
    if (p->size > MDG_MAX_SHARDS)
        return mdg_fail(diag, MDG_INVALID,
                        "train: %d processes are more than %d, the most that can share a batch", p->size,
                        MDG_MAX_SHARDS);
    memcpy(mine, &state, sizeof state);
    MDG_TRY(mdg_parallel_gather(p, mine, sizeof mine, heads, diag));
    return judge(p, heads, HEAD_BYTES, state, diag);
}

static uint8_t *put(uint8_t *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
    return to + bytes;
}

static size_t pack(mdg_exchange *x, const mdg_findings *findings, bool whole, mdg_status state) {
    memset(x->mine, 0, HEAD_BYTES);
    memcpy(x->mine, &state, sizeof state);
    uint8_t *at = x->mine + HEAD_BYTES;
    for (int i = 0; i < x->division.mine; i++) {
        at = put(at, &findings[i].tally, sizeof findings[i].tally);
        if (!whole) continue;
        at = put(at, findings[i].gradients, x->n_params * sizeof(float));
        at = put(at, findings[i].statistics, x->n_statistics * sizeof(float));
    }
    return (size_t)(at - x->mine);
}

/* Process p computed the shards p, p + processes, ... */
static void unpack(mdg_exchange *x, size_t bytes, bool whole) {
    for (int i = 0; i < x->division.total; i++) {
        const int process = i % x->parallel->size, place = i / x->parallel->size;
        const size_t shard = whole ? x->shard_bytes : sizeof(mdg_tally);
        const uint8_t *at = x->gathered + (size_t)process * bytes + HEAD_BYTES + (size_t)place * shard;
        mdg_findings *f = &x->all[i];
        memcpy(&f->tally, at, sizeof f->tally);
        f->gradients = (const float *)(const void *)(at + sizeof f->tally);
        f->statistics = f->gradients + x->n_params;
    }
}

mdg_status mdg_exchange_run(mdg_exchange *x, const mdg_findings *findings, bool whole, mdg_status state,
                            mdg_diag *diag) {
    if (is_alone(x->parallel)) {
        memcpy(x->all, findings, (size_t)x->division.total * sizeof *findings);
        return state;
    }
    const size_t bytes = pack(x, findings, whole, state);
    MDG_TRY(mdg_parallel_gather(x->parallel, x->mine, bytes, x->gathered, diag));
    MDG_TRY(judge(x->parallel, x->gathered, bytes, state, diag));
    unpack(x, bytes, whole);
    return MDG_OK;
}

mdg_tally mdg_findings_tally(const mdg_findings *findings, int n) {
    mdg_tally sum = findings[0].tally;
    for (int i = 1; i < n; i++) {
        sum.loss += findings[i].tally.loss;
        sum.correct += findings[i].tally.correct;
        sum.count += findings[i].tally.count;
    }
    return sum;
}

static void join_span(const mdg_exchange *x, mdg_net *net, mdg_span span, float keep) {
    const float share = (1.0f - keep) / (float)x->division.total;
    for (size_t i = span.at; i < span.at + span.count; i++) {
        float running = keep * net->statistics[i];
        for (int s = 0; s < x->division.total; s++) running += share * x->all[s].statistics[i];
        net->statistics[i] = running;
    }
}

void mdg_exchange_statistics(const mdg_exchange *x, mdg_net *net, float keep) {
    for (int l = 0; l < net->spec.n_layers; l++) {
        if (!net->layers[l].frozen) join_span(x, net, net->layers[l].statistics, keep);
        join_span(x, net, net->layers[l].range, keep);
    }
    join_span(x, net, net->input_range, keep);
}

void mdg_exchange_join(const mdg_exchange *x, mdg_net *net, float *gradients) {
    memcpy(gradients, x->all[0].gradients, net->n_params * sizeof(float));
    for (int s = 1; s < x->division.total; s++)
        for (size_t i = 0; i < net->n_params; i++) gradients[i] += x->all[s].gradients[i];
    mdg_exchange_statistics(x, net, MDG_NORM_MOMENTUM);
}
