#!/bin/bash
# SPDX-License-Identifier: MIT
# The table of costs (host/specialize/costs.def) against what kernels really take on the Cortex-M4: within 25 % for every
# operator that takes 2 % of its model, within 10 % for all of them together. `tools/costs MIDGE armv7em` measures anew.
models=${MIDGE_SHARED:-}/models
[ -d "$models" ] || { echo "skipped: there is no $models"; exit 77; }
for tool in arm-none-eabi-gcc qemu-system-arm; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# index, estimate of the kernel taken; then index, measured
compare() {
    awk -v model="$1" '
    function number() { match($0, /: [0-9]+/); return substr($0, RSTART + 2, RLENGTH - 2) + 0 }
    FNR == 1 { file++ }
    /^      "index": / { at = number() }
    file == 1 && /^          "estimated_instructions": / && !(at in estimated) { estimated[at] = number() }
    file == 2 && /^  "instructions": / { all = number() }
    file == 2 && /^      "instructions": / && at in estimated {
        measured = number()
        known += measured
        sum += estimated[at]
        off = (estimated[at] - measured) / measured
        if (measured < all / 50 || (off < 0.25 && off > -0.25)) next
        printf "%s: op %s takes %d instructions, estimated are %d\n", model, at, measured, estimated[at]
        bad = 1
    }
    END {
        if (known < 0.9 * all) { printf "%s: there are no costs of most of it\n", model; bad = 1 }
        if (sum > 1.1 * known || sum < 0.9 * known) { printf "%s: takes %d instructions, estimated are %d\n", model, known, sum; bad = 1 }
        exit bad
    }' inspect bench
}

for model in mlperf_kws_ref_model mlperf_pretrainedResnet_quant mlperf_vww_96_int8 mlperf_ad01_int8 tflm_person_detect; do
    "$MIDGE" inspect "$models/$model.tflite" --target cortex-m4 --json >inspect
    "$MIDGE" bench "$models/$model.tflite" --target cortex-m4 --json >bench
    compare "$model" || fail "the table of costs is out of date"
done

# What an operator became, and what else it could have become
"$MIDGE" inspect "$models/mlperf_kws_ref_model.tflite" --target cortex-m4 >text
for line in '^choice for cortex-m4 \(estimated instructions\):' '^ +2  pointwise_smlad_s8 \([0-9]+\) +instead of conv2d_s8 \([0-9]+\)$'; do
    grep -Eq "$line" text || { cat text; fail "'$line' is missing"; }
done
"$MIDGE" inspect "$models/mlperf_kws_ref_model.tflite" >text
! grep -q '^choice' text || fail "the reference has no choice"
