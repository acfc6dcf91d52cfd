/* SPDX-License-Identifier: MIT */
#include "report/parts.h"

static const char *entity_of(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void mdg_report_text(FILE *out, const char *text) {
    for (const char *p = text; p && *p; p++) {
        const char *entity = entity_of(*p);
        const unsigned char byte = (unsigned char)*p;
        if (entity)
            fputs(entity, out);
        else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
            fputs("&#xFFFD;", out);
        else
            fputc(*p, out);
    }
}

/* Three significant digits and the unit that fits. */
static mdg_report_number scaled(double value, double step, const char *const *units, int n_units) {
    int unit = 0;
    while (value >= 999.5 && unit + 1 < n_units) {
        value /= step;
        unit++;
    }
    const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    mdg_report_number n;
    snprintf(n.text, sizeof n.text, "%.*f%s", decimals, value, units[unit]);
    return n;
}

mdg_report_number mdg_report_count(uint64_t n) {
    static const char *const units[] = {"", " k", " M", " G", " T"};
    return scaled((double)n, 1000.0, units, 5);
}

mdg_report_number mdg_report_bytes(size_t bytes) {
    static const char *const units[] = {" B", " KB", " MB", " GB"};
    return scaled((double)bytes, 1024.0, units, 4);
}
