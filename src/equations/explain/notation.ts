/** Notations of expressions: plain Unicode text, or LaTeX. */
import type { Relation, SymbolExpression, Time } from "./expression.js";

export type NotationName = "unicode" | "latex";

export interface Notation {
  readonly plus: string;
  readonly minus: string;
  readonly times: string;
  readonly dot: string;
  readonly sumOverTime: string;
  readonly index: string;
  readonly relations: Readonly<Record<Relation, string>>;
  symbol(symbol: SymbolExpression): string;
  /** ∂J/∂ of a symbol. */
  gradient(symbol: SymbolExpression): string;
  number(value: number): string;
  /** A number in front of a value. */
  scaled(coefficient: string, value: string): string;
  transpose(base: string): string;
  power(base: string, exponent: string): string;
  quotient(numerator: string, denominator: string): string;
  parentheses(inside: string): string;
  brackets(inside: string): string;
  call(name: string, operands: readonly string[]): string;
  part(base: string, label: string): string;
}

/** At most five digits; small and large numbers with a power of ten. */
function digits(value: number): string {
  return `${Number(value.toPrecision(5))}`;
}

const join = (subscripts: readonly string[]): string =>
  subscripts.join(subscripts.every(({ length }) => length === 1) ? "" : ",");

function moment({ relative, step }: Time, minus: string): string {
  if (!relative) return `${step}`;
  if (step === 0) return "t";
  return step > 0 ? `t+${step}` : `t${minus}${-step}`;
}

const superscripts: Readonly<Record<string, string>> = {
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** Functions whose symbol differs from their name. */
const unicodeCalls: Readonly<Record<string, string>> = { sigmoid: "σ", log: "ln", sqrt: "√" };

export const unicode: Notation = {
  plus: " + ",
  minus: " − ",
  times: " ⊙ ",
  dot: "·",
  sumOverTime: "Σₜ ",
  index: " = ",
  relations: { "=": " = ", "≠": " ≠ ", ">": " > ", "≥": " ≥ ", "<": " < ", "≤": " ≤ " },
  symbol({ role, name, subscripts, time }) {
    const base = subscripts.some((label) => label !== "") ? `${name}_${join(subscripts)}` : name;
    const value = time ? `${base}(${moment(time, "−")})` : base;
    return role === "partial" ? `∂J/∂${value}` : value;
  },
  gradient: (symbol) => `∂J/∂${unicode.symbol(symbol)}`,
  number: digits,
  scaled: (coefficient, value) => coefficient + value,
  transpose: (base) => `${base}ᵀ`,
  power: (base, exponent) =>
    /^\d+$/.test(exponent) ? base + [...exponent].map((digit) => superscripts[digit]).join("") : `${base}^${exponent}`,
  quotient: (numerator, denominator) => `${numerator} / ${denominator}`,
  parentheses: (inside) => `(${inside})`,
  brackets: (inside) => `[${inside}]`,
  call(name, operands) {
    const [only] = operands;
    if (name === "exp") return `e^(${only})`;
    if (name === "abs") return `|${only}|`;
    return `${unicodeCalls[name] ?? name}(${operands.join(", ")})`;
  },
  part: (base, label) => `${base}[${label}]`,
};

const greek: Readonly<Record<string, string>> = {
  α: "\\alpha",
  β: "\\beta",
  γ: "\\gamma",
  δ: "\\delta",
  ε: "\\varepsilon",
  λ: "\\lambda",
  μ: "\\mu",
  σ: "\\sigma",
};
const latexCalls: Readonly<Record<string, string>> = {
  sigmoid: "\\sigma",
  tanh: "\\tanh",
  exp: "\\exp",
  log: "\\ln",
  max: "\\max",
  min: "\\min",
};

/** A single letter is a variable; a word is set upright. */
function latexName(name: string): string {
  const [, letter, digits, primes] = /^(\p{L}\p{M}?)(\d*)(′*)$/u.exec(name) ?? [];
  if (letter) return (greek[letter] ?? latexAccent(letter)) + (digits ? `^{(${digits})}` : "") + (primes ? "'" : "");
  return `\\mathrm{${name.replaceAll("_", "\\_")}}`;
}

/** Accented letters such as h̃. */
function latexAccent(letter: string): string {
  const [base, accent] = [...letter.normalize("NFD")];
  if (accent === "\u0303") return `\\tilde{${base}}`;
  if (accent === "\u0302") return `\\hat{${base}}`;
  return letter;
}

export const latex: Notation = {
  plus: " + ",
  minus: " - ",
  times: " \\odot ",
  dot: " \\cdot ",
  sumOverTime: "\\sum_t ",
  index: " = ",
  relations: { "=": " = ", "≠": " \\neq ", ">": " > ", "≥": " \\geq ", "<": " < ", "≤": " \\leq " },
  symbol({ role, name, subscripts, time }) {
    const labels = subscripts.filter((label) => label !== "").map(latexName);
    const base = labels.length > 0 ? `${latexName(name)}_{${labels.join(",")}}` : latexName(name);
    const value = time ? `${base}(${moment(time, "-")})` : base;
    return role === "partial" ? `\\frac{\\partial J}{\\partial ${value}}` : value;
  },
  gradient: (symbol) => `\\frac{\\partial J}{\\partial ${latex.symbol(symbol)}}`,
  number: (value) => digits(value).replace(/e\+?(-?\d+)/, " \\cdot 10^{$1}"),
  scaled: (coefficient, value) => `${coefficient} ${value}`,
  transpose: (base) => `${base}^\\top`,
  power: (base, exponent) => `${base}^{${exponent}}`,
  quotient: (numerator, denominator) => `\\frac{${numerator}}{${denominator}}`,
  parentheses: (inside) => `\\left(${inside}\\right)`,
  brackets: (inside) => `\\left[${inside}\\right]`,
  call(name, operands) {
    if (name === "abs") return `\\left|${operands[0]}\\right|`;
    if (name === "sqrt") return `\\sqrt{${operands[0]}}`;
    const written = latexCalls[name] ?? `\\operatorname{${name}}`;
    return `${written}\\left(${operands.join(", ")}\\right)`;
  },
  part: (base, label) => `${base}_{[${label}]}`,
};
