/** Tavali as a measured process: training, prediction, and generation one character at a time. */
import { tensor } from "../../src/index.js";
import { type Measured, serve } from "../line-protocol.js";
import { readWorkload } from "../read-workload.js";
import { tavaliInputs, tavaliModel } from "../tavali-model.js";
import { generator } from "./tavali-generator.js";
import { engineOf, loadedModel, training, type Work } from "./tavali-training.js";

async function timed(count: number, once: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    await once();
    times.push(performance.now() - begin);
  }
  return times;
}

let work: Work | undefined;

const tavali: Measured = {
  async prepare(task) {
    const loaded = readWorkload(task.folder);
    const { workload } = loaded;
    const x = tavaliInputs(workload.model, loaded.x);
    const versions = { node: process.version };
    if (workload.task === "train") {
      const { check, ...rest } = await training(engineOf(task), loaded);
      work = rest.work;
      return { check, versions };
    }
    if (workload.task === "generate") {
      const generate = await generator(engineOf(task), loaded);
      work = (count) => timed(count, generate);
      return { check: generate().slice(0, 4), versions };
    }
    const model = loadedModel(engineOf(task), loaded);
    const inputs = tensor(x.data, x.shape);
    work = (count) => timed(count, () => model.predict(inputs));
    return { check: [...(await model.predict(inputs)).data].slice(0, 4), versions };
  },
  run: (count) => work!(count),
  async start(task) {
    const { workload, x: given, y } = readWorkload(task.folder);
    const x = tavaliInputs(workload.model, given);
    const model = tavaliModel(workload.model, engineOf(task));
    return { loss: (await model.trainOnBatch(tensor(x.data, x.shape), tensor(y.data, y.shape))).loss! };
  },
};

await serve(tavali);
