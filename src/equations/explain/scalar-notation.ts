/** Notation of the scalar operations. The type makes the table exhaustive: a new operation does not compile without a line here. */
import type { ScalarName } from "../ops/index.js";
import {
  call,
  compare,
  type Expression,
  number,
  numberIn,
  power,
  quotient,
  type Relation,
  scale,
  sum,
  times,
} from "./expression.js";

type Write = (...operands: Expression[]) => Expression;

/* @__NO_SIDE_EFFECTS__ */ const called =
  (name: string): Write =>
  (...operands) =>
    call(name, ...operands);
const mirrored: Record<Relation, Relation> = { "=": "=", "≠": "≠", ">": "<", "<": ">", "≤": "≥", "≥": "≤" };
const opposite: Record<Relation, Relation> = { "=": "≠", "≠": "=", ">": "≤", "≤": ">", "<": "≥", "≥": "<" };

/** A number is written on the right: [a > 0], not [0 < a]. */
const comparison = (relation: Relation, a: Expression, b: Expression): Expression =>
  numberIn(a) !== undefined && numberIn(b) === undefined ? compare(mirrored[relation], b, a) : compare(relation, a, b);

/* @__NO_SIDE_EFFECTS__ */ const compared =
  (relation: Relation): Write =>
  (a, b) =>
    comparison(relation, a, b);

/** A choice between x and 0 is written as a product with a condition: [a ≥ b] ⊙ x. */
const choose: Write = (condition, a, b) => {
  const isCondition = condition.kind === "compare";
  if (isCondition && numberIn(b) === 0) return times(condition, a);
  if (isCondition && numberIn(a) === 0) {
    const { relation, left, right } = condition as Extract<Expression, { kind: "compare" }>;
    return times(comparison(opposite[relation], left, right), b);
  }
  return call("where", condition, a, b);
};

export const scalarNotation: Record<ScalarName, Write> = {
  negate: (x) => scale(-1, x),
  abs: called("abs"),
  sign: called("sign"),
  floor: called("floor"),
  reciprocal: (x) => quotient(number(1), x),
  square: (x) => power(x, number(2)),
  sqrt: called("sqrt"),
  exp: called("exp"),
  log: called("log"),
  log1p: (x) => call("log", sum([{ coefficient: 1 }, { coefficient: 1, of: x }])),
  tanh: called("tanh"),
  sigmoid: called("sigmoid"),
  erf: called("erf"),
  // The notation leaves out the flush of tiny numbers to 0.
  flush: (x) => x,
  add: (a, b) =>
    sum([
      { coefficient: 1, of: a },
      { coefficient: 1, of: b },
    ]),
  subtract: (a, b) =>
    sum([
      { coefficient: 1, of: a },
      { coefficient: -1, of: b },
    ]),
  multiply: (a, b) => times(a, b),
  divide: (a, b) => quotient(a, b),
  power: (a, b) => power(a, b),
  maximum: called("max"),
  minimum: called("min"),
  equal: compared("="),
  notEqual: compared("≠"),
  greater: compared(">"),
  greaterEqual: compared("≥"),
  less: compared("<"),
  lessEqual: compared("≤"),
  where: choose,
};
