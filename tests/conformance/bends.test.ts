/** Exactly at 0, where weights and padding often are, finite differences cannot judge a function that bends; these derivatives are stated. */
import { describe, it } from "vitest";
import { activations } from "../../src/activations/index.js";
import { constant, differentiate, input, sum } from "../../src/equations/index.js";
import { binaryCrossentropy } from "../../src/losses/index.js";
import { expectClose, runEquations } from "./run-equations.js";

const atZero = {
  relu: 0,
  relu6: 0,
  leakyRelu: 0.2,
  elu: 1,
  selu: 1.0507009873554805 * 1.6732632423543772,
  softplus: 0.5,
  logSigmoid: 0.5,
  softsign: 1,
  mish: 0.6,
  hardTanh: 1,
};

describe("the derivative at 0", () => {
  it.each(Object.entries(atZero))("of %s is %d", async (name, expected) => {
    const x = input("x", [1]);
    const d = differentiate(sum(activations[name]!(x)), [x])[0]!;
    const result = await runEquations({ name, inputs: { x }, outputs: { d } }, { x: [0] });
    expectClose(result.d!, [expected], 1e-15);
  });

  it("of the binary crossentropy is ½ − y at a logit of 0", async () => {
    const z = input("z", [2, 1]);
    const loss = sum(binaryCrossentropy({ fromLogits: true }).perSample(constant([0, 1], [2, 1]), z));
    const d = differentiate(loss, [z])[0]!;
    const result = await runEquations({ name: "bce", inputs: { z }, outputs: { d } }, { z: [0, 0] });
    expectClose(result.d!, [0.5, -0.5], 1e-15);
  });
});
