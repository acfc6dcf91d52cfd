/* SPDX-License-Identifier: MIT
 *
 * cmd_quantize.c: `midge quantize`: a project's float model to integers.
 */
#include "cli/classic.h"
#include "cli/quantizing.h"

/* What the command line says comes before midge.yaml. */
static void take_asked(mdg_quant_opts *o, const mdg_quant_opts *asked) {
    if (asked->calibration) o->calibration = asked->calibration;
    if (asked->weights) o->weights = asked->weights;
    if (asked->activations) o->activations = asked->activations;
    if (asked->equalize) o->equalize = asked->equalize;
    if (asked->bias_correction) o->bias_correction = asked->bias_correction;
    if (asked->adaptive_rounding) o->adaptive_rounding = asked->adaptive_rounding;
}

static mdg_status run(mdg_cli *cli) {
    bool json = false;
    double max_drop = -1.0;
    size_t flash = 0;
    mdg_quant_opts asked = {0};
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json},
                                  {"--calibration", MDG_OPTION_TEXT, &asked.calibration},
                                  {"--weights", MDG_OPTION_TEXT, &asked.weights},
                                  {"--activations", MDG_OPTION_TEXT, &asked.activations},
                                  {"--flash", MDG_OPTION_SIZE, &flash},
                                  {"--max-drop", MDG_OPTION_REAL, &max_drop},
                                  {"--equalize", MDG_OPTION_TEXT, &asked.equalize},
                                  {"--bias-correction", MDG_OPTION_TEXT, &asked.bias_correction},
                                  {"--adaptive-rounding", MDG_OPTION_TEXT, &asked.adaptive_rounding},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    take_asked(&pl.project.quantize, &asked);
    pl.project.mixed_flash = flash;
    if (max_drop >= 0.0) pl.project.max_drop = (float)max_drop;
    MDG_TRY(mdg_pipeline_quantize(&pl));
    if (mdg_pipeline_is_classic(&pl)) {
        printf("%s is int8 from training on: there is nothing to quantise\n",
               mdg_pipeline_file(&pl, "model.tflite"));
        return MDG_OK;
    }
    if (json) return mdg_json_print(mdg_quantizing_json(&pl));
    mdg_quantizing_print(&pl, stdout);
    printf("wrote %s\n", mdg_pipeline_file(&pl, "model.tflite"));
    return MDG_OK;
}

const mdg_verb mdg_verb_quantize = {
    .name = "quantize",
    .summary = "turn a project's float model into int8 or int4",
    .help =
        "midge quantize DIR [--weights W [--flash BYTES | --max-drop POINTS]] [--calibration C]\n"
        "               [--activations A] [--equalize E] [--bias-correction E] [--adaptive-rounding E]\n"
        "               [--json]\n"
        "\n"
        "Reads DIR/out/model_float.tflite, looks at some training clips, writes DIR/out/model.tflite,\n"
        "and prints each layer's range and noise. What is not given here is as in midge.yaml.\n"
        "\n"
        "  --weights W            int8; int4: half the flash for weights, coarser; cluster16: int8 of 16\n"
        "                         values a layer, the same flash with `compile --optimize size`, finer;\n"
        "                         mixed: int4 for the layers that bear it, in order of the noise they add\n"
        "                         per byte saved\n"
        "  --flash BYTES          mixed: as few layers as make weights and biases fit\n"
        "  --max-drop POINTS      mixed: weights: as many layers as cost at most this much accuracy on\n"
        "                         validation clips; default 1\n"
        "  --activations A        int8; int16: far finer, at twice the RAM, with int8 weights; inputs and\n"
        "                         outputs stay int8; mixed: int16 for what as few layers write as keep\n"
        "                         accuracy within --max-drop, those first that take most noise away\n"
        "  --calibration C        ranges of activations: minmax, percentile, mse\n"
        "  --equalize E           even out the ranges of channels between layers\n"
        "  --bias-correction E    make the mean error of each channel 0\n"
        "  --adaptive-rounding E  round weights for the least error of each layer's output\n"
        "\n"
        "E is no, yes or auto: auto keeps a method when the output's noise falls on clips that the\n"
        "method has not seen. Without them: auto with few values that training has not seen, else no.\n"
        "\n"
        "  midge quantize doorbell && midge inspect doorbell/out/model.tflite\n"
        "  midge quantize doorbell --weights int4 --adaptive-rounding yes\n"
        "  midge quantize doorbell --weights mixed --flash 20k\n",
    .run = run,
};
