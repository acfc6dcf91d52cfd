#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/find: scenes of test pictures of Fashion-MNIST where it is installed, of drawn clothes elsewhere; most objects are found.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL

# found SHARE: of the objects, in percent
found() {
    local right all
    has '^stm32l4r5: [1-9][0-9]* events, the same as on this machine$' <said || fail "events differ: $(cat said)"
    read -r right all <<<"$(sed -n 's/^stm32l4r5: \([0-9]*\) of \([0-9]*\) objects right, .*/\1 \2/p' said)"
    [ "$all" -ge 12 ] && [ $((100 * right)) -ge $(($1 * all)) ] || fail "hardly any object is found: $(cat said)"
}

OUT=$work/out "$MIDGE_SOURCE/examples/find/run" stm32l4r5 >said 2>&1 || { cat said; fail "run"; }
found 75

# Without Fashion-MNIST: what draw.c draws
mkdir none
sed "s|:-/usr/share/datasets/fashion-mnist|:-$work/none|; s|^here=.*|here=$MIDGE_SOURCE/examples/find|" "$MIDGE_SOURCE/examples/find/run" >drawn
OUT=$work/drawn_out bash drawn stm32l4r5 >said 2>&1 || { cat said; fail "drawn"; }
found 50
