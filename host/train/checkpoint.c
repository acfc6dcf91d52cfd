/* SPDX-License-Identifier: MIT */
#include "train/checkpoint.h"

#include <string.h>

#include "util/file.h"

static const uint64_t MAGIC = 0x6d69646765636b70u;
enum { VERSION = 2, TRAILER_BYTES = 4 };

/* CRC-32 as in zlib and PNG (reflected polynomial 0xedb88320), four bits at a time. */
static uint32_t crc32_add(uint32_t crc, const void *data, size_t size) {
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                       0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    const uint8_t *bytes = data;
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc = table[(crc ^ bytes[i]) & 15] ^ (crc >> 4);
        crc = table[(crc ^ (bytes[i] >> 4)) & 15] ^ (crc >> 4);
    }
    return ~crc;
}

/* ---- what it belongs to ---- */

static uint32_t crc32_of_net(const mdg_net_spec *s) {
    char text[256];
    int n = snprintf(text, sizeof text, "%d %d %d %d %d %d", s->in_h, s->in_w, s->in_c, s->n_layers,
                     s->n_classes, s->weight_bits);
    uint32_t crc = crc32_add(0, text, (size_t)n);
    for (int i = 0; i < s->n_layers; i++) {
        const mdg_layer_spec *l = &s->layers[i];
        n = snprintf(text, sizeof text, "%d %d %d %d %d %d %d %d %d %d %d %d %a", (int)l->kind, l->from,
                     l->with, l->filters, l->kernel_h, l->kernel_w, l->stride_h, l->stride_w, l->same,
                     l->batch_norm, (int)l->activation, l->sequence, (double)l->rate);
        crc = crc32_add(crc, text, (size_t)n);
    }
    return crc;
}

static uint32_t crc32_of_settings(const mdg_train_opts *o, const mdg_train_source *source, int n_classes) {
    char text[512];
    const int n = snprintf(text, sizeof text, "%s %s %d %d %d %d %d %a %a %d %a %a %a %a %a %d %d %llu %d %d",
                           o->optimizer, o->schedule, o->epochs, o->batch, o->shards, o->warmup_epochs,
                           o->step_epochs, (double)o->learning_rate, (double)o->momentum, o->nesterov,
                           (double)o->weight_decay, (double)o->step_factor, (double)o->label_smoothing,
                           (double)o->gradient_clip, (double)o->average, o->freeze, o->balanced,
                           (unsigned long long)o->seed, source->n_train, source->n_validation);
    uint32_t crc = crc32_add(0, text, (size_t)n);
    if (source->teach || source->elder) {
        crc = crc32_add(crc, &o->teacher_share, sizeof o->teacher_share);
        crc = crc32_add(crc, &o->temperature, sizeof o->temperature);
    }
    if (source->elder) {
        const mdg_net *elder = source->elder;
        crc = crc32_add(crc, elder->params, elder->n_params * sizeof(float));
    }
    return source->class_weights ? crc32_add(crc, source->class_weights, (size_t)n_classes * sizeof(float))
                                 : crc;
}

void mdg_checkpoint_fingerprint(mdg_training *t, const mdg_train_opts *opts, const mdg_train_source *source) {
    t->net_fingerprint = crc32_of_net(&t->net->spec);
    t->settings_fingerprint = crc32_of_settings(opts, source, t->net->spec.n_classes);
}

/* ---- the layout, once: a cursor copies out of memory into the file's bytes, or back ---- */

typedef struct cursor {
    uint8_t *bytes; /* NULL: only counts */
    size_t at;
    bool reads;
} cursor;

static void pass(cursor *c, void *value, size_t size) {
    if (c->bytes && c->reads) memcpy(value, c->bytes + c->at, size);
    if (c->bytes && !c->reads) memcpy(c->bytes + c->at, value, size);
    c->at += size;
}

typedef struct head {
    uint64_t magic;
    uint32_t version, net, settings, n_epochs, best_epoch;
    float best_loss;
} head;

enum { HEAD_BYTES = 32 };

static void pass_head(cursor *c, head *h) {
    pass(c, &h->magic, sizeof h->magic);
    pass(c, &h->version, sizeof h->version);
    pass(c, &h->net, sizeof h->net);
    pass(c, &h->settings, sizeof h->settings);
    pass(c, &h->n_epochs, sizeof h->n_epochs);
    pass(c, &h->best_epoch, sizeof h->best_epoch);
    pass(c, &h->best_loss, sizeof h->best_loss);
}

static void pass_body(cursor *c, mdg_training *t, int n_epochs) {
    const size_t params = t->net->n_params * sizeof(float), statistics = t->net->n_statistics * sizeof(float);
    pass(c, &t->optimizer.step, sizeof t->optimizer.step);
    pass(c, t->net->params, params);
    pass(c, t->net->statistics, statistics);
    pass(c, t->optimizer.m, params);
    pass(c, t->optimizer.v, params);
    pass(c, t->best_params, params);
    pass(c, t->best_statistics, statistics);
    if (t->average.params) {
        pass(c, t->average.params, params);
        pass(c, t->average.statistics, statistics);
    }
    for (int i = 0; i < n_epochs; i++) {
        mdg_epoch *e = &t->history->epochs[i];
#define PASS(name) pass(c, &e->name, sizeof e->name);
        MDG_EPOCH_FIGURES(PASS)
#undef PASS
        pass(c, &e->seconds, sizeof e->seconds);
    }
}

static size_t file_size(mdg_training *t, int n_epochs) {
    cursor counter = {.at = HEAD_BYTES};
    pass_body(&counter, t, n_epochs);
    return counter.at + TRAILER_BYTES;
}

mdg_status mdg_checkpoint_write(mdg_training *t, const char *path, mdg_arena *arena, mdg_diag *diag) {
    const size_t size = file_size(t, t->history->n_epochs);
    head h = {.magic = MAGIC,
              .version = VERSION,
              .net = t->net_fingerprint,
              .settings = t->settings_fingerprint,
              .n_epochs = (uint32_t)t->history->n_epochs,
              .best_epoch = (uint32_t)t->history->best_epoch,
              .best_loss = t->best_loss};
    cursor c = {.bytes = mdg_arena_alloc(arena, size)};
    pass_head(&c, &h);
    pass_body(&c, t, t->history->n_epochs);
    uint32_t crc = crc32_add(0, c.bytes, c.at);
    pass(&c, &crc, sizeof crc);
    return mdg_file_write(path, c.bytes, size, diag);
}

static mdg_status check_head(const mdg_training *t, const head *h, const char *path, int max_epochs,
                             mdg_diag *diag) {
    if (h->magic != MAGIC || h->version != VERSION)
        return mdg_fail(diag, MDG_INVALID,
                        "%s: is no checkpoint of this version of midge; remove it or train without resuming",
                        path);
    if (h->net != t->net_fingerprint)
        return mdg_fail(
            diag, MDG_INVALID,
            "%s: belongs to a network of another architecture; remove it or train without resuming", path);
    if (h->settings != t->settings_fingerprint || h->n_epochs > (uint32_t)max_epochs)
        return mdg_fail(
            diag, MDG_INVALID,
            "%s: was made with other training settings or data; restore them, or train without resuming",
            path);
    return MDG_OK;
}

static bool is_whole(const mdg_bytes *file, size_t size) {
    uint32_t crc;
    if (file->size != size) return false;
    memcpy(&crc, file->data + size - TRAILER_BYTES, sizeof crc);
    return crc == crc32_add(0, file->data, size - TRAILER_BYTES);
}

mdg_status mdg_checkpoint_read(mdg_training *t, const char *path, int max_epochs, mdg_arena *arena,
                               mdg_diag *diag) {
    mdg_bytes file;
    head h = {0};
    MDG_TRY(mdg_file_read(path, arena, &file, diag));
    cursor c = {.bytes = file.data, .reads = true};
    if (file.size >= HEAD_BYTES) pass_head(&c, &h);
    MDG_TRY(check_head(t, &h, path, max_epochs, diag));
    if (!is_whole(&file, file_size(t, (int)h.n_epochs)))
        return mdg_fail(diag, MDG_INVALID,
                        "%s: the checkpoint is damaged; remove it or train without resuming", path);
    pass_body(&c, t, (int)h.n_epochs);
    t->history->n_epochs = (int)h.n_epochs;
    t->history->best_epoch = (int)h.best_epoch;
    t->best_loss = h.best_loss;
    return MDG_OK;
}
