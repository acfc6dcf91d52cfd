#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/image: test pictures of Fashion-MNIST where it is installed, drawn clothes elsewhere; most are recognised.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
OUT=$work/out "$MIDGE_SOURCE/examples/image/run" stm32l4r5 >said 2>&1 || { cat said; fail "run"; }
has '^stm32l4r5: [1-9][0-9]* events, the same as on this machine$' <said || fail "events differ: $(cat said)"
read -r _ right _ all _ <<<"$(grep 'pictures right$' said)"
[ "$all" -ge 12 ] && [ $((5 * right)) -ge $((4 * all)) ] || fail "hardly any picture is right: $(cat said)"
code=0
"$MIDGE_SOURCE/examples/image/run" --data nowhere >said 2>&1 || code=$?
[ $code -eq 2 ] && has "'nowhere' is no folder" <said || fail "a folder that is not there: $(cat said)"

# Without Fashion-MNIST: what draw.c draws
mkdir none
sed "s|:-/usr/share/datasets/fashion-mnist|:-$work/none|; s|^here=.*|here=$MIDGE_SOURCE/examples/image|" "$MIDGE_SOURCE/examples/image/run" >drawn
OUT=$work/drawn_out bash drawn stm32l4r5 >said 2>&1 || { cat said; fail "drawn"; }
has '^stm32l4r5: 1[0-2] of 12 pictures right$' <said || fail "drawn clothes: $(cat said)"
