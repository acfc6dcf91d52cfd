/* SPDX-License-Identifier: MIT
 *
 * schema.h: every key of midge.yaml, each listed once: the reader, its messages and the printed reference
 * (`midge new --keys`, docs/PROJECT.md) all walk these lists.
 *
 * K(R, kind, key, field, fallback, low, high, help): field is a member of mdg_project, R the struct of the
 * section's texts (keys.h). Kinds:
 *   TEXT  const char *      INT   int            REAL  float         FLAG  bool, yes or no
 *   MS    milliseconds in the file, int microseconds in the field
 *   SIZE  size_t bytes, "32 KB" in the file      SEED  uint64_t
 *   COUNT size_t, "2 M" (of 1,000) in the file
 *   POWER float microwatts, "1 mW" in the file   DAYS  float, "2 years" in the file
 *   PAIR  two ints, from the field on: "3x5", or one number for both
 * C(R, kind, key, field, fallback, choices, help): one of choices, "a|b|c"; kind NAME keeps the text (const
 * char
 * *), INDEX its number (int or an enum); an empty choice is a number that no file can ask for. L(R, key,
 * field, count, help): a list of texts; absent = empty. A fallback of NULL leaves the field 0: off, all or
 * none, as the help says.
 */
#ifndef MDG_SCHEMA_H
#define MDG_SCHEMA_H

/* clang-format off */
#define MDG_KEYS_top(R, K, C, L) \
    K(R, TEXT, name, name, NULL, 0, 0, "C identifier, prefix of the generated code; default: the folder's name") \
    K(R, SEED, seed, seed, "1", 0, 0, "decides splits, first weights and augmentation: same seed, same bytes") \
    K(R, TEXT, target, target, "cortex-m4", 0, 0, "what midge verify and midge bench run on") \
    C(R, INDEX, optimize, optimize, "balanced", "balanced|speed|size|ram", "what generated code is made for, where --optimize says nothing") \
    K(R, POWER, power, power.most_uw, NULL, 0, 0, "on average, as \"1 mW\" or \"300 uW\": more ends the build; default: no limit")

#define MDG_KEYS_data(R, K, C, L) \
    C(R, INDEX, kind, data.kind, "audio", "audio|series|images", "sound; numbers over time (IMU, vibration: CSV or WAV); pictures (files or IDX)") \
    K(R, TEXT, path, data.path, "recordings", 0, 0, "folder of classes, <label>/<file>; relative to midge.yaml") \
    K(R, TEXT, pattern, data.pattern, NULL, 0, 0, "file names of a flat folder, e.g. \"{label}_{group}_*.wav\"; with class folders \"{group}_*\" tells the speaker") \
    L(R, labels, data.labels, data.n_labels, "the classes in this order; default: all that are found, sorted") \
    K(R, TEXT, unknown, data.unknown, NULL, 0, 0, "class that all words outside labels get; default: they are left out") \
    K(R, TEXT, silence, data.silence, NULL, 0, 0, "class of clips cut from background recordings; default: none") \
    K(R, TEXT, background, data.background, NULL, 0, 0, "folder of long noise recordings, for silence and for mixing in") \
    K(R, INT, sample_rate, data.sample_rate, "16000", 1, 192000, "Hz; sound is resampled to it, series must have it") \
    K(R, INT, clip_ms, data.clip_ms, "1000", 20, 60000, "what the model sees at a time; clips are cut or padded to it") \
    K(R, INT, step_ms, data.step_ms, "0", 0, 60000, "series: from window to window of a long recording; 0 = clip_ms") \
    L(R, columns, data.columns, data.n_columns, "series: these columns in this order; default: all but the time") \
    L(R, full_scale, data.full_scale, data.n_full_scale, "series: what becomes 32767, for each column or one for all; default: a power of two that holds the data") \
    K(R, PAIR, image, data.image_h, NULL, 1, 1024, "images: height x width that all are scaled to; default: as the first") \
    K(R, FLAG, grey, data.grey, "no", 0, 0, "images: one channel in place of three") \
    K(R, TEXT, objects, data.objects, NULL, 0, 0, "images: table below path of what is where in each picture: path,label,x,y; default: a class a picture") \
    L(R, names, data.names, data.n_names, "images: names of the classes 0, 1, ... of IDX files; those of one name become one class; default: the numbers") \
    C(R, NAME, split_by, data.split.by, "file", "file|group|time", "group: nobody is heard both in training and in the test; time: the end of each recording is the test") \
    K(R, REAL, validation, data.split.validation, "0.1", 0, 0.9, "share of clips that choose the best epoch") \
    K(R, REAL, test, data.split.test, "0.2", 0, 0.9, "share of clips that are kept for the final figures") \
    L(R, test_groups, data.split.test_groups, data.split.n_test_groups, "these groups are the test, whole") \
    L(R, validation_groups, data.split.validation_groups, data.split.n_validation_groups, "these groups are the validation, whole")

#define MDG_KEYS_features(R, K, C, L) \
    C(R, INDEX, kind, features.kind, NULL, "|log_mel|mfcc|raw|micro|spectrogram|spectral", "what the model sees; default: log_mel of sound, raw of anything else") \
    K(R, MS, window_ms, features.window_us, "30", 1, 60000, "length of a frame") \
    K(R, MS, hop_ms, features.hop_us, "20", 1, 60000, "from frame to frame") \
    K(R, FLAG, statistics, features.statistics, "yes", 0, 0, "spectral: mean, level, skew, kurtosis, crest and crossings of each channel") \
    K(R, INT, envelope, features.envelope, "0", 0, 1024, "spectral: of the envelope over so many samples, for bearings; 0 = of the samples") \
    K(R, INT, decimate, features.decimate, "1", 1, 65536, "raw: samples that are averaged to one row") \
    K(R, INT, mels, features.n_mels, "40", 0, 64, "bands, evenly spaced in mel; spectrogram, spectral: in Hz") \
    K(R, INT, coefficients, features.n_coeffs, "10", 2, 64, "mfcc: coefficients kept") \
    K(R, REAL, low_hz, features.f_min_hz, "20", 0, 24000, "lower end of the filterbank") \
    K(R, REAL, high_hz, features.f_max_hz, "0", 0, 24000, "upper end; 0 = half the sample rate") \
    C(R, INDEX, filter, features.filter, "none", "none|low_pass|high_pass|band_pass", "Butterworth, before anything else") \
    K(R, INT, filter_order, features.filter_order, "4", 2, 8, "steepness of each edge, 6 dB an octave each; even") \
    K(R, REAL, filter_low_hz, features.filter_low_hz, "0", 0, 96000, "high_pass, band_pass: what is below goes") \
    K(R, REAL, filter_high_hz, features.filter_high_hz, "0", 0, 96000, "low_pass, band_pass: what is above goes") \
    K(R, PAIR, crop, features.crop_h, NULL, 1, 1024, "images: the middle height x width of what the camera gives (data.image); default: all") \
    K(R, PAIR, resize, features.resize_h, NULL, 1, 1024, "images: scaled to height x width on the device; default: as they are") \
    C(R, INDEX, scaling, features.scaling, "area", "area|bilinear", "images: how they are resized") \
    K(R, FLAG, grey, features.grey, "no", 0, 0, "images: colours to brightness on the device")

#define MDG_KEYS_augment(R, K, C, L) \
    K(R, INT, shift_ms, augment.shift_ms, "100", 0, 10000, "shift in time by up to this") \
    K(R, REAL, gain_db, augment.gain_db, "6", 0, 60, "louder or softer by up to this") \
    K(R, REAL, speed, augment.speed, "0.1", 0, 0.9, "faster or slower by up to this share; the pitch moves along") \
    K(R, REAL, eq_db, augment.eq_db, "3", 0, 30, "bass and treble louder or softer, each by up to this") \
    K(R, REAL, noise_probability, augment.noise_probability, "0.5", 0, 1, "share of clips that get noise mixed in") \
    K(R, REAL, snr_min_db, augment.snr_min_db, "5", -30, 100, "loudest noise") \
    K(R, REAL, snr_max_db, augment.snr_max_db, "30", -30, 100, "softest noise") \
    K(R, INT, time_masks, augment.time_masks, "1", 0, 20, "SpecAugment: masks over frames") \
    K(R, INT, time_mask_frames, augment.time_mask_frames, "5", 0, 1000, "widest of them") \
    K(R, INT, freq_masks, augment.freq_masks, "1", 0, 20, "SpecAugment: masks over bands") \
    K(R, INT, freq_mask_bins, augment.freq_mask_bins, "5", 0, 1000, "widest of them") \
    K(R, REAL, pitch_semitones, augment.pitch_semitones, "0", 0, 12, "pitch higher or lower by up to this, at the same speed") \
    K(R, REAL, room_probability, augment.room_probability, "0", 0, 1, "share of clips that sound as in a room") \
    K(R, INT, room_ms, augment.room_ms, "300", 1, 3000, "longest time in which sound dies away there") \
    K(R, INT, series_shift_ms, augment.series.shift_ms, "0", 0, 10000, "series: shift in time by up to this") \
    K(R, REAL, series_scale, augment.series.scale, "0", 0, 0.9, "series: larger or smaller by up to this share") \
    K(R, REAL, series_speed, augment.series.speed, "0", 0, 0.9, "series: faster or slower by up to this share") \
    K(R, REAL, series_rotate_deg, augment.series.rotate_deg, "0", 0, 180, "series: turn every three channels (x, y, z) by up to this") \
    K(R, REAL, series_jitter, augment.series.jitter, "0", 0, 2, "series: noise of up to this share of a channel's deviation") \
    K(R, INT, series_masks, augment.series.masks, "0", 0, 20, "series: stretches that are blanked") \
    K(R, INT, series_mask_ms, augment.series.mask_ms, "100", 0, 60000, "longest of them") \
    K(R, REAL, image_flip, augment.image.flip, "0", 0, 1, "images: share that is mirrored, left to right") \
    K(R, REAL, image_shift, augment.image.shift, "0", 0, 0.9, "images: shift by up to this share of the side") \
    K(R, REAL, image_zoom, augment.image.zoom, "0", 0, 0.9, "images: larger or smaller by up to this share") \
    K(R, REAL, image_rotate_deg, augment.image.rotate_deg, "0", 0, 180, "images: turn by up to this") \
    K(R, REAL, image_brightness, augment.image.brightness, "0", 0, 1, "images: brighter or darker by up to this share of white") \
    K(R, REAL, image_contrast, augment.image.contrast, "0", 0, 1, "images: contrast higher or lower by up to this share") \
    K(R, REAL, image_cutout, augment.image.cutout, "0", 0, 1, "images: blank a square of up to this share of the side") \
    K(R, REAL, mixup, augment.mixup, "0", 0, 1, "share of clips whose features are mixed with those of another one, up to 40 %, and their truths alike") \
    K(R, REAL, between_class, augment.between_class, "0", 0, 1, "share of clips mixed with one of another class, sample by sample in any proportion, and their truths alike")

#define MDG_KEYS_model(R, K, C, L) \
    K(R, TEXT, architecture, model.architecture, "ds_cnn", 0, 0, "mlp, ds_cnn, resnet8, mobilenet_v1, mobilenet_v2, tc_resnet, conv1d, sparse_temporal, crnn, centroid or autoencoder; without a network: tree, random_forest, boosted_trees, neighbours, linear, logistic, naive_bayes, kmeans, gmm or mahalanobis; ignored where layers are listed") \
    K(R, INT, width, model.opts.width, "0", 0, 1024, "filters of the body; 0 = the architecture's own") \
    K(R, INT, depth, model.opts.depth, "0", 0, 64, "blocks, or of trees; 0 = the architecture's own") \
    K(R, REAL, multiplier, model.opts.multiplier, "0", 0, 4, "mobilenets, centroid: of all widths; 0 = the architecture's own") \
    K(R, INT, kernel, model.opts.kernel, "0", 0, 64, "tc_resnet, conv1d, sparse_temporal, crnn: frames that a convolution sees; 0 = the architecture's own") \
    K(R, INT, segments, model.opts.segments, "0", 0, 64, "tc_resnet, conv1d, sparse_temporal: stretches of time that the last layer tells apart; 0 = the architecture's own") \
    K(R, INT, bottleneck, model.opts.bottleneck, "0", 0, 1024, "autoencoder: values in the narrowest layer; 0 = its own") \
    C(R, NAME, cell, model.opts.cell, NULL, "gru|lstm", "crnn: its recurrent layers; default: gru") \
    C(R, INDEX, padding, model.opts.valid, "same", "same|valid", "ds_cnn, conv1d, sparse_temporal: of their convolutions; valid: so that the model can stream") \
    K(R, REAL, dropout, model.opts.dropout, "0", 0, 0.9, "share of values dropped in training") \
    C(R, INDEX, objective, model.objective, "classes", "classes|map|input", "what listed layers learn: the class, a class for each cell of a map, or to reproduce the input") \
    K(R, REAL, threshold, model.threshold, "0.5", 0, 1, "score from which the best class counts as recognised") \
    K(R, INT, trees, model.classic.trees, "0", 0, 10000, "of random_forest, rounds of boosted_trees; 0 = 30 and 20") \
    K(R, INT, neighbours, model.classic.neighbours, "0", 0, 16, "neighbours: that vote; 0 = 1") \
    K(R, INT, prototypes, model.classic.prototypes, "0", 0, 10000, "neighbours: kept of the training clips, 0 = 64; kmeans, gmm: centres a class, 0 = 4") \
    K(R, INT, statistics, model.classic.statistics, "2", 0, 4, "without a network: rows over time become mean, deviation, least and largest, so many of these; 0 = all rows as they are") \
    K(R, INT, copies, model.copies, "0", 0, 1000, "without a network: variations of each training clip, by augment") \
    L(R, normal, model.normal, model.n_normal, "kmeans, gmm, mahalanobis, autoencoder: learn these classes alone, and tell all else as `anomaly`") \
    K(R, REAL, false_alarms, model.classic.false_alarms, "0.01", 0.0001, 0.5, "with normal: share of normal clips that may count as anomalies") \
    C(R, INDEX, trees_as, model.trees_as, "table", "table|code", "trees in generated C: tables take less flash, code is faster") \
    K(R, FLAG, stream, model.streams, "no", 0, 0, "the generated code takes a hop of new rows at a time and keeps what it needs of earlier ones, with the scores of the whole window, to the bit; for layers that do not pad along time")

#define MDG_KEYS_layer(R, K, C, L) \
    C(R, INDEX, kind, spec.kind, NULL, "conv2d|depthwise_conv2d|dense|average_pool|max_pool|global_average_pool|add|concat|flatten|reshape|lstm|gru|dropout", "what the layer does; needed") \
    K(R, TEXT, name, name, NULL, 0, 0, "for later layers to refer to") \
    K(R, TEXT, from, from, NULL, 0, 0, "the layer it reads, by name or number (the first is 1), or input; default: the one before") \
    K(R, INT, filters, spec.filters, "0", 0, 4096, "conv2d: output channels; dense, lstm, gru: units; depthwise_conv2d: multiplier, 0 = 1") \
    K(R, PAIR, kernel, spec.kernel_h, NULL, 1, 4096, "height x width, \"3x5\", or one number for both; reshape: of what it gives, default: time x 1, all else channels") \
    K(R, PAIR, stride, spec.stride_h, NULL, 1, 64, "height x width, or one number for both; default: 1, pools: the kernel") \
    C(R, INDEX, padding, padding, "same", "valid|same", "TFLite's SAME or VALID") \
    K(R, FLAG, batch_norm, spec.batch_norm, "no", 0, 0, "batch normalisation; folded into the weights later") \
    C(R, INDEX, activation, spec.activation, "none", "none|relu|relu6", "behind the layer") \
    K(R, FLAG, sequence, spec.sequence, "no", 0, 0, "lstm, gru: give the outputs of all steps, not of the last alone") \
    K(R, REAL, rate, spec.rate, "0", 0, 0.9, "dropout: share of values dropped") \
    K(R, TEXT, with, with, NULL, 0, 0, "add, concat: the other operand, a layer's name or number; default: input")

#define MDG_KEYS_train(R, K, C, L) \
    C(R, NAME, optimizer, train.optimizer, "adam", "adam|adamw|sgd", "how weights are moved") \
    C(R, NAME, schedule, train.schedule, "cosine", "cosine|step|plateau|constant", "how the learning rate falls") \
    K(R, INT, epochs, train.epochs, "40", 1, 100000, "times through the training clips") \
    K(R, INT, batch, train.batch, "64", 1, 4096, "clips a step") \
    K(R, REAL, learning_rate, train.learning_rate, "0.003", 0, 10, "at its highest") \
    K(R, INT, warmup_epochs, train.warmup_epochs, "1", 0, 1000, "epochs in which the learning rate rises") \
    K(R, INT, step_epochs, train.step_epochs, "10", 1, 100000, "step: epochs from fall to fall; plateau: epochs without a better validation loss before a fall") \
    K(R, REAL, step_factor, train.step_factor, "0.3", 0, 1, "step, plateau: what remains at each fall") \
    K(R, REAL, momentum, train.momentum, "0.9", 0, 1, "sgd") \
    K(R, FLAG, nesterov, train.nesterov, "no", 0, 0, "sgd: look ahead along the momentum") \
    K(R, REAL, weight_decay, train.weight_decay, "0.0001", 0, 1, "pulls weights towards 0") \
    K(R, REAL, label_smoothing, train.label_smoothing, "0", 0, 0.9, "share of the truth spread over all classes") \
    K(R, REAL, gradient_clip, train.gradient_clip, "0", 0, 1000000, "longest gradient, all weights together; longer ones are scaled down; 0 = any") \
    K(R, REAL, ema, train.average, "0", 0, 0.99999, "average the weights over the steps, each keeping this share (0.999, say); the average is validated and exported; 0 = no") \
    K(R, TEXT, teacher, teacher, NULL, 0, 0, "model file (.tflite, ONNX) or project folder whose scores are learned beside the truth") \
    K(R, REAL, teacher_share, train.teacher_share, "0.7", 0, 1, "teacher: its share of the loss") \
    K(R, REAL, temperature, train.temperature, "3", 0.1, 100, "teacher: by which its scores are softened") \
    K(R, TEXT, start_from, start_from, NULL, 0, 0, "model file (.tflite, ONNX) or project folder whose weights the layers of the same shape begin with") \
    K(R, FLAG, new_head, new_head, "no", 0, 0, "start_from: the last layer begins anew even where its shape fits") \
    K(R, INT, freeze, train.freeze, "0", 0, 1000, "the first layers that keep their weights, as many") \
    K(R, INT, patience, train.patience, "0", 0, 100000, "stop after this many epochs without a better validation loss; 0 = never") \
    K(R, INT, workers, train.workers, "2", 1, 2, "threads; the result does not depend on it") \
    K(R, INT, shards, train.shards, "2", 1, 64, "parts of a batch, each with batch norm of its own; as many processes can train together (mpirun)") \
    C(R, NAME, quantize, retrain.weights, "no", "no|int8|int4", "train on with rounded weights and activations, so that the network learns to live with them") \
    K(R, INT, quantize_epochs, retrain.epochs, "5", 1, 100000, "so many epochs more, after the others") \
    K(R, REAL, quantize_rate, retrain.rate, "0.1", 0, 10, "share of learning_rate that they begin with") \
    C(R, INDEX, balance, balance, "yes", "no|yes|sampling", "yes: rare classes count for more; sampling: all classes are drawn equally often") \
    K(R, REAL, object_weight, object_weight, "10", 0.01, 1000, "data.objects: how much more a cell with an object counts than one without")

#define MDG_KEYS_quantize(R, K, C, L) \
    C(R, NAME, calibration, quantize.calibration, "minmax", "minmax|percentile|mse", "how ranges of activations are chosen") \
    K(R, REAL, percentile, quantize.percentile, "99.99", 50, 100, "percentile: share of values inside the range") \
    C(R, NAME, weights, quantize.weights, NULL, "int8|int4|cluster16|mixed", "int4: half the flash for weights, coarser; dense layers have one scale for all then; cluster16: 16 values a layer, half the flash with optimize: size, finer than int4; mixed: int4 for the layers that bear it; default: as train.quantize, else int8") \
    C(R, NAME, activations, quantize.activations, "int8", "int8|int16|mixed", "int16: far finer, twice the RAM, weights int8; inputs and outputs stay int8; mixed: int16 for what as few layers write as keep accuracy") \
    K(R, REAL, max_drop, max_drop, "1", 0, 100, "mixed: points of accuracy that it may cost on validation clips") \
    C(R, NAME, equalize, quantize.equalize, NULL, "no|yes|auto", "even out the ranges of channels between layers; default: auto with 4 bits that training has not seen, else no") \
    C(R, NAME, bias_correction, quantize.bias_correction, NULL, "no|yes|auto", "make the mean error of each channel 0; default: auto with 4 bits that training has not seen, else no") \
    C(R, NAME, adaptive_rounding, quantize.adaptive_rounding, NULL, "no|yes|auto", "round for the least error of each layer's output, biases too; default: auto with 4 bits that training has not seen, else no") \
    K(R, FLAG, dense_per_channel, quantize.dense_per_channel, "yes", 0, 0, "dense weights per channel, which TFLite reads; no: per tensor, for TFLM before September 2024") \
    K(R, INT, samples, calibration_samples, "256", 1, 100000, "training clips that are looked at")

#define MDG_KEYS_decide(R, K, C, L) \
    K(R, MS, every_ms, decide.every_us, "250", 1, 60000, "from one inference to the next; a multiple of features.hop_ms") \
    K(R, INT, smoothing, decide.smoothing, "3", 1, 255, "inferences whose scores are averaged") \
    K(R, REAL, threshold, decide.threshold, "0", 0, 1, "average from which a class counts; 0 = model.threshold") \
    L(R, thresholds, decide.thresholds, decide.n_thresholds, "of single classes, with a hysteresis if wanted: [yes=0.8, no=0.7/0.2]") \
    K(R, REAL, hysteresis, decide.hysteresis, "0.1", 0, 1, "how far below the threshold a class must fall before it can be another event") \
    K(R, INT, count, decide.count, "1", 1, 255, "times in a row that the threshold must be reached") \
    K(R, MS, refractory_ms, decide.refractory_us, "1000", 0, 60000, "pause after an event") \
    L(R, background, decide.background, decide.n_background, "classes that are no events, besides data.unknown and data.silence")

#define MDG_KEYS_budget(R, K, C, L) \
    K(R, SIZE, ram, budget.ram, NULL, 0, 0, "arena, state and stack; default: no limit") \
    K(R, SIZE, flash, budget.flash, NULL, 0, 0, "code and weights; default: no limit") \
    K(R, COUNT, instructions, budget.instructions, NULL, 0, 0, "of an inference, \"2 M\"; default: no limit")

#define MDG_KEYS_search(R, K, C, L) \
    C(R, INDEX, strategy, search.strategy, "evolution", "random|evolution|halving", "how candidates are chosen (docs/SEARCH.md)") \
    K(R, INT, candidates, search.candidates, "36", 1, 100000, "different ones that are tried") \
    K(R, INT, population, search.population, "12", 2, 1000, "evolution: candidates that can have offspring") \
    K(R, INT, short_epochs, search.short_epochs, "0", 0, 100000, "halving, evolution: the first training of each; 0 = a ninth of train.epochs") \
    C(R, INDEX, cost, search.cost, "flash", "flash|ram|instructions", "what accuracy is weighed against") \
    L(R, space, search.space, search.n_space, "what is varied, each \"key = values\", e.g. \"model.width = 8 16 32\"; default: by data.kind")

#define MDG_KEYS_board(R, K, C, L) \
    K(R, TEXT, part, power.part, NULL, 0, 0, "whose figures are taken, see midge power --help; default: the first of its table") \
    K(R, TEXT, sensor, power.sensor, "none", 0, 0, "always on") \
    K(R, REAL, messages_per_hour, power.messages_per_hour, "0", 0, 100000, "sent by radio") \
    K(R, REAL, message_uj, power.message_uj, "50", 0, 1000000, "energy of one of them, microjoules")

/* In the order of the table of batteries (power/parts.def) */
#define MDG_KEYS_battery(R, K, C, L) \
    K(R, DAYS, cr2032, power.days[0], NULL, 0, 0, "as \"180 days\" or \"1 year\": that it must last; less ends the build") \
    K(R, DAYS, aaa2, power.days[1], NULL, 0, 0, "two of AAA") \
    K(R, DAYS, lipo500, power.days[2], NULL, 0, 0, "of 500 mAh")

/* S(section, help), in the order of the reference; M for the one that has layers besides */
#define MDG_SECTIONS(S, M) \
    S(data, "recordings and how they are split") \
    S(features, "from samples to the model's input") \
    S(augment, "variations of the training clips") \
    M(model, "the network; `layers:` in place of architecture lists its layers") \
    S(train, "training") \
    S(quantize, "float to int8") \
    S(decide, "from scores to events, on streams") \
    S(budget, "what the model may cost; what does not fit ends the build") \
    S(search, "midge search: other settings of this project, tried") \
    S(board, "for what midge power calculates") \
    S(battery, "how long it must last")
/* clang-format on */

#endif
