#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/wake_word on the board with 16 KB of RAM: each "alexa" that a computer says is heard within 2 s, "computer", "jarvis"
# and "seven" are not; and the model keeps to the recipe's budget of flash and RAM.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
unset MAKEFLAGS MAKELEVEL
OUT=$work/out "$MIDGE_SOURCE/examples/wake_word/run" microbit >said 2>&1 || { cat said; fail "run"; }
has '^microbit: [1-9][0-9]* events, the same as on this machine$' <said || fail "events differ: $(cat said)"
events=out/alexa/firmware/microbit/events.txt

# heard FROM: whether an event begins within 2 s of that time
heard() { awk -v from="$1" '$2 == "alexa" && $1 > 1000 * from && $1 < 1000 * from + 2000' $events | has .; }
sed -n 's|^said at *\([0-9.]*\) s: \([a-z]*\)/.*|\1 \2|p' said >words
[ "$(grep -c alexa words)" -ge 5 ] || fail "hardly ever said: $(cat words)"
while read -r at word; do
    case $word in
        alexa) heard "$at" || fail "alexa at $at s is not heard: $(cat $events)" ;;
        computer | jarvis | seven) ! heard "$at" || fail "$word at $at s is taken for alexa" ;;
    esac
done <words

"$MIDGE" bench out/alexa >log 2>&1 || fail "budget: $(cat log)"
has 'flash *1[0-9]* bytes' <log || fail "flash: $(cat log)"
