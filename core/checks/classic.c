/* SPDX-License-Identifier: MIT
 *
 * Trees, neighbours, Gaussians and what belongs to them: their tables are constant, and each value that leads
 * somewhere is looked at.
 */
#include "../check.h"

enum {
    MAX_NEIGHBOURS = 16,
    MAX_PRODUCTS = 33025, /* of two int8 differences that a 32-bit sum holds: 2^31 / 255^2 */
    MAX_WHITENED = 256,   /* int16 by int8 products that 30 bits hold */
    MAX_BIAS = 1 << 29,
    MAX_FRAMES = 1 << 15
};

/* Constant input k holds count elements. */
static bool has_table(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t size) {
    return mdg_has_in(s, k, count, size) && s->constant[k];
}

static bool is_leaf(int32_t at, uint32_t leaves) {
    return at < 0 && (uint32_t)(-1 - at) < leaves;
}

/* Children stand behind their parents, so that every way ends. */
static bool has_nodes(const mdg_forest_params *p, const mdg_sizes *s, uint32_t leaves) {
    const int16_t *feature = (const int16_t *)s->constant[2], *child = (const int16_t *)s->constant[4];
    for (int32_t n = 0; n < p->nodes; n++) {
        if (!mdg_within(feature[n], 0, p->features - 1)) return false;
        for (int32_t side = 0; side < 2; side++) {
            const int32_t at = child[2 * n + side];
            if (!is_leaf(at, leaves) && !mdg_within(at, n + 1, p->nodes - 1)) return false;
        }
    }
    return true;
}

static bool forest(const mdg_forest_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t trees = mdg_count1(p->trees), nodes = mdg_count1(p->nodes);
    if (!mdg_has_in(s, 0, mdg_count1(p->features), size) || !has_table(s, 1, trees, sizeof(int16_t)) ||
        !has_table(s, 2, nodes, sizeof(int16_t)) || !has_table(s, 3, nodes, 1) ||
        !has_table(s, 4, mdg_count2(p->nodes, 2), sizeof(int16_t)) ||
        !has_table(s, 5, mdg_count2(p->leaves, p->width), sizeof(int16_t)) ||
        !mdg_has_out(s, 0, mdg_count1(p->classes), sizeof(int32_t)))
        return false;
    if (p->classes % p->width || p->trees > INT16_MAX) return false;
    for (int32_t t = 0; t < p->trees; t++) {
        const int32_t at = ((const int16_t *)s->constant[1])[t];
        if (!is_leaf(at, (uint32_t)p->leaves) && !mdg_within(at, 0, p->nodes - 1)) return false;
    }
    return has_nodes(p, s, (uint32_t)p->leaves);
}

static bool has_classes(const mdg_sizes *s, uint32_t k, int32_t count, int32_t classes) {
    if (!has_table(s, k, mdg_count1(count), 1)) return false;
    const uint8_t *class_of = (const uint8_t *)s->constant[k];
    for (int32_t m = 0; m < count; m++)
        if (class_of[m] >= classes) return false;
    return true;
}

static bool gaussians(const mdg_gaussians_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count2(p->components, p->features), components = mdg_count1(p->components);
    if (!mdg_has_in(s, 0, mdg_count1(p->features), size) || !mdg_has_in(s, 1, count, size) ||
        !has_table(s, 2, count, sizeof(int16_t)) || !has_table(s, 3, components, sizeof(int32_t)) ||
        !has_classes(s, 4, p->components, p->classes) ||
        !mdg_has_out(s, 0, mdg_count1(p->classes), sizeof(int32_t)))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (((const int16_t *)s->constant[2])[i] < 0) return false;
    for (uint32_t m = 0; m < components; m++)
        if (!mdg_within(((const int32_t *)s->constant[3])[m], 0, MAX_BIAS)) return false;
    return mdg_within(p->shift, 0, 31) && mdg_within(p->relative, 0, 1);
}

static bool neighbours(const mdg_neighbours_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_has_in(s, 0, mdg_count1(p->features), size) && p->features <= MAX_PRODUCTS &&
           mdg_has_in(s, 1, mdg_count2(p->prototypes, p->features), size) &&
           has_classes(s, 2, p->prototypes, p->classes) &&
           mdg_has_out(s, 0, mdg_count1(p->classes), sizeof(int32_t)) &&
           mdg_within(p->k, 1, MAX_NEIGHBOURS) && mdg_has_out(s, 1, mdg_count2(p->k, 2), sizeof(int32_t));
}

static bool mahalanobis(const mdg_mahalanobis_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t features = mdg_count1(p->features);
    if (!mdg_has_in(s, 0, features, size) || features > MAX_WHITENED ||
        !mdg_has_in(s, 1, features * (features + 1) / 2, sizeof(int16_t)) ||
        !has_table(s, 2, features, sizeof(int32_t)) || !has_table(s, 3, features, 1) ||
        !mdg_has_out(s, 0, 1, sizeof(int32_t)))
        return false;
    for (uint32_t j = 0; j < features; j++) {
        const int32_t bias = ((const int32_t *)s->constant[2])[j];
        if (!mdg_within(bias, -2 * MAX_BIAS, 2 * MAX_BIAS - 1) || ((const uint8_t *)s->constant[3])[j] > 31)
            return false;
    }
    return true;
}

static bool anomaly(const mdg_anomaly_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_has_in(s, 0, 1, sizeof(int32_t)) && mdg_has_out(s, 0, 2, size) && p->threshold >= 1;
}

static bool statistics(const mdg_statistics_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count2(p->statistics, p->width);
    return mdg_has_in(s, 0, mdg_count2(p->frames, p->width), size) && p->frames <= MAX_FRAMES &&
           mdg_within(p->statistics, 1, 4) && mdg_has_in(s, 1, count, sizeof(int32_t)) &&
           mdg_has_in(s, 2, count, sizeof(int32_t)) && mdg_has_out(s, 0, count, size);
}

MDG_CHECK(forest_s8, forest, forest, 1)
MDG_CHECK(gaussians_s8, gaussians, gaussians, 1)
MDG_CHECK(neighbours_s8, neighbours, neighbours, 1)
MDG_CHECK(mahalanobis_s8, mahalanobis, mahalanobis, 1)
MDG_CHECK(anomaly_s8, anomaly, anomaly, 1)
MDG_CHECK(statistics_s8, statistics, statistics, 1)
