#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/runtime on the emulated Cortex-M4: the built-in model gives golden outputs; a sound update, for any target or
# this one, replaces it; damaged, cut, and foreign ones do not.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
command -v arm-none-eabi-gcc qemu-system-arm >/dev/null || { echo "skipped: no arm-none-eabi-gcc or qemu-system-arm"; exit 77; }
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

builtin=mlperf_kws_ref_model update=tflm_micro_speech_quantized foreign=mlperf_pretrainedResnet_quant
make -s -C "$MIDGE_SOURCE/examples/runtime" MIDGE="$MIDGE" MODEL="$models/$builtin.tflite" OUT="$work" >make.log ||
    { cat make.log; fail "make"; }

# firmware MODEL: its golden inputs lead to its golden outputs; console holds what it said
firmware() {
    cp "$models/$1.in" input.bin
    timeout 120 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none \
        -semihosting-config enable=on,target=native -kernel firmware.elf >console 2>&1 || fail "$1: exit code $?: $(cat console)"
    cmp output.bin "$models/$1.out" || fail "$1: other outputs"
}
image() { "$MIDGE" compile "$models/$1.tflite" -o "$work" --name "$1" --format image >/dev/null; }

firmware $builtin
image $update
cp $update.image update.image
firmware $update
has 'update: taken' <console || fail "update not taken: $(cat console)"

"$MIDGE" compile "$models/$update.tflite" -o "$work" --name update --format image --target cortex-m4 >/dev/null
! cmp -s update.image $update.image || fail "--target changes nothing"
firmware $update
has 'update: taken' <console || fail "update for the target not taken: $(cat console)"

cp $update.image update.image
printf '\x01' | dd of=update.image bs=1 seek=9000 conv=notrunc status=none
firmware $builtin
has 'refused, damaged' <console || fail "damaged update: $(cat console)"

head -c 5000 $update.image >update.image
firmware $builtin
has 'refused, damaged' <console || fail "cut update: $(cat console)"

image $foreign
cp $foreign.image update.image
firmware $builtin
has 'refused, needs a kernel' <console || fail "foreign update: $(cat console)"
