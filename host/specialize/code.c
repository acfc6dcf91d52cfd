/* SPDX-License-Identifier: MIT */
#include "specialize/code.h"

#include <string.h>

enum {
    ONCE_EIGHTHS = 5
}; /* what is left of a kernel with a single call, whose parameters the compiler knows */

/* A function that a kernel consists of; kernels that share it have it once. */
typedef struct function {
    const char *isa, *kernel, *name;
    int bytes;
} function;

static const function functions[] = {
#define MDG_CODE(isa, kernel, name, bytes) {#isa, #kernel, #name, bytes},
#include "specialize/code.def"
#undef MDG_CODE
};

enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static bool is_of(const function *f, const char *isa, const char *kernel) {
    return strcmp(f->isa, isa) == 0 && strcmp(f->kernel, kernel) == 0;
}

static bool is_entry(const function *f) {
    return strncmp(f->name, "mdg_", 4) == 0 && strcmp(f->name + 4, f->kernel) == 0;
}

static bool is_kernel(const mdg_call *c) {
    return c->step == MDG_STEP_KERNEL && !c->custom;
}

int mdg_code_calls(const mdg_program *p, const char *kernel) {
    int n = 0;
    for (int i = 0; i < p->n_calls; i++)
        n += is_kernel(&p->calls[i]) && strcmp(mdg_kernels[p->calls[i].kernel].name, kernel) == 0;
    return n;
}

/* Whether a function of that name was counted for another kernel before */
static bool is_counted(const mdg_program *p, const function *f) {
    for (const function *g = functions; g < f; g++)
        if (strcmp(g->name, f->name) == 0 && strcmp(g->isa, f->isa) == 0 && mdg_code_calls(p, g->kernel) > 0)
            return true;
    return false;
}

int64_t mdg_code_bytes(const mdg_program *p, const char *isa) {
    int64_t bytes = 0;
    for (const function *f = functions; f < functions + N_FUNCTIONS; f++) {
        const int calls = strcmp(f->isa, isa) == 0 ? mdg_code_calls(p, f->kernel) : 0;
        if (calls == 0 || is_counted(p, f)) continue;
        bytes += is_entry(f) && calls == 1 ? f->bytes * ONCE_EIGHTHS / 8 : f->bytes;
    }
    return bytes;
}

bool mdg_code_is_known(const char *isa, const char *kernel) {
    const function *f = functions;
    while (f < functions + N_FUNCTIONS && !is_of(f, isa, kernel)) f++;
    return f < functions + N_FUNCTIONS;
}
