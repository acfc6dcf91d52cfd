/* SPDX-License-Identifier: MIT */
#include "view/parts.h"

/* Colours are variables, so that dark mode is one block. */
const char mdg_view_style[] =
    "svg{color-scheme:light dark;--page:#fff;--text:#17202b;--muted:#5c6876;--line:#e2e7ed;--busy:#fff3c4;"
    "--io:#c9dcfc;--io-edge:#2563eb;--tensor:#dfe5ec;--tensor-edge:#74839a;--scratch:#fbe6c8;"
    "--scratch-edge:#d97706;--state:#d3efdc;--state-edge:#15803d;--bound:#dc2626}\n"
    "@media(prefers-color-scheme:dark){svg{--page:#12171e;--text:#e7ecf2;--muted:#95a2b1;--line:#28313c;"
    "--busy:#33301a;--io:#1c3763;--io-edge:#74a9ff;--tensor:#2e3947;--tensor-edge:#8fa0b5;--scratch:#4d3818;"
    "--scratch-edge:#f6b04a;--state:#173f27;--state-edge:#4ade80;--bound:#fb7d7d}}\n"
    "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"
    "fill:var(--text)}\n"
    ".title{font-size:17px;font-weight:600}\n"
    ".muted{fill:var(--muted)}\n"
    ".right{text-anchor:end}.middle{text-anchor:middle}\n"
    ".page{fill:var(--page)}.busy{fill:var(--busy)}\n"
    ".line{stroke:var(--line);stroke-width:1}\n"
    ".limit{stroke:var(--text);stroke-width:1}\n"
    ".bound{stroke:var(--bound);stroke-width:1.3;stroke-dasharray:5 4}.boundtext{fill:var(--bound)}\n"
    ".halo{stroke:var(--page);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}\n"
    ".io{fill:var(--io);stroke:var(--io-edge)}.tensor{fill:var(--tensor);stroke:var(--tensor-edge)}\n"
    ".scratch{fill:var(--scratch);stroke:var(--scratch-edge)}\n"
    ".state{fill:var(--state);stroke:var(--state-edge)}\n";
