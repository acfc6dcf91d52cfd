#!/bin/bash
# SPDX-License-Identifier: MIT
# Instructions an inference, against those on record (bench/instructions.tsv): a count that rises by more than 1 % is a
# failure. One that falls is told, for the record. `test_counts.sh --record` writes the record anew.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
for tool in arm-none-eabi-gcc qemu-system-arm; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
record=$MIDGE_SOURCE/bench/instructions.tsv

count() {
    "$MIDGE" bench "$models/$1.tflite" --target "$2" --json | sed -n 's/^ *"instructions": \([0-9]*\),*$/\1/p' | head -1
}

worse=0
while IFS=$'\t' read -r model target recorded; do
    [ "$model" != model ] || { printf '%s\t%s\t%s\n' "$model" "$target" "$recorded" >new.tsv; continue; }
    now=$(count "$model" "$target")
    [ -n "$now" ] || fail "$model on $target: no count"
    printf '%s\t%s\t%s\n' "$model" "$target" "$now" >>new.tsv
    [ "$now" -eq "$recorded" ] || echo "$model on $target: $now instructions, on record are $recorded"
    [ $((now * 100)) -le $((recorded * 101)) ] || worse=1
done <"$record"
[ "${1:-}" != --record ] || { cp new.tsv "$record"; exit 0; }
[ "$worse" -eq 0 ] || fail "a count has risen by more than 1 %"
