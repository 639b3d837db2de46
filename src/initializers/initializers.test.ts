import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../errors.js";
import { Random } from "../tensor/random.js";
import {
  glorotUniform,
  heNormal,
  type Initializer,
  identity,
  initializers,
  lecunNormal,
  orthogonal,
  randomNormal,
  randomUniform,
  resolveInitializer,
  truncatedNormal,
  varianceScaling,
} from "./index.js";

const [rows, columns] = [60, 90];
const draw = (initializer: Initializer, shape = [rows, columns], seed = 1) =>
  initializer.values(shape, new Random(seed));
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: Float64Array) => Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)));

describe.each(Object.keys(initializers))("%s", (name) => {
  const initializer = resolveInitializer(name);
  it("fills the shape, and equal sources of randomness give equal values", () => {
    expect(draw(initializer)).toHaveLength(rows * columns);
    expect(draw(initializer)).toEqual(draw(initializer));
  });

  it("comes back from its config and from Keras's class name", () => {
    const again = resolveInitializer(JSON.parse(JSON.stringify(initializer.config)));
    expect(again.config).toEqual(initializer.config);
    expect(resolveInitializer(initializer.config.type).config).toEqual(initializer.config);
    expect(draw(again)).toEqual(draw(initializer));
  });
});

describe("spread", () => {
  const limits: [string, Initializer, number][] = [
    ["randomUniform", randomUniform(), 0.05],
    ["glorotUniform", glorotUniform(), Math.sqrt(6 / (rows + columns))],
    ["heUniform", resolveInitializer("he_uniform"), Math.sqrt(6 / rows)],
    ["lecunUniform", resolveInitializer("lecun_uniform"), Math.sqrt(3 / rows)],
    ["truncatedNormal", truncatedNormal(), 0.1],
  ];
  it.each(limits)("%s stays within its limit and comes near it", (_, initializer, limit) => {
    const greatest = Math.max(...draw(initializer).map(Math.abs));
    expect(greatest).toBeLessThanOrEqual(limit);
    expect(greatest).toBeGreaterThan(0.99 * limit);
  });

  const deviations: [string, Initializer, number][] = [
    ["randomNormal", randomNormal(), 0.05],
    ["glorotNormal", resolveInitializer("glorot_normal"), Math.sqrt(2 / (rows + columns))],
    ["heNormal", heNormal(), Math.sqrt(2 / rows)],
    ["lecunNormal", lecunNormal(), Math.sqrt(1 / rows)],
    [
      "varianceScaling",
      varianceScaling({ scale: 3, mode: "fanOut", distribution: "untruncatedNormal" }),
      Math.sqrt(3 / columns),
    ],
  ];
  it.each(deviations)("%s has its standard deviation", (_, initializer, expected) => {
    expect(deviation(draw(initializer)) / expected).toBeCloseTo(1, 1);
  });

  it("counts a leading axis into both fans", () => {
    const greatest = Math.max(...draw(glorotUniform(), [10, 60, 90]).map(Math.abs));
    expect(greatest / Math.sqrt(6 / (600 + 900))).toBeCloseTo(1, 2);
  });
});

describe("orthogonal", () => {
  it.each([
    [7, 7],
    [12, 5],
    [5, 12],
    [40, 160],
  ])("of %d × %d has rows or columns of length gain at right angles", (m, n) => {
    const q = draw(orthogonal({ gain: 1.5 }), [m, n]);
    const at = (i: number, k: number) => (m <= n ? q[i * n + k]! : q[k * n + i]!);
    const [count, length] = [Math.min(m, n), Math.max(m, n)];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < length; k++) dot += at(i, k) * at(j, k);
        expect(Math.abs(dot - (i === j ? 1.5 ** 2 : 0))).toBeLessThan(1e-13);
      }
    }
  });

  it("needs two axes", () => {
    expect(() => draw(orthogonal(), [5])).toThrow(ShapeError);
  });
});

describe("options", () => {
  it("identity is a matrix with gain on its diagonal", () => {
    expect([...draw(identity({ gain: 2 }), [2, 3])]).toEqual([2, 0, 0, 0, 2, 0]);
    expect(() => draw(identity(), [2, 3, 4])).toThrow(ShapeError);
  });

  it("a separate seed makes an initializer independent of the model's", () => {
    for (const name of ["orthogonal", "glorotUniform", "randomNormal"]) {
      const own = resolveInitializer({ type: name, seed: 5 });
      expect(draw(own, [4, 4], 1)).toEqual(draw(own, [4, 4], 2));
      expect(draw(own, [4, 4], 1)).not.toEqual(draw(resolveInitializer(name), [4, 4], 1));
      expect(own.config).toMatchObject({ seed: 5 });
      expect(resolveInitializer(name).config).not.toHaveProperty("seed");
    }
  });

  it("an option that is null counts as not given", () => {
    expect(resolveInitializer({ type: "GlorotUniform", seed: null }).config).toEqual({ type: "GlorotUniform" });
  });

  it("wrong ones are refused", () => {
    expect(() => resolveInitializer("glorott")).toThrow('Unknown initializer "glorott". Known are zeros, ones,');
    expect(() => varianceScaling({ scale: 0 })).toThrow(ConfigError);
    expect(() => glorotUniform({ seed: 0.5 })).toThrow("GlorotUniform: seed must be a whole number, received 0.5.");
  });
});
