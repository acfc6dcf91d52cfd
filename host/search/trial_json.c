/* SPDX-License-Identifier: MIT */
#include "search/trial_json.h"

#include <string.h>

/* Members of mdg_trial_result and their names in JSON */
#define FIGURES(F)                                                                                           \
    F(accuracy, "accuracy")                                                                                  \
    F(accuracy_float, "accuracy_float")                                                                      \
    F(flash, "flash_bytes")                                                                                  \
    F(ram, "ram_bytes")                                                                                      \
    F(instructions, "instructions")                                                                          \
    F(seconds, "seconds")

static void set_candidate(json_t *o, const mdg_space *space, const mdg_candidate *c) {
    json_t *settings = json_object(), *values = json_array();
    for (int i = 0; i < space->n; i++) {
        const mdg_dimension *d = &space->dimensions[i];
        if (mdg_space_applies(space, c, i))
            json_object_set_new(settings, d->key, json_string(d->values[c->value[i]]));
        json_array_append_new(values, json_integer(c->value[i]));
    }
    json_object_set_new(o, "settings", settings);
    json_object_set_new(o, "values", values);
}

json_t *mdg_trial_json(const mdg_space *space, const mdg_trial *t) {
    json_t *o = json_object();
    json_object_set_new(o, "id", json_integer(t->id));
    json_object_set_new(o, "epochs", json_integer(t->epochs));
    json_object_set_new(o, "final", json_boolean(t->is_final));
    set_candidate(o, space, &t->candidate);
    if (t->state == MDG_TRIAL_FAILED) {
        json_object_set_new(o, "failed", json_string(t->result.why));
        return o;
    }
#define SET(member, name) json_object_set_new(o, name, json_real(t->result.member));
    FIGURES(SET)
#undef SET
    return o;
}

static bool read_values(json_t *o, mdg_candidate *out) {
    const json_t *values = json_object_get(o, "values");
    const size_t n = json_array_size(values);
    if (!values || n > MDG_SPACE_MAX_DIMENSIONS) return false;
    for (size_t i = 0; i < n; i++) {
        const json_int_t v = json_integer_value(json_array_get(values, i));
        if (v < 0 || v >= MDG_SPACE_MAX_VALUES) return false;
        out->value[i] = (uint8_t)v;
    }
    return true;
}

bool mdg_trial_from_json(json_t *o, mdg_trial *out) {
    memset(out, 0, sizeof *out);
    out->id = (int)json_integer_value(json_object_get(o, "id"));
    out->epochs = (int)json_integer_value(json_object_get(o, "epochs"));
    out->is_final = json_is_true(json_object_get(o, "final"));
    if (out->id < 1 || !read_values(o, &out->candidate)) return false;
    const char *why = json_string_value(json_object_get(o, "failed"));
    out->state = why ? MDG_TRIAL_FAILED : MDG_TRIAL_DONE;
    if (why) strncpy(out->result.why, why, sizeof out->result.why - 1);
#define GET(member, name)                                                                                    \
    if (!why && !json_is_number(json_object_get(o, name))) return false;                                     \
    out->result.member = json_number_value(json_object_get(o, name));
    FIGURES(GET)
#undef GET
    return true;
}
