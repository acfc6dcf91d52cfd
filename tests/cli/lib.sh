# SPDX-License-Identifier: MIT
# lib.sh: what the tests of the command line share. Needs MIDGE (the program) and MIDGE_SOURCE (the tree).
set -euo pipefail
work=$(mktemp -d "${TMPDIR:-/tmp}/midge-cli-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { echo "FAILED: $*" >&2; exit 1; }

# Like grep -q, but reads to the end: a program that writes more would else die of SIGPIPE.
has() { grep "$@" >/dev/null; }

# expect CODE PATTERN COMMAND...: the command ends with that exit code, and says PATTERN in one line on stderr.
expect() {
    local code=0 wanted=$1 pattern=$2
    shift 2
    "$@" >"$work/stdout" 2>"$work/stderr" || code=$?
    [ "$code" -eq "$wanted" ] || { cat "$work/stderr"; fail "exit code $code, not $wanted: $*"; }
    [ -z "$pattern" ] || grep -Eq -- "$pattern" "$work/stderr" || { cat "$work/stderr"; fail "stderr lacks '$pattern': $*"; }
    [ "$wanted" -eq 0 ] || [ "$(grep -c '^midge: ' "$work/stderr")" -eq 1 ] || { cat "$work/stderr"; fail "not one line: $*"; }
}

# tones FOLDER N: the data set of tones.c
tones() {
    [ -x "$work/tones" ] || "${CC:-cc}" -O1 -o "$work/tones" "$MIDGE_SOURCE/tests/cli/tones.c" -lm
    "$work/tones" "$1" "$2"
}

# heard_by_code FOLDER LONG.wav: the events that a project's generated code hears. heard_by_eval FILE: those in the
# JSON of `eval --stream`.
heard_by_code() {
    "${CC:-cc}" -O1 -Wall -Wextra -Wconversion -Wshadow -Werror "-I$1/out" -o listen "$MIDGE_SOURCE/tests/cli/listen.c" \
        "$1/out/tones.c" -lm || fail "the generated code does not compile"
    ./listen "$2"
}
heard_by_eval() {
    sed -n '/"detections"/,/\]/p' "$1" | tr -d ' ",' |
        awk -F: '/^label/ {label = $2} /^time_s/ {time = $2} /^}/ {printf "%.3f %s\n", time, label}'
}

# project FOLDER [EPOCHS]: a project on tones that trains in seconds
project() {
    mkdir -p "$1"
    tones "$1/recordings" 24
    cat >"$1/midge.yaml" <<YAML
name: tones
data: {sample_rate: 8000, clip_ms: 250, validation: 0.2, test: 0.25}
features: {kind: log_mel, window_ms: 32, hop_ms: 16, mels: 20}
augment: {shift_ms: 20, time_masks: 0, freq_masks: 0}
model:
  layers:
    - {kind: conv2d, filters: 8, kernel: 3x3, stride: 2, batch_norm: yes, activation: relu}
    - {kind: depthwise_conv2d, kernel: 3, batch_norm: yes, activation: relu}
    - {kind: conv2d, filters: 8, kernel: 1, batch_norm: yes, activation: relu}
    - {kind: max_pool, kernel: 4x1}
train: {epochs: ${2:-12}, batch: 8, learning_rate: 0.01}
YAML
}

no_temporaries() { [ -z "$(find "$1" -name '*.tmp*')" ] || fail "temporary files are left in $1"; }
