#!/bin/bash
# SPDX-License-Identifier: MIT
# Bad input: one clear line, a non-zero exit code, nothing half-written under its final name.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# --- projects ------------------------------------------------------------------------------------------------
expect 1 "nowhere: there is no midge.yaml" "$MIDGE" build nowhere
project p 3
expect 1 "p/out/model_float.tflite: is missing; run .midge train p. first" "$MIDGE" quantize p
expect 1 "is missing; run .midge (train|quantize) p. first" "$MIDGE" eval p
printf 'trian: {epochs: 3}\n' >>p/midge.yaml
expect 1 "p/midge.yaml:[0-9]+: unknown key 'trian'; known are .*train" "$MIDGE" train p
sed -i '/trian/d' p/midge.yaml
printf 'target: cortex-m99\n' >>p/midge.yaml
expect 1 "p/midge.yaml: target: 'cortex-m99' is not known; known are .*cortex-m4" "$MIDGE" train p
sed -i '/cortex-m99/d' p/midge.yaml

mkdir p/recordings/nothing
expect 1 "nothing" "$MIDGE" train p # an empty class
rmdir p/recordings/nothing
mv p/recordings aside
expect 1 "recordings" "$MIDGE" train p
mv aside p/recordings

: >p/recordings/low/empty_0.wav
printf 'this is no sound' >p/recordings/low/broken_0.wav
head -c 20 p/recordings/low/s0_0.wav >p/recordings/high/cut_0.wav
"$MIDGE" train p >log 2>messages || { cat messages; fail "corrupt clips must be skipped"; }
for clip in low/empty_0.wav low/broken_0.wav high/cut_0.wav; do
    grep -q "skipped.*$clip" messages || { cat messages; fail "$clip is not listed"; }
done
grep -Eq '3 .*skipped|skipped.* 3' log || { cat log; fail "skipped clips are not counted"; }

# --- models --------------------------------------------------------------------------------------------------
expect 1 "constants take [0-9]+ bytes, more than the 100 asked for" "$MIDGE" quantize p --weights mixed --flash 100
expect 1 "weights .int5. are not known; known are int8, int4, cluster16, mixed" "$MIDGE" quantize p --weights int5
expect 1 "equalize .perhaps. is not known; known are no, yes, auto" "$MIDGE" quantize p --equalize perhaps
"$MIDGE" quantize p >/dev/null 2>&1 || fail "quantize"
model=p/out/model.tflite
bytes=$("$MIDGE" inspect $model --json | sed -n 's/^ *"arena_bytes": \([0-9]*\),/\1/p')
[ "$bytes" -gt 0 ] || fail "inspect --json"
head -c 100000 /dev/zero >zeros

# --- what does not fit ---------------------------------------------------------------------------------------
fits() { "$MIDGE" compile $model -o fits --name m "$@" >/dev/null 2>messages || { cat messages; fail "$*"; }; }
fits --ram 64k --flash 1M
fits --ram 1 --ram 64k # the last one counts
expect 1 "--ram: the model needs [0-9]+ bytes, .* 100 allowed; the most at op [0-9]+ [A-Z_0-9]+ with .* alive, op .*would help" \
    "$MIDGE" compile $model -o none --name m --ram 100
expect 1 "--flash: the model needs .* 100 allowed; the largest share is op [0-9]+ [A-Z_0-9]+ with .* of weights, op .*would help" \
    "$MIDGE" compile $model -o none --name m --flash 100
expect 1 "--ram: the model needs" "$MIDGE" inspect $model --ram 100
expect 1 "--ram: the model needs" "$MIDGE" bench $model --ram 100
head -c 280 /dev/zero >clip
expect 1 "--ram: the model needs" "$MIDGE" verify $model --input clip --ram 100
[ ! -e none ] || fail "something of a model that does not fit"

# --- broken models -------------------------------------------------------------------------------------------
printf 'not a model at all' >text.tflite
expect 1 "text.tflite" "$MIDGE" inspect text.tflite
: >nil.tflite
expect 1 "nil.tflite" "$MIDGE" inspect nil.tflite
expect 1 "absent.tflite: No such file" "$MIDGE" inspect absent.tflite
size=$(stat -c %s $model)
for part in 1 3 7 9; do
    head -c $((size * part / 10)) $model >cut.tflite
    expect 1 "cut.tflite" "$MIDGE" run cut.tflite --input zeros --output result
    [ ! -e result ] || fail "a result from a truncated model"
done
expect 1 "zeros: has 100000 bytes" "$MIDGE" run $model --input zeros --output result
expect 1 "absent: No such file" "$MIDGE" run $model --input absent --output result
expect 1 "absent: No such file" "$MIDGE" verify $model --input absent
[ ! -e result ] || fail "a result without input"

# --- where nothing can be written ------------------------------------------------------------------------------
frames=$("$MIDGE" inspect $model --json | tr -d ' \n' | sed 's/"outputs".*//; s/.*"inputs":\[{[^]]*"shape":\[\([0-9,]*\)\].*/\1/' | tr ',' '*')
head -c $((frames)) /dev/zero >input
"$MIDGE" run $model --input input --output result || fail "run"
[ "$(stat -c %s result)" -eq 3 ] || fail "three scores"
expect 1 "/dev/full: cannot be written: No space left" "$MIDGE" run $model --input input --output /dev/full
[ -c /dev/full ] || fail "/dev/full was replaced"
expect 1 "no/such/folder.*cannot be written" "$MIDGE" run $model --input input --output no/such/folder/result
expect 1 "input" "$MIDGE" compile $model -o input/below --name m
if [ "$(id -u)" -eq 0 ] && mkdir disk && mount -t tmpfs -o size=16k tmpfs disk 2>/dev/null; then
    code=0
    "$MIDGE" compile $model -o disk --name m >/dev/null 2>messages || code=$?
    left=$(ls disk)
    umount disk
    [ $code -eq 1 ] && grep -q "disk/m.*No space left" messages || { cat messages; fail "a full disk"; }
    [ -z "$left" ] || fail "left on the full disk: $left"
fi

# --- missing tools ---------------------------------------------------------------------------------------------
mkdir bin
expect 1 "arm-none-eabi-gcc: not found; install it: apt-get install" env PATH="$work/bin" "$MIDGE" bench $model
expect 1 "arm-none-eabi-gcc: not found" env PATH="$work/bin" "$MIDGE" verify $model --input input
expect 1 "arm-none-eabi-gcc: not found" env PATH="$work/bin" "$MIDGE" build p
ln -s "$(command -v arm-none-eabi-gcc)" bin/
expect 1 "qemu-system-arm: not found; install it: apt-get install" env PATH="$work/bin" "$MIDGE" bench $model

# --- nothing is left behind ------------------------------------------------------------------------------------
mkdir temporary
TMPDIR=$work/temporary expect 1 "cut.tflite" "$MIDGE" bench cut.tflite
expect 1 "not found" env PATH="$work/bin" TMPDIR="$work/temporary" "$MIDGE" bench $model
expect 0 "" env TMPDIR="$work/temporary" "$MIDGE" bench $model
[ -z "$(ls temporary)" ] || fail "left in TMPDIR: $(ls temporary)"
no_temporaries .
