/** Every primitive operation: its derivative against finite differences, and optimised against plain programs, in float64. */
import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engines/reference/reference-engine.js";
import { scalarFunctions } from "../../src/engines/reference/scalar-functions.js";
import { wasmEngine } from "../../src/engines/wasm/wasm-engine.js";
import * as ops from "../../src/equations/index.js";
import { constant, input, type Node, type Op } from "../../src/equations/index.js";
import * as primitives from "../../src/equations/ops/index.js";
import { ShapeError } from "../../src/errors.js";
import { checkGradient, expectClose, randomValues, runEquations, weightedSum } from "./run-equations.js";

type Case = readonly [
  name: string,
  f: (...nodes: Node[]) => Node,
  shapes: readonly (readonly number[])[],
  range?: readonly [number, number],
];

const positive = [0.2, 2] as const;

const cases: readonly Case[] = [
  ["negate", (x) => ops.negate(x), [[3, 4]]],
  ["abs", (x) => ops.abs(x), [[3, 4]], positive],
  ["reciprocal", (x) => ops.reciprocal(x), [[3]], positive],
  ["square", (x) => ops.square(x), [[3]]],
  ["sqrt", (x) => ops.sqrt(x), [[3]], positive],
  ["exp", (x) => ops.exp(x), [[2, 3]]],
  ["log", (x) => ops.log(x), [[2, 3]], positive],
  ["log1p", (x) => ops.log1p(x), [[2, 3]], positive],
  ["tanh", (x) => ops.tanh(x), [[2, 3]]],
  ["sigmoid", (x) => ops.sigmoid(x), [[2, 3]]],
  ["erf", (x) => ops.erf(x), [[2, 3]]],
  ["flush", (x) => ops.flush(x), [[2, 3]]],
  ["softplus", (x) => ops.softplus(x), [[5]], positive],
  [
    "add, broadcast both ways",
    (a, b) => ops.add(a, b),
    [
      [3, 1],
      [2, 1, 4],
    ],
  ],
  ["add of three", (a, b, c) => ops.add(a, b, c), [[3], [2, 3], []]],
  ["sub", (a, b) => ops.sub(a, b), [[2, 3], [3]]],
  [
    "mul",
    (a, b) => ops.mul(a, b),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  ["mul of a value by itself", (a) => ops.mul(a, a), [[4]]],
  ["div", (a, b) => ops.div(a, b), [[2, 3], [3]], positive],
  ["pow", (a, b) => ops.pow(a, b), [[2, 3], [3]], positive],
  ["maximum", (a, b) => ops.maximum(a, b), [[2, 3], [3]]],
  [
    "minimum",
    (a, b) => ops.minimum(a, b),
    [
      [2, 3],
      [2, 3],
    ],
  ],
  ["where", (a, b) => ops.where(constant([1, 0, 2], [3, 1]), a, b), [[3, 4], [4]]],
  ["relu", (a) => ops.relu(a), [[9]]],
  ["add of two", (a, b) => ops.add2(a, b), [[3], [2, 3]]],
  ["clip", (a) => ops.clip(a, -0.3, 0.4), [[9]]],
  ["reshape", (a) => ops.reshape(a, [6, 2]), [[3, 4]]],
  ["reshape of a transpose", (a) => ops.reshape(ops.transpose(a), [6, 2]), [[3, 4]]],
  ["transpose", (a) => ops.transpose(a, [2, 0, 1]), [[2, 3, 4]]],
  ["transpose of the last two axes", (a) => ops.transposeLast(a), [[2, 3, 4]]],
  ["slice", (a) => ops.slice(a, 1, 1, 2), [[2, 4, 3]]],
  [
    "slices that tile an axis",
    (a) => ops.add(ops.tanh(ops.slice(a, 1, 0, 2)), ops.square(ops.slice(a, 1, 2, 2))),
    [[3, 4]],
  ],
  ["reverse", (a) => ops.reverse(a, 0), [[3, 2]]],
  ["broadcastTo", (a) => ops.broadcastTo(a, [2, 3, 4]), [[3, 1]]],
  ["expandDims", (a) => ops.expandDims(a, 1), [[3, 2]]],
  [
    "concat",
    (a, b) => ops.concat([a, b, ops.tanh(a)], 1),
    [
      [2, 3],
      [2, 1],
    ],
  ],
  [
    "concat along the first axis",
    (a, b) => ops.concat([ops.tanh(a), b], 0),
    [
      [2, 3],
      [4, 3],
    ],
  ],
  ["pad", (a) => ops.pad(a, 1, 2, 1), [[2, 3]]],
  ["sum", (a) => ops.sum(a), [[2, 3, 4]]],
  ["sum over the first axis", (a) => ops.sum(a, [0]), [[2, 3, 4]]],
  ["sum over the middle axis", (a) => ops.sum(a, [1], { keepDims: true }), [[2, 3, 4]]],
  ["sum over two axes apart", (a) => ops.sum(a, [0, 2]), [[2, 3, 4]]],
  ["sum over the last axis of a transpose", (a) => ops.sum(ops.transpose(a), [-1]), [[3, 4]]],
  ["sum to a shape that was broadcast", (a) => ops.sumTo(a, [3, 1]), [[2, 3, 4]]],
  ["mean", (a) => ops.mean(a, [1]), [[2, 3, 4]]],
  ["max", (a) => ops.max(a, [1]), [[2, 5, 3]]],
  ["softmax", (a) => ops.softmax(a), [[2, 3, 5]]],
  ["softmax of a slice", (a) => ops.softmax(ops.slice(a, 1, 1, 3)), [[2, 5]]],
  ["logSoftmax", (a) => ops.logSoftmax(a), [[4, 5]]],
  [
    "matmul",
    (a, b) => ops.matmul(a, b),
    [
      [3, 4],
      [4, 5],
    ],
  ],
  [
    "matmul of transposes",
    (a, b) => ops.matmul(ops.transpose(a), ops.transpose(b)),
    [
      [4, 3],
      [5, 4],
    ],
  ],
  [
    "matmul of a stack by a matrix",
    (a, b) => ops.matmul(a, b),
    [
      [2, 3, 4],
      [4, 5],
    ],
  ],
  [
    "matmul of a swapped stack by a matrix",
    (a, b) => ops.matmul(ops.transpose(a, [1, 0, 2]), b),
    [
      [2, 3, 4],
      [4, 5],
    ],
  ],
  [
    "matmul of stacks",
    (a, b) => ops.matmul(a, b),
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
  ],
  [
    "matmul of broadcast stacks",
    (a, b) => ops.matmul(a, b),
    [
      [2, 1, 3, 4],
      [6, 4, 5],
    ],
  ],
  [
    "matmul with one row",
    (a, b) => ops.matmul(a, b),
    [
      [1, 4],
      [4, 5],
    ],
  ],
  [
    "matmul with one column",
    (a, b) => ops.matmul(a, b),
    [
      [3, 4],
      [4, 1],
    ],
  ],
  [
    "matmul with one column, transposed",
    (a, b) => ops.matmul(ops.transpose(a), ops.transpose(b)),
    [
      [4, 3],
      [1, 4],
    ],
  ],
  [
    "matmul of a slice",
    (a, b) => ops.matmul(ops.slice(a, 1, 1, 2), b),
    [
      [3, 4],
      [2, 5],
    ],
  ],
  ["gather", (a) => ops.gather(a, ops.argmax(constant([0, 5, 1, 9, 1, 2, 3, 0, 7], [3, 3]))), [[3, 2]]],
  [
    "oneHot times a matrix, and its transpose",
    (a, b) => {
      const x = ops.oneHot(ops.argmax(constant([5, 1, 9, 1, 3, 0, 2, 2], [4, 2])), 2);
      return ops.add(ops.matmul(x, a), ops.matmul(x, ops.matmul(ops.transpose(x), b)));
    },
    [
      [2, 3],
      [4, 3],
    ],
  ],
  ["sumSquares", (x) => ops.sumSquares(x, [0, 2]), [[2, 3, 4]]],
  ["logSumExp", (x) => ops.logSumExp(x), [[3, 4]]],
  ["gather of equal rows", (a) => ops.gather(a, ops.argmax(constant([5, 1, 9, 1, 3, 0], [3, 2]))), [[2, 3]]],
  ["pick", (a) => ops.pick(a, ops.argmax(constant([0, 5, 1, 9, 1, 2], [2, 3]))), [[2, 3]]],
  ["scatterAdd", (a) => ops.scatterAdd(ops.argmax(constant([5, 1, 9, 1, 3, 0], [3, 2])), a, [2, 4]), [[3, 4]]],
  [
    "a chain that meets itself",
    (a, b) => ops.mul(ops.tanh(ops.matmul(a, b)), ops.sum(ops.exp(a), [1], { keepDims: true })),
    [
      [3, 3],
      [3, 3],
    ],
  ],
];

describe("every operation agrees with finite differences", () => {
  for (const [name, f, shapes, range = [-1, 1]] of cases) {
    it(name, async () => {
      const names = shapes.map((_, i) => `x${i}`);
      const nodes = shapes.map((shape, i) => input(names[i]!, shape));
      const values = shapes.map((shape, i) =>
        randomValues(
          shape.reduce((a, b) => a * b, 1),
          i + 11,
          range[0],
          range[1],
        ),
      );
      await checkGradient(
        Object.fromEntries(names.map((key, i) => [key, nodes[i]!])),
        weightedSum(f(...nodes)),
        Object.fromEntries(names.map((key, i) => [key, values[i]!])),
      );
    });
  }
});

/** The names of the operations in the graph of a case. */
function operationsOf([, f, shapes]: Case): Set<string> {
  const names = new Set<string>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    names.add(node.op.name);
    node.inputs.forEach(visit);
  };
  visit(f(...shapes.map((shape, i) => input(`x${i}`, shape))));
  return names;
}

/** Exported functions without a gradient case, each with the reason. */
const withoutGradient: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["sign", "floor", "equal", "notEqual", "greater", "greaterEqual", "less", "lessEqual"].map((name) => [
      name,
      "is constant between jumps: its derivative is 0, see below",
    ]),
  ),
  iota: "is a constant",
  constant: "is a constant",
  fill: "is a constant",
  ones: "is a constant",
  zeros: "is a constant",
  toNode: "is a constant",
  stopGradient: "has no derivative on purpose, see below",
  random: "does not depend on anything",
  firstPositions: "gives ids",
  isElementwise: "asks what a node is",
  opOf: "finds an operation by its name",
  reduce: "is what sum, max and the others share",
  restoreAxes: "is what derivatives of reductions share",
};

describe("every operation is among the cases", () => {
  const tested = cases.map(([, f]) => f.toString()).join(" ");
  const exported = Object.entries(primitives).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  it.each(exported.filter((name) => !(name in withoutGradient)))("%s", (name) => {
    expect(tested).toContain(`.${name}(`);
  });
  it("or says why it is not, and only then", () => {
    expect(exported.length).toBeGreaterThan(50);
    const needless = Object.keys(withoutGradient).filter(
      (name) => !exported.includes(name) || tested.includes(`.${name}(`),
    );
    expect(needless).toEqual([]);
  });

  const reached = new Set(cases.flatMap((each) => [...operationsOf(each)]));
  const jumps = ["sign", "floor", "equal", "notEqual", "greater", "greaterEqual", "less", "lessEqual"];
  const scalars = Object.keys(scalarFunctions).filter((name) => name !== "constant" && !jumps.includes(name));
  it.each(scalars)("the scalar function %s is in the graph of a case", (name) => {
    expect([...reached]).toContain(name);
  });
  it.each(jumps)("the scalar function %s has the derivative 0", async (name) => {
    const [x, y] = [input("x", [4]), input("y", [4])];
    const op = (primitives as unknown as Record<string, (...operands: Node[]) => Node>)[name]!;
    const value = op(...[x, y].slice(0, op.length));
    const [dx, dy] = ops.differentiate(ops.sum(ops.add(value, ops.mul(0, ops.add(x, y)))), [x, y]);
    const equations = { name, inputs: { x, y }, outputs: { dx: dx!, dy: dy! } };
    const result = await runEquations(equations, { x: [-1.5, 1, 2.5, 0], y: [1, 1, 1, 1] });
    expect(result.dx!.map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(result.dy!.map(Math.abs)).toEqual([0, 0, 0, 0]);
  });
  const objects = Object.values(primitives).filter(
    (value): value is Op => typeof value === "object" && "name" in value,
  );
  it.each(objects.filter(({ derivative }) => derivative).map((op) => [op.name]))(
    "%s is in the graph of a case",
    (name) => {
      const constants = ["random", "stopGradient"];
      if (!constants.includes(name)) expect([...reached]).toContain(name);
    },
  );
});

it("stopGradient lets the value through, and no gradient", async () => {
  const x = input("x", [3]);
  const y = ops.sum(ops.mul(ops.stopGradient(x), x));
  const [dx] = ops.differentiate(y, [x]);
  const result = await runEquations({ name: "stop", inputs: { x }, outputs: { y, dx: dx! } }, { x: [1, -2, 3] });
  expect(result).toEqual({ y: [14], dx: [1, -2, 3] });
});

it("firstPositions finds where each row is named first, and says so where it is not", async () => {
  const ids = input("ids", [5], "int");
  const equations = { name: "places", inputs: { ids }, outputs: { places: ops.firstPositions(ids, 6) } };
  for (const engine of [referenceEngine, wasmEngine]) {
    expect((await runEquations(equations, { ids: [4, 1, 4, 0, 1] }, { engine })).places).toEqual([3, 1, 5, 5, 0, 5]);
  }
  expect(() => ops.firstPositions(input("x", [5]), 6)).toThrow(
    "firstPositions: expected int ids [count], received float ids [5].",
  );
});

it("flush makes only what is nearly nothing zero", async () => {
  const x = input("x", [5]);
  const values = [1e-40, -1e-31, 1e-30, -2, Number.NaN];
  const { y } = await runEquations({ name: "flush", inputs: { x }, outputs: { y: ops.flush(x) } }, { x: values });
  expect(y).toEqual([0, 0, 1e-30, -2, Number.NaN]);
});

describe("operations without a derivative", () => {
  it("compare, and round", async () => {
    const x = input("x", [4]);
    const outputs = {
      less: ops.less(x, 1),
      lessEqual: ops.lessEqual(x, 1),
      greater: ops.greater(x, 1),
      greaterEqual: ops.greaterEqual(x, 1),
      equal: ops.equal(x, 1),
      notEqual: ops.notEqual(x, 1),
      sign: ops.sign(x),
      floor: ops.floor(x),
      argmax: ops.argmax(x),
      relu: ops.relu(x),
    };
    const result = await runEquations({ name: "compare", inputs: { x }, outputs }, { x: [-1.5, 1, 2.5, 0] });
    expect(result).toEqual({
      less: [1, 0, 0, 1],
      lessEqual: [1, 1, 0, 1],
      greater: [0, 0, 1, 0],
      greaterEqual: [0, 1, 1, 0],
      equal: [0, 1, 0, 0],
      notEqual: [1, 0, 1, 1],
      sign: [-1, 1, 1, 0],
      floor: [-2, 1, 2, 0],
      argmax: [2],
      relu: [0, 1, 2.5, 0],
    });
  });

  it("where lets nothing of the other branch through, not even NaN", async () => {
    const x = input("x", [2]);
    const y = ops.where(ops.greater(x, 0), ops.log(x), 0);
    const [dx] = ops.differentiate(ops.sum(y), [x]);
    const result = await runEquations({ name: "where", inputs: { x }, outputs: { y, dx: dx! } }, { x: [-1, 2] });
    expectClose(result.y!, [0, Math.log(2)], 1e-15);
    expectClose(result.dx!, [0, 0.5], 1e-15);
  });
});

describe("updates", () => {
  it("are computed from the old values, whatever their order", async () => {
    const [a, b] = [ops.variable("a", [2]), ops.variable("b", [2])];
    const x = input("x", [2]);
    const result = await runEquations(
      {
        name: "swap",
        inputs: { x },
        outputs: { sum: ops.add(a, b, x) },
        updates: [
          [a, b],
          [b, ops.add(a, 0.5)],
        ],
      },
      { x: [0, 1] },
      { variables: { a: [1, 2], b: [10, 20] } },
    );
    expect(result).toEqual({ sum: [11, 23], a: [10, 20], b: [1.5, 2.5] });
  });

  it("keep the old value for those who still read it", async () => {
    const w = ops.variable("w", [2, 2]);
    const x = input("x", [1, 2]);
    const grown = ops.mul(w, 2);
    const y = ops.matmul(x, w);
    const z = ops.matmul(x, ops.transpose(w));
    const result = await runEquations(
      { name: "late reader", inputs: { x }, outputs: { y, z }, updates: [[w, grown]] },
      { x: [1, 1] },
      { variables: { w: [1, 2, 3, 4] } },
    );
    expect(result).toEqual({ y: [4, 6], z: [3, 7], w: [2, 4, 6, 8] });
  });

  it("of a matrix by its own transpose do not read what they have written", async () => {
    const w = ops.variable("w", [2, 2]);
    const x = input("x", []);
    const result = await runEquations(
      { name: "transpose", inputs: { x }, outputs: {}, updates: [[w, ops.add(w, ops.transpose(w), x)]] },
      { x: [0] },
      { variables: { w: [1, 2, 3, 4] } },
    );
    expect(result).toEqual({ w: [2, 5, 5, 8] });
  });
});

describe("shape rules teach", () => {
  const x = input("x", [2, 3]);
  it.each([
    [() => ops.matmul(x, x), /matmul: cannot multiply \[2, 3\] by \[2, 3\]/],
    [() => ops.add(x, input("y", [2, 4])), /add: shapes \[2, 3\] and \[2, 4\] do not fit together/],
    [() => ops.reshape(x, [4]), /reshape: \[2, 3\] has 6 elements, \[4\] has 4/],
    [() => ops.slice(x, 1, 2, 2), /slice: 2 … 4 is outside axis 1/],
    [() => ops.sum(x, [2]), /axis 2 does not exist/],
    [() => ops.gather(x, x), /gather: expected a table \[rows, width\] and int ids/],
    [() => ops.concat([x, input("y", [3, 3])], 1), /the other axes must be equal/],
    [() => ops.differentiate(x, [x]), /must be a scalar/],
  ])("%#", (make, message) => {
    expect(make).toThrow(ShapeError);
    expect(make).toThrow(message);
  });
});
