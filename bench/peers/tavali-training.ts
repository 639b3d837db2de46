/**
 * How our trainings are measured, in Node and in browsers. Training goes through `fit`, the path a user takes: its data is the batch several
 * times over, in order; a time is from the end of one step to the end of the next.
 */
import { createWasmEngine, type Engine, type Sequential, tensor } from "../../src/index.js";
import type { Task } from "../line-protocol.js";
import type { LoadedWorkload } from "../read-workload.js";
import { tavaliInputs, tavaliModel } from "../tavali-model.js";
import type { Numbers } from "../workloads.js";

/** More data than this does not come at once; another epoch begins. */
const MOST_BYTES = 8 * 2 ** 20;

/** Runs so many times; the milliseconds of each. */
export type Work = (count: number) => Promise<number[]>;

/** The engine that a target asks for; variant "own": no system BLAS. */
export function engineOf({ variant, threads }: Pick<Task, "variant" | "threads">): Engine {
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

/** The workload's model with the workload's weights. */
export function loadedModel(engine: Engine, { workload, weights }: LoadedWorkload): Sequential {
  const model = tavaliModel(workload.model, engine);
  model.setWeights(weights.map(({ data, shape }) => tensor(data, shape)));
  return model;
}

/** Training as it is timed, and the losses of the three steps that are compared. */
export async function training(engine: Engine, loaded: LoadedWorkload): Promise<{ work: Work; check: number[] }> {
  const model = loadedModel(engine, loaded);
  const { y } = loaded;
  const x = tavaliInputs(loaded.workload.model, loaded.x);
  const check: number[] = [];
  for (let step = 0; step < 3; step++) {
    check.push((await model.trainOnBatch(tensor(x.data, x.shape), tensor(y.data, y.shape))).loss!);
  }
  return { work: trainer(model, x, y), check };
}
