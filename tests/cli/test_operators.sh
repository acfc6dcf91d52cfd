#!/bin/bash
# SPDX-License-Identifier: MIT
# docs/OPERATORS.md is what midge operators says.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
"$MIDGE" operators --markdown >OPERATORS.md
cmp OPERATORS.md "$MIDGE_SOURCE/docs/OPERATORS.md" || fail "docs/OPERATORS.md is stale: midge operators --markdown >docs/OPERATORS.md"
"$MIDGE" operators >text
grep -q '^CONV_2D: int8,int8->int8, ' text || fail "CONV_2D"
grep -q '^SignalRfft: ' text || fail "custom operators"
[ "$(grep -c '^[A-Za-z_0-9]*: ' text)" -ge 117 ] || fail "some of the 117 operators are missing"
"$MIDGE" operators --json | has '"restrictions": "constant axis"' || fail "--json"
