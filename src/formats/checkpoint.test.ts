import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FormatError, StateError } from "../errors.js";
import type { StateValue, TrainingState } from "../training/index.js";
import { checkpointFromBytes, checkpointToBytes } from "./checkpoint-bytes.js";
import { loadCheckpoint, modelFromBytes, saveCheckpoint } from "./index.js";
import { decodeState, encodeState } from "./state-bytes.js";

const state = (epoch: number): TrainingState => ({
  epoch,
  batch: 2,
  seed: 4_294_967_295,
  randomState: [1, 0, 2 ** 32 - 1, 4],
  fingerprint: { x: "[4, 3] 9f86d081" },
  stopped: false,
  learningRate: 0.1 + 0.2,
  totals: [
    { name: "loss", sums: [1 / 3, 7] },
    { name: "accuracy", sums: [2, 7] },
  ],
  logs: { loss: Number.NaN, accuracy: Number.NEGATIVE_INFINITY },
  history: { loss: [0.5], accuracy: [0.25] },
  epochs: [0],
  callbacks: [{ name: "earlyStopping", state: { best: undefined, waited: 0 } }],
  variables: new Map([["dense/kernel", { data: Float32Array.of(-0, 1e-45, Number.NaN), shape: [3, 1] }]]),
});

describe("a state as JSON and tensors", () => {
  it("comes back number for number, type for type, in order", () => {
    const value: StateValue = {
      b: [-0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 0.1],
      a: null,
      none: undefined,
      $array: 3,
      ids: Int32Array.of(-1, 2),
      map: new Map<string, StateValue>([["x", { data: Float64Array.of(0.1), shape: [] }]]),
    };
    const { json, tensors } = encodeState(value);
    const back = decodeState(json, tensors, "a") as typeof value;
    expect(back).toStrictEqual(value);
    expect(Object.keys(back)).toEqual(Object.keys(value));
  });
});

describe("a checkpoint file", () => {
  it("gives back the state, and has equal bytes for equal states", async () => {
    const bytes = await checkpointToBytes(state(1));
    expect(await checkpointFromBytes(bytes, "a")).toStrictEqual(state(1));
    expect(await checkpointToBytes(state(1))).toEqual(bytes);
  });

  it.each<[string, object, string]>([
    ["an epoch that never ends", { epoch: -1e308 }, "the training's state.epoch must be a whole number from 0"],
    ["a batch that is no number", { batch: null }, "the training's state.batch must be a whole number"],
    ["no variables", { variables: {} }, "the training's state.variables must be a map"],
    [
      "a shape far larger than its numbers",
      { variables: new Map([["w", { data: Float32Array.of(1, 2), shape: [1e9] }]]) },
      'the training\'s state.variables["w"].shape must be a shape of 2 numbers, received [1000000000]',
    ],
    [
      "a variable without numbers",
      { variables: new Map([["w", { data: [1, 2], shape: [2] }]]) },
      'the training\'s state.variables["w"].data must be an array of numbers',
    ],
    ["too few words of a random state", { randomState: [1, 2] }, "state.randomState must be a list of at least 4"],
    [
      "too many words of a random state",
      { randomState: [1, 2, 3, 4, 5] },
      "state.randomState must be a list of at most 4",
    ],
    [
      "a word of 33 bits",
      { randomState: [1, 2, 3, 2 ** 32] },
      "state.randomState[3] must be a whole number from 0 to 4294967295",
    ],
    ["a step count beyond 2^40", { epoch: 2 ** 40 + 1 }, "state.epoch must be a whole number from 0 to 1099511627776"],
    ["a negative learning rate", { learningRate: -1 }, "state.learningRate must be"],
    [
      "a total of no numbers",
      { totals: [{ name: "loss", sums: [] }] },
      "state.totals[0].sums must be a list of at least 1",
    ],
    ["a total without a name", { totals: [{ name: "", sums: [1] }] }, "state.totals[0].name must be"],
    ["a total without sums", { totals: [{ name: "loss" }] }, "state.totals[0].sums must be a list, received nothing"],
    ["a history of texts", { history: { loss: ["a"] } }, 'state.history.loss[0] must be a number, received "a"'],
    ["callbacks that are none", { callbacks: [null] }, "state.callbacks[0] must be an object, received null"],
  ])("with %s is refused before anything is made of it", async (_, change, message) => {
    const bytes = await checkpointToBytes({ ...state(1), ...change } as TrainingState);
    await expect(checkpointFromBytes(bytes, "a")).rejects.toThrow(FormatError);
    await expect(checkpointFromBytes(bytes, "a")).rejects.toThrow(message);
  });

  it("is told from a model file, and damage is noticed", async () => {
    const bytes = await checkpointToBytes(state(1));
    await expect(modelFromBytes(bytes, "a")).rejects.toThrow(/this is a checkpoint/);
    bytes[bytes.length >> 1]! ^= 1;
    await expect(checkpointFromBytes(bytes, "a")).rejects.toThrow(/checksum is wrong.*older checkpoint/);
    await expect(checkpointFromBytes(bytes.subarray(0, 20), "a")).rejects.toThrow(FormatError);
  });
});

describe("a folder of checkpoints", () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "tavali-checkpoints-")), "made");
  });
  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }));

  it("holds nothing at first, and then the last two", async () => {
    expect(await loadCheckpoint(folder)).toBeUndefined();
    for (const epoch of [1, 2, 3]) await saveCheckpoint(folder, state(epoch));
    expect(fs.readdirSync(folder)).toEqual([
      "checkpoint-000002.tavali-checkpoint",
      "checkpoint-000003.tavali-checkpoint",
    ]);
    expect(await loadCheckpoint(folder)).toStrictEqual(state(3));
  });

  it("gives the one before where the last is damaged, and says so", async () => {
    const problems: string[] = [];
    await saveCheckpoint(folder, state(1));
    const last = await saveCheckpoint(folder, state(2));
    fs.truncateSync(last, 100);
    expect(await loadCheckpoint(folder, (problem) => problems.push(problem))).toStrictEqual(state(1));
    expect(problems.join()).toContain("checkpoint-000002.tavali-checkpoint: the checksum is wrong");
    fs.truncateSync(path.join(folder, "checkpoint-000001.tavali-checkpoint"), 3);
    await expect(loadCheckpoint(folder, () => {})).rejects.toThrow(StateError);
  });

  it("clears away what a killed process left unfinished", async () => {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, ".checkpoint-000001.tavali-checkpoint.1234.part"), "half");
    await saveCheckpoint(folder, state(1));
    expect(fs.readdirSync(folder)).toEqual(["checkpoint-000001.tavali-checkpoint"]);
  });
});
