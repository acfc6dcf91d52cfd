/* SPDX-License-Identifier: MIT
 *
 * Charts of bars: what each operator costs, and what others need for the same model.
 */
#include "report/parts.h"

void mdg_report_bar(FILE *out, const char *name, double share, const char *size) {
    fprintf(out, "<div class=\"name\">");
    mdg_report_text(out, name);
    fprintf(out, "</div><div class=\"bar\"><i style=\"width:%.2f%%\"></i></div><div class=\"size\">",
            100.0 * (share > 1.0 ? 1.0 : share));
    mdg_report_text(out, size);
    fprintf(out, "</div>\n");
}

/* ==== Operators ==== */

static double per_mac(const mdg_report_op *op) {
    return op->macs ? (double)op->instructions / (double)op->macs : 0.0;
}

static void open_chart(FILE *out, const char *title) {
    fprintf(out, "<div><h3>%s</h3><div class=\"bars\">\n", title);
}

static void close_chart(FILE *out) {
    fprintf(out, "</div></div>\n");
}

static void write_op(FILE *out, const mdg_report_op *op, double share, const char *size) {
    char name[128];
    snprintf(name, sizeof name, "%d %s", op->index, op->name ? op->name : "");
    mdg_report_bar(out, name, share, size);
}

static void write_instructions(FILE *out, const mdg_report *r, uint64_t sum, uint64_t most) {
    open_chart(out, "Instructions");
    for (int i = 0; i < r->n_ops; i++) {
        const mdg_report_op *op = &r->ops[i];
        char size[64];
        snprintf(size, sizeof size, "%s, %.1f %%", mdg_report_count(op->instructions).text,
                 100.0 * (double)op->instructions / (double)sum);
        write_op(out, op, (double)op->instructions / (double)most, size);
    }
    close_chart(out);
}

static void write_per_mac(FILE *out, const mdg_report *r) {
    double most = 0;
    for (int i = 0; i < r->n_ops; i++) most = per_mac(&r->ops[i]) > most ? per_mac(&r->ops[i]) : most;
    if (most <= 0) return;
    open_chart(out, "Instructions for each multiply-accumulate");
    for (int i = 0; i < r->n_ops; i++) {
        const mdg_report_op *op = &r->ops[i];
        char size[32];
        snprintf(size, sizeof size, "%.2f", per_mac(op));
        if (op->macs) write_op(out, op, per_mac(op) / most, size);
    }
    close_chart(out);
}

void mdg_report_ops(FILE *out, const mdg_report *r) {
    uint64_t most = 1, sum = 0;
    for (int i = 0; i < r->n_ops; i++) {
        sum += r->ops[i].instructions;
        if (r->ops[i].instructions > most) most = r->ops[i].instructions;
    }
    if (!sum) return;
    fprintf(out, "<section><h2>Where the instructions go</h2><div class=\"two\">\n");
    write_instructions(out, r, sum, most);
    write_per_mac(out, r);
    fprintf(out, "</div></section>\n");
}

/* ==== Others ==== */

typedef struct quantity {
    const char *title;
    uint64_t (*of_peer)(const mdg_report_peer *p);
    uint64_t (*own)(const mdg_report_cost *c);
    bool is_bytes;
} quantity;

static uint64_t peer_instructions(const mdg_report_peer *p) {
    return p->instructions;
}
static uint64_t peer_arena(const mdg_report_peer *p) {
    return p->arena_bytes;
}
static uint64_t peer_code(const mdg_report_peer *p) {
    return p->code_bytes;
}
static uint64_t peer_weights(const mdg_report_peer *p) {
    return p->weights_bytes;
}
static uint64_t own_instructions(const mdg_report_cost *c) {
    return c->instructions;
}
static uint64_t own_arena(const mdg_report_cost *c) {
    return c->arena_bytes + c->state_bytes;
}
static uint64_t own_code(const mdg_report_cost *c) {
    return c->code_bytes;
}
static uint64_t own_weights(const mdg_report_cost *c) {
    return c->weights_bytes;
}

static void write_quantity(FILE *out, const mdg_report *r, const quantity *q) {
    const uint64_t own = q->own(&r->cost);
    uint64_t most = own, known = 0;
    for (int i = 0; i < r->n_peers; i++) {
        const uint64_t of_peer = q->of_peer(&r->peers[i]);
        known += of_peer;
        if (of_peer > most) most = of_peer;
    }
    if (!known) return;
    open_chart(out, q->title);
    for (int i = -1; i < r->n_peers; i++) {
        const uint64_t n = i < 0 ? own : q->of_peer(&r->peers[i]);
        const mdg_report_number size = q->is_bytes ? mdg_report_bytes((size_t)n) : mdg_report_count(n);
        if (n) mdg_report_bar(out, i < 0 ? "midge" : r->peers[i].name, (double)n / (double)most, size.text);
    }
    close_chart(out);
}

void mdg_report_peers(FILE *out, const mdg_report *r) {
    static const quantity quantities[] = {
        {"Instructions an inference", peer_instructions, own_instructions, false},
        {"Arena and state", peer_arena, own_arena, true},
        {"Code", peer_code, own_code, true},
        {"Weights (of others: the model file)", peer_weights, own_weights, true},
    };
    if (!r->n_peers) return;
    fprintf(out, "<section><h2>Beside others</h2><div class=\"two\">\n");
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++)
        write_quantity(out, r, &quantities[i]);
    fprintf(out, "</div></section>\n");
}
