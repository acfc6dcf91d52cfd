/* SPDX-License-Identifier: MIT */
#include "lower/options.h"

#include "tflite/flexbuffer.h"

mdg_status mdg_lo_option_or(const mdg_lowering *lo, const char *name, mdg_range range, int32_t *value) {
    mdg_flex_map options;
    int64_t found;
    if (!mdg_flex_open(lo->op->custom, lo->op->custom_bytes, &options) ||
        !mdg_flex_int(&options, name, &found))
        return MDG_OK;
    if (found < range.min || found > range.max)
        return mdg_lo_fail(lo, MDG_INVALID, "option \"%s\" is %lld, expected %d to %d", name,
                           (long long)found, (int)range.min, (int)range.max);
    *value = (int32_t)found;
    return MDG_OK;
}

mdg_status mdg_lo_option(const mdg_lowering *lo, const char *name, mdg_range range, int32_t *value) {
    mdg_flex_map options;
    int64_t found;
    if (!mdg_flex_open(lo->op->custom, lo->op->custom_bytes, &options))
        return mdg_lo_fail(lo, MDG_INVALID, "its options are missing or unreadable (a FlexBuffers map)");
    if (!mdg_flex_int(&options, name, &found))
        return mdg_lo_fail(lo, MDG_INVALID, "option \"%s\" is missing", name);
    return mdg_lo_option_or(lo, name, range, value);
}
