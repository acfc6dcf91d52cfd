#!/bin/bash
# SPDX-License-Identifier: MIT
# Ctrl-C in the middle of training, then --resume: the same model as without the interruption.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project whole 30
"$MIDGE" train whole >/dev/null 2>&1 || fail "train"
mkdir broken && cp -r whole/midge.yaml whole/recordings broken/
expect 0 "" "$MIDGE" train broken --resume # nothing to resume yet: begins
rm -r broken/out

set -m # a job of its own, so that it hears SIGINT
"$MIDGE" train broken >/dev/null 2>messages &
job=$!
for _ in $(seq 600); do
    [ ! -s broken/out/checkpoint.bin ] || break
    sleep 0.02
done
kill -INT $job 2>/dev/null || true
code=0
wait $job || code=$?
if [ $code -ne 0 ]; then # else training was faster than this test
    [ $code -eq 130 ] || { cat messages; fail "exit code $code, not 130"; }
    grep -q '^midge: interrupted; .midge train broken --resume. goes on' messages || { cat messages; fail "message"; }
    [ ! -e broken/out/model_float.tflite ] || fail "a model after an interruption"
    "$MIDGE" train broken --resume >/dev/null 2>&1 || fail "resume"
fi
no_temporaries broken
cmp whole/out/model_float.tflite <(sed 's/broken/whole/g' broken/out/model_float.tflite) || fail "the resumed model differs"
