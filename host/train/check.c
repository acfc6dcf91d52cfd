/* SPDX-License-Identifier: MIT */
#include "train/check.h"

#include <string.h>

static mdg_status check_opts(const mdg_train_opts *o, const mdg_train_source *source, mdg_diag *diag) {
    const char *wrong =
        source->n_train < 1                                          ? "there are no training samples"
        : o->epochs < 1                                              ? "epochs must be at least 1"
        : o->batch < 1                                               ? "batch must be at least 1"
        : !(o->learning_rate > 0.0f)                                 ? "learning_rate must be above 0"
        : !(o->momentum >= 0.0f && o->momentum < 1.0f)               ? "momentum must be in [0, 1)"
        : !(o->weight_decay >= 0.0f)                                 ? "weight_decay must not be negative"
        : !(o->label_smoothing >= 0.0f && o->label_smoothing < 1.0f) ? "label_smoothing must be in [0, 1)"
        : !(o->gradient_clip >= 0.0f)                                ? "gradient_clip must not be negative"
        : !(o->average >= 0.0f && o->average < 1.0f)                 ? "ema must be in [0, 1)"
        : o->balanced && !source->labels ? "balanced sampling needs the labels of the samples"
        : o->warmup_epochs < 0 || o->warmup_epochs >= o->epochs ? "warmup_epochs must be in [0, epochs)"
        : o->schedule && (strcmp(o->schedule, "step") == 0 || strcmp(o->schedule, "plateau") == 0) &&
                (o->step_epochs < 1 || !(o->step_factor > 0.0f))
            ? "the schedules step and plateau need step_epochs of at least 1 and a step_factor above 0"
            : NULL;
    return wrong ? mdg_fail(diag, MDG_INVALID, "train: %s", wrong) : MDG_OK;
}

static mdg_status check_teacher(const mdg_net *net, const mdg_train_opts *o, const mdg_train_source *source,
                                mdg_diag *diag) {
    if (!source->teach && !source->elder) return MDG_OK;
    if (net->spec.objective != MDG_OBJECTIVE_CLASSES)
        return mdg_fail(diag, MDG_INVALID,
                        "train: a teacher teaches classes; this network has another objective");
    if (o->teacher_share >= 0.0f && o->teacher_share <= 1.0f && o->temperature > 0.0f) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "train: teacher_share must be in [0, 1], and temperature above 0");
}

/* A label of no class would be counted nowhere. Where no class is learned, labels are of use for balance
 * only. */
static mdg_status check_labels(const mdg_net *net, const mdg_train_opts *o, const mdg_train_source *source,
                               mdg_diag *diag) {
    const int n_classes = net->spec.n_classes;
    const bool used = source->labels && (o->balanced || net->spec.objective == MDG_OBJECTIVE_CLASSES);
    for (int i = 0; used && i < source->n_train; i++) {
        const int label = source->labels[i];
        if (label < 0 || label >= n_classes)
            return mdg_fail(diag, MDG_INVALID,
                            "train: training sample %d has label %d, but the network has the classes 0 to %d",
                            i, label, n_classes - 1);
    }
    return MDG_OK;
}

mdg_status mdg_train_check(const mdg_net *net, const mdg_train_opts *o, const mdg_train_source *source,
                           mdg_diag *diag) {
    MDG_TRY(check_opts(o, source, diag));
    MDG_TRY(check_labels(net, o, source, diag));
    return check_teacher(net, o, source, diag);
}
