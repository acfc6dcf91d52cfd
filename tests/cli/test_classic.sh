#!/bin/bash
# SPDX-License-Identifier: MIT
# Learning without networks, end to end: trees of both forms, neighbours and anomalies, byte for byte on M4 and M0+.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# Two made-up machines: a shaft at 20 Hz with noise, and one that strikes as well.
machine() { # FILE SEED STRENGTH
    awk -v seed="$2" -v strength="$3" 'BEGIN {
        srand(seed); print "x,y"
        for (i = 0; i < 4000; i++) {
            strike = i % 37 < 2 ? strength * (rand() + 0.5) : 0
            printf "%.3f,%.3f\n", sin(i * 0.1571) + 0.2 * (rand() - 0.5) + strike, 0.3 * (rand() - 0.5)
        }
    }' >"$1"
}
mkdir -p recordings/good recordings/broken recordings/worn
machine recordings/good/a.csv 1 0
machine recordings/good/b.csv 2 0
machine recordings/worn/c.csv 3 0.6
machine recordings/broken/d.csv 4 2

project_of() { # FOLDER MODEL [TARGET]
    mkdir -p "$1"
    cat >"$1/midge.yaml" <<YAML
name: machine
target: ${3:-cortex-m4}
data: {kind: series, path: ../recordings, sample_rate: 800, clip_ms: 500, step_ms: 125, split_by: time, test: 0.4, validation: 0.1}
features: {kind: spectral, window_ms: 100, hop_ms: 50, mels: 8}
model: {$2}
YAML
}

project_of forest "architecture: random_forest, trees: 8"
"$MIDGE" build forest >said || fail "build: $(cat said)"
has 'accuracy, int8 *100.0 %' <said || fail "forest: $(cat said)"
has 'same scores as on this machine' <said || fail "forest: $(cat said)"
[ ! -e forest/out/model_float.tflite ] || fail "there is no float model of a forest"
"$MIDGE" quantize forest | has 'there is nothing to quantise' || fail "quantize"
"$MIDGE" inspect forest/out/model.tflite | has MidgeForest || fail "inspect"
cp -r forest again
"$MIDGE" train again >/dev/null
cmp forest/out/model.tflite again/out/model.tflite || fail "training again gives another model"

project_of boosted "architecture: boosted_trees, trees: 5" cortex-m0plus
"$MIDGE" train boosted >/dev/null
"$MIDGE" verify boosted | has "gives the bytes of this machine" || fail "boosting on M0+"
"$MIDGE" eval boosted | has -E "^accuracy (9[5-9]|100)" || fail "boosting: $("$MIDGE" eval boosted)"
project_of boosted "architecture: boosted_trees, trees: 5, trees_as: code" cortex-m0plus
"$MIDGE" verify boosted | has "gives the bytes of this machine" || fail "trees as code on M0+"
grep -q "trees as code" boosted/out/machine.c || fail "trees_as: code gives no code"
"$MIDGE" compile boosted/out/model.tflite -o c --name trees --trees code >/dev/null
grep -q "if (x\[" c/trees.c || fail "--trees code gives no code"
expect 2 "trees 'tall' is not known; known are table, code" "$MIDGE" compile m.tflite -o c --name trees --trees tall
expect 1 "random_forest is no network" "$MIDGE" model forest

project_of neighbours "architecture: neighbours, neighbours: 3" cortex-m0plus
"$MIDGE" train neighbours >/dev/null && "$MIDGE" verify neighbours | has 'gives the bytes of this machine' || fail "neighbours on M0+"

project_of anomaly "architecture: mahalanobis, normal: [good]" cortex-m0plus
"$MIDGE" train anomaly >/dev/null
"$MIDGE" eval anomaly >said || fail "eval"
has '^ *1\.0000 .* broken .*d.csv' <said || fail "anomalies: $(cat said)"
has '^false alarms ' <said || fail "anomalies: $(cat said)"
"$MIDGE" eval anomaly --json | has '"false_alarms": ' || fail "eval --json"
"$MIDGE" verify anomaly | has 'gives the bytes of this machine' || fail "anomaly on M0+"

# The same by a network
project_of auto "architecture: autoencoder, width: 16, depth: 1, bottleneck: 4, normal: [good]"
"$MIDGE" train auto >/dev/null 2>&1 && "$MIDGE" quantize auto >/dev/null || fail "autoencoder"
"$MIDGE" eval auto >said || fail "eval of an autoencoder"
has "^ *1\\.0000 .* broken .*d.csv" <said || fail "anomalies by an autoencoder: $(cat said)"
project_of wrong "architecture: autoencoder"
expect 1 "list those classes in model.normal" "$MIDGE" train wrong

project_of wrong "architecture: mahalanobis, normal: [perfect]"
expect 1 "model.normal: 'perfect' is no class" "$MIDGE" train wrong
project_of wrong "architecture: naive_bayes, normal: [good]"
expect 1 "midge.yaml:5: model.normal: is for the architectures kmeans, gmm, mahalanobis and autoencoder" "$MIDGE" train wrong
project_of wrong "architecture: mahalanobis"
expect 1 "list the normal classes in model.normal" "$MIDGE" train wrong
project_of wrong "architecture: random_forest, trees: 10"
echo "budget: {flash: 100}" >>wrong/midge.yaml
expect 1 "budget" "$MIDGE" build wrong
