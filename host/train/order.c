/* SPDX-License-Identifier: MIT */
#include "train/order.h"

void mdg_order_shuffled(mdg_rng *r, uint32_t *order, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) order[i] = i;
    mdg_rng_shuffle(r, order, n);
}

/* The samples of one class, in an order that is drawn anew each time they have all been taken. */
typedef struct deck {
    uint32_t *samples, count, next;
} deck;

static uint32_t take(deck *d, mdg_rng *r) {
    if (d->next == 0) mdg_rng_shuffle(r, d->samples, d->count);
    const uint32_t sample = d->samples[d->next];
    d->next = (d->next + 1) % d->count;
    return sample;
}

/* Decks of the classes that have samples, side by side; returns their number. */
static uint32_t deal(deck *decks, const int *labels, int n_classes, uint32_t n, uint32_t *samples) {
    uint32_t n_decks = 0;
    for (int c = 0; c < n_classes; c++) {
        deck *d = &decks[n_decks];
        *d = (deck){.samples = samples};
        for (uint32_t i = 0; i < n; i++)
            if (labels[i] == c) d->samples[d->count++] = i;
        samples += d->count;
        if (d->count) n_decks++;
    }
    return n_decks;
}

/* When n is no multiple of the number of classes, chance says which ones get one more. */
void mdg_order_balanced(mdg_rng *r, const int *labels, int n_classes, uint32_t *order, uint32_t n,
                        mdg_arena *scratch) {
    deck *decks = mdg_arena_array(scratch, (size_t)n_classes, sizeof *decks);
    uint32_t *samples = mdg_arena_array(scratch, n, sizeof *samples);
    const uint32_t n_decks = deal(decks, labels, n_classes, n, samples), first = mdg_rng_below(r, n_decks);
    for (uint32_t i = 0; i < n; i++) order[i] = take(&decks[(first + i) % n_decks], r);
    mdg_rng_shuffle(r, order, n);
}
