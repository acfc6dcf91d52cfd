/* SPDX-License-Identifier: MIT
 *
 * keys.h: what the lists of schema.h become. Every value of midge.yaml is first read as text (raw), so that
 * all messages about values are made in one place; then values.c converts it, by the table of keys.
 */
#ifndef MDG_PROJECT_KEYS_H
#define MDG_PROJECT_KEYS_H

#include "project/project.h"
#include "project/schema.h"

/* The texts of each section, NULL where a key is absent: mdg_raw_data, ... */
#define MDG_RAW_KEY(raw, kind, key, field, fallback, low, high, help)  char *key;
#define MDG_RAW_CHOICE(raw, kind, key, field, fallback, choices, help) char *key;
#define MDG_RAW_LIST(raw, key, field, count, help)                                                           \
    char **key;                                                                                              \
    unsigned key##_count;
#define MDG_RAW(section) MDG_KEYS_##section(, MDG_RAW_KEY, MDG_RAW_CHOICE, MDG_RAW_LIST)

typedef struct mdg_raw_layer {
    MDG_RAW(layer)
} mdg_raw_layer;
#define MDG_RAW_STRUCT(section, help)                                                                        \
    typedef struct mdg_raw_##section {                                                                       \
        MDG_RAW(section)                                                                                     \
    } mdg_raw_##section;
#define MDG_RAW_STRUCT_WITH_LAYERS(section, help)                                                            \
    typedef struct mdg_raw_##section {                                                                       \
        MDG_RAW(section)                                                                                     \
        mdg_raw_layer *layers;                                                                               \
        unsigned layers_count;                                                                               \
    } mdg_raw_##section;
MDG_SECTIONS(MDG_RAW_STRUCT, MDG_RAW_STRUCT_WITH_LAYERS)

typedef struct mdg_raw_project {
    MDG_RAW(top)
#define MDG_RAW_MEMBER(section, help) mdg_raw_##section *section;
    MDG_SECTIONS(MDG_RAW_MEMBER, MDG_RAW_MEMBER)
#undef MDG_RAW_MEMBER
} mdg_raw_project;

/* A layer while it is read. */
typedef struct mdg_layer_values {
    mdg_layer_spec spec;
    const char *name, *from, *with; /* its own, and the layers it reads; NULL = not said */
    int padding;                    /* index into "valid|same" */
} mdg_layer_values;

typedef enum mdg_key_kind {
    MDG_KEY_TEXT,
    MDG_KEY_INT,
    MDG_KEY_REAL,
    MDG_KEY_FLAG,
    MDG_KEY_MS,
    MDG_KEY_SIZE,
    MDG_KEY_COUNT,
    MDG_KEY_POWER, /* microwatts */
    MDG_KEY_DAYS,
    MDG_KEY_SEED,
    MDG_KEY_PAIR,
    MDG_KEY_NAME,
    MDG_KEY_INDEX,
    MDG_KEY_LIST
} mdg_key_kind;

typedef struct mdg_key {
    const char *name;
    mdg_key_kind kind;
    size_t raw;          /* offset of the text in the section's raw struct */
    size_t field, count; /* offsets in mdg_project (layers: mdg_layer_values) */
    const char *fallback;
    double low, high;
    const char *choices, *help;
} mdg_key;

typedef struct mdg_key_section {
    const char *name; /* "" = the top level */
    const char *help;
    const mdg_key *keys;
    int n_keys;
    size_t raw; /* offset of the pointer to its raw struct in mdg_raw_project */
} mdg_key_section;

extern const mdg_key_section mdg_key_top, mdg_key_layer;
extern const mdg_key_section mdg_key_sections[];
extern const int mdg_key_n_sections;
const mdg_key_section *mdg_key_section_find(const char *name); /* NULL when unknown */

/* The YAML text, for messages that name the line. */
typedef struct mdg_yaml {
    const char *path, *text;
    size_t size;
} mdg_yaml;

/* Reads the YAML's structure through libcyaml. *out is NULL for an empty file; free with mdg_yaml_free. */
mdg_status mdg_yaml_read(const mdg_yaml *y, mdg_raw_project **out, mdg_diag *diag);
void mdg_yaml_free(mdg_raw_project *raw);

/* The line of a key, or of what encloses it; layer counts from 0, -1 = the section is no layer. */
int mdg_yaml_line(const mdg_yaml *y, const char *section, int layer, const char *key);

/* Converts the texts of one section (raw NULL: all absent) into `fields`. */
mdg_status mdg_values_read(const mdg_yaml *y, const mdg_key_section *section, int layer, const void *raw,
                           mdg_arena *arena, void *fields, mdg_diag *diag);

/* The layers of model.layers, each with the indices of those it reads. */
mdg_status mdg_layers_read(const mdg_yaml *y, const mdg_raw_model *raw, mdg_arena *arena,
                           mdg_project_model *out, mdg_diag *diag);

#endif
