#!/bin/bash
# SPDX-License-Identifier: MIT
# Instructions an inference on every target, against those on record (bench/results.json): a count that rises by more
# than 1 % is a failure. One that falls is told, for the record. `test_counts.sh --record [TARGET...]` measures those
# targets anew, else all.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
for tool in arm-none-eabi-gcc qemu-system-arm riscv64-unknown-elf-gcc qemu-system-riscv32; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
results=$MIDGE_SOURCE/tools/results
if [ "${1:-}" = --record ]; then
    shift
    exec "$results" "$MIDGE" record "$@"
fi

# model and options, instructions
counts() { sed -n 's/^{"model": "\([^"]*\)", "options": "\([^"]*\)", "instructions": \([0-9]*\),.*/\1 \2\t\3/p'; }

worse=0
for target in $("$results" "$MIDGE" targets); do
    "$results" "$MIDGE" recorded "$target" | counts >recorded.tsv
    "$results" "$MIDGE" measure "$target" | counts >now.tsv
    diff <(cut -f1 recorded.tsv) <(cut -f1 now.tsv) || fail "$target: the record has other models; record it anew"
    while IFS=$'\t' read -r subject recorded _ now; do
        [ "$now" -eq "$recorded" ] || echo "$subject on $target: $now instructions, on record are $recorded"
        [ $((now * 100)) -le $((recorded * 101)) ] || worse=1
    done < <(paste recorded.tsv now.tsv)
done
[ "$worse" -eq 0 ] || fail "a count has risen by more than 1 %"
