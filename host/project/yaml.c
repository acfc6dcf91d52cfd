/* SPDX-License-Identifier: MIT
 *
 * yaml.c: midge.yaml's structure through libcyaml; its log becomes one line that names file, line and way
 * out.
 */
#include <cyaml/cyaml.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "project/keys.h"

enum { OPTIONAL_TEXT = CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER_NULL_STR };

static const cyaml_schema_value_t list_item = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

#define TEXT_FIELD(raw, kind, key, field, fallback, low, high, help)                                         \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL_TEXT, raw, key, 0, CYAML_UNLIMITED),
#define CHOICE_FIELD(raw, kind, key, field, fallback, choices, help)                                         \
    CYAML_FIELD_STRING_PTR(#key, OPTIONAL_TEXT, raw, key, 0, CYAML_UNLIMITED),
#define LIST_FIELD(raw, key, field, count, help)                                                             \
    CYAML_FIELD_SEQUENCE(#key, OPTIONAL_TEXT, raw, key, &list_item, 0, CYAML_UNLIMITED),

#define FIELDS(section) MDG_KEYS_##section(mdg_raw_##section, TEXT_FIELD, CHOICE_FIELD, LIST_FIELD)

static const cyaml_schema_field_t layer_fields[] = {FIELDS(layer) CYAML_FIELD_END};
static const cyaml_schema_value_t layer_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, mdg_raw_layer, layer_fields)};
#define SECTION(section, help)                                                                               \
    static const cyaml_schema_field_t section##_fields[] = {FIELDS(section) CYAML_FIELD_END};
#define SECTION_WITH_LAYERS(section, help)                                                                   \
    static const cyaml_schema_field_t section##_fields[] = {                                                 \
        FIELDS(section)                                                                                      \
            CYAML_FIELD_SEQUENCE("layers", OPTIONAL_TEXT, mdg_raw_##section, layers, &layer_value, 0, 256),  \
        CYAML_FIELD_END};
MDG_SECTIONS(SECTION, SECTION_WITH_LAYERS)
#define SECTION_FIELD(section, help)                                                                         \
    CYAML_FIELD_MAPPING_PTR(#section, OPTIONAL_TEXT, mdg_raw_project, section, section##_fields),
static const cyaml_schema_field_t project_fields[] = {
    MDG_KEYS_top(mdg_raw_project, TEXT_FIELD, CHOICE_FIELD, LIST_FIELD)
        MDG_SECTIONS(SECTION_FIELD, SECTION_FIELD) CYAML_FIELD_END};
static const cyaml_schema_value_t project_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER_NULL, mdg_raw_project, project_fields)};

/* --- where a key stands ------------------------------------------------------------------------------- */

typedef struct line_text {
    const char *text; /* behind the indentation and "- " */
    size_t length;
    int indent;
    bool is_item, is_blank;
} line_text;

static line_text line_at(const mdg_yaml *y, size_t *at) {
    const char *start = y->text + *at, *end = memchr(start, '\n', y->size - *at);
    const size_t length = end ? (size_t)(end - start) : y->size - *at;
    *at += length + 1;
    size_t i = 0;
    while (i < length && start[i] == ' ') i++;
    line_text l = {.indent = (int)i, .is_item = i + 1 < length && start[i] == '-' && start[i + 1] == ' '};
    l.is_blank = i == length || start[i] == '#' || start[i] == '\r';
    if (l.is_item)
        for (i++; i < length && start[i] == ' ';) i++;
    l.text = start + i;
    l.length = length - i;
    return l;
}

static bool is_key(const line_text *l, const char *key) {
    const size_t n = strlen(key);
    if (l->length <= n || strncmp(l->text, key, n) != 0) return false;
    size_t i = n;
    while (i < l->length && l->text[i] == ' ') i++;
    return i < l->length && l->text[i] == ':';
}

int mdg_yaml_line(const mdg_yaml *y, const char *section, int layer, const char *key) {
    const char *outer = layer >= 0 ? "model" : section;
    bool inside = !outer[0];
    int number = 0, best = 1, item = -1;
    for (size_t at = 0; at < y->size;) {
        const line_text l = line_at(y, &at);
        number++;
        if (l.is_blank) continue;
        if (outer[0] && l.indent == 0 && !l.is_item) {
            inside = is_key(&l, outer);
            if (inside) best = number;
        }
        if (!inside) continue;
        if (layer >= 0 && l.is_item && ++item == layer) best = number;
        if ((layer < 0 || item == layer) && (outer[0] || l.indent == 0) && is_key(&l, key)) return number;
    }
    return best;
}

/* The line of `key`, at or behind line `from`; `from` where it stands in the middle of a line. */
static int line_of_key(const mdg_yaml *y, int from, const char *key) {
    int number = 0;
    for (size_t at = 0; at < y->size;) {
        const line_text l = line_at(y, &at);
        if (++number >= from && !l.is_blank && is_key(&l, key)) return number;
    }
    return from;
}

/* What libcyaml says: the cause, then a backtrace from the innermost key outwards. */
typedef struct yaml_log {
    char cause[300];
    int line; /* 0 = not told */
    const mdg_key_section *section;
} yaml_log;

static void note_place(yaml_log *log, const char *text) {
    const char *line = strstr(text, "(line: ");
    if (line && !log->line) log->line = atoi(line + strlen("(line: "));
    char field[64];
    if (!log->section && sscanf(text, " in mapping field '%63[^']'", field) == 1)
        log->section = mdg_key_section_find(field);
}

__attribute__((format(printf, 3, 0))) static void note(cyaml_log_t level, void *context, const char *format,
                                                       va_list args) {
    (void)level;
    yaml_log *log = context;
    char text[300];
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    const char *prefix = "Load: ";
    if (strncmp(text, prefix, strlen(prefix)) != 0)
        note_place(log, text);
    else if (!log->cause[0])
        snprintf(log->cause, sizeof log->cause, "%s", text + strlen(prefix));
}

static const char *plain_word(const char *event) {
    static const char *const words[][2] = {{"STRING", "one value"},      {"SCALAR", "one value"},
                                           {"MAPPING", "keys below it"}, {"MAPPING_START", "keys below it"},
                                           {"SEQUENCE", "a list"},       {"SEQUENCE_START", "a list"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(event, words[i][0]) == 0) return words[i][1];
    return event;
}

static void list_keys(const mdg_key_section *s, char *out, size_t size) {
    size_t used = 0;
    for (int i = 0; i < s->n_keys && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", s->keys[i].name);
    if (s == &mdg_key_top)
        for (int i = 0; i < mdg_key_n_sections && used < size; i++)
            used += (size_t)snprintf(out + used, size - used, ", %s", mdg_key_sections[i].name);
    if (strcmp(s->name, "model") == 0 && used < size) snprintf(out + used, size - used, ", layers");
}

static mdg_status fail_as_logged(const mdg_yaml *y, const yaml_log *log, mdg_diag *diag) {
    const mdg_key_section *section = log->section ? log->section : &mdg_key_top;
    const char *colon = section->name[0] ? ": " : "";
    const int line = log->line ? log->line : 1;
    char keys[600], wanted[40], found[40];
    list_keys(section, keys, sizeof keys);
    const char *unexpected = "Unexpected key: ";
    if (strncmp(log->cause, unexpected, strlen(unexpected)) == 0) {
        const char *key = log->cause + strlen(unexpected);
        return mdg_fail(diag, MDG_INVALID, "%s:%d: %s%sunknown key '%s'; known are %s", y->path,
                        line_of_key(y, line, key), section->name, colon, key, keys);
    }
    if (sscanf(log->cause, "Expecting %39[A-Z_], got event: %39[A-Z_]", wanted, found) == 2)
        return mdg_fail(diag, MDG_INVALID, "%s:%d: %s%sneeds %s here, not %s", y->path, line, section->name,
                        colon, plain_word(wanted), plain_word(found));
    return mdg_fail(diag, MDG_INVALID, "%s:%d: %s%s", y->path, line,
                    log->cause[0] ? "" : "cannot be read as YAML", log->cause);
}

static cyaml_config_t config_of(yaml_log *log) {
    return (cyaml_config_t){.log_fn = note,
                            .log_ctx = log,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_WARNING,
                            .flags = CYAML_CFG_NO_ALIAS};
}

mdg_status mdg_yaml_read(const mdg_yaml *y, mdg_raw_project **out, mdg_diag *diag) {
    yaml_log log = {.line = 0};
    const cyaml_config_t config = config_of(&log);
    cyaml_data_t *data = NULL;
    *out = NULL;
    if (y->size == 0) return MDG_OK;
    const cyaml_err_t error =
        cyaml_load_data((const uint8_t *)y->text, y->size, &config, &project_value, &data, NULL);
    if (error != CYAML_OK) return fail_as_logged(y, &log, diag);
    *out = data;
    return MDG_OK;
}

void mdg_yaml_free(mdg_raw_project *raw) {
    yaml_log log = {.line = 0};
    const cyaml_config_t config = config_of(&log);
    if (raw) cyaml_free(&config, &project_value, raw, 0);
}
