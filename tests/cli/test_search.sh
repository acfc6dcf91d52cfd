#!/bin/bash
# SPDX-License-Identifier: MIT
# midge search: a front under a budget, the same after an interruption and with two processes, one of which may die;
# one candidate taken over; what is wrong is told.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # tests may run as root

tones recordings 16
make_project() { # FOLDER [EPOCHS]
    mkdir "$1"
    cat >"$1/midge.yaml" <<YAML
name: tones # what this is
data: {path: $work/recordings, sample_rate: 8000, clip_ms: 250, validation: 0.25, test: 0.25}
features: {kind: log_mel, window_ms: 32, hop_ms: 32, mels: 20}
augment: {shift_ms: 20, time_masks: 0, freq_masks: 0}
model:
  width: 4 # narrow
train: {epochs: ${2:-18}, batch: 8, learning_rate: 0.01}
search:
  strategy: halving
  candidates: 9
  space:
    - model.width = 2 4 8 16
    - model.depth = 1 2 3
    - features.mels = 10 20
YAML
}
# All that is found but the time it took
found() { cut -d, -f1-9,11- "$1/out/search.csv"; }

# Until a trial of the project is in its journal
await() {
    for _ in $(seq 1000); do
        ! has '"accuracy"' "$1/out/search.jsonl" 2>/dev/null || return 0
        sleep 0.02
    done
    fail "$1: no trial ends"
}

make_project alone
"$MIDGE" search alone --json >alone.json 2>messages || { cat messages; fail "search"; }
head -c 4 alone/out/search.svg | has '<?xm' || fail "no SVG"
head -c 4 alone/out/search.png | has 'PNG' || fail "no PNG"
[ "$(found alone | wc -l)" -eq 14 ] || { found alone; fail "not 9 + 3 + 1 trials"; }
[ "$(found alone | grep -c ',18,1,')" -eq 1 ] || { found alone; fail "not one trained in full"; }
has '"front"' <alone.json && has '"model.width"' <alone.json || fail "JSON"
no_temporaries alone
before=$(cat alone/out/search.jsonl)
"$MIDGE" search alone >table 2>/dev/null || fail "search again"
has 'trained in full' <table || fail "no table"
[ "$before" = "$(cat alone/out/search.jsonl)" ] || fail "the second run tried something again"

# A journal that ends in the middle of a line, as after a crash
make_project broken
mkdir broken/out
head -c 1500 alone/out/search.jsonl >broken/out/search.jsonl
"$MIDGE" search broken >/dev/null 2>&1 || fail "search after a crash"
[ "$(found alone)" = "$(found broken)" ] || fail "after a crash something else is found"

# Ctrl-C in the middle
make_project stopped 180
set -m
"$MIDGE" search stopped >/dev/null 2>messages &
job=$!
await stopped
kill -INT $job 2>/dev/null || true
code=0
wait $job || code=$?
set +m
[ $code -eq 130 ] || { cat messages; fail "exit code $code, not 130"; }
has '^midge: interrupted; .midge search stopped. goes on' <messages || { cat messages; fail "message"; }
"$MIDGE" search stopped --strategy random >/dev/null 2>messages && fail "another search goes on with this journal"
has 'belongs to a search with other settings; --restart' <messages || fail "message about another search"

# One candidate taken over: comments stay, and the search as well
"$MIDGE" search alone --apply 13 >applied || fail "apply"
has "# narrow" <alone/midge.yaml && has "# what this is" <alone/midge.yaml || fail "comments are lost"
has "depth: " <alone/midge.yaml || fail "no depth"
"$MIDGE" search alone >/dev/null 2>&1 || fail "search after --apply"
[ "$before" = "$(cat alone/out/search.jsonl)" ] || fail "--apply changes the search"

# Wrong input
expect 1 "none of .* candidates fits the budget: flash 100 \(the least seen: [0-9]+\)" "$MIDGE" search alone --flash 100 --restart
expect 1 "instructions 10 \(the least seen" "$MIDGE" search alone --instructions 10 --restart
expect 1 "has no candidate 999" "$MIDGE" search broken --apply 999
expect 2 "--strategy 'genetic' is not known; known are random, evolution, halving" "$MIDGE" search alone --strategy genetic
mkdir wrong
cp broken/midge.yaml wrong
expect 1 "search.jsonl: is missing; run .midge search" "$MIDGE" search wrong --apply 1
sed 's/model.depth = /model.depht = /' broken/midge.yaml >wrong/midge.yaml
expect 1 "search.space: model.depht is no key that can be searched" "$MIDGE" search wrong
sed 's/model.depth = 1/model.depth = one/' broken/midge.yaml >wrong/midge.yaml
expect 1 "model.depth: 'one' is not allowed" "$MIDGE" search wrong
sed 's/validation: 0.25/validation: 0/' broken/midge.yaml >wrong/midge.yaml
expect 1 "there are none; set data.validation" "$MIDGE" search wrong

# A budget: only what fits is tried
make_project small
"$MIDGE" search small --flash 900 --strategy evolution >/dev/null 2>&1 || fail "search with a budget"
found small | awk -F, 'NR > 1 && $7 > 900 { exit 1 }' || { found small; fail "the budget is exceeded"; }

# Two processes
command -v mpirun >/dev/null || { echo "skipped: two processes: mpirun is not installed"; exit 0; }
make_project two
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # MPI keeps memory until the end
mpirun --oversubscribe -n 2 "$MIDGE" search two >/dev/null 2>messages || { cat messages; fail "two processes"; }
[ "$(found broken)" = "$(found two)" ] || fail "two processes find something else"

# ... of which one dies
make_project killed
mpirun --oversubscribe --enable-recovery -n 2 "$MIDGE" search killed --lost-after 2 >/dev/null 2>messages &
job=$!
rank_1() {
    for process in $(pgrep -P $job); do
        tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | has '^OMPI_COMM_WORLD_RANK=1$' && echo "$process" || true
    done
}
await killed
kill -9 "$(rank_1)" || fail "there is no second process"
wait $job || { cat messages; fail "the search ends with a lost process"; }
[ "$(found broken)" = "$(found killed)" ] || fail "with a lost process something else is found"
