/**
 * brain.js as a measured process: its recurrent network learns texts of symbols one at a time, with an optimizer and an input layer of its
 * own, so only the character workloads are like ours, and no number of it can be compared with ours but the time.
 */
import { createRequire } from "node:module";
import { Cannot, serve } from "./line-protocol.js";
import { readWorkload } from "./read-workload.js";

const require = createRequire(import.meta.url);
const brain = require("brain.js");

let once;

await serve({
  prepare({ folder }) {
    const { workload, y } = readWorkload(folder);
    const { model, task, batch, time } = workload;
    if (!model.everyStep) throw new Cannot("its recurrent networks learn texts, not one answer per sequence");
    if (model.bidirectional) throw new Cannot("its recurrent networks read forward only");
    const kind = model.cell === "lstm" ? brain.recurrent.LSTM : brain.recurrent.RNN;
    const symbols = { inputSize: model.features, inputRange: model.outputs, outputSize: model.outputs };
    // It refuses rates of 1 and above; another takes as long.
    const learningRate = Math.min(model.learningRate, 0.01);
    const net = new kind({ hiddenLayers: model.units, learningRate, ...symbols });
    net.initialize();
    const texts = Array.from({ length: batch }, (_, row) => [...y.data.subarray(row * time, (row + 1) * time)]);
    if (task !== "train")
      throw new Cannot("it ends a text when it likes: a time per character would be of another task");
    once = () => {
      for (const text of texts) net.trainPattern(text);
    };
    once();
    return { check: [], versions: { "brain.js": require("brain.js/package.json").version } };
  },
  run(count) {
    return Array.from({ length: count }, () => {
      const begin = performance.now();
      once();
      return performance.now() - begin;
    });
  },
});
