import { describe, expect, it } from "vitest";
import { activationRegistry, resolveActivation } from "../../src/activations/resolve-activation.js";
import { cellOfName, cellRegistry } from "../../src/cells/built-in-cells.js";
import { defineCell } from "../../src/cells/index.js";
import type { Node } from "../../src/equations/index.js";
import { ConfigError } from "../../src/errors.js";
import { initializerRegistry, resolveInitializer } from "../../src/initializers/resolve-initializer.js";
import { rnn } from "../../src/layers/index.js";
import { layerFromConfig, layerRegistry } from "../../src/layers/layer-from-config.js";
import { defineLoss, lossRegistry, resolveLoss } from "../../src/losses/index.js";
import { accuracy, defineMetric, type Metric, metricRegistry, resolveMetric } from "../../src/metrics/index.js";
import { optimizerRegistry, resolveOptimizer } from "../../src/optimizers/resolve-optimizer.js";
import { resolveSchedule, scheduleRegistry } from "../../src/optimizers/resolve-schedule.js";
import { type MakerRegistry, nameIn, type Registry } from "../../src/registry.js";
import {
  constraintRegistry,
  regularizerRegistry,
  resolveConstraint,
  resolveRegularizer,
} from "../../src/regularizers/by-name.js";

const makers: readonly (readonly [MakerRegistry<unknown>, (given: never) => unknown])[] = [
  [initializerRegistry, resolveInitializer],
  [lossRegistry, resolveLoss],
  [metricRegistry, (given) => resolveMetric(given)],
  [optimizerRegistry, resolveOptimizer],
  [scheduleRegistry, resolveSchedule],
  [regularizerRegistry, resolveRegularizer],
  [constraintRegistry, resolveConstraint],
];
const registries: readonly (readonly [Registry, (given: never) => unknown])[] = [
  ...makers,
  [activationRegistry, resolveActivation],
  [cellRegistry, (name) => cellOfName(name)],
  [layerRegistry, (type) => layerFromConfig({ type })],
];
const byKind = <Row extends readonly [Registry, unknown]>(rows: readonly Row[]) =>
  rows.map((row) => [row[0].kind, ...row] as const);

const snake = (name: string) =>
  name.replace(/[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, (letter) => `${letter}_`).toLowerCase();
const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);
const spellings = (name: string) => [name, capital(name), snake(name), name.toUpperCase(), name.toLowerCase()];

describe.each(byKind(registries))("the registry: %s", (kind, registry, resolve) => {
  const { entries, aliases = {} } = registry;

  it("finds every entry in every spelling", () => {
    for (const name of Object.keys(entries)) {
      for (const spelling of spellings(name)) expect(nameIn(registry, spelling), spelling).toBe(name);
    }
  });
  it("has aliases in small letters that are no entry's name, each for an entry", () => {
    for (const [alias, name] of Object.entries(aliases)) {
      expect(alias).toMatch(/^[a-z0-9]+$/);
      expect(nameIn({ kind, entries }, alias)).toBeUndefined();
      expect(Object.keys(entries)).toContain(name);
      for (const spelling of spellings(alias)) expect(nameIn(registry, spelling), spelling).toBe(name);
    }
  });
  it.each(["toString", "__proto__", "constructor", "", "nothing of this name"])("refuses the name %j", (name) => {
    const known = `Unknown ${kind} ${JSON.stringify(name)}. Known are ${Object.keys(entries)[0]}, `;
    expect(() => resolve(name as never)).toThrow(known);
    expect(() => resolve(name as never)).toThrow(ConfigError);
  });
  it("says which name is near a wrong one", () => {
    const name = Object.keys(entries).find((each) => each.length > 6) ?? "lstm";
    expect(() => resolve(`${name}x` as never)).toThrow(`Did you mean ${name}?`);
  });
});

const made = new Map<MakerRegistry<unknown>, object>(
  makers.map(([registry, resolve]) => {
    const options = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 };
    return [
      registry,
      resolve(
        (registry === scheduleRegistry ? { type: "exponentialDecay", ...options } : registry.example) as never,
      ) as object,
    ];
  }),
);

describe.each(byKind(makers))("what stands for one: %s", (kind, registry, resolve) => {
  it("is not nothing, a number, a list or an object of another form", () => {
    const wrong = [
      null,
      undefined,
      5,
      [],
      {},
      ["adam"],
      { type: 5 },
      { type: null },
      { className: "adam", config: {} },
    ];
    for (const given of wrong) {
      expect(() => resolve(given as never), JSON.stringify(given)).toThrow(ConfigError);
      expect(() => resolve(given as never)).toThrow(
        `${kind} is a name such as "${registry.example}", a config such as`,
      );
    }
  });
  it("a function of the list is to be called", () => {
    for (const [name, maker] of Object.entries(registry.entries)) {
      expect(() => resolve(maker as never)).toThrow(
        `${name} is a function that makes the ${kind}; call it: ${name}().`,
      );
    }
  });
  it("another function is refused", () => {
    expect(() => resolve((() => 0) as never)).toThrow(`the ${kind} is a function`);
    expect(() => resolve(class Mine {} as never)).toThrow(ConfigError);
  });
  it("a thing is returned, and things of other kinds are refused", () => {
    for (const [other, thing] of made) {
      if (other === registry) expect(resolve(thing as never)).toBe(thing);
      else if (registry !== metricRegistry || other !== lossRegistry) {
        expect(() => resolve(thing as never), other.kind).toThrow(ConfigError);
      }
    }
  });
  it("comes back from its config in every spelling; options that are null count as not given", () => {
    const { config } = made.get(registry) as { config?: { type: string; name?: string } };
    if (!config) return;
    for (const type of spellings(config.type)) {
      const again = resolve({ ...config, type, nothing: null, dtype: null } as never) as { config: object };
      expect(again.config).toEqual(config);
    }
  });
});

describe("names of activations, layers and cells", () => {
  it.each([
    ["hardSigmoid", "HardSigmoid", "hard_sigmoid", "Hard_Sigmoid"],
    ["silu", "swish", "Swish", "SiLU"],
    ["hardSilu", "hard_swish", "HardSwish"],
  ])("%s has spellings", (name, ...others) => {
    for (const other of others) expect(resolveActivation(other)).toBe(resolveActivation(name));
  });
  it("a layer is found in every spelling, and has its own type", () => {
    for (const type of ["SimpleRNN", "simpleRNN", "simple_rnn", "SIMPLE_RNN"]) {
      expect(layerFromConfig({ type, units: 2 }).type).toBe("SimpleRNN");
    }
  });
});

describe("metrics", () => {
  it("logs show a name as it was typed", () => {
    for (const name of ["acc", "Accuracy", "F1", "f1_score", "MSE", "Mean_Squared_Error", "RMSE"]) {
      expect(resolveMetric(name).name).toBe(name);
    }
  });
  it("null is a value of threshold", () => {
    const { config } = resolveMetric({ type: "Precision", threshold: null, classId: null }) as Metric;
    expect(config).toEqual({ type: "precision", threshold: null, average: "micro" });
  });
  it("accuracy takes a name and no other option", () => {
    expect(resolveMetric({ type: "accuracy", name: "right" }).name).toBe("right");
    expect(() => resolveMetric({ type: "accuracy", threshold: 0.5 })).toThrow(/accuracy: .*"threshold"/);
    expect(() => resolveMetric(accuracy as never)).toThrow("call it: accuracy().");
  });
});

describe("custom names may not be spelled like built-in ones", () => {
  it.each(["mse", "Huber", "mean_squared_error", "KLD"])("loss %s", (name) => {
    const perSample = (yTrue: Node) => yTrue;
    expect(() => defineLoss({ name, options: {}, perSample })).toThrow(
      `defineLoss: "${name}" is the name of a built-in loss; give yours another name.`,
    );
  });
  it.each(["acc", "ACCURACY", "auc_", "f1", "mse"])("metric %s", (name) => {
    const perSample = (yTrue: Node) => yTrue;
    expect(() => defineMetric({ name, options: {}, better: "lower", perSample })).toThrow("of a built-in metric");
  });
  it("cells and layers", () => {
    const cell = defineCell({
      name: "LSTM",
      parameters: () => ({}),
      state: ({ units }) => ({ h: [units] }),
      step: ({ h }) => ({ output: h, h }),
    });
    expect(() => rnn(cell, 2)).toThrow('RNN: "LSTM" is the name of a built-in cell');
    expect(() =>
      layerFromConfig({ type: "Add" }, { layers: { dense: () => layerFromConfig({ type: "Add" }) } }),
    ).toThrow('"dense" is the name of a built-in layer type');
  });
});
