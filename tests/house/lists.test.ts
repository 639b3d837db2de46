/**
 * Lists, and what the package exports: a layer, loss, metric, optimizer, … that a file of its folder makes is in the list of its kind, and
 * an entry point exports it; and the reverse. Makers are found by the type that they return, so a new one cannot be forgotten.
 */
import path from "node:path";
import { describe, expect, test } from "vitest";
import * as activations from "../../src/activations/index.js";
import { cells } from "../../src/cells/index.js";
import * as entry from "../../src/index.js";
import { initializers } from "../../src/initializers/index.js";
import { layerTypes } from "../../src/layers/index.js";
import { losses } from "../../src/losses/index.js";
import { metrics } from "../../src/metrics/index.js";
import { optimizers, schedules } from "../../src/optimizers/index.js";
import { constraints, regularizers } from "../../src/regularizers/index.js";
import { makersIn } from "./makers.js";
import { createProgram } from "./package-doors.js";
import { isTest, listFiles, root } from "./source.js";

interface Kind {
  readonly folder: string;
  /** The types that its makers return. */
  readonly types: readonly string[];
  /** Names in the list; undefined if the kind has none, because files never name its members. */
  readonly list?: readonly string[];
  /** Whether makers are exported by their names; else through the list alone. */
  readonly flat: boolean;
  /** Functions of the type that make none of the kind by themselves, each with the reason. */
  readonly others: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, Kind>> = {
  layers: {
    folder: "src/layers",
    types: ["Layer", "RecurrentLayer"],
    list: layerTypes,
    flat: true,
    others: {
      defineLayer: "makes layers of users",
      kerasRecurrent: "is what the recurrent layers share",
      layerFromConfig: "is the way from the list",
      layerOf: "takes a model as a layer",
      originalOf: "finds a layer",
      recurrent: "is what the recurrent layers share",
      withName: "names a layer",
    },
  },
  losses: {
    folder: "src/losses",
    types: ["Loss"],
    list: Object.keys(losses),
    flat: true,
    others: {
      comparingLoss: "is what losses share",
      plainLoss: "is what losses share",
      resolveLoss: "is the way from the list",
    },
  },
  metrics: {
    folder: "src/metrics",
    types: ["Metric", "SummedMetric"],
    list: Object.keys(metrics),
    flat: true,
    others: { resolveMetric: "is the way from the list" },
  },
  optimizers: {
    folder: "src/optimizers",
    types: ["Optimizer"],
    list: Object.keys(optimizers),
    flat: true,
    others: { defineOptimizer: "is what optimizers share", resolveOptimizer: "is the way from the list" },
  },
  schedules: {
    folder: "src/optimizers",
    types: ["Schedule"],
    list: Object.keys(schedules),
    flat: true,
    others: { resolveSchedule: "is the way from the list" },
  },
  initializers: {
    folder: "src/initializers",
    types: ["Initializer"],
    list: Object.keys(initializers),
    flat: false,
    others: { drawn: "is what initializers share", resolveInitializer: "is the way from the list" },
  },
  regularizers: {
    folder: "src/regularizers",
    types: ["Regularizer"],
    list: Object.keys(regularizers),
    flat: true,
    others: { resolveRegularizer: "is the way from the list" },
  },
  constraints: {
    folder: "src/regularizers",
    types: ["Constraint"],
    list: Object.keys(constraints),
    flat: true,
    others: { resolveConstraint: "is the way from the list" },
  },
  callbacks: {
    folder: "src/training",
    types: ["Callback"],
    flat: true,
    others: { progressCallback: "is what `verbose` of fit makes" },
  },
};

const exported = entry as unknown as Readonly<Record<string, unknown>>;
const folders = new Set(["src/activations", ...Object.values(kinds).map(({ folder }) => folder)]);
const files = [...folders].flatMap(listFiles).filter((file) => file.endsWith(".ts") && !isTest(file));
const program = createProgram([...files]);

/** "SimpleRNN" of a list is the function simpleRNN. */
const spelled = (name: string): string => name.toLowerCase();

describe.each(Object.entries(kinds))("%s", (_, { folder, types, list, flat, others }) => {
  const found = makersIn(program, folder, types);
  const makers = found.filter((name) => !(name in others));

  test("are found, and what is left out exists", () => {
    expect(makers.length).toBeGreaterThan(2);
    expect(Object.keys(others).filter((name) => !found.includes(name))).toEqual([]);
  });
  if (list) {
    test("are all in the list, and the list holds no others", () => {
      expect(makers.map(spelled).sort()).toEqual(list.map(spelled).sort());
    });
  }
  if (flat) {
    test("are all exported by the package", () => {
      expect(makers.filter((name) => typeof exported[name] !== "function")).toEqual([]);
    });
  }
});

test("the namespace `layers` holds everything that makes layers, and inputs", () => {
  const { folder, types, others } = kinds.layers!;
  const makers = makersIn(program, folder, types).filter((name) => !(name in others));
  expect(Object.keys(entry.layers).sort()).toEqual([...makers, "input"].sort());
  for (const [name, maker] of Object.entries(entry.layers)) expect(exported[name], name).toBe(maker);
});

describe("activations and cells", () => {
  test("activations are in the list, and the list holds no others", () => {
    const others = ["activationConfig", "resolveActivation"];
    const functions = Object.entries(activations).filter(([, value]) => typeof value === "function");
    const names = functions.map(([name]) => name).filter((name) => !others.includes(name));
    expect(names.sort()).toEqual(Object.keys(activations.activations).sort());
    const made = makersIn(program, "src/activations", ["Node"]);
    expect(made).toContain("gelu");
    expect(made.filter((name) => !(name in activations.activations))).toEqual([]);
  });
  test("cells are in the list and exported", async () => {
    const files = listFiles("src/cells").filter((file) => !isTest(file));
    const modules: object[] = await Promise.all(files.map((file) => import(path.join(root, file))));
    const all = modules.flatMap((module): unknown[] => Object.values(module));
    const found = new Set(all.filter((value) => typeof value === "object" && value !== null && "step" in value));
    expect(found).toEqual(new Set(Object.values(cells)));
    const out = new Set(Object.values(exported));
    expect(Object.entries(cells).filter(([, cell]) => !out.has(cell))).toEqual([]);
  });
  test("lists are exported", () => {
    const lists = { activations: activations.activations, constraints, initializers, losses, metrics, optimizers };
    for (const [name, list] of Object.entries({ ...lists, regularizers, schedules })) {
      expect(exported[name], name).toBe(list);
    }
  });
});
