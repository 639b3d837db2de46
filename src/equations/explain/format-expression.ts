/** Formatting of expressions in a notation, with parentheses only where they change the meaning. */
import { type Expression, numberIn, type Term } from "./expression.js";
import { latex, type Notation } from "./notation.js";

/** The precedence of each kind of expression. */
const precedence = { sum: 0, product: 1, scaled: 2, power: 3, atom: 4 } as const;

function precedenceOf(expression: Expression, notation: Notation): number {
  switch (expression.kind) {
    case "sum": {
      const value = numberIn(expression);
      return value !== undefined && value >= 0 ? precedence.atom : precedence.sum;
    }
    case "times":
    case "product":
      return precedence.product;
    case "quotient":
      return notation === latex ? precedence.scaled : precedence.product;
    case "transpose":
    case "power":
      return precedence.power;
    default:
      return precedence.atom;
  }
}

export function formatExpression(expression: Expression, notation: Notation): string {
  /** A child expression, in parentheses if its precedence is below `atLeast`. */
  const child = (of: Expression, atLeast: number): string => {
    const text = formatExpression(of, notation);
    return precedenceOf(of, notation) >= atLeast ? text : notation.parentheses(text);
  };
  switch (expression.kind) {
    case "symbol":
      return notation.symbol(expression);
    case "sum":
      return formatSum(expression.terms, notation, child);
    case "times":
      return expression.factors.map((factor) => child(factor, precedence.scaled)).join(notation.times);
    case "product": {
      // a·b·c needs no parentheses: the matrix product is associative.
      const side = (of: Expression): string =>
        child(of, of.kind === "product" ? precedence.product : precedence.scaled);
      return side(expression.left) + notation.dot + side(expression.right);
    }
    case "transpose":
      return notation.transpose(child(expression.of, precedence.atom));
    case "power":
      return notation.power(child(expression.base, precedence.atom), child(expression.exponent, precedence.atom));
    case "quotient": {
      if (notation !== latex)
        return notation.quotient(
          child(expression.numerator, precedence.scaled),
          child(expression.denominator, precedence.scaled),
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
      return notation.part(child(expression.of, precedence.atom), expression.label);
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
      const written = of && child(of, precedence.product);
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
