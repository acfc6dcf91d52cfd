/* SPDX-License-Identifier: MIT */
#include "compare/agree.h"

#include <math.h>
#include <string.h>

/* How far apart: 0 for what is equal, INFINITY where one is not finite */
static double distance(float a, float b) {
    if (a == b || (isnan(a) && isnan(b))) return 0;
    return isfinite(a) && isfinite(b) ? fabs((double)a - (double)b) : INFINITY;
}

static bool floats_agree(const uint8_t *here, const uint8_t *there, size_t bytes, double *largest) {
    bool agree = true;
    for (size_t i = 0; i < bytes; i += sizeof(float)) {
        float a, b;
        memcpy(&a, here + i, sizeof a);
        memcpy(&b, there + i, sizeof b);
        const double d = distance(a, b);
        if (d > *largest) *largest = d;
        if (isinf(d) || d > MDG_AGREE_ABSOLUTE + MDG_AGREE_RELATIVE * fabs((double)a)) agree = false;
    }
    return agree;
}

/* One inference */
static bool outputs_agree(const mdg_program *p, const uint8_t *here, const uint8_t *there, double *largest) {
    bool agree = true;
    for (int k = 0; k < p->n_outputs; k++) {
        const size_t bytes = p->buffers[p->outputs[k].buffer].bytes;
        if (p->outputs[k].tensor->type == MDG_FLOAT32)
            agree = floats_agree(here, there, bytes, largest) && agree;
        else if (memcmp(here, there, bytes) != 0)
            agree = false;
        here += bytes, there += bytes;
    }
    return agree;
}

mdg_agreement mdg_agree(const mdg_program *p, const uint8_t *here, const uint8_t *there, int n) {
    mdg_agreement a = {.first = -1};
    size_t bytes = 0;
    for (int k = 0; k < p->n_outputs; k++) {
        bytes += p->buffers[p->outputs[k].buffer].bytes;
        if (p->outputs[k].tensor->type == MDG_FLOAT32) a.has_floats = true;
    }
    for (int i = 0; i < n; i++) {
        if (outputs_agree(p, here + (size_t)i * bytes, there + (size_t)i * bytes, &a.largest)) continue;
        if (a.differing++ == 0) a.first = i;
    }
    return a;
}
