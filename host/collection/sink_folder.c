/* SPDX-License-Identifier: MIT
 *
 * Sinks whose clips are files in class folders: a folder of classes with metadata.csv, the same as tables,
 * Speech Commands, ESC-50.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/csv.h"
#include "collection/item.h"
#include "collection/png.h"
#include "collection/trim.h"
#include "data/audio.h"
#include "util/file.h"

typedef struct lists {
    FILE *metadata, *validation, *testing;
} lists;

static FILE *open_list(mdg_converter *c, const char *name) {
    return fopen(mdg_arena_printf(c->arena, "%s/%s", c->opts->out, name), "a");
}

static mdg_status no_list(mdg_converter *c) {
    return mdg_fail(c->diag, MDG_IO, "%s: its lists cannot be written: %s", c->opts->out, strerror(errno));
}

static mdg_status open_metadata(mdg_converter *c, const char *name, const char *head) {
    lists *l = c->state = mdg_arena_alloc(c->kept, sizeof *l);
    l->metadata = open_list(c, name);
    if (!l->metadata) return no_list(c);
    fseek(l->metadata, 0, SEEK_END);
    if (ftell(l->metadata) == 0) fputs(head, l->metadata);
    return MDG_OK;
}

static mdg_status close_lists(mdg_converter *c) {
    const lists *l = c->state;
    FILE *const files[] = {l->metadata, l->validation, l->testing};
    bool failed = false;
    for (int i = 0; i < 3; i++) {
        if (!files[i]) continue;
        failed |= ferror(files[i]) != 0;
        failed |= fclose(files[i]) != 0;
    }
    return failed ? no_list(c) : MDG_OK;
}

const char *mdg_item_clean(mdg_converter *c, const char *text, bool is_group) {
    char *out = mdg_arena_strdup(c->item_arena, *text ? text : "unlabelled");
    for (char *p = out; *p; p++)
        if (iscntrl((unsigned char)*p) || strchr("/\\:*?\"<>|", *p) || (is_group && *p == '_')) *p = '-';
    if (*out == '.') *out = '-';
    return out;
}

const char *mdg_item_place(mdg_converter *c, const mdg_item *item, const char *extension) {
    const char *label = mdg_item_clean(c, item->label, false), *name = mdg_item_clean(c, item->name, false);
    const char *group = *item->group ? mdg_item_clean(c, item->group, true) : "";
    const size_t n = strlen(group);
    if (!n || (strncmp(name, group, n) == 0 && name[n] == '_'))
        return mdg_arena_printf(c->item_arena, "%s/%s.%s", label, name, extension);
    return mdg_arena_printf(c->item_arena, "%s/%s_%s.%s", label, group, name, extension);
}

static const char *extension_of(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : "bin";
}

static mdg_status copy_file(mdg_converter *c, const char *from, const char *to) {
    char piece[1 << 16];
    mdg_writer w;
    FILE *in = fopen(from, "rb");
    if (!in) return mdg_fail(c->diag, MDG_INVALID, "cannot be read: %s", strerror(errno));
    const mdg_status status = mdg_writer_open(&w, to, c->diag);
    if (status == MDG_OK) {
        w.unsynced = true;
        for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;) fwrite(piece, 1, n, w.stream);
    }
    fclose(in);
    return status == MDG_OK ? mdg_writer_close(&w, c->diag) : status;
}

static mdg_status write_table(mdg_converter *c, const mdg_item *item, const char *path) {
    mdg_series s;
    mdg_writer w;
    double hz;
    MDG_TRY(mdg_item_series(c, item, c->opts->rate, &s, &hz));
    MDG_TRY(mdg_writer_open(&w, path, c->diag));
    w.unsynced = true;
    for (int k = 0; k < s.channels; k++) {
        if (k) fputc(',', w.stream);
        if (s.names && *s.names[k])
            mdg_csv_put(w.stream, s.names[k]);
        else
            fprintf(w.stream, "c%d", k + 1);
    }
    for (size_t i = 0; i < s.n * (size_t)s.channels; i++)
        fprintf(w.stream, "%c%.9g", i % (size_t)s.channels ? ',' : '\n', (double)s.values[i]);
    fputc('\n', w.stream);
    return mdg_writer_close(&w, c->diag);
}

/* Sound of one channel; of several their mean, in place */
static void mix_down(mdg_series *s) {
    for (size_t i = 0; i < s->n; i++) {
        float sum = 0;
        for (int k = 0; k < s->channels; k++) sum += s->values[i * (size_t)s->channels + (size_t)k];
        s->values[i] = sum / (float)s->channels;
    }
    s->channels = 1;
}

static mdg_status write_sound(mdg_converter *c, const mdg_item *item, int rate, const char *path) {
    mdg_series s;
    double hz;
    MDG_TRY(mdg_item_series(c, item, rate, &s, &hz));
    mix_down(&s);
    if (c->opts->trim_db > 0) MDG_TRY(mdg_trim(&s, hz, c->opts->trim_db, c->opts->trim_pad_ms, c->diag));
    int16_t *samples = mdg_arena_array(c->item_arena, s.n, sizeof *samples);
    for (size_t i = 0; i < s.n; i++)
        samples[i] = (int16_t)lrintf(fminf(fmaxf(s.values[i] * 32768.0f, -32768.0f), 32767.0f));
    if (s.n > 1u << 30) return mdg_fail(c->diag, MDG_INVALID, "too long for a WAV file");
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, c->diag));
    w.unsynced = true;
    mdg_wav_put(w.stream, samples, s.n, (int)lround(hz));
    return mdg_writer_close(&w, c->diag);
}

static mdg_status write_picture(mdg_converter *c, const mdg_item *item, const char *path) {
    return mdg_png_write(path, item->pixels, item->h, item->w, item->channels, c->item_arena, c->diag);
}

/* How a clip becomes a file: as it is, or WAV, CSV, PNG. */
typedef enum form { AS_IS, AS_WAV, AS_TABLE, AS_PNG } form;

static mdg_status write_file(mdg_converter *c, const mdg_item *item, form as, const char *place) {
    const char *path = mdg_arena_printf(c->item_arena, "%s/%s", c->opts->out, place);
    char *folder = mdg_arena_strdup(c->item_arena, path);
    *strrchr(folder, '/') = '\0';
    if (mdg_file_exists(path)) {
        c->result->there++;
        return MDG_OK;
    }
    MDG_TRY(mdg_folder_make(folder, c->diag));
    switch (as) {
    case AS_IS: return copy_file(c, item->file, path);
    case AS_WAV: return write_sound(c, item, c->opts->rate, path);
    case AS_TABLE: return write_table(c, item, path);
    default: return write_picture(c, item, path);
    }
}

static form form_of(const mdg_converter *c, const mdg_item *item) {
    const bool changes = c->opts->rate || c->opts->trim_db > 0;
    if (item->kind == MDG_DATA_AUDIO && (changes || !item->file)) return AS_WAV;
    if (item->file) return AS_IS;
    return item->kind == MDG_DATA_IMAGES ? AS_PNG : AS_TABLE;
}

/* Files that are there were told of when they came. */
static mdg_status take_file(mdg_converter *c, const mdg_item *item, form as) {
    const lists *l = c->state;
    const char *const extensions[] = {item->file ? extension_of(item->file) : "", "wav", "csv", "png"};
    const char *place = mdg_item_place(c, item, extensions[as]);
    const int64_t there = c->result->there;
    MDG_TRY(write_file(c, item, as, place));
    if (c->result->there > there) return MDG_OK;
    const char *const cells[] = {place, item->label, item->group, item->split, item->source};
    for (int i = 0; i < 5; i++) {
        if (i) fputc(',', l->metadata);
        mdg_csv_put(l->metadata, cells[i]);
    }
    fprintf(l->metadata, item->rate > 0 ? ",%.9g," : ",,", item->rate);
    mdg_csv_put(l->metadata, item->units ? item->units : "");
    fputc('\n', l->metadata);
    return MDG_OK;
}

static const char metadata_head[] = "path,label,group,split,source,rate_hz,units\n";

static mdg_status open_folder(mdg_converter *c) {
    return open_metadata(c, "metadata.csv", metadata_head);
}

static mdg_status take_folder(mdg_converter *c, const mdg_item *item) {
    if (c->opts->trim_db > 0 && item->kind != MDG_DATA_AUDIO)
        return mdg_fail(c->diag, MDG_INVALID, "is no sound, which alone is trimmed");
    return take_file(c, item, form_of(c, item));
}

static mdg_status take_table(mdg_converter *c, const mdg_item *item) {
    return take_file(c, item, AS_TABLE);
}

const mdg_sink mdg_sink_folder = {open_folder, take_folder, close_lists};
const mdg_sink mdg_sink_csv = {open_folder, take_table, close_lists};

/* --- Speech Commands: WAV at 16 kHz unless --rate says otherwise, lists of the splits ------------------- */

static mdg_status open_speech(mdg_converter *c) {
    lists *l = c->state = mdg_arena_alloc(c->kept, sizeof *l);
    l->validation = open_list(c, "validation_list.txt");
    l->testing = open_list(c, "testing_list.txt");
    return l->validation && l->testing ? MDG_OK : no_list(c);
}

/* <speaker>_nohash_<name>: the collection's readers take the speaker from it. */
static mdg_status take_speech(mdg_converter *c, const mdg_item *item) {
    const lists *l = c->state;
    mdg_item named = *item;
    const char *group = *item->group ? mdg_item_clean(c, item->group, true) : NULL;
    if (item->kind != MDG_DATA_AUDIO) return mdg_fail(c->diag, MDG_INVALID, "is no sound");
    if (group && !strstr(item->name, "_nohash_"))
        named.name = mdg_arena_printf(c->item_arena, "%s_nohash_%s", group, item->name);
    named.group = "";
    const char *place = mdg_item_place(c, &named, "wav");
    const int64_t there = c->result->there;
    MDG_TRY(write_file(c, item, AS_WAV, place));
    if (c->result->there > there) return MDG_OK;
    if (strcmp(item->split, mdg_split_text(MDG_SPLIT_VALIDATION)) == 0) fprintf(l->validation, "%s\n", place);
    if (strcmp(item->split, mdg_split_text(MDG_SPLIT_TEST)) == 0) fprintf(l->testing, "%s\n", place);
    return MDG_OK;
}

const mdg_sink mdg_sink_speech_commands = {open_speech, take_speech, close_lists};

/* --- ESC-50: meta/esc50.csv and audio/ ------------------------------------------------------------------ */

static mdg_status open_esc50(mdg_converter *c) {
    MDG_TRY(mdg_folder_make(mdg_arena_printf(c->arena, "%s/meta", c->opts->out), c->diag));
    return open_metadata(c, "meta/esc50.csv", "filename,fold,target,category,esc10,src_file,take\n");
}

static mdg_status take_esc50(mdg_converter *c, const mdg_item *item) {
    const lists *l = c->state;
    mdg_item flat = *item;
    const int target = mdg_convert_number(c, &c->labels, item->label);
    const int group = mdg_convert_number(c, &c->groups, item->group);
    if (item->kind != MDG_DATA_AUDIO) return mdg_fail(c->diag, MDG_INVALID, "is no sound");
    const bool is_fold = *item->group && strspn(item->group, "0123456789") == strlen(item->group);
    flat.label = "audio";
    flat.name = mdg_arena_printf(c->item_arena, "%s-%d", item->name, target);
    const char *place = mdg_item_place(c, &flat, "wav");
    const int64_t there = c->result->there;
    MDG_TRY(write_file(c, item, AS_WAV, place));
    if (c->result->there > there) return MDG_OK;
    mdg_csv_put(l->metadata, strchr(place, '/') + 1);
    if (is_fold)
        fprintf(l->metadata, ",%s,%d,", item->group, target);
    else
        fprintf(l->metadata, ",%d,%d,", group + 1, target);
    mdg_csv_put(l->metadata, item->label);
    fputs(",False,", l->metadata);
    mdg_csv_put(l->metadata, item->source);
    fputs(",A\n", l->metadata);
    return MDG_OK;
}

const mdg_sink mdg_sink_esc50 = {open_esc50, take_esc50, close_lists};
