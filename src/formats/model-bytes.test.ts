import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../errors.js";
import { dense, embedding, input, simpleRNN } from "../layers/index.js";
import { model as functional, type Model, sequential } from "../models/index.js";
import { adam } from "../optimizers/index.js";
import { checkWritable, writeFileAtomically } from "./atomic-file-node.js";
import { loadModel, modelFromBytes, modelToBytes, saveModel } from "./index.js";
import { decodeModelFile, encodeModelFile, type ModelFile } from "./tavali-file.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-formats-"));
const at = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const x = [
  [1, 2, 3],
  [0, 4, 2],
  [0, 0, 1],
  [3, 3, 4],
];
const y = [[1], [0], [1], [0]];

function model() {
  const layers = [
    embedding(5, 3, { maskZero: true, inputShape: [null] }),
    simpleRNN(4, { dropout: 0.2, name: "reader" }),
    dense(1, { activation: "sigmoid" }),
  ];
  return sequential(layers, { seed: 7 }).compile({
    optimizer: adam({ learningRate: 0.01, globalClipnorm: 1 }),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
}

describe("a saved model", () => {
  it("has the predictions, the evaluation and the summary of the one that was saved", async () => {
    const saved = model();
    await saved.fit(x, y, { epochs: 3, batchSize: 2, seed: 1, verbose: 0 });
    await saveModel(saved, at("a.tavali"), { task: "test", labels: ["no", "yes"] });
    const { model: loaded, metadata } = await loadModel(at("a.tavali"));
    expect(metadata).toEqual({ task: "test", labels: ["no", "yes"] });
    expect(await loaded.predict(x)).toEqual(await saved.predict(x));
    expect(await loaded.evaluate(x, y)).toEqual(await saved.evaluate(x, y));
    expect(loaded.toConfig()).toEqual(saved.toConfig());
    expect(await modelToBytes(loaded, metadata)).toEqual(await modelToBytes(saved, metadata));
  });

  it("continues training as if it had not stopped, if its optimizer's state is saved", async () => {
    const whole = model();
    const steps = (target: Model, count: number) =>
      Array.from({ length: count }).reduce<Promise<unknown>>(
        (before, _, i) => before.then(() => target.trainOnBatch(x, y, { seed: i })),
        Promise.resolve(),
      );
    await steps(whole, 3);
    const bytes = await modelToBytes(whole, {}, { optimizerState: true });
    await steps(whole, 3);
    const { model: resumed } = await modelFromBytes(bytes, "half.tavali");
    await steps(resumed, 3);
    expect(resumed.getWeights()).toEqual(whole.getWeights());
    const { model: forgetful } = await modelFromBytes(await modelToBytes(resumed), "bare.tavali");
    expect(forgetful.optimizerState()).toBeUndefined();
  });

  it("keeps graphs of layers, with shared weights saved once", async () => {
    const [a, b, shared] = [input({ shape: [null, 2] }), input({ shape: [null, 2], name: "other" }), simpleRNN(3)];
    const outputs = { first: dense(1).apply(shared.apply(a)), second: dense(1).apply(shared.apply(b)) };
    const graph = functional({ inputs: [a, b], outputs, name: "pair" }, { seed: 1 });
    graph.compile({ loss: { first: "mse", second: "mae" }, lossWeights: { first: 2 }, metrics: { first: ["mae"] } });
    await graph.trainOnBatch([[[[1, 2]]], [[[3, 4]]]], [[1], [2]]);
    const bytes = await modelToBytes(graph, {}, { optimizerState: true });
    const { model: loaded } = await modelFromBytes(bytes, "pair.tavali");
    expect(await modelToBytes(loaded, {}, { optimizerState: true })).toEqual(bytes);
    expect(loaded.weightNames).toHaveLength(7);
    expect(loaded.toConfig()).toEqual(graph.toConfig());
  });

  it("needs no compile, and names its weights by layer", async () => {
    const plain = sequential([dense(2, { inputShape: [3], name: "line" })], { seed: 1 });
    const bytes = await modelToBytes(plain);
    const { tensors, compile } = await decodeModelFile(bytes, "plain.tavali");
    expect([tensors.map(({ name }) => name), compile]).toEqual([["line/kernel", "line/bias"], undefined]);
    expect((await modelFromBytes(bytes, "plain.tavali")).model.getWeights()).toEqual(plain.getWeights());
  });
});

describe("a file whose parts do not belong together", () => {
  const forged = async (change: (file: ModelFile) => object) => {
    const file = await decodeModelFile(await modelToBytes(model()), "m.tavali");
    const bytes = await encodeModelFile({ ...file, ...change(file) });
    return modelFromBytes(bytes, "m.tavali").catch((error: unknown) => error);
  };
  it.each([
    [
      "without a weight",
      (file: ModelFile) => ({ tensors: file.tensors.slice(1) }),
      "its layers need the weights embedding/embeddings [5, 3]",
    ],
    [
      "without layers",
      () => ({ architecture: {} }),
      'the model.type must be "Sequential" or "Functional", received nothing',
    ],
    [
      "with an unknown layer",
      ({ architecture }: ModelFile) => ({ architecture: { ...architecture, layers: [{ type: "Oracle" }] } }),
      'Unknown layer type "Oracle"',
    ],
    [
      "with layers that are none",
      ({ architecture }: ModelFile) => ({ architecture: { ...architecture, layers: [null, 3] } }),
      "the model.layers[0] must be an object, received null",
    ],
    [
      "with layers far larger than the file",
      ({ architecture }: ModelFile) => ({
        architecture: {
          ...architecture,
          inputShape: [null, 2 ** 20],
          layers: [{ type: "Dense", name: "huge", units: 2 ** 30 }],
        },
      }),
      "would make 1073741824 numbers of one example",
    ],
    [
      "with an unknown loss",
      ({ compile }: ModelFile) => ({ compile: { ...compile, loss: { type: "regret" } } }),
      "not valid",
    ],
    [
      "with a foreign optimizer's memory",
      ({ tensors }: ModelFile) => ({
        tensors: [...tensors, { name: "optimizer:x", data: Float32Array.of(1), shape: [1] }],
      }),
      'the optimizer\'s memory begins with "optimizer:x", expected one number called "optimizer:iteration"',
    ],
  ])("%s is refused", async (_, change, message) => {
    const error = await forged(change);
    expect(error).toBeInstanceOf(FormatError);
    expect(String(error)).toContain(`m.tavali: `);
    expect(String(error)).toContain(message);
  });
});

describe("files", () => {
  it("that are missing, folders or something else are named", async () => {
    await expect(loadModel(at("gone.tavali"))).rejects.toThrow("gone.tavali does not exist");
    await expect(loadModel(at("a\0b"))).rejects.toThrow("cannot be read (ERR_INVALID_ARG_VALUE)");
    await expect(loadModel(folder)).rejects.toThrow("is not a file");
    writeFileSync(at("text.tavali"), "hello");
    await expect(loadModel(at("text.tavali"))).rejects.toThrow(FormatError);
  });

  it("are replaced atomically, and nothing else is left in the folder", async () => {
    writeFileSync(at("b.tavali"), "old");
    await writeFileAtomically(at("b.tavali"), Buffer.from("new"));
    expect(readFileSync(at("b.tavali"), "utf8")).toBe("new");
    await expect(writeFileAtomically(folder, Buffer.from("new"))).rejects.toThrow(ConfigError);
    await expect(writeFileAtomically(at("no/where"), Buffer.from("new"))).rejects.toThrow("make the folder first");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("are named by a path of a file: nothing takes the place of a device", async () => {
    const one = sequential([dense(1, { inputShape: [2] })]);
    await expect(saveModel(one, "")).rejects.toThrow("path is empty");
    await expect(saveModel(one, at("a\0b"))).rejects.toThrow(ConfigError);
    if (process.platform === "win32") return;
    // A socket is not a regular file either, and this test may replace it.
    const server = createServer().listen(at("socket"));
    await once(server, "listening");
    await expect(saveModel(one, at("socket"))).rejects.toThrow("is not a regular file");
    expect(statSync(at("socket")).isSocket()).toBe(true);
    server.close();
  });

  // Windows lets only administrators make links.
  it.skipIf(process.platform === "win32")("behind a link are replaced, and the link stays", async () => {
    writeFileSync(at("real.tavali"), "old");
    symlinkSync(at("real.tavali"), at("link.tavali"));
    await writeFileAtomically(at("link.tavali"), Buffer.from("new"));
    expect(readFileSync(at("real.tavali"), "utf8")).toBe("new");
  });

  it("are checked before the work begins", async () => {
    await checkWritable(at("fresh.tavali"));
    expect(existsSync(at("fresh.tavali"))).toBe(false);
    await expect(checkWritable(at("no/where.tavali"))).rejects.toThrow("make the folder first");
    await expect(checkWritable(folder)).rejects.toThrow("is a folder");
  });
});
