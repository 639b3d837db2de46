/** Substitution of letters in an expression: another time, or another subscript. */
import {
  call,
  compare,
  type Expression,
  list,
  part,
  power,
  product,
  quotient,
  type SymbolExpression,
  sum,
  times,
  transpose,
} from "./expression.js";

/** Replaces every letter and rebuilds the expression. */
export function mapSymbols(
  expression: Expression,
  replace: (symbol: SymbolExpression) => SymbolExpression,
): Expression {
  const inside = (child: Expression): Expression => mapSymbols(child, replace);
  switch (expression.kind) {
    case "symbol":
      return replace(expression);
    case "sum":
      return sum(expression.terms.map(({ coefficient, of }) => ({ coefficient, of: of && inside(of) })));
    case "times":
      return times(...expression.factors.map(inside));
    case "product":
      return product(inside(expression.left), inside(expression.right));
    case "transpose":
      return transpose(inside(expression.of));
    case "power":
      return power(inside(expression.base), inside(expression.exponent));
    case "quotient":
      return quotient(inside(expression.numerator), inside(expression.denominator));
    case "compare":
      return compare(expression.relation, inside(expression.left), inside(expression.right));
    case "call":
      return call(expression.name, ...expression.arguments.map(inside));
    case "list":
      return list(expression.items.map(inside));
    case "part":
      return part(inside(expression.of), expression.label);
  }
}

/** The expression one step later: h(t) becomes h(t+1). */
export function oneStepLater(expression: Expression): Expression {
  return mapSymbols(expression, (symbol) =>
    symbol.time?.relative ? { ...symbol, time: { relative: true, step: symbol.time.step + 1 } } : symbol,
  );
}

/** The expression at t = 1, the first step: h(t−1) becomes h(0). */
export function atFirstStep(expression: Expression): Expression {
  return mapSymbols(expression, (symbol) =>
    symbol.time?.relative ? { ...symbol, time: { relative: false, step: symbol.time.step + 1 } } : symbol,
  );
}

/** Replaces one subscript by another. */
export function withSubscript(expression: Expression, from: string, to: string): Expression {
  return mapSymbols(expression, (symbol) => ({
    ...symbol,
    subscripts: symbol.subscripts.map((subscript) => (subscript === from ? to : subscript)),
  }));
}
