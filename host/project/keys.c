/* SPDX-License-Identifier: MIT */
#include "project/keys.h"

#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* The table of keys of a section, whose texts are in struct r and whose values in struct FIELDS. */
#define KEY(r, k, key, member, text, least, most, words)                                                     \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_##k,                                                                                    \
     .raw = offsetof(r, key),                                                                                \
     .field = offsetof(FIELDS, member),                                                                      \
     .fallback = text,                                                                                       \
     .low = least,                                                                                           \
     .high = most,                                                                                           \
     .help = words},
#define CHOICE(r, k, key, member, text, list, words)                                                         \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_##k,                                                                                    \
     .raw = offsetof(r, key),                                                                                \
     .field = offsetof(FIELDS, member),                                                                      \
     .fallback = text,                                                                                       \
     .choices = list,                                                                                        \
     .help = words},
#define LIST(r, key, member, number, words)                                                                  \
    {.name = #key,                                                                                           \
     .kind = MDG_KEY_LIST,                                                                                   \
     .raw = offsetof(r, key),                                                                                \
     .field = offsetof(FIELDS, member),                                                                      \
     .count = offsetof(FIELDS, number),                                                                      \
     .help = words},

#define FIELDS mdg_project
static const mdg_key top_keys[] = {MDG_KEYS_top(mdg_raw_project, KEY, CHOICE, LIST)};
#define SECTION_KEYS(s, words)                                                                               \
    static const mdg_key s##_keys[] = {MDG_KEYS_##s(mdg_raw_##s, KEY, CHOICE, LIST)};
MDG_SECTIONS(SECTION_KEYS, SECTION_KEYS)
#undef FIELDS
#define FIELDS mdg_layer_values
static const mdg_key layer_keys[] = {MDG_KEYS_layer(mdg_raw_layer, KEY, CHOICE, LIST)};

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
const mdg_key_section mdg_key_sections[] = {MDG_SECTIONS(SECTION, SECTION)};
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
