import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { ConfigError } from "../errors.js";
import { initializers, resolveInitializer } from "../initializers/index.js";
import { dense, embedding, globalAveragePooling1D } from "../layers/index.js";
import { sequential } from "../models/sequential.js";
import { Random } from "../tensor/random.js";

const words = (ids: number, units: number) => embedding(ids, units, { inputShape: [null] });

describe("a model that is too large", () => {
  it.each([
    [1.6e6, 1000, /take 6\.0 GiB.* ends at 4\.0 GiB.*embedding\/embeddings \[1600000, 1000\]/],
    [1e8, 1000, /take 373 GiB/],
  ])("of %d ids in %d units is refused before anything is made", (ids, units, message) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => sequential([words(ids, units)])).toThrow(ConfigError);
    expect(() => sequential([words(ids, units)])).toThrow(message);
    expect(() => sequential([words(ids, units)], { engine: referenceEngine })).toThrow(
      /reference engine ends at 8\.0 GiB/,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27);
  });

  it("to be trained is refused with what the optimizer keeps", async () => {
    const small = { ...referenceEngine, memoryLimit: 8 * 2500 };
    const make = (optimizer: string) =>
      sequential([words(1000, 1), globalAveragePooling1D()], { engine: small }).compile({ optimizer, loss: "mse" });
    await expect(make("adam").trainOnBatch([[1, 2]], [[1]])).rejects.toThrow(
      /the numbers that adam keeps for the weights take 0\.0 MiB besides the 0\.0 MiB in use/,
    );
    await make("sgd").trainOnBatch([[1, 2]], [[1]]);
  });
});

describe("first values", () => {
  it.each(Object.keys(initializers))("of %s are the same where they stay as in a separate array", (name) => {
    const initializer = resolveInitializer(name);
    if (!initializer.fill) return;
    const into = new Float32Array(12);
    initializer.fill(into, [3, 4], new Random(5));
    expect(into).toEqual(Float32Array.from(initializer.values([3, 4], new Random(5))));
  });

  it("of a large model are made in its device's memory, and are those of a small one", () => {
    const layers = () => [words(170_000, 100), globalAveragePooling1D(), dense(2)];
    const before = process.memoryUsage().arrayBuffers;
    const large = sequential(layers(), { seed: 3 });
    // 65 MiB of weights, in the engine's memory; a separate array would be counted here; memory of other threads is not.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 2 ** 20);
    const random = new Random(3);
    const expected = Float32Array.from(resolveInitializer("uniform").values([170_000, 100], random));
    expect(Buffer.compare(Buffer.from(large.getWeights()[0]!.data.buffer), Buffer.from(expected.buffer))).toBe(0);
  });
});
