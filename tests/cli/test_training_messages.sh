#!/bin/bash
# SPDX-License-Identifier: MIT
# What can be wrong with a training is told in one line: classes that a split lacks, numbers that leave the range,
# a checkpoint of something else.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project p 2
sed -i 's/^data: {/data: {pattern: "{group}_*", split_by: group, /' p/midge.yaml
mkdir p/recordings/rare
cp p/recordings/low/s0_0.wav p/recordings/rare/only_0.wav
"$MIDGE" train p >/dev/null 2>messages || { cat messages; fail "a class of one speaker"; }
grep -Eq "note: the (validation|test) split has no clip of 1 of 4 classes \('rare'\)" messages || { cat messages; fail "note"; }
sed -i 's/^data: {/data: {test_groups: [only], /' p/midge.yaml
expect 1 "class 'rare' is left without training clips \\(it has 1\\)" "$MIDGE" train p
rm -r p/recordings/rare
sed -i 's/test_groups: \[only\], //' p/midge.yaml

"$MIDGE" train p >/dev/null 2>&1 || fail "train"
cp p/midge.yaml good.yaml
sed -i 's/filters: 8, kernel: 3x3/filters: 12, kernel: 3x3/' p/midge.yaml
expect 1 "checkpoint.bin: belongs to a network of another architecture" "$MIDGE" train p --resume
sed 's/batch: 8/batch: 16/' good.yaml >p/midge.yaml
expect 1 "checkpoint.bin: was made with other training settings or data" "$MIDGE" train p --resume

sed 's/batch_norm: yes, //; s/learning_rate: 0.01/learning_rate: 10, weight_decay: 1, optimizer: sgd, epochs: 40, warmup_epochs: 0/; s/epochs: 2,//' \
    good.yaml >p/midge.yaml
expect 1 "train: epoch [0-9]+, step [0-9]+: .*not finite, first in layer [0-9]+ .*gradient_clip" "$MIDGE" train p
