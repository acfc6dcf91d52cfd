/* SPDX-License-Identifier: MIT */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

/* Kingma & Ba, "Adam", 2015; decoupled weight decay: Loshchilov & Hutter, 2019 */
static const float BETA1 = 0.9f, BETA2 = 0.999f, EPSILON = 1e-8f;

static int find(const char *name, const char *const *names, int n) {
    for (int i = 0; name && i < n; i++)
        if (strcmp(name, names[i]) == 0) return i;
    return -1;
}

mdg_status mdg_optimizer_of(const char *name, mdg_optimizer_kind *out, mdg_diag *diag) {
    static const char *const names[] = {[MDG_ADAM] = "adam", [MDG_ADAMW] = "adamw", [MDG_SGD] = "sgd"};
    const int i = find(name, names, 3);
    if (i < 0)
        return mdg_fail(diag, MDG_INVALID, "train: optimizer %s is not known; take adam, adamw or sgd",
                        name ? name : "(none)");
    *out = (mdg_optimizer_kind)i;
    return MDG_OK;
}

mdg_status mdg_schedule_of(const char *name, mdg_schedule_kind *out, mdg_diag *diag) {
    static const char *const names[] = {
        [MDG_COSINE] = "cosine", [MDG_STEP] = "step", [MDG_PLATEAU] = "plateau", [MDG_CONSTANT] = "constant"};
    const int i = find(name, names, 4);
    if (i < 0)
        return mdg_fail(diag, MDG_INVALID,
                        "train: schedule %s is not known; take cosine, step, plateau or constant",
                        name ? name : "(none)");
    *out = (mdg_schedule_kind)i;
    return MDG_OK;
}

/* o->step counts the step being taken. The bias corrections are folded into rate and epsilon. */
static void update_adam(const mdg_optimizer *o, float *p, const float *g, mdg_span span, float decay,
                        float rate) {
    const float correction1 = 1.0f - (float)pow(BETA1, (double)o->step);
    const float correction2 = sqrtf(1.0f - (float)pow(BETA2, (double)o->step));
    const float size = rate * correction2 / correction1, epsilon = EPSILON * correction2;
    const float l2 = o->kind == MDG_ADAM ? decay : 0.0f,
                keep = o->kind == MDG_ADAMW ? 1.0f - rate * decay : 1.0f;
    float *m = o->m + span.at, *v = o->v + span.at;
    for (size_t i = 0; i < span.count; i++) {
        const float gi = g[i] + l2 * p[i];
        m[i] = BETA1 * m[i] + (1.0f - BETA1) * gi;
        v[i] = BETA2 * v[i] + (1.0f - BETA2) * gi * gi;
        p[i] = keep * p[i] - size * m[i] / (sqrtf(v[i]) + epsilon);
    }
}

static void update_sgd(const mdg_optimizer *o, float *p, const float *g, mdg_span span, float decay,
                       float rate) {
    float *velocity = o->m + span.at;
    for (size_t i = 0; i < span.count; i++) {
        const float gi = g[i] + decay * p[i];
        velocity[i] = o->momentum * velocity[i] + gi;
        p[i] -= rate * (o->nesterov ? gi + o->momentum * velocity[i] : velocity[i]);
    }
}

void mdg_optimizer_update(const mdg_optimizer *o, float *params, const float *gradients, mdg_span span,
                          bool decays, float rate) {
    const float decay = decays ? o->weight_decay : 0.0f;
    if (o->kind == MDG_SGD)
        update_sgd(o, params + span.at, gradients + span.at, span, decay, rate);
    else
        update_adam(o, params + span.at, gradients + span.at, span, decay, rate);
}

void mdg_optimizer_step(mdg_optimizer *o, mdg_net *net, const float *gradients, float rate) {
    o->step++;
    for (int i = 0; i < net->spec.n_layers; i++) {
        const mdg_layer *l = &net->layers[i];
        if (l->frozen) continue;
        mdg_optimizer_update(o, net->params, gradients, l->weights, true, rate);
        mdg_optimizer_update(o, net->params, gradients, l->bias, false, rate);
        mdg_optimizer_update(o, net->params, gradients, l->norm, false, rate);
    }
}

/* Several sums, so that the processor need not wait for one addition before the next. */
double mdg_gradient_norm(const float *gradients, size_t count) {
    enum { LANES = 8 };
    double sums[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t k = 0; k < LANES; k++) sums[k] += (double)gradients[i + k] * (double)gradients[i + k];
    for (; i < count; i++) sum += (double)gradients[i] * (double)gradients[i];
    for (size_t k = 0; k < LANES; k++) sum += sums[k];
    return sqrt(sum);
}

void mdg_gradient_clip(float *gradients, size_t count, double norm, float longest) {
    if (!(longest > 0.0f) || norm <= (double)longest) return;
    const float factor = (float)((double)longest / norm);
    for (size_t i = 0; i < count; i++) gradients[i] *= factor;
}

int mdg_plateaus(const float *losses, int n, int patience) {
    float best = INFINITY;
    int falls = 0, waited = 0;
    for (int i = 0; i < n; i++) {
        waited = losses[i] < best ? 0 : waited + 1;
        best = fminf(best, losses[i]);
        if (waited < patience) continue;
        falls++;
        waited = 0;
    }
    return falls;
}

float mdg_learning_rate(const mdg_train_opts *opts, mdg_schedule_kind kind, double epoch, int falls) {
    const double warmup = opts->warmup_epochs, top = (double)opts->learning_rate;
    if (epoch < warmup) return (float)(top * epoch / warmup);
    if (kind == MDG_CONSTANT) return opts->learning_rate;
    if (kind == MDG_PLATEAU) return (float)(top * pow((double)opts->step_factor, falls));
    if (kind == MDG_STEP)
        return (float)(top * pow((double)opts->step_factor, floor(epoch / opts->step_epochs)));
    const double done = (epoch - warmup) / (opts->epochs - warmup);
    return (float)(top * 0.5 * (1.0 + cos(3.14159265358979323846 * (done < 1.0 ? done : 1.0))));
}
