/* SPDX-License-Identifier: MIT */
#include "project/keys.h"

#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* The table of keys of a section, whose texts are in struct RAW and whose values in struct FIELDS. */
#define KEY(k, key, member, text, least, most, words)                                                        \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_##k,                                                                                    \
     .raw = offsetof(RAW, key),                                                                              \
     .field = offsetof(FIELDS, member),                                                                      \
     .fallback = text,                                                                                       \
     .low = least,                                                                                           \
     .high = most,                                                                                           \
     .help = words},
#define CHOICE(k, key, member, text, list, words)                                                            \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_##k,                                                                                    \
     .raw = offsetof(RAW, key),                                                                              \
     .field = offsetof(FIELDS, member),                                                                      \
     .fallback = text,                                                                                       \
     .choices = list,                                                                                        \
     .help = words},
#define LIST(key, member, number, words)                                                                     \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_LIST,                                                                                   \
     .raw = offsetof(RAW, key),                                                                              \
     .field = offsetof(FIELDS, member),                                                                      \
     .count = offsetof(FIELDS, number),                                                                      \
     .help = words},

#define FIELDS mdg_project
#define RAW    mdg_raw_project
static const mdg_key top_keys[] = {MDG_KEYS_top(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_data
static const mdg_key data_keys[] = {MDG_KEYS_data(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_features
static const mdg_key features_keys[] = {MDG_KEYS_features(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_augment
static const mdg_key augment_keys[] = {MDG_KEYS_augment(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_model
static const mdg_key model_keys[] = {MDG_KEYS_model(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_train
static const mdg_key train_keys[] = {MDG_KEYS_train(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_quantize
static const mdg_key quantize_keys[] = {MDG_KEYS_quantize(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_decide
static const mdg_key decide_keys[] = {MDG_KEYS_decide(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_budget
static const mdg_key budget_keys[] = {MDG_KEYS_budget(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_search
static const mdg_key search_keys[] = {MDG_KEYS_search(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_board
static const mdg_key board_keys[] = {MDG_KEYS_board(KEY, CHOICE, LIST)};
#undef RAW
#define RAW mdg_raw_battery
static const mdg_key battery_keys[] = {MDG_KEYS_battery(KEY, CHOICE, LIST)};
#undef RAW
#undef FIELDS
#define FIELDS mdg_layer_values
#define RAW    mdg_raw_layer
static const mdg_key layer_keys[] = {MDG_KEYS_layer(KEY, CHOICE, LIST)};

const mdg_key_section mdg_key_top = {.name = "", .help = "", .keys = top_keys, .n_keys = COUNT(top_keys)};
const mdg_key_section mdg_key_layer = {.name = "model.layers",
                                       .help = "each layer of model.layers",
                                       .keys = layer_keys,
                                       .n_keys = COUNT(layer_keys)};

#define SECTION(s, words)                                                                                    \
    {.name = #s,                                                                                             \
     .help = words,                                                                                          \
     .keys = s##_keys,                                                                                       \
     .n_keys = COUNT(s##_keys),                                                                              \
     .raw = offsetof(mdg_raw_project, s)},
const mdg_key_section mdg_key_sections[] = {MDG_SECTIONS(SECTION)};
const int mdg_key_n_sections = COUNT(mdg_key_sections);

const mdg_key_section *mdg_key_section_find(const char *name) {
    if (strcmp(name, "layers") == 0) return &mdg_key_layer;
    for (int i = 0; i < mdg_key_n_sections; i++)
        if (strcmp(mdg_key_sections[i].name, name) == 0) return &mdg_key_sections[i];
    return NULL;
}

static void print_section(const mdg_key_section *s, FILE *out) {
    const char *indent = s->name[0] ? "  " : "";
    if (s->name[0]) fprintf(out, "\n%s:  # %s\n", s->name, s->help);
    for (int i = 0; i < s->n_keys; i++) {
        const mdg_key *k = &s->keys[i];
        fprintf(out, "%s%s: %s  # %s", indent, k->name, k->fallback ? k->fallback : "", k->help);
        if (k->choices) fprintf(out, " (%s)", k->choices + (k->choices[0] == '|'));
        if (k->low < k->high) fprintf(out, " (%g to %g)", k->low, k->high);
        fputc('\n', out);
    }
}

void mdg_project_print_keys(FILE *out) {
    print_section(&mdg_key_top, out);
    for (int i = 0; i < mdg_key_n_sections; i++) print_section(&mdg_key_sections[i], out);
    print_section(&mdg_key_layer, out);
}
