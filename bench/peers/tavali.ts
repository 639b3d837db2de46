/**
 * Tavali as a measured process. Training goes through `fit`, the path a user takes: its data is the batch several times over, in order;
 * a time is from the end of one step to the end of the next. Variant "own": no system BLAS.
 */
import { createWasmEngine, type Engine, type Sequential, tensor } from "../../src/index.js";
import { type Measured, serve, type Task } from "../line-protocol.js";
import { readWorkload } from "../read-workload.js";
import { tavaliModel } from "../tavali-model.js";
import type { Numbers } from "../workloads.js";
import { generator } from "./tavali-generator.js";

/** More data than this does not come at once; another epoch begins. */
const MOST_BYTES = 8 * 2 ** 20;

type Work = (count: number) => Promise<number[]>;

function engineOf({ variant, threads }: Task): Engine {
  return createWasmEngine({ threads, blas: variant === "own" ? false : "auto" });
}

function trainer(model: Sequential, x: Numbers, y: Numbers): Work {
  return async (count) => {
    const batchSize = x.shape[0]!;
    const copies = Math.min(count, Math.max(1, Math.floor(MOST_BYTES / x.data.byteLength)));
    const times: number[] = [];
    let last = 0;
    await model.fit(several(x, copies), several(y, copies), {
      batchSize,
      epochs: Math.ceil(count / copies),
      shuffle: false,
      seed: 1,
      verbose: 0,
      callbacks: [
        {
          onEpochBegin: () => {
            last = performance.now();
          },
          onBatchEnd: () => {
            const now = performance.now();
            times.push(now - last);
            last = now;
          },
        },
      ],
    });
    return times.slice(0, count);
  };
}

function several({ data, shape }: Numbers, copies: number) {
  const whole =
    data instanceof Int32Array ? new Int32Array(data.length * copies) : new Float32Array(data.length * copies);
  for (let i = 0; i < copies; i++) whole.set(data, i * data.length);
  return tensor(whole, [shape[0]! * copies, ...shape.slice(1)]);
}

async function timed(count: number, work: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times;
}

let work: Work | undefined;

const tavali: Measured = {
  async prepare(task) {
    const { workload, x, y, weights } = readWorkload(task.folder);
    const versions = { node: process.version };
    if (workload.task === "generate") {
      const generate = await generator(engineOf(task), workload, weights, x);
      work = (count) => timed(count, generate);
      return { check: generate().slice(0, 4), versions };
    }
    const model = tavaliModel(workload.model, engineOf(task));
    model.setWeights(weights.map(({ data, shape }) => tensor(data, shape)));
    const [inputs, targets] = [tensor(x.data, x.shape), tensor(y.data, y.shape)];
    if (workload.task === "predict") {
      work = (count) => timed(count, () => model.predict(inputs));
      return { check: [...(await model.predict(inputs)).data].slice(0, 4), versions };
    }
    work = trainer(model, x, y);
    const check: number[] = [];
    for (let step = 0; step < 3; step++) check.push((await model.trainOnBatch(inputs, targets)).loss!);
    return { check, versions };
  },
  run: (count) => work!(count),
  async start(task) {
    const { workload, x, y } = readWorkload(task.folder);
    const model = tavaliModel(workload.model, engineOf(task));
    return { loss: (await model.trainOnBatch(tensor(x.data, x.shape), tensor(y.data, y.shape))).loss! };
  },
};

await serve(tavali);
