/** shared/keras-golden/optimizers.json: weights after each of five steps, and every slot at the end. */
import { expect } from "vitest";
import { resolveOptimizer } from "../../../src/optimizers/index.js";
import type { NestedArray } from "../../../src/tensor/tensor.js";
import { expectClose } from "../../conformance/run-equations.js";
import { flat } from "../golden.js";
import { startOptimizer } from "../optimizer-golden.js";
import { holdCases, sharedCases } from "./keras-golden.js";
import { configOf, type KerasObject } from "./keras-object.js";

interface OptimizerCase {
  readonly optimizer: string;
  readonly config: KerasObject["config"];
  readonly w0: NestedArray[];
  readonly grads: NestedArray[][];
  readonly lr_used: number[];
  readonly weights_after_each_step: NestedArray[][];
  /** Slots as "v0_momentum": that of the first weight. */
  readonly variable_names: string[];
  readonly variables_final: NestedArray[];
}

holdCases(
  "optimizers.json",
  sharedCases<OptimizerCase>("optimizers.json"),
  (golden) => golden.optimizer,
  async (golden, [, engine, tolerance]) => {
    const [className] = golden.optimizer.split("(") as [string];
    const optimizer = resolveOptimizer(configOf({ class_name: className, config: golden.config }));
    const run = await startOptimizer(optimizer, golden.w0, engine);
    for (const [step, weights] of golden.weights_after_each_step.entries()) {
      if (optimizer.schedule) optimizer.learningRate = optimizer.schedule.at(step);
      expect(optimizer.learningRate).toBeCloseTo(golden.lr_used[step]!, 12);
      run.step(golden.grads[step]!, step + 1);
      for (const [i, weight] of weights.entries())
        expectClose(run.read(`weight${i}`), flat(weight), tolerance, `weight ${i} after step ${step + 1}`);
    }
    const slots = golden.variable_names.flatMap((name, i) => {
      const [, weight, slot] = /^v(\d)_(.*)$/.exec(name) ?? [];
      return slot === undefined ? [] : [{ port: `${slot}${weight}`, value: golden.variables_final[i]! }];
    });
    expect(slots).toHaveLength(optimizer.slots.length * golden.w0.length);
    for (const { port, value } of slots) expectClose(run.read(port), flat(value), tolerance, port);
  },
  {
    "SGD(0.1,gradient_accumulation_steps=2)": {
      because: "gradients are not accumulated over steps: a larger batch does the same",
      fails: /^sgd: there is no option "gradientAccumulationSteps"/,
    },
    "Adam(0.01,use_ema=True,ema_momentum=0.9,ema_overwrite_frequency=2)": {
      because: "there is no moving average of weights",
      fails: /^adam: there is no option "useEma"/,
    },
  },
);
