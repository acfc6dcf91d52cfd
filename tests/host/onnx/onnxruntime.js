// SPDX-License-Identifier: MIT
// node onnxruntime.js JOBS: each line of the file JOBS is "model input output". Runs the model with ONNX Runtime on the
// bytes of all inputs in order, and writes the bytes of all outputs in order.
const fs = require('fs');
const ort = require('onnxruntime-node');

const arrays = { float32: Float32Array, uint8: Uint8Array, int8: Int8Array };

async function run(model, input, output) {
  // unoptimised: fused kernels would hide what the model says
  const session = await ort.InferenceSession.create(model, { graphOptimizationLevel: process.env.ORT_LEVEL || 'disabled' });
  const bytes = fs.readFileSync(input);
  const feeds = {};
  let at = 0;
  for (const { name, type, shape } of session.inputMetadata) {
    const dims = shape.map((d) => (typeof d === 'number' && d > 0 ? d : 1));
    const data = new arrays[type](dims.reduce((a, b) => a * b, 1));
    Buffer.from(data.buffer).set(bytes.subarray(at, at + data.byteLength));
    at += data.byteLength;
    feeds[name] = new ort.Tensor(type, data, dims);
  }
  const results = await session.run(feeds);
  fs.writeFileSync(output, Buffer.concat(session.outputNames.map((name) => {
    const { data } = results[name];
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  })));
}

(async () => {
  for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
    await run(...line.split(' '));
  }
})().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
