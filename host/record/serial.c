/* SPDX-License-Identifier: MIT
 *
 * A serial port to tables: port, intake, table, until somebody or something ends it.
 */
#include <stdio.h>

#include "record/clock.h"
#include "record/port.h"
#include "record/record.h"
#include "record/table.h"

enum { WAIT_MS = 100, CHUNK_BYTES = 4096, SILENT_S = 5 };

static const double show_s = 0.1; /* between two states */

typedef struct session {
    const mdg_record_opts *opts;
    mdg_record_tally *tally;
    mdg_port port;
    mdg_intake intake;
    mdg_table table;
    uint64_t bytes;
    double start_s, shown_s;
    bool warned;
} session;

static void count(session *s) {
    const mdg_intake *in = &s->intake;
    s->tally->bad = in->form == MDG_INTAKE_FRAMES ? in->frames.bad : in->lines.bad;
    s->tally->lost = in->frames.lost;
}

static void warn(session *s, double now) {
    char line[200];
    if (s->warned || s->table.columns || now - s->start_s < SILENT_S) return;
    snprintf(line, sizeof line, "%.100s at %d baud: %s so far; is the baud rate right?", s->opts->device,
             s->opts->baud, s->bytes ? "no rows of numbers" : "nothing");
    if (s->opts->watch.tell) s->opts->watch.tell(s->opts->watch.context, line);
    s->warned = true;
}

static bool show(session *s, double now) {
    char line[200];
    const mdg_record_watch *w = &s->opts->watch;
    if (!w->live || now - s->shown_s < show_s) return true;
    s->shown_s = now;
    warn(s, now);
    count(s);
    snprintf(line, sizeof line, "%llu rows, %.1f s, %llu bad, %llu lost", (unsigned long long)s->tally->rows,
             s->table.columns ? now - s->table.first_s : 0, (unsigned long long)s->tally->bad,
             (unsigned long long)s->tally->lost);
    return w->live(w->context, line);
}

/* Counted in rows where the rate was given, otherwise by the clock from the first row on. */
static bool is_complete(const session *s, double now) {
    const mdg_record_opts *o = s->opts;
    if (o->seconds <= 0) return false;
    if (o->rate_hz > 0 && (double)s->tally->rows >= o->seconds * o->rate_hz) return true;
    const double from = s->table.columns ? s->table.first_s : s->start_s;
    return (o->rate_hz <= 0 || !s->table.columns) && now - from >= o->seconds;
}

static mdg_status pump(session *s, mdg_diag *diag) {
    uint8_t bytes[CHUNK_BYTES];
    size_t n;
    for (double now = mdg_now_s(); show(s, now) && !is_complete(s, now);) {
        const mdg_status status = mdg_port_read(&s->port, bytes, sizeof bytes, WAIT_MS, &n, diag);
        now = s->table.now_s = mdg_now_s();
        s->bytes += n;
        if (status != MDG_OK) return mdg_fail_in(diag, status, s->opts->device);
        MDG_TRY(mdg_intake_feed(&s->intake, bytes, n, diag));
        MDG_TRY(mdg_table_flush(&s->table, diag));
    }
    return MDG_OK;
}

static mdg_status finish(session *s, mdg_status status, mdg_diag *diag) {
    mdg_diag *d = status == MDG_OK ? diag : NULL; /* the first cause counts */
    mdg_status ended = mdg_intake_end(&s->intake, d);
    count(s);
    json_t *about = json_object();
    json_object_set_new(about, "bad", json_integer((json_int_t)s->tally->bad));
    json_object_set_new(about, "lost_frames", json_integer((json_int_t)s->tally->lost));
    const mdg_status closed = mdg_table_close(&s->table, about, d);
    if (ended == MDG_OK) ended = closed;
    if (status == MDG_OK) status = ended;
    if (status != MDG_OK || s->tally->rows) return status;
    return mdg_fail(diag, MDG_INVALID, "%s at %d baud: %s; is the baud rate right?", s->opts->device,
                    s->opts->baud, s->bytes ? "what came holds no rows of numbers" : "nothing came");
}

mdg_status mdg_record_serial(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag) {
    session s = {.opts = opts, .tally = tally};
    *tally = (mdg_record_tally){0};
    MDG_TRY(mdg_table_open(&s.table, opts, tally, diag));
    MDG_TRY(mdg_port_open(&s.port, opts->device, opts->baud, diag));
    s.intake.sink = (mdg_row_sink){.take = mdg_table_take, .context = &s.table};
    s.start_s = s.table.now_s = mdg_now_s();
    const mdg_status status = finish(&s, pump(&s, diag), diag);
    mdg_port_close(&s.port);
    return status;
}
