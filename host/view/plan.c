/* SPDX-License-Identifier: MIT
 *
 * The memory plan: x is time, a column for each call, one before them for inputs and one behind for outputs;
 * y is the place in the arena, 0 at the bottom. Where the output of a call takes over the memory of its
 * input, the border between them rises along the column.
 */
#include "view/view.h"

#include <string.h>

#include "plan/plan.h"
#include "view/parts.h"

enum {
    LEFT = 78,
    RIGHT = 30,
    TOP = 92,
    HEIGHT = 440,
    BOTTOM = 26,  /* of an axis with numbers */
    LABELS = 118, /* of one with the names of operators */
    STATE_ROW = 20,
    MAX_STATES = 24,
    PLOT = 1000,
    NAMED = 13, /* columns from this width on have names */
    LINE = 14
};

typedef struct picture {
    const mdg_program *program;
    FILE *out;
    int columns, n_states;
    double column, width, height; /* of a column, of the plot, of the whole */
    double bottom;                /* y of offset 0 */
} picture;

static double x_of(const picture *v, double call) {
    return LEFT + (call + 1) * v->column;
}

static double y_of(const picture *v, size_t offset) {
    const size_t bytes = v->program->arena_bytes;
    return v->bottom - (bytes ? (double)offset / (double)bytes * HEIGHT : 0);
}

static bool is_named(const picture *v) {
    return v->column >= NAMED;
}

static bool is_drawn(const mdg_buffer *b) {
    return b->kind == MDG_BUF_ARENA && b->first <= b->last && b->bytes > 0;
}

static picture measure(const mdg_program *p, FILE *out) {
    picture v = {.program = p, .out = out, .columns = p->n_calls + 2};
    v.column = (double)PLOT / v.columns;
    if (v.column > 64) v.column = 64;
    if (v.column < 2) v.column = 2;
    v.width = v.column * v.columns;
    if (v.width < 420) v.width = 420;
    v.bottom = TOP + HEIGHT;
    for (int i = 0; i < p->n_buffers; i++) v.n_states += p->buffers[i].kind == MDG_BUF_STATE;
    const int rows = v.n_states > MAX_STATES ? MAX_STATES + 1 : v.n_states;
    v.height = v.bottom + (is_named(&v) ? LABELS : BOTTOM) + (rows ? rows * STATE_ROW + 40 : 12);
    return v;
}

static void begin(const picture *v, const char *title) {
    const mdg_program *p = v->program;
    const double width = LEFT + v->width + RIGHT;
    fprintf(v->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f "
            "%.0f\">\n"
            "<style>\n%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n"
            "<text class=\"title\" x=\"20\" y=\"30\">",
            width, v->height, width, v->height, mdg_view_style);
    mdg_view_escape(title, v->out);
    fprintf(v->out,
            "</text>\n<text class=\"muted\" x=\"20\" y=\"49\">memory plan: %d calls, arena of %s bytes, "
            "state of %s "
            "bytes</text>\n",
            p->n_calls, mdg_view_number(p->arena_bytes).chars, mdg_view_number(p->state_bytes).chars);
}

static void print_legend(const picture *v) {
    static const char *const entries[][2] = {{"io", "inputs and outputs"},
                                             {"tensor", "between operators"},
                                             {"scratch", "scratch of one call"},
                                             {"busy", "busiest calls"}};
    double x = 20;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        fprintf(v->out,
                "<rect class=\"%s\" x=\"%.0f\" y=\"60\" width=\"12\" height=\"12\"%s/><text class=\"muted\" "
                "x=\"%.0f\" "
                "y=\"70\">%s</text>\n",
                entries[i][0], x, i == 3 ? " style=\"stroke:var(--line)\"" : "", x + 17, entries[i][1]);
        x += 36 + 6 * (double)strlen(entries[i][1]);
    }
}

/* -- Axes -- */

/* 1, 2 or 5 times a power of ten, for about six lines */
static size_t line_step(size_t bytes) {
    size_t power = 1;
    while (power * 10 <= bytes / 6) power *= 10;
    return bytes / 6 >= power * 5 ? power * 5 : bytes / 6 >= power * 2 ? power * 2 : power;
}

static void print_offsets(const picture *v) {
    const size_t bytes = v->program->arena_bytes, step = line_step(bytes);
    for (size_t offset = 0; offset <= bytes; offset += step) {
        const double y = y_of(v, offset);
        fprintf(v->out, "<path class=\"line\" d=\"M%d %.1fh%.1f\"/>", LEFT, y, v->width);
        if (offset == 0 || y > TOP + LINE)
            fprintf(v->out, "<text class=\"muted right\" x=\"%d\" y=\"%.1f\">%s</text>\n", LEFT - 7, y + 4,
                    mdg_view_number(offset).chars);
    }
    fprintf(v->out,
            "<path class=\"limit\" d=\"M%d %dh%.1f\"/><text class=\"right\" x=\"%d\" y=\"%d\">%s</text>\n",
            LEFT, TOP, v->width, LEFT - 7, TOP + 4, mdg_view_number(bytes).chars);
}

static void print_column_name(const picture *v, int column, const char *name) {
    const double x = x_of(v, column + 0.5) + 3, y = v->bottom + 13;
    fprintf(v->out, "<text class=\"muted right\" x=\"%.1f\" y=\"%.1f\" transform=\"rotate(-50 %.1f %.1f)\">",
            x, y, x, y);
    mdg_view_name(name, 26, v->out);
    fputs("</text>\n", v->out);
}

static const char *call_name(const mdg_program *p, const mdg_call *c) {
    static const char *const steps[] = {[MDG_STEP_IF] = "if",
                                        [MDG_STEP_ELSE] = "else",
                                        [MDG_STEP_END_IF] = "end if",
                                        [MDG_STEP_LOOP] = "loop",
                                        [MDG_STEP_BREAK_UNLESS] = "break unless",
                                        [MDG_STEP_END_LOOP] = "end loop"};
    if (c->step != MDG_STEP_KERNEL) return steps[c->step];
    if (c->op < 0) return mdg_call_kernel(c)->name;
    return mdg_op_name(&p->graph->subgraphs[c->subgraph].ops[c->op]);
}

static void print_names(const picture *v) {
    const mdg_program *p = v->program;
    print_column_name(v, -1, "input");
    for (int i = 0; i < p->n_calls; i++)
        print_column_name(v, i,
                          mdg_arena_printf(p->arena, "%.20s %d", call_name(p, &p->calls[i]), p->calls[i].op));
    print_column_name(v, p->n_calls, "output");
}

static void print_calls(const picture *v) {
    const int n = v->program->n_calls;
    int step = (int)line_step((size_t)n * 6 / 12);
    if (step < 1) step = 1;
    for (int call = 0; call < n; call += step)
        fprintf(v->out, "<text class=\"muted middle\" x=\"%.1f\" y=\"%.1f\">%d</text>\n", x_of(v, call + 0.5),
                v->bottom + 15, call);
    fprintf(v->out, "<text class=\"muted right\" x=\"%.1f\" y=\"%.1f\">call</text>\n", LEFT + v->width,
            v->bottom + 15);
}

/* -- The busiest calls -- */

static void print_busiest(const picture *v) {
    const mdg_program *p = v->program;
    size_t *use = mdg_arena_array(p->arena, (size_t)v->columns, sizeof *use), most = 0;
    for (int i = 0; i < v->columns; i++) {
        use[i] = mdg_plan_bytes_in_use(p, i - 1);
        if (use[i] > most) most = use[i];
    }
    for (int i = 0; i < v->columns; i++)
        if (most && use[i] == most)
            fprintf(v->out, "<rect class=\"busy\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                    x_of(v, i - 1), TOP, v->column, HEIGHT);
}

/* -- The buffers -- */

static bool is_io(const mdg_program *p, int buffer) {
    for (int k = 0; k < p->n_inputs; k++)
        if (p->inputs[k].buffer == buffer) return true;
    for (int k = 0; k < p->n_outputs; k++)
        if (p->outputs[k].buffer == buffer) return true;
    return false;
}

static bool is_read(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_calls; i++)
        for (int k = 0; k < p->calls[i].n_in; k++)
            if (p->calls[i].in[k] == buffer) return true;
    return false;
}

/* `to` begins, within the call in which `from` ends, in the same memory. */
static bool replaces(const mdg_buffer *to, const mdg_buffer *from) {
    return to != from && is_drawn(to) && is_drawn(from) && to->first == from->last &&
           to->offset < from->offset + from->bytes && from->offset < to->offset + to->bytes;
}

/* The buffer that takes the place of b, or (before) whose place b takes; NULL: none */
static const mdg_buffer *neighbour(const mdg_program *p, const mdg_buffer *b, bool before) {
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *other = &p->buffers[i];
        if (before ? replaces(b, other) : replaces(other, b)) return other;
    }
    return NULL;
}

/* The operator that writes a buffer, by its number on the axis below, as the beginning of its label */
static mdg_view_text writer_of(const mdg_program *p, int buffer) {
    mdg_view_text t = {""};
    for (int i = 0; i < p->n_calls; i++)
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] == buffer && p->calls[i].op >= 0) {
                snprintf(t.chars, sizeof t.chars, "%d ", p->calls[i].op);
                return t;
            }
    return t;
}

static void print_label(const picture *v, int buffer, double x, double y, double w, double h) {
    const mdg_buffer *b = &v->program->buffers[buffer];
    const size_t room = w > 8 ? (size_t)((w - 8) / 6.3) : 0;
    const mdg_view_text writer = writer_of(v->program, buffer);
    const mdg_view_text bytes = mdg_view_number(b->bytes);
    const bool two_lines = h >= 2 * LINE && strlen(bytes.chars) <= room;
    if (h < LINE || room < 3) return;
    const double middle = y + h / 2 + (two_lines ? -2 : 4);
    fprintf(v->out, "<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">%s", x + w / 2, middle, writer.chars);
    if (room > strlen(writer.chars) + 2) mdg_view_name(b->name, room - strlen(writer.chars), v->out);
    fputs("</text>", v->out);
    if (two_lines)
        fprintf(v->out, "<text class=\"middle muted\" x=\"%.1f\" y=\"%.1f\">%s</text>", x + w / 2,
                middle + LINE, bytes.chars);
}

/* How far along its column `to` has come when it reaches an offset: 0 to 1 */
static double progress(const mdg_buffer *to, size_t offset) {
    if (offset <= to->offset) return 0;
    const double part = (double)(offset - to->offset) / (double)to->bytes;
    return part < 1 ? part : 1;
}

/* A rectangle. Where two buffers share memory in a call, the one grows from its bottom as the other, whose
 * first bytes go first, ends: the border between them rises along the column. */
static void print_outline(const picture *v, const mdg_buffer *b, double left, double right) {
    const size_t end = b->offset + b->bytes;
    const double bottom = y_of(v, b->offset), top = y_of(v, end);
    const mdg_buffer *next = neighbour(v->program, b, false);
    const double full = neighbour(v->program, b, true) ? x_of(v, b->first + 1) : left;
    fprintf(v->out, "M%.2f %.2fL%.2f %.2f", left, bottom, full, top);
    if (!next) {
        fprintf(v->out, "H%.2fV%.2fZ", right, bottom);
        return;
    }
    const double column = x_of(v, b->last), width = right - column;
    const size_t reached = next->offset + next->bytes;
    fprintf(v->out, "H%.2f", column + progress(next, end) * width);
    if (reached < end) fprintf(v->out, "V%.2f", y_of(v, reached));
    fprintf(v->out, "L%.2f %.2fZ", column + progress(next, b->offset) * width, bottom);
}

static void print_buffer(const picture *v, int index) {
    const mdg_program *p = v->program;
    const mdg_buffer *b = &p->buffers[index];
    const double x = x_of(v, b->first), w = x_of(v, b->last + 1) - x, y = y_of(v, b->offset + b->bytes),
                 h = y_of(v, b->offset) - y, gap = w > 1.5 ? 0.5 : 0;
    const char *kind = is_io(p, index) ? "io" : is_read(p, index) ? "tensor" : "scratch";
    fprintf(v->out, "<g><title>%s bytes at %s, calls %d to %d: ", mdg_view_number(b->bytes).chars,
            mdg_view_number(b->offset).chars, b->first, b->last);
    mdg_view_name(b->name, 200, v->out);
    fprintf(v->out, "</title><path class=\"%s\" d=\"", kind);
    print_outline(v, b, x + gap, x + w - gap);
    fputs("\"/>", v->out);
    const double from = neighbour(p, b, true) ? 0.5 : 0, to = neighbour(p, b, false) ? 0.5 : 0;
    print_label(v, index, x + from * v->column, y, w - (from + to) * v->column, h);
    fputs("</g>\n", v->out);
}

static void print_bound(const picture *v) {
    const double y = y_of(v, v->program->arena_bound_bytes);
    fprintf(v->out,
            "<path class=\"bound\" d=\"M%d %.1fh%.1f\"/><text class=\"boundtext right halo\" x=\"%.1f\" "
            "y=\"%.1f\">no "
            "plan can do with less than %s</text>\n",
            LEFT, y, v->width, LEFT + v->width - 4, y - 5,
            mdg_view_number(v->program->arena_bound_bytes).chars);
}

static void print_states(const picture *v) {
    const mdg_program *p = v->program;
    double y = v->bottom + (is_named(v) ? LABELS : BOTTOM) + 18;
    int n = 0;
    if (!v->n_states) return;
    fprintf(v->out, "<text class=\"muted\" x=\"20\" y=\"%.1f\">kept between inferences</text>\n", y - 4);
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind != MDG_BUF_STATE || n++ >= MAX_STATES) continue;
        y += 4;
        fprintf(v->out,
                "<text class=\"muted right\" x=\"%d\" y=\"%.1f\">%s</text><rect class=\"state\" x=\"%d\" "
                "y=\"%.1f\" "
                "width=\"%.1f\" height=\"16\" rx=\"2\"/><text x=\"%d\" y=\"%.1f\">",
                LEFT - 7, y + 12, mdg_view_number(b->offset).chars, LEFT, y, v->width, LEFT + 7, y + 12);
        mdg_view_name(b->name, (size_t)v->width / 9, v->out);
        fprintf(v->out, ": %s bytes</text>\n", mdg_view_number(b->bytes).chars);
        y += STATE_ROW - 4;
    }
    if (n > MAX_STATES)
        fprintf(v->out, "<text class=\"muted\" x=\"%d\" y=\"%.1f\">and %d more</text>\n", LEFT, y + LINE,
                n - MAX_STATES);
}

void mdg_view_plan(const mdg_program *p, const char *title, FILE *out) {
    const picture v = measure(p, out);
    begin(&v, title);
    print_legend(&v);
    print_busiest(&v);
    print_offsets(&v);
    if (is_named(&v))
        print_names(&v);
    else
        print_calls(&v);
    for (int i = 0; i < p->n_buffers; i++)
        if (is_drawn(&p->buffers[i])) print_buffer(&v, i);
    print_bound(&v);
    print_states(&v);
    fputs("</svg>\n", out);
}
