/* SPDX-License-Identifier: MIT
 *
 * item.h: a clip on its way from a source to a sink.
 */
#ifndef MDG_ITEM_H
#define MDG_ITEM_H

#include "collection/convert.h"
#include "data/images.h"
#include "data/series.h"

typedef struct mdg_item {
    mdg_data_kind kind;
    const char *name;                  /* without extension */
    const char *label, *group, *split; /* "" = none; split as mdg_split_text */
    const char *source;                /* file or place it is from */
    const char *file;                  /* its content is this file's; else: */
    const float *values;               /* [n][channels]; of sound 1 is full scale */
    size_t n;
    int channels;
    const char *const *names; /* [channels] */
    const char *units;        /* of the channels, blanks between; NULL = not known */
    double rate;              /* Hz; 0 = not known */
    const uint8_t *pixels;    /* [h][w][channels] */
    int h, w;
} mdg_item;

typedef struct mdg_converter mdg_converter;

typedef struct mdg_sink {
    mdg_status (*open)(mdg_converter *c);
    mdg_status (*take)(mdg_converter *c, const mdg_item *item); /* MDG_INVALID: this one is left out */
    mdg_status (*close)(mdg_converter *c);
} mdg_sink;

typedef mdg_status (*mdg_source)(mdg_converter *c);

enum { MDG_CONVERT_MAX_WORDS = 4096 };

/* Words with numbers from 0, as they come */
typedef struct mdg_numbers {
    const char *words[MDG_CONVERT_MAX_WORDS];
    int n;
} mdg_numbers;

struct mdg_converter {
    const mdg_convert_opts *opts;
    const mdg_progress *progress;
    mdg_convert_result *result;
    mdg_diag *diag;
    mdg_arena *kept;       /* of the whole conversion */
    mdg_arena *arena;      /* the source's: of one file */
    mdg_arena *item_arena; /* the sink's: of one clip */
    mdg_numbers labels, groups;
    mdg_sink sink;
    void *state; /* the sink's */
    void *source_state;
};

/* Gives a clip to the sink. Returns what must end the conversion: not MDG_INVALID, which is told and counted.
 */
mdg_status mdg_convert_give(mdg_converter *c, const mdg_item *item);

/* The number of a word, a new one where it has none; -1 where there are too many. */
int mdg_convert_number(mdg_converter *c, mdg_numbers *numbers, const char *word);

/* Tells and counts what is left out; returns MDG_OK. */
mdg_status mdg_convert_skip(mdg_converter *c, const char *place, const char *cause);

/* All files of source in order, or those with an extension: each with its path, and that below source. */
typedef mdg_status (*mdg_source_visit)(mdg_converter *c, const char *path, const char *below);
mdg_status mdg_source_files(mdg_converter *c, const char *extension, mdg_source_visit visit);

/* Content in a form that a sink asks for, in item_arena; diag gets the cause alone. */
mdg_status mdg_item_series(mdg_converter *c, const mdg_item *item, int rate, mdg_series *out, double *hz);
mdg_status mdg_item_image(mdg_converter *c, const mdg_item *item, int h, int w, bool grey, mdg_image *out);

/* The file's name without folder and extension. */
const char *mdg_item_stem(mdg_arena *arena, const char *path);

/* A name that every file system takes, and of a group one without '_', at which "{group}_*" ends. */
const char *mdg_item_clean(mdg_converter *c, const char *text, bool is_group);

/* <label>/<group>_<name>.<extension>; the group unless the name begins with it */
const char *mdg_item_place(mdg_converter *c, const mdg_item *item, const char *extension);

#define MDG_SOURCE(name, text) mdg_status mdg_source_##name(mdg_converter *c);
MDG_FORMAT_LIST(MDG_SOURCE)
#undef MDG_SOURCE
#define MDG_SINK(name, text) extern const mdg_sink mdg_sink_##name;
MDG_FORMAT_LIST(MDG_SINK)
#undef MDG_SINK

#endif
