/** Writes an expression in a notation, with parentheses only where it would be read otherwise without them. */
import { type Expression, numberIn, type Term } from "./expression.js";
import { latex, type Notation } from "./notation.js";

/** How tightly an expression holds together. */
const tightness = { sum: 0, product: 1, scaled: 2, power: 3, atom: 4 } as const;

function tightnessOf(expression: Expression, notation: Notation): number {
  switch (expression.kind) {
    case "sum": {
      const value = numberIn(expression);
      return value !== undefined && value >= 0 ? tightness.atom : tightness.sum;
    }
    case "times":
    case "product":
      return tightness.product;
    case "quotient":
      return notation === latex ? tightness.scaled : tightness.product;
    case "transpose":
    case "power":
      return tightness.power;
    default:
      return tightness.atom;
  }
}

export function formatExpression(expression: Expression, notation: Notation): string {
  /** A child, in parentheses unless it holds together at least so tightly. */
  const child = (of: Expression, atLeast: number): string => {
    const text = formatExpression(of, notation);
    return tightnessOf(of, notation) >= atLeast ? text : notation.parentheses(text);
  };
  switch (expression.kind) {
    case "symbol":
      return notation.symbol(expression);
    case "sum":
      return formatSum(expression.terms, notation, child);
    case "times":
      return expression.factors.map((factor) => child(factor, tightness.scaled)).join(notation.times);
    case "product": {
      // a·b·c needs no parentheses: the matrix product is associative.
      const side = (of: Expression): string => child(of, of.kind === "product" ? tightness.product : tightness.scaled);
      return side(expression.left) + notation.dot + side(expression.right);
    }
    case "transpose":
      return notation.transpose(child(expression.of, tightness.atom));
    case "power":
      return notation.power(child(expression.base, tightness.atom), child(expression.exponent, tightness.atom));
    case "quotient": {
      if (notation !== latex)
        return notation.quotient(
          child(expression.numerator, tightness.scaled),
          child(expression.denominator, tightness.scaled),
        );
      return notation.quotient(
        formatExpression(expression.numerator, notation),
        formatExpression(expression.denominator, notation),
      );
    }
    case "compare":
      return notation.brackets(
        formatExpression(expression.left, notation) +
          notation.relations[expression.relation] +
          formatExpression(expression.right, notation),
      );
    case "call":
      return notation.call(
        expression.name,
        expression.arguments.map((operand) => formatExpression(operand, notation)),
      );
    case "list":
      return notation.brackets(expression.items.map((item) => formatExpression(item, notation)).join(", "));
    case "part":
      return notation.part(child(expression.of, tightness.atom), expression.label);
  }
}

function formatSum(
  terms: readonly Term[],
  notation: Notation,
  child: (of: Expression, atLeast: number) => string,
): string {
  if (terms.length === 0) return notation.number(0);
  return terms
    .map(({ coefficient, of }, i) => {
      const size = Math.abs(coefficient);
      const sign = coefficient < 0 ? notation.minus : notation.plus;
      const written = of && child(of, tightness.product);
      const value = !written
        ? notation.number(size)
        : size === 1
          ? written
          : notation.scaled(notation.number(size), written);
      if (i > 0) return sign + value;
      return coefficient < 0 ? notation.minus.trim() + value : value;
    })
    .join("");
}
