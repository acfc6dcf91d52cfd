#!/bin/bash
# SPDX-License-Identifier: MIT
# Help teaches, wrong usage is told, exit codes are as documented.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

"$MIDGE" --help | has 'midge new doorbell' || fail "--help shows no example"
"$MIDGE" --version | has -E '^midge [0-9]+\.[0-9]+\.[0-9]+$' || fail "--version"
for verb in $("$MIDGE" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v midge); do
    "$MIDGE" "$verb" --help | has "^midge $verb " || fail "$verb --help does not begin with its usage"
    "$MIDGE" "$verb" --help | has "^  midge " || fail "$verb --help shows no example"
    grep -q "midge $verb" "$MIDGE_SOURCE/docs/CLI.md" || fail "docs/CLI.md does not tell of $verb"
    expect 2 "option --nonsense is not known; see .midge $verb --help" "$MIDGE" "$verb" --nonsense
done
expect 2 "'fly' is no verb" "$MIDGE" fly
expect 2 "argument is missing" "$MIDGE" train
expect 2 "one argument too many" "$MIDGE" train a b
expect 2 "lacks its value" "$MIDGE" run m.tflite --input
expect 2 "not a whole number" "$MIDGE" run m.tflite --input a --output b --repeat 0
expect 2 "no target; known are .*cortex-m4" "$MIDGE" bench m.tflite --target cortex-m99
for verb in "compile -o d --name m" bench "verify --input i" inspect; do
    expect 2 "optimize 'fast' is not known; known are balanced, speed, size, ram" \
        "$MIDGE" $verb m.tflite --optimize fast
    expect 2 "'cortex-m99' is no target; known are .*cortex-m4" "$MIDGE" $verb m.tflite --target cortex-m99
    for bytes in 0 -1 32q k 0.5; do
        expect 2 "no number of bytes from 1 up" "$MIDGE" $verb m.tflite --ram $bytes
        expect 2 "no number of bytes from 1 up" "$MIDGE" $verb m.tflite --flash $bytes
    done
done
expect 2 "no C identifier" "$MIDGE" compile m.tflite -o d --name 9lives
expect 2 "no template 'dance'" "$MIDGE" new d --template dance
if "$MIDGE" >/dev/null 2>&1; then fail "no verb must fail"; fi

"$MIDGE" new bell | has 'midge build bell' || fail "new does not tell what comes next"
[ -s bell/midge.yaml ] && [ -s bell/README.md ] && [ -d bell/recordings ] || fail "new left something out"
expect 1 "exists already" "$MIDGE" new bell
expect 1 "no audio files .*make a folder for each class" "$MIDGE" train bell
sed -n '/^```yaml/,/^```$/p' "$MIDGE_SOURCE/docs/PROJECT.md" | sed '1d;$d' >keys
"$MIDGE" new --keys | diff - keys || fail "docs/PROJECT.md does not list the keys that midge new --keys prints"
expect 1 "standard output" sh -c '"$0" --help >/dev/null; "$0" new --keys >/dev/full' "$MIDGE"

for example in "$MIDGE_SOURCE"/examples/*/midge.yaml bell/midge.yaml; do
    mkdir -p example && cp "$example" example/
    expect 1 "is missing; run .midge train" "$MIDGE" quantize example # the file itself is in order
done
