/* SPDX-License-Identifier: MIT */
#include "train/curves.h"

#include <math.h>
#include <string.h>

#include "util/file.h"

enum { N_FIGURES = 7 };

typedef struct figure {
    const char *name;
    float value; /* NaN: there is none */
} figure;

static void figures_of(const mdg_epoch *e, bool validated, figure out[N_FIGURES]) {
    int n = 0;
#define FIGURE(name) out[n++] = (figure){#name, validated || !strstr(#name, "validation") ? e->name : NAN};
    MDG_EPOCH_FIGURES(FIGURE)
    FIGURE(seconds)
#undef FIGURE
}

static void write_names(FILE *out, const figure *f) {
    fputs("epoch", out);
    for (int i = 0; i < N_FIGURES; i++) fprintf(out, ",%s", f[i].name);
    fputc('\n', out);
}

static void write_csv(FILE *out, int epoch, const figure *f) {
    if (epoch == 0) write_names(out, f);
    fprintf(out, "%d", epoch + 1);
    for (int i = 0; i < N_FIGURES; i++)
        if (isfinite(f[i].value))
            fprintf(out, ",%.9g", (double)f[i].value);
        else
            fputc(',', out);
    fputc('\n', out);
}

static void write_json(FILE *out, int epoch, const figure *f) {
    fprintf(out, "{\"epoch\": %d", epoch + 1);
    for (int i = 0; i < N_FIGURES; i++)
        if (isfinite(f[i].value)) fprintf(out, ", \"%s\": %.9g", f[i].name, (double)f[i].value);
    fputs("}\n", out);
}

static mdg_status write_file(const mdg_history *history, bool validated, const char *path,
                             void (*write)(FILE *, int, const figure *), mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    w.unsynced = true; /* once an epoch */
    for (int i = 0; i < history->n_epochs; i++) {
        figure f[N_FIGURES];
        figures_of(&history->epochs[i], validated, f);
        write(w.stream, i, f);
    }
    return mdg_writer_close(&w, diag);
}

mdg_status mdg_curves_write(const mdg_history *history, bool validated, const char *folder, mdg_diag *diag) {
    char path[4096];
    snprintf(path, sizeof path, "%s/training.csv", folder);
    MDG_TRY(write_file(history, validated, path, write_csv, diag));
    snprintf(path, sizeof path, "%s/training.jsonl", folder);
    return write_file(history, validated, path, write_json, diag);
}
