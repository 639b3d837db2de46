/**
 * Elementwise operations; shapes broadcast as in NumPy. The derivative of each operation is defined here; its value is
 * in the reference engine's table of scalar functions, under the same name.
 */

import { ConfigError } from "../../errors.js";
import { broadcastShapes } from "../../tensor/shape.js";
import { isOp, makeNode, type Node, type Op } from "../graph.js";
import { sumTo } from "./arrange.js";
import { constantOp, type Operand, toNode } from "./constant.js";

/** Marks the op as elementwise, for the compiler. */
export interface ElementwiseOp<Name extends string = ScalarName> extends Op<undefined> {
  readonly name: Name;
  readonly elementwise: true;
}

/** The names of the scalar operations. */
export type ScalarName =
  | "negate"
  | "abs"
  | "sign"
  | "floor"
  | "reciprocal"
  | "square"
  | "sqrt"
  | "exp"
  | "log"
  | "log1p"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "flush"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "power"
  | "maximum"
  | "minimum"
  | "equal"
  | "notEqual"
  | "greater"
  | "greaterEqual"
  | "less"
  | "lessEqual"
  | "where";

/** A node of an elementwise operation. */
export type ElementwiseNode = Node<undefined> & { readonly op: ElementwiseOp };

/** Whether a node is the result of an elementwise operation. */
export function isElementwise(node: Node): node is ElementwiseNode {
  return (node.op as Partial<ElementwiseOp>).elementwise === true;
}

type UnaryDerivative = (dy: Node, value: { x: Node; y: Node }) => Node | undefined;
type BinaryDerivative = (
  dy: Node,
  value: { a: Node; b: Node; y: Node },
) => readonly [() => Node | undefined, () => Node | undefined];

/** The rule's values are read only when the rule uses them. */
/* @__NO_SIDE_EFFECTS__ */ function unaryOp(name: ScalarName, derivative: UnaryDerivative): ElementwiseOp {
  return {
    name,
    elementwise: true,
    derivative: ({ dy, input, output }) => [
      derivative(dy, {
        get x() {
          return input(0);
        },
        get y() {
          return output();
        },
      }),
    ],
  };
}

/* @__NO_SIDE_EFFECTS__ */ function binaryOp(name: ScalarName, derivative: BinaryDerivative): ElementwiseOp {
  return {
    name,
    elementwise: true,
    derivative: ({ node, dy, input, output, wants }) => {
      const rules = derivative(dy, {
        get a() {
          return input(0);
        },
        get b() {
          return input(1);
        },
        get y() {
          return output();
        },
      });
      return rules.map((rule, i) => {
        if (!wants(i)) return undefined;
        const gradient = rule();
        return gradient && sumTo(gradient, node.inputs[i]!.shape);
      });
    },
  };
}

/* @__NO_SIDE_EFFECTS__ */ function unary(name: ScalarName, derivative: UnaryDerivative): (x: Operand) => Node {
  const op = unaryOp(name, derivative);
  const apply = (x: Operand): Node => {
    const node = toNode(x);
    return makeNode(op, [node], node.shape, undefined);
  };
  return Object.assign(apply, { op });
}

/* @__NO_SIDE_EFFECTS__ */ function binary(
  name: ScalarName,
  derivative: BinaryDerivative,
): (a: Operand, b: Operand) => Node {
  const op = binaryOp(name, derivative);
  const apply = (a: Operand, b: Operand): Node => {
    const inputs = [toNode(a), toNode(b)] as const;
    const simpler = simplify(name, ...inputs);
    if (simpler) return simpler;
    const [{ shape: left }, { shape: right }] = inputs;
    return makeNode(op, inputs, broadcastShapes(name, left, right), undefined);
  };
  return Object.assign(apply, { op });
}

/**
 * The operation that a function of this file applies, for passes that look for its nodes: `isOp(node, opOf(exp))`.
 *
 * @throws ConfigError for a function that consists of several operations, such as relu
 */
export function opOf(make: ((x: Operand) => Node) | ((a: Operand, b: Operand) => Node)): ElementwiseOp {
  const { op } = make as { op?: ElementwiseOp };
  if (!op)
    throw new ConfigError(
      `opOf: ${make.name || "the function"} consists of several operations; look for each of them.`,
    );
  return op;
}

const noGradient = () => undefined;
const noGradients: BinaryDerivative = () => [noGradient, noGradient];

/** Simplifies x + 0, x − 0, x · 1 and x / 1, which are frequent in derived equations. */
function simplify(name: ScalarName, a: Node, b: Node): Node | undefined {
  const isScalar = (node: Node, value: number) =>
    isOp(node, constantOp) && node.shape.length === 0 && node.attributes.values[0] === value;
  if (name === "add" && isScalar(b, 0)) return a;
  if (name === "add" && isScalar(a, 0)) return b;
  if (name === "subtract" && isScalar(b, 0)) return a;
  if ((name === "multiply" || name === "divide") && isScalar(b, 1)) return a;
  if (name === "multiply" && isScalar(a, 1)) return b;
  return undefined;
}

/** −x */
export const negate = unary("negate", (dy) => negate(dy));
/** |x|; its derivative at 0 is 0 */
export const abs = unary("abs", (dy, { x }) => mul(dy, sign(x)));
/** −1, 0 or 1 */
export const sign = unary("sign", noGradient);
/** The largest integer not above x; no derivative */
export const floor = unary("floor", noGradient);
/** 1 / x */
export const reciprocal = unary("reciprocal", (dy, { y }) => negate(mul(dy, square(y))));
/** x² */
export const square = unary("square", (dy, { x }) => mul(dy, mul(2, x)));
/** √x */
export const sqrt = unary("sqrt", (dy, { y }) => div(dy, mul(2, y)));
/** eˣ */
export const exp = unary("exp", (dy, { y }) => mul(dy, y));
/** ln x */
export const log = unary("log", (dy, { x }) => div(dy, x));
/** ln (1 + x), exact near 0 */
export const log1p = unary("log1p", (dy, { x }) => div(dy, add(1, x)));
/** Hyperbolic tangent */
export const tanh = unary("tanh", (dy, { y }) => mul(dy, sub(1, square(y))));
/** σ(x) = 1 / (1 + e⁻ˣ) */
export const sigmoid = unary("sigmoid", (dy, { y }) => mul(dy, mul(y, sub(1, y))));
/** The error function, 2/√π ∫₀ˣ e^(−s²) ds */
export const erf = unary("erf", (dy, { x }) => mul(dy, mul(2 / Math.sqrt(Math.PI), exp(negate(square(x))))));

/**
 * x, but 0 where |x| < 2⁻¹⁰⁰. Quantities that decay over many steps (gradients through time, an optimizer's averages) would otherwise
 * become subnormal numbers, with which processors compute up to a hundred times slower.
 */
export const flush = unary("flush", (dy) => dy);

/** a + b */
export const add2 = binary("add", (dy) => [() => dy, () => dy]);
/** a − b */
export const sub = binary("subtract", (dy) => [() => dy, () => negate(dy)]);
/** a ⊙ b */
export const mul = binary("multiply", (dy, v) => [() => mul(dy, v.b), () => mul(dy, v.a)]);
/** a / b */
export const div = binary("divide", (dy, v) => [() => div(dy, v.b), () => negate(mul(dy, div(v.y, v.b)))]);
/** aᵇ, for a > 0 where b is not an integer */
export const pow = binary("power", (dy, v) => [
  () => mul(dy, mul(v.b, pow(v.a, sub(v.b, 1)))),
  () => mul(dy, mul(v.y, log(v.a))),
]);
/** The greater of two numbers; where they are equal, the gradient goes to `a` */
export const maximum = binary("maximum", (dy, v) => [
  () => where(greaterEqual(v.a, v.b), dy, 0),
  () => where(greaterEqual(v.a, v.b), 0, dy),
]);
/** The smaller of two numbers; where they are equal, the gradient goes to `a` */
export const minimum = binary("minimum", (dy, v) => [
  () => where(lessEqual(v.a, v.b), dy, 0),
  () => where(lessEqual(v.a, v.b), 0, dy),
]);

/** 1 where a = b, else 0 */
export const equal = binary("equal", noGradients);
/** 1 where a ≠ b, else 0 */
export const notEqual = binary("notEqual", noGradients);
/** 1 where a > b, else 0 */
export const greater = binary("greater", noGradients);
/** 1 where a ≥ b, else 0 */
export const greaterEqual = binary("greaterEqual", noGradients);
/** 1 where a < b, else 0 */
export const less = binary("less", noGradients);
/** 1 where a ≤ b, else 0 */
export const lessEqual = binary("lessEqual", noGradients);

/** The sum of any number of terms, from left to right; 0 without terms. */
export function add(...terms: readonly Operand[]): Node {
  const [first = 0, ...others] = terms;
  return others.reduce((sum: Node, term) => add2(sum, term), toNode(first));
}

/** See `where`. */
export const whereOp: ElementwiseOp = {
  name: "where",
  elementwise: true,
  derivative: ({ node, dy, input, wants }) => [
    undefined,
    wants(1) ? sumTo(where(input(0), dy, 0), node.inputs[1]!.shape) : undefined,
    wants(2) ? sumTo(where(input(0), 0, dy), node.inputs[2]!.shape) : undefined,
  ],
};

/** `a` where the condition is not 0, else `b`. The value that is not chosen has no influence, even if it is NaN. */
export function where(condition: Operand, a: Operand, b: Operand): Node {
  const inputs = [toNode(condition), toNode(a), toNode(b)];
  return makeNode(whereOp, inputs, broadcastShapes("where", ...inputs.map((node) => node.shape)), undefined);
}

/** max(x, 0); the derivative at 0 is 0 */
export const relu = (x: Operand): Node => maximum(0, x);
/** ln (1 + eˣ) = x/2 + |x|/2 + ln (1 + e^−|x|): without overflow. The derivative at 0 is σ(0) = 1/2; a form with max(x, 0) would have 1 */
export const softplus = (x: Operand): Node => add(add(mul(0.5, x), mul(0.5, abs(x))), log1p(exp(negate(abs(x)))));
/** x limited to [low, high]; the derivative at either bound is 1 */
export const clip = (x: Operand, low: number, high: number): Node => minimum(maximum(x, low), high);
