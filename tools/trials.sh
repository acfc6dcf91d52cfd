# SPDX-License-Identifier: MIT
# Sourced by the scripts that train a recipe several times. They set midge, recipe (a folder with midge.yaml) and folder.
set -euo pipefail
edit=${5:-} first=${6:-} # of the script that sources this
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# midge_does PROJECT VERB [OPTION...]: into PROJECT/VERB.txt; where it fails, the last thing it said.
midge_does() {
    local project=$1 verb=$2
    shift 2
    "$midge" "$verb" "$project" "$@" >"$project/$verb.txt" 2>"$project/progress" || { tail -1 "$project/progress" >&2; exit 1; }
}

# accuracy TEXT N: the N-th accuracy that `midge eval` told, in percent.
accuracy() { sed -n 's/^accuracy \([0-9.]*\) % (.*/\1/p' "$1" | sed -n "$2p"; }

# trial NAME SEED [EDIT]: the recipe, changed by sed's EDIT, in folder/NAME-SEED, judged on its test clips. What was
# measured before is not measured again. With `first`, a folder of trials that differ in train.quantize alone, their
# trained networks are where training goes on.
trial() {
    local project=$folder/$1-$2 started=$SECONDS
    if [ ! -f "$project/line" ]; then
        mkdir -p "$project"
        sed -E -e "s|^seed: .*|seed: $2|" -e "${3:-}" -e "$edit" "$recipe/midge.yaml" >"$project/midge.yaml"
        if [ -n "$first" ] && [ ! -f "$project/out/checkpoint.bin" ]; then
            mkdir -p "$project/out"
            cp "$first/$1-$2/out/checkpoint.bin" "$project/out/"
        fi
        for verb in "train --resume" quantize eval compile; do midge_does "$project" $verb; done
        "$midge" inspect "$project/out/model.tflite" >"$project/inspect.txt"
        printf '%-24s %4d %8s %8s %8s %8s\n' "$1" "$2" "$(accuracy "$project/eval.txt" 1)" "$(accuracy "$project/eval.txt" 2)" \
            "$(sed -n 's/.* \([0-9]*\) bytes of weights$/\1/p' "$project/inspect.txt")" $((SECONDS - started)) >"$project/line"
    fi
    cat "$project/line"
}

trial_head() { printf '%-24s %4s %8s %8s %8s %8s\n' "$1" seed 'float %' 'int8 %' weights seconds; }

# trial_mean PATTERN: of the trials in folder whose name and seed match.
trial_mean() { cat "$folder"/$1/line | awk '{ f += $3; q += $4; n++ } END { printf "%-24s %4s %8.1f %8.1f\n", "mean", "", f / n, q / n }'; }
