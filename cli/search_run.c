/* SPDX-License-Identifier: MIT */
#include "cli/search_run.h"

#include <string.h>
#include <time.h>

enum { SIGN_OF_LIFE_MS = 1000, POLL_MS = 50, MOST_LOSSES = 2 };

/* To rank 0: ready for a trial; still at it; here is the result; cannot go on. From rank 0: try this; end. */
typedef enum message_kind { READY, ALIVE, RESULT, LEAVE, TRY, STOP } message_kind;

typedef struct message {
    message_kind kind;
    bool lost; /* STOP: a process is gone, so that none waits for it */
    mdg_trial trial;
} message;

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static mdg_status send_to(const mdg_search_run *run, int rank, message_kind kind, const mdg_trial *t) {
    message *m = mdg_arena_alloc(run->cli->arena, sizeof *m);
    m->kind = kind;
    m->lost = run->cli->parallel.lost;
    if (t) m->trial = *t;
    return mdg_parallel_post(&run->cli->parallel, rank, m, sizeof *m, &run->cli->diag);
}

static mdg_status read_message(const mdg_search_run *run, const mdg_parallel_message *p, message *out) {
    if (p->size != sizeof *out)
        return mdg_fail(&run->cli->diag, MDG_INVALID, "process %d is of another version of midge", p->from);
    memcpy(out, p->data, sizeof *out);
    return MDG_OK;
}

/* ==== Rank 0 ==== */

/* LEFT: cannot go on, but hears; LOST: is silent */
typedef enum worker_state { UNKNOWN, IDLE, BUSY, LEFT, LOST } worker_state;

typedef struct worker {
    worker_state state;
    int trial; /* BUSY: index in the generation */
    int64_t heard_ms;
} worker;

typedef struct leader {
    const mdg_search_run *run;
    mdg_generation generation;
    bool *is_out;    /* [generation.n] somebody tries it */
    int *losses;     /* [generation.n] processes that went with it */
    worker *workers; /* [cli->parallel.size]; that of rank 0 is not used */
    mdg_arena *arena;
    mdg_status status; /* what went wrong while others were answered */
    int64_t answered_ms;
    double epochs_done, epochs_here; /* of trials that are done; of the one that rank 0 tries */
    int n_done, n_failed;
    double best;
} leader;

static void note_result(leader *l, const mdg_trial *t) {
    l->epochs_done += t->epochs;
    l->n_done++;
    l->n_failed += t->state == MDG_TRIAL_FAILED;
    if (t->state == MDG_TRIAL_DONE && t->result.accuracy > l->best) l->best = t->result.accuracy;
}

static mdg_status finish(leader *l, int i, const mdg_trial *result) {
    mdg_trial *t = &l->generation.trials[i];
    if (t->state != MDG_TRIAL_WAITS) return MDG_OK; /* a process that seemed lost was only slow */
    t->state = result->state;
    t->result = result->result;
    note_result(l, t);
    if (t->state == MDG_TRIAL_FAILED)
        mdg_cli_stage(l->run->cli, "candidate %d failed: %s", t->id, t->result.why);
    return mdg_journal_add(l->run->journal, &l->run->lab->space, t, &l->run->cli->diag);
}

/* The next trial that nobody tries, or -1 */
static int take(leader *l) {
    for (int i = 0; i < l->generation.n; i++) {
        if (l->generation.trials[i].state != MDG_TRIAL_WAITS || l->is_out[i]) continue;
        l->is_out[i] = true;
        return i;
    }
    return -1;
}

static bool is_complete(const leader *l) {
    for (int i = 0; i < l->generation.n; i++)
        if (l->generation.trials[i].state == MDG_TRIAL_WAITS) return false;
    return true;
}

static mdg_status hand_out(leader *l) {
    for (int rank = 1; rank < l->run->cli->parallel.size; rank++) {
        worker *w = &l->workers[rank];
        const int i = w->state == IDLE ? take(l) : -1;
        if (i < 0) continue;
        *w = (worker){.state = BUSY, .trial = i, .heard_ms = now_ms()};
        MDG_TRY(send_to(l->run, rank, TRY, &l->generation.trials[i]));
    }
    return MDG_OK;
}

/* Its trial goes to another process, unless that trial may be what ends them. */
static mdg_status lose(leader *l, int rank, worker_state state) {
    worker *w = &l->workers[rank];
    const int i = w->trial, id = l->generation.trials[i].id;
    w->state = state;
    l->is_out[i] = false;
    if (++l->losses[i] < MOST_LOSSES) {
        mdg_cli_stage(l->run->cli, "process %d is lost; candidate %d goes to another", rank, id);
        return MDG_OK;
    }
    const mdg_trial failed = {.state = MDG_TRIAL_FAILED,
                              .result = {.why = "processes were lost while they tried it"}};
    return finish(l, i, &failed);
}

static mdg_status hear(leader *l, const mdg_parallel_message *p) {
    message m;
    worker *w = &l->workers[p->from];
    MDG_TRY(read_message(l->run, p, &m));
    w->heard_ms = now_ms();
    if (m.kind == LEAVE && w->state == BUSY) {
        mdg_cli_stage(l->run->cli, "process %d cannot go on: %s", p->from, m.trial.result.why);
        return lose(l, p->from, LEFT);
    }
    if (m.kind == RESULT && w->state == BUSY) MDG_TRY(finish(l, w->trial, &m.trial));
    if (m.kind == RESULT || m.kind == READY) w->state = IDLE;
    return MDG_OK;
}

static mdg_status give_up_silent(leader *l) {
    for (int rank = 1; rank < l->run->cli->parallel.size; rank++) {
        const worker *w = &l->workers[rank];
        if (w->state != BUSY || now_ms() - w->heard_ms < 1000 * (int64_t)l->run->lost_after_s) continue;
        l->run->cli->parallel.lost = true;
        MDG_TRY(lose(l, rank, LOST));
    }
    return MDG_OK;
}

/* Takes in what has come, and keeps all busy. */
static mdg_status answer(leader *l) {
    mdg_parallel_message m;
    l->answered_ms = now_ms();
    while (mdg_parallel_receive(&l->run->cli->parallel, MDG_PARALLEL_ANY, 0, l->arena, &m, NULL) == MDG_OK)
        MDG_TRY(hear(l, &m));
    MDG_TRY(give_up_silent(l));
    return hand_out(l);
}

static bool show(const leader *l, double epochs_here) {
    const mdg_trial *t = l->generation.trials;
    int n_waiting = 0;
    for (int i = 0; i < l->generation.n; i++) n_waiting += t[i].state == MDG_TRIAL_WAITS;
    char text[120];
    snprintf(text, sizeof text, "%d trials done, %d to come in this generation; best %.1f %%", l->n_done,
             n_waiting, 100 * l->best);
    const double all = l->run->epochs_in_all, done = l->epochs_done + epochs_here;
    return mdg_progress_report(&l->run->cli->progress, done < all ? done : all, all, text);
}

/* Rank 0 hears of each step of its own trial; only the training counts in epochs. */
static bool on_progress(void *context, double done, double total, const char *text) {
    leader *l = context;
    (void)text;
    if (now_ms() - l->answered_ms >= POLL_MS && l->status == MDG_OK) l->status = answer(l);
    return show(l, total == l->epochs_here ? done : 0) && l->status == MDG_OK;
}

static mdg_status try_here(leader *l, int i) {
    mdg_trial t = l->generation.trials[i];
    const mdg_progress progress = {.report = on_progress, .context = l};
    l->run->lab->progress = &progress;
    l->epochs_here = t.epochs;
    const mdg_status status = mdg_lab_try(l->run->lab, &t);
    l->epochs_here = 0;
    MDG_TRY(l->status);
    MDG_TRY(status);
    return finish(l, i, &t);
}

static mdg_status wait_for_others(leader *l) {
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    if (show(l, 0)) return answer(l);
    return mdg_fail(&l->run->cli->diag, MDG_INTERRUPTED, "interrupted");
}

static mdg_status run_generation(leader *l, mdg_generation g) {
    l->generation = g;
    l->is_out = mdg_arena_array(l->arena, (size_t)g.n, sizeof *l->is_out);
    l->losses = mdg_arena_array(l->arena, (size_t)g.n, sizeof *l->losses);
    for (int i = 0; i < g.n; i++)
        if (mdg_journal_find(l->run->journal, &g.trials[i])) note_result(l, &g.trials[i]);
    while (!is_complete(l)) {
        MDG_TRY(answer(l));
        const int i = take(l);
        MDG_TRY(i < 0 ? wait_for_others(l) : try_here(l, i));
    }
    return MDG_OK;
}

static mdg_status run_all(leader *l) {
    for (;;) {
        const mdg_generation g = mdg_study_next(l->run->study);
        if (mdg_cli_interrupted()) return mdg_fail(&l->run->cli->diag, MDG_INTERRUPTED, "interrupted");
        if (g.n == 0) return MDG_OK;
        MDG_TRY(run_generation(l, g));
    }
}

mdg_status mdg_search_lead(const mdg_search_run *run) {
    leader l = {.run = run, .arena = mdg_arena_new()};
    l.workers = mdg_arena_array(l.arena, (size_t)run->cli->parallel.size, sizeof *l.workers);
    const mdg_status status = run_all(&l);
    for (int rank = 1; rank < run->cli->parallel.size; rank++)
        if (l.workers[rank].state != LOST) send_to(run, rank, STOP, NULL);
    mdg_arena_free(l.arena);
    return status;
}

/* ==== The others ==== */

typedef struct follower {
    const mdg_search_run *run;
    int64_t spoke_ms;
    bool is_over; /* STOP has come */
} follower;

/* What rank 0 says, within so many milliseconds; MDG_NOT_FOUND when it says nothing */
static mdg_status listen_to_lead(follower *f, int timeout_ms, message *out) {
    const mdg_search_run *run = f->run;
    mdg_parallel_message p;
    MDG_TRY(mdg_parallel_receive(&run->cli->parallel, 0, timeout_ms, run->cli->arena, &p, &run->cli->diag));
    MDG_TRY(read_message(run, &p, out));
    if (out->kind != STOP) return MDG_OK;
    f->is_over = true;
    run->cli->parallel.lost = out->lost;
    return MDG_OK;
}

static bool tell_that_alive(void *context, double done, double total, const char *text) {
    follower *f = context;
    message m;
    (void)done, (void)total, (void)text;
    if (mdg_cli_interrupted() || f->is_over) return false;
    if (now_ms() - f->spoke_ms < SIGN_OF_LIFE_MS) return true;
    f->spoke_ms = now_ms();
    listen_to_lead(f, 0, &m);
    return !f->is_over && send_to(f->run, 0, ALIVE, NULL) == MDG_OK;
}

/* One that cannot go on stays until all end, or mpirun would take it as a crash. */
static mdg_status leave(follower *f) {
    mdg_trial t = {0};
    message m;
    snprintf(t.result.why, sizeof t.result.why, "%.*s", (int)sizeof t.result.why - 1, f->run->cli->diag.text);
    MDG_TRY(send_to(f->run, 0, LEAVE, &t));
    while (!f->is_over) MDG_TRY(listen_to_lead(f, MDG_PARALLEL_FOREVER, &m));
    return MDG_OK;
}

mdg_status mdg_search_follow(const mdg_search_run *run) {
    follower f = {.run = run};
    const mdg_progress progress = {.report = tell_that_alive, .context = &f};
    run->lab->progress = &progress;
    MDG_TRY(send_to(run, 0, READY, NULL));
    for (message m; listen_to_lead(&f, MDG_PARALLEL_FOREVER, &m) == MDG_OK && !f.is_over;) {
        const mdg_status status = mdg_lab_try(run->lab, &m.trial);
        if (f.is_over) return MDG_OK;
        if (status == MDG_INTERRUPTED) return status;
        if (status != MDG_OK) return leave(&f);
        MDG_TRY(send_to(run, 0, RESULT, &m.trial));
    }
    return f.is_over ? MDG_OK : MDG_IO;
}
