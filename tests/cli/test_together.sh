#!/bin/bash
# SPDX-License-Identifier: MIT
# Two processes that train together learn what one learns alone, bit for bit.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
ldd "$MIDGE" | has libmpi || { echo "skipped: built without MPI"; exit 77; }
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # MPI keeps memory until the end
together() { mpirun --oversubscribe -n "$@"; }

project trained 4
"$MIDGE" train trained >/dev/null 2>&1 || fail "train alone"
mv trained/out alone
together 2 "$MIDGE" train trained >stdout 2>stderr || { cat stderr; fail "train together"; }
cmp trained/out/model_float.tflite alone/model_float.tflite || fail "the model of two processes differs"
cmp trained/out/history.json alone/history.json || fail "the history of two processes differs"
[ "$(grep -c '^wrote' stdout)" -eq 1 ] || { cat stdout; fail "not one process prints"; }
no_temporaries trained

together 2 "$MIDGE" train trained --resume >/dev/null 2>&1 || fail "a finished training resumed together"
cmp trained/out/model_float.tflite alone/model_float.tflite || fail "the resumed model differs"

# What goes wrong in one process ends them all. Three cannot share two shards.
! together 3 "$MIDGE" train trained >/dev/null 2>stderr || fail "three processes"
grep -q "2 shards of a batch cannot be divided among 3 processes; set train.shards" stderr || { cat stderr; fail "message"; }
rm trained/out/checkpoint.bin && mkdir trained/out/checkpoint.bin # the first process cannot write it
! together 2 "$MIDGE" train trained >/dev/null 2>stderr || fail "an unwritable checkpoint"
grep -q "midge: .*checkpoint.bin" stderr || { cat stderr; fail "message of the first process"; }
