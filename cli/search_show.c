/* SPDX-License-Identifier: MIT */
#include "cli/search_show.h"

#include "search/trial_json.h"
#include "util/file.h"

static bool is_on_front(const mdg_search_view *v, int trial) {
    for (int i = 0; i < v->n_front; i++)
        if (v->front[i] == trial) return true;
    return false;
}

static void print_trial(const mdg_search_view *v, const mdg_trial *t, FILE *out) {
    const mdg_trial_result *r = &t->result;
    fprintf(out, "  %4d %9.1f %8.1f %9.0f %9.0f %13.0f  %s\n", t->id, 100 * r->accuracy,
            100 * r->accuracy_float, r->flash, r->ram, r->instructions,
            mdg_lab_settings(v->lab, &t->candidate));
}

void mdg_search_print(const mdg_search_view *v, FILE *out) {
    int n_final = 0, n_failed = 0;
    for (int i = 0; i < v->n; i++) {
        n_final += v->trials[i].is_final && v->trials[i].state == MDG_TRIAL_DONE;
        n_failed += v->trials[i].state == MDG_TRIAL_FAILED;
    }
    fprintf(out, "%d trials, %d of them trained in full", v->n, n_final);
    if (n_failed) fprintf(out, ", %d failed", n_failed);
    fprintf(out, ". The front, on the validation clips:\n  %4s %9s %8s %9s %9s %13s\n", "id", "accuracy",
            "float", "flash", "RAM", "instructions");
    for (int i = 0; i < v->n_front; i++) print_trial(v, &v->trials[v->front[i]], out);
}

json_t *mdg_search_json(const mdg_search_view *v) {
    json_t *o = json_object(), *trials = json_array(), *front = json_array();
    for (int i = 0; i < v->n; i++)
        json_array_append_new(trials, mdg_trial_json(&v->lab->space, &v->trials[i]));
    for (int i = 0; i < v->n_front; i++)
        json_array_append_new(front, json_integer(v->trials[v->front[i]].id));
    json_object_set_new(o, "target", json_string(v->lab->target->name));
    json_object_set_new(o, "front", front);
    json_object_set_new(o, "trials", trials);
    return o;
}

mdg_status mdg_search_csv(const mdg_search_view *v, const char *path, mdg_diag *diag) {
    const mdg_space *s = &v->lab->space;
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    fprintf(w.stream,
            "id,epochs,final,front,accuracy,accuracy_float,flash_bytes,ram_bytes,instructions,seconds");
    for (int d = 0; d < s->n; d++) fprintf(w.stream, ",%s", s->dimensions[d].key);
    fputc('\n', w.stream);
    for (int i = 0; i < v->n; i++) {
        const mdg_trial *t = &v->trials[i];
        const mdg_trial_result *r = &t->result;
        if (t->state != MDG_TRIAL_DONE) continue;
        fprintf(w.stream, "%d,%d,%d,%d,%.6f,%.6f,%.0f,%.0f,%.0f,%.3f", t->id, t->epochs, t->is_final,
                is_on_front(v, i), r->accuracy, r->accuracy_float, r->flash, r->ram, r->instructions,
                r->seconds);
        for (int d = 0; d < s->n; d++)
            fprintf(w.stream, ",%s",
                    mdg_space_applies(s, &t->candidate, d) ? s->dimensions[d].values[t->candidate.value[d]]
                                                           : "");
        fputc('\n', w.stream);
    }
    return mdg_writer_close(&w, diag);
}
