/* SPDX-License-Identifier: MIT
 *
 * cmd_search.c: `midge search`: other settings of a project, tried under a budget; and one of them taken
 * over.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/estimate.h"
#include "cli/search_run.h"
#include "cli/search_show.h"
#include "report/scatter.h"

typedef struct search_args {
    const char *strategy, *cost;
    mdg_goal goal; /* as given */
    int candidates, short_epochs, apply, lost_after_s;
    mdg_budget budget;
    bool restart, json;
} search_args;

/* What is tried, and what stands in the way */
typedef struct search {
    mdg_cli *cli;
    mdg_lab *lab;
    mdg_study_opts opts;
    mdg_budget budget;
    int n_refused, n_impossible;
    mdg_trial_result least; /* of those refused: the smallest of each */
    mdg_status status;      /* what ended the choice of candidates */
} search;

/* ==== Options ==== */

static mdg_status find_name(mdg_cli *cli, const char *option, const char *text, const char *const *names,
                            int n, int *out) {
    const char *known = "";
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = i;
            return MDG_OK;
        }
        known = mdg_arena_printf(cli->arena, "%s%s%s", known, i ? ", " : "", names[i]);
    }
    return mdg_cli_usage(cli, "%s '%s' is not known; known are %s", option, text, known);
}

/* The command line comes before midge.yaml. */
static mdg_status settle(search *s, const search_args *a) {
    static const char *const costs[] = {"flash", "ram", "instructions"};
    const mdg_project *p = &s->lab->project;
    int strategy = p->search.strategy, cost = p->search.cost;
    if (a->strategy)
        MDG_TRY(
            find_name(s->cli, "--strategy", a->strategy, mdg_strategy_names, MDG_STRATEGY_COUNT, &strategy));
    if (a->cost) MDG_TRY(find_name(s->cli, "--cost", a->cost, costs, 3, &cost));
    const int short_epochs = a->short_epochs ? a->short_epochs : p->search.short_epochs;
    s->opts = (mdg_study_opts){.strategy = (mdg_strategy)strategy,
                               .cost = (mdg_study_cost)cost,
                               .candidates = a->candidates ? a->candidates : p->search.candidates,
                               .population = p->search.population,
                               .short_epochs = short_epochs ? short_epochs : (p->train.epochs + 8) / 9,
                               .epochs = p->train.epochs,
                               .seed = p->seed};
    s->budget = p->budget;
    if (a->budget.ram) s->budget.ram = a->budget.ram;
    if (a->budget.flash) s->budget.flash = a->budget.flash;
    if (a->budget.instructions) s->budget.instructions = a->budget.instructions;
    return MDG_OK;
}

/* ==== The budget ==== */

static void note_least(mdg_trial_result *least, const mdg_trial_result *r, bool first) {
    if (first || r->flash < least->flash) least->flash = r->flash;
    if (first || r->ram < least->ram) least->ram = r->ram;
    if (first || r->instructions < least->instructions) least->instructions = r->instructions;
}

static bool ends_choice(mdg_status status) {
    return status == MDG_INTERRUPTED || status == MDG_IO || status == MDG_NO_MEMORY ||
           status == MDG_NOT_FOUND;
}

/* By the compiler, before any training. A candidate of which there is no network does not fit either. */
static bool fits(void *context, const mdg_candidate *c) {
    search *s = context;
    mdg_trial_result r;
    if (s->status != MDG_OK) return false;
    const mdg_status status = mdg_lab_draft(s->lab, c, &r);
    if (ends_choice(status)) s->status = status;
    if (mdg_cli_interrupted()) s->status = mdg_fail(&s->cli->diag, MDG_INTERRUPTED, "interrupted");
    if (status != MDG_OK) {
        s->n_impossible++;
        return false;
    }
    const mdg_needs needs = {.flash = r.flash, .ram = r.ram, .instructions = r.instructions};
    if (mdg_needs_share(&needs, &s->budget) <= 1) return true;
    note_least(&s->least, &r, s->n_refused++ == 0);
    return false;
}

static const char *limit_text(mdg_arena *arena, const char *before, const char *name, size_t limit,
                              double least) {
    if (!limit) return before;
    return mdg_arena_printf(arena, "%s%s%s %zu (the least seen: %.0f)", before, before[0] ? ", " : "", name,
                            limit, least);
}

static mdg_status nothing_fits(search *s) {
    mdg_arena *arena = s->cli->arena;
    const mdg_budget *b = &s->budget;
    if (s->n_refused == 0) /* diag tells of the last one */
        return mdg_fail_in(&s->cli->diag, MDG_INVALID, "no candidate is possible; the last one");
    const char *limits = limit_text(arena, "", "flash", b->flash, s->least.flash);
    limits = limit_text(arena, limits, "RAM", b->ram, s->least.ram);
    limits = limit_text(arena, limits, "instructions", b->instructions, s->least.instructions);
    return mdg_fail(
        &s->cli->diag, MDG_BUDGET,
        "%s: none of %d candidates fits the budget: %s; allow more, or let search.space hold smaller "
        "networks",
        s->lab->path, s->n_refused, limits);
}

/* ==== The journal ==== */

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of midge.yaml without what is searched, and without the order of its lines: a candidate that was taken over
 * leaves the search as it is. */
static mdg_status project_hash(search *s, uint64_t *out) {
    const mdg_candidate first = {{0}};
    mdg_arena *arena = s->cli->arena;
    const char *text, *lines[4096];
    int n = 0;
    MDG_TRY(mdg_lab_text(s->lab, &first, arena, &text, &s->cli->diag));
    for (char *rest = mdg_arena_strdup(arena, text), *line; n < 4096 && (line = strtok_r(rest, "\n", &rest));)
        lines[n++] = line;
    qsort(lines, (size_t)n, sizeof *lines, by_text);
    *out = 14695981039346656037u;
    for (int i = 0; i < n; i++)
        for (const char *c = lines[i]; *c; c++) *out = (*out ^ (uint8_t)*c) * 1099511628211u;
    return MDG_OK;
}

static json_t *space_json(const mdg_space *s) {
    json_t *o = json_object();
    for (int i = 0; i < s->n; i++) {
        json_t *values = json_array();
        for (int v = 0; v < s->dimensions[i].n; v++)
            json_array_append_new(values, json_string(s->dimensions[i].values[v]));
        json_object_set_new(o, s->dimensions[i].key, values);
    }
    return o;
}

/* Which search it is, on one line */
static mdg_status header_of(search *s, const char **out) {
    uint64_t hash;
    MDG_TRY(project_hash(s, &hash));
    json_t *o = json_pack("{s:s, s:s, s:I, s:i, s:i, s:i, s:i, s:i, s:s, s:[III], s:o}", "midge_search",
                          MIDGE_VERSION, "strategy", mdg_strategy_names[s->opts.strategy], "seed",
                          (json_int_t)s->opts.seed, "candidates", s->opts.candidates, "population",
                          s->opts.population, "short_epochs", s->opts.short_epochs, "epochs", s->opts.epochs,
                          "cost", (int)s->opts.cost, "project",
                          mdg_arena_printf(s->cli->arena, "%016llx", (unsigned long long)hash), "budget",
                          (json_int_t)s->budget.ram, (json_int_t)s->budget.flash,
                          (json_int_t)s->budget.instructions, "space", space_json(&s->lab->space));
    char *text = json_dumps(o, JSON_COMPACT);
    *out = mdg_arena_strdup(s->cli->arena, text ? text : "");
    json_decref(o);
    free(text);
    return MDG_OK;
}

static const char *file_of(const search *s, const char *name) {
    return mdg_arena_printf(s->cli->arena, "%s/%s", s->lab->project.out, name);
}

static mdg_status open_journal(search *s, bool restart, mdg_journal *out) {
    const char *header, *path = file_of(s, "search.jsonl");
    MDG_TRY(header_of(s, &header));
    if (restart) remove(path);
    const mdg_status status = mdg_journal_open(path, header, s->cli->arena, out, &s->cli->diag);
    if (status != MDG_MISMATCH) return status;
    return mdg_fail(
        &s->cli->diag, MDG_INVALID,
        "%s: belongs to a search with other settings; --restart begins anew, and forgets that one", path);
}

/* ==== The search ==== */

static mdg_status save_pictures(const search *s, const mdg_search_view *v) {
    static const char *const names[] = {"flash, bytes", "RAM, bytes", "instructions"};
    mdg_arena *arena = s->cli->arena;
    mdg_scatter_point *points = mdg_arena_array(arena, 2 * (size_t)v->n + 1, sizeof *points);
    int n = 0;
    for (int i = 0; i < v->n; i++) {
        const mdg_point at = mdg_trial_point(&v->trials[i], v->cost);
        if (v->trials[i].state == MDG_TRIAL_DONE)
            points[n++] = (mdg_scatter_point){at.cost, 100 * at.score, NULL, !v->trials[i].is_final};
    }
    for (int i = 0; i < v->n_front; i++) {
        const mdg_trial *t = &v->trials[v->front[i]];
        const mdg_point at = mdg_trial_point(t, v->cost);
        points[n++] =
            (mdg_scatter_point){at.cost, 100 * at.score, mdg_arena_printf(arena, "%d", t->id), false};
    }
    const mdg_scatter picture = {
        .title = mdg_arena_printf(arena, "%s on %s", s->lab->project.name, s->lab->target->name),
        .x_name = names[v->cost],
        .y_name = "right on validation clips, %",
        .points = points,
        .n = n};
    MDG_TRY(mdg_scatter_write(&picture, file_of(s, "search.svg"), &s->cli->diag));
    return mdg_scatter_write(&picture, file_of(s, "search.png"), &s->cli->diag);
}

static mdg_status show(search *s, const mdg_study *study, bool json) {
    mdg_search_view v = {.lab = s->lab, .cost = s->opts.cost};
    v.trials = mdg_study_trials(study, &v.n);
    v.front = mdg_arena_array(s->cli->arena, (size_t)v.n + 1, sizeof *v.front);
    v.n_front = mdg_study_front(v.trials, v.n, v.cost, s->cli->arena, v.front);
    if (v.n_front == 0)
        return mdg_fail(&s->cli->diag, MDG_INVALID,
                        "%s: all candidates failed, the last one: %s; `--restart` tries again", s->lab->path,
                        v.trials[v.n - 1].result.why);
    MDG_TRY(mdg_search_csv(&v, file_of(s, "search.csv"), &s->cli->diag));
    MDG_TRY(save_pictures(s, &v));
    if (json) return mdg_json_print(mdg_search_json(&v));
    mdg_search_print(&v, stdout);
    printf("wrote %s, .png and %s\n`midge search %s --apply ID` puts one into %s\n", file_of(s, "search.svg"),
           file_of(s, "search.csv"), s->lab->folder, s->lab->path);
    return MDG_OK;
}

/* Epochs if all goes as planned; the shares that go on are those of study.c. */
static int epochs_in_all(const mdg_study_opts *o) {
    int n = o->candidates, epochs = o->short_epochs < o->epochs ? o->short_epochs : o->epochs,
        sum = n * epochs;
    if (o->strategy == MDG_STRATEGY_random) return n * o->epochs;
    if (o->strategy == MDG_STRATEGY_evolution)
        return sum + (epochs < o->epochs ? (n + 2) / 3 * o->epochs : 0);
    while (epochs < o->epochs) {
        epochs = 3 * epochs < o->epochs ? 3 * epochs : o->epochs;
        n = (n + 2) / 3;
        sum += n * epochs;
    }
    return sum;
}

static mdg_status lead(search *s, const search_args *a) {
    mdg_journal journal;
    int n;
    MDG_TRY(open_journal(s, a->restart, &journal));
    mdg_cli_stage(s->cli, "searching among %.3g candidates: %s, %d of them, journal %s",
                  mdg_space_size(&s->lab->space), mdg_strategy_names[s->opts.strategy], s->opts.candidates,
                  journal.path);
    mdg_study *study = mdg_study_new(&s->lab->space, &s->opts, s->cli->arena);
    const mdg_search_run run = {.cli = s->cli,
                                .lab = s->lab,
                                .journal = &journal,
                                .study = study,
                                .epochs_in_all = epochs_in_all(&s->opts),
                                .lost_after_s = a->lost_after_s};
    const mdg_status led = mdg_search_lead(&run), status = s->status != MDG_OK ? s->status : led;
    mdg_journal_close(&journal);
    mdg_cli_progress_end(s->cli);
    if (status == MDG_INTERRUPTED)
        return mdg_fail(&s->cli->diag, status, "interrupted; `midge search %s` goes on", s->lab->folder);
    MDG_TRY(status);
    mdg_study_trials(study, &n);
    return n ? show(s, study, a->json) : nothing_fits(s);
}

/* ==== One candidate taken over ==== */

static const mdg_trial *find_trial(const mdg_journal *j, int id) {
    for (int i = 0; i < j->n; i++)
        if (j->trials[i].id == id) return &j->trials[i];
    return NULL;
}

static mdg_status apply(search *s, int id) {
    const char *text;
    mdg_journal journal;
    if (!mdg_file_exists(file_of(s, "search.jsonl")))
        return mdg_fail(&s->cli->diag, MDG_NOT_FOUND, "%s: is missing; run `midge search %s` first",
                        file_of(s, "search.jsonl"), s->lab->folder);
    MDG_TRY(open_journal(s, false, &journal));
    mdg_journal_close(&journal);
    const mdg_trial *t = find_trial(&journal, id);
    if (!t) return mdg_fail(&s->cli->diag, MDG_NOT_FOUND, "%s: has no candidate %d", journal.path, id);
    MDG_TRY(mdg_lab_text(s->lab, &t->candidate, s->cli->arena, &text, &s->cli->diag));
    MDG_TRY(mdg_file_write(s->lab->path, text, strlen(text), &s->cli->diag));
    printf("%s: %s\n`midge build %s` trains it\n", s->lab->path, mdg_lab_settings(s->lab, &t->candidate),
           s->lab->folder);
    return MDG_OK;
}

/* ==== The verb ==== */

static mdg_status follow(search *s) {
    const mdg_search_run run = {.cli = s->cli, .lab = s->lab};
    return mdg_search_follow(&run);
}

static mdg_status search_with(mdg_cli *cli, search_args *a) {
    mdg_lab lab;
    search s = {.cli = cli, .lab = &lab};
    MDG_TRY(mdg_lab_open(cli, cli->args[0], &lab));
    MDG_TRY(mdg_goal_of_project(cli, &a->goal, &lab.optimize));
    MDG_TRY(settle(&s, a));
    if (cli->parallel.size > 1) lab.workers = 1;
    s.opts.fits = fits;
    s.opts.context = &s;
    if (a->apply) return cli->parallel.rank == 0 ? apply(&s, a->apply) : MDG_OK;
    return cli->parallel.rank == 0 ? lead(&s, a) : follow(&s);
}

static mdg_status run(mdg_cli *cli) {
    search_args a = {.lost_after_s = 60};
    const mdg_option options[] = {{"--strategy", MDG_OPTION_TEXT, &a.strategy},
                                  {"--cost", MDG_OPTION_TEXT, &a.cost},
                                  {"--candidates", MDG_OPTION_COUNT, &a.candidates},
                                  {"--short-epochs", MDG_OPTION_COUNT, &a.short_epochs},
                                  {"--ram", MDG_OPTION_SIZE, &a.budget.ram},
                                  {"--flash", MDG_OPTION_SIZE, &a.budget.flash},
                                  {"--instructions", MDG_OPTION_LARGE, &a.budget.instructions},
                                  {"--optimize", MDG_OPTION_TEXT, &a.goal.optimize_name},
                                  {"--apply", MDG_OPTION_COUNT, &a.apply},
                                  {"--lost-after", MDG_OPTION_COUNT, &a.lost_after_s},
                                  {"--restart", MDG_OPTION_FLAG, &a.restart},
                                  {"--json", MDG_OPTION_FLAG, &a.json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(mdg_cli_together(cli));
    return search_with(cli, &a);
}

const mdg_verb mdg_verb_search = {
    .name = "search",
    .summary = "try other settings of a project under a budget",
    .help =
        "midge search DIR [--strategy S] [--candidates N] [--short-epochs N] [--cost C] [--restart] "
        "[--json]\n"
        "             [--ram BYTES] [--flash BYTES] [--instructions N] [--optimize AIM]\n"
        "midge search DIR --apply ID\n"
        "mpirun --enable-recovery -n 4 midge search DIR ...\n"
        "\n"
        "Varies what search.space in midge.yaml lists (else features and sizes of the network, by "
        "data.kind),\n"
        "looks with the compiler what each candidate needs, trains those that fit the budget (given here, "
        "or\n"
        "budget in midge.yaml), and shows which are worth having: the front of accuracy on the validation\n"
        "clips against cost. The test clips are not looked at.\n"
        "\n"
        "  --strategy S      evolution (default): small changes of what did well, the best third in full;\n"
        "                    halving: all a short time, the best third longer, and so on; random: all in "
        "full\n"
        "  --candidates N    how many are tried; --short-epochs N: how long at first\n"
        "  --cost C          what accuracy is weighed against: flash (default), ram, instructions\n"
        "  --ram, --flash    bytes of arena and state, of weights, as `midge compile` counts them\n"
        "  --instructions N  of an inference on the project's target, estimated; 500k, 2M\n"
        "  --apply ID        writes the keys of that candidate into DIR/midge.yaml\n"
        "  --restart         forgets what was found before\n"
        "\n"
        "All is kept in DIR/out/search.jsonl: after Ctrl-C the same command goes on. Also written are\n"
        "search.csv, search.svg, search.png. With mpirun, all processes try candidates, with the same front\n"
        "in the end; one that is silent for --lost-after SECONDS (60) is taken as lost, and its candidate "
        "goes\n"
        "to another.\n"
        "\n"
        "  midge search doorbell --flash 20k\n"
        "  midge search doorbell --apply 17 && midge build doorbell\n",
    .run = run,
};
