/**
 * Expressions as people write them: the form between a graph and its text. Only the constructors here make them, and
 * they simplify: signs and numbers move to the front of a product, −(−x) is x, x·1 is x, equal terms are counted, equal factors become
 * powers, and common factors of all terms are factored out.
 */

/** A point in time: `t + step` if relative, else the number of the step. */
export interface Time {
  readonly relative: boolean;
  readonly step: number;
}

/** A letter. `delta` marks a line of the backward equations, `partial` a gradient given from outside: ∂J/∂name. */
export interface SymbolExpression {
  readonly kind: "symbol";
  readonly role: "value" | "delta" | "partial";
  readonly name: string;
  readonly subscripts: readonly string[];
  readonly time?: Time;
}

/** One term of a sum; without `of`, a number by itself. */
export interface Term {
  readonly coefficient: number;
  readonly of?: Expression;
}

export type Expression =
  | SymbolExpression
  | { readonly kind: "sum"; readonly terms: readonly Term[] }
  | { readonly kind: "times"; readonly factors: readonly Expression[] }
  | { readonly kind: "product"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "transpose"; readonly of: Expression }
  | { readonly kind: "power"; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: "quotient"; readonly numerator: Expression; readonly denominator: Expression }
  | { readonly kind: "compare"; readonly relation: Relation; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "part"; readonly of: Expression; readonly label: string };

/** A comparison; as a factor it is 1 where it holds, else 0. */
export type Relation = "=" | "≠" | ">" | "≥" | "<" | "≤";

const now: Time = { relative: true, step: 0 };

/** A value that changes from step to step. */
export function timed(name: string, step = 0, subscripts: readonly string[] = []): SymbolExpression {
  return { kind: "symbol", role: "value", name, subscripts, time: { relative: true, step } };
}

/** A value that is the same at every step. */
export function timeless(name: string): SymbolExpression {
  return { kind: "symbol", role: "value", name, subscripts: [] };
}

/** ∂J/∂name(t), a gradient that arrives from outside. */
export function partial(name: string): SymbolExpression {
  return { kind: "symbol", role: "partial", name, subscripts: [], time: now };
}

/** A line of the backward equations: δ with a subscript. */
export function delta(name: string, subscripts: readonly string[]): SymbolExpression {
  return { kind: "symbol", role: "delta", name, subscripts, time: now };
}

export function number(value: number): Expression {
  return { kind: "sum", terms: value === 0 ? [] : [{ coefficient: value }] };
}

/** The value of an expression that is a number; else undefined. */
export function numberIn(expression: Expression): number | undefined {
  if (expression.kind !== "sum" || expression.terms.length > 1) return undefined;
  const [only] = expression.terms;
  if (!only) return 0;
  return only.of ? undefined : only.coefficient;
}

/** The coefficient of an expression, and the rest. */
function split(expression: Expression): [number, Expression | undefined] {
  if (expression.kind !== "sum" || expression.terms.length > 1) return [1, expression];
  const [only] = expression.terms;
  return only ? [only.coefficient, only.of] : [0, undefined];
}

/** coefficient × expression */
export function scale(coefficient: number, expression: Expression): Expression {
  return sum([{ coefficient, of: expression }]);
}

const keyOf = (expression: Expression): string => JSON.stringify(expression);

/** Σ coefficient × expression */
export function sum(terms: readonly Term[]): Expression {
  const collected = new Map<string, Term>();
  for (const { coefficient, of } of terms.flatMap(flattenTerm)) {
    const key = of ? keyOf(of) : "";
    collected.set(key, { coefficient: coefficient + (collected.get(key)?.coefficient ?? 0), of });
  }
  const kept = [...collected.values()].filter(({ coefficient }) => coefficient !== 0);
  const [first] = kept;
  if (kept.length === 1 && first!.of && first!.coefficient === 1) return first!.of;
  return factored(kept) ?? { kind: "sum", terms: ordered(kept) };
}

function flattenTerm({ coefficient, of }: Term): readonly Term[] {
  if (of?.kind !== "sum") return [{ coefficient, of }];
  if (of.terms.length > 1 && Math.abs(coefficient) !== 1) return [{ coefficient, of }];
  return of.terms.map((term) => ({ coefficient: coefficient * term.coefficient, of: term.of }));
}

/** Terms from the next step come last, and a sum begins with a positive term if it has one. */
function ordered(terms: readonly Term[]): Term[] {
  const isLater = ({ of }: Term): boolean =>
    of !== undefined && symbolsIn(of).some(({ time }) => (time?.step ?? 0) > 0);
  const sorted = [...terms.filter((term) => !isLater(term)), ...terms.filter(isLater)];
  const positive = sorted.findIndex(({ coefficient }) => coefficient > 0);
  if (positive > 0) sorted.unshift(...sorted.splice(positive, 1));
  return sorted;
}

const factorsOf = (expression: Expression): readonly Expression[] =>
  expression.kind === "times" ? expression.factors : [expression];

/** a ⊙ b + a ⊙ c = a ⊙ (b + c) */
function factored(terms: readonly Term[]): Expression | undefined {
  if (terms.length < 2 || terms.some(({ of }) => !of)) return undefined;
  const lists = terms.map(({ of }) => factorsOf(of!));
  const common = lists[0]!.filter((factor) =>
    lists.every((list) => list.some((other) => keyOf(other) === keyOf(factor))),
  );
  if (common.length === 0) return undefined;
  const keys = new Set(common.map(keyOf));
  const rest = terms.map(({ coefficient }, i): Term => {
    const left = lists[i]!.filter((factor) => !keys.has(keyOf(factor)));
    return left.length === 0 ? { coefficient } : { coefficient, of: times(...left) };
  });
  return times(sum(rest), times(...common));
}

/** The element-wise product: a ⊙ b. Gradients come after other factors, as in (1 − h²) ⊙ δ. */
export function times(...operands: readonly Expression[]): Expression {
  let coefficient = 1;
  let factors: Expression[] = [];
  for (const operand of operands) {
    const [value, rest] = split(operand);
    coefficient *= value;
    const more = rest ? [...factorsOf(rest)] : [];
    factors = factors.some(isGradient) && !more.some(isGradient) ? [...more, ...factors] : [...factors, ...more];
  }
  if (coefficient === 0) return number(0);
  const counts = new Map<string, number>();
  for (const factor of factors) counts.set(keyOf(factor), (counts.get(keyOf(factor)) ?? 0) + 1);
  const distinct = [...new Map(factors.map((factor) => [keyOf(factor), factor])).entries()];
  const powers = distinct.map(([key, factor]) =>
    counts.get(key)! > 1 ? power(factor, number(counts.get(key)!)) : factor,
  );
  if (powers.length === 0) return number(coefficient);
  const of: Expression = powers.length === 1 ? powers[0]! : { kind: "times", factors: powers };
  return coefficient === 1 ? of : { kind: "sum", terms: [{ coefficient, of }] };
}

/** The matrix product: a·b. */
export function product(a: Expression, b: Expression): Expression {
  const [[x, left], [y, right]] = [split(a), split(b)];
  if (!left || !right) return scale(x * y, left ?? right ?? number(1));
  return scale(x * y, { kind: "product", left, right });
}

export function transpose(a: Expression): Expression {
  const [coefficient, of] = split(a);
  if (!of) return a;
  return scale(coefficient, of.kind === "transpose" ? of.of : { kind: "transpose", of });
}

export function power(base: Expression, exponent: Expression): Expression {
  if (numberIn(exponent) === 1) return base;
  return { kind: "power", base, exponent };
}

export function quotient(numerator: Expression, denominator: Expression): Expression {
  const [coefficient, of] = split(numerator);
  if (coefficient === 0 || numberIn(denominator) === 1) return numerator;
  return scale(Math.sign(coefficient), {
    kind: "quotient",
    numerator: of ? scale(Math.abs(coefficient), of) : number(Math.abs(coefficient)),
    denominator,
  });
}

export function compare(relation: Relation, left: Expression, right: Expression): Expression {
  return { kind: "compare", relation, left, right };
}

export function call(name: string, ...operands: readonly Expression[]): Expression {
  return { kind: "call", name, arguments: operands };
}

/** A linear function: coefficients and signs move to the front, f(−x) = −f(x). */
export function linearCall(name: string, operand: Expression): Expression {
  const [coefficient, of] = split(operand);
  return scale(coefficient, call(name, of ?? number(1)));
}

/** A concatenation along the last axis. */
export function list(items: readonly Expression[]): Expression {
  return { kind: "list", items };
}

/** Some elements of a value that has no letter. */
export function part(of: Expression, label: string): Expression {
  return { kind: "part", of, label };
}

/** All letters of an expression, with repetitions. */
export function symbolsIn(expression: Expression): readonly SymbolExpression[] {
  return expression.kind === "symbol" ? [expression] : childrenOf(expression).flatMap(symbolsIn);
}

function isGradient(expression: Expression): boolean {
  return symbolsIn(expression).some(({ role }) => role !== "value");
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "symbol":
      return [];
    case "sum":
      return expression.terms.flatMap(({ of }) => of ?? []);
    case "times":
      return expression.factors;
    case "product":
    case "compare":
      return [expression.left, expression.right];
    case "transpose":
    case "part":
      return [expression.of];
    case "power":
      return [expression.base, expression.exponent];
    case "quotient":
      return [expression.numerator, expression.denominator];
    case "call":
      return expression.arguments;
    case "list":
      return expression.items;
  }
}
