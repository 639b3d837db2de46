/**
 * Lines of an explanation: the values that get a line, and their letters. A line is written for each value that the cell named, the
 * states after the step, the output, and any other value that is used more than once and has more than two letters. Gradients are called
 * δ with the name of their value: δ_f is the gradient before the activation of gate f.
 */
import { isOp, leafOp, type Node, topologicalOrder } from "../graph.js";
import { sliceOp } from "../ops/index.js";
import { countUses, isInvisible } from "./count-uses.js";
import { delta, partial, type SymbolExpression, timed, timeless } from "./expression.js";
import { consumersOf, nearestNames, sliceLabels } from "./labels.js";
import type { TracedCell } from "./trace-cell.js";
import { ExpressionWriter } from "./write-expression.js";

/** The values that have a line, in order, and the writer that knows their letters. */
export interface Lines {
  readonly forward: readonly Node[];
  readonly backward: readonly Node[];
  readonly writer: ExpressionWriter;
}

/** @param symbolOf the letter for the name of a weight or a value */
export function chooseLines(traced: TracedCell, symbolOf: (name: string) => string): Lines {
  const { states, gradients, forward, x, parameters } = traced;
  const names = nameValues(traced, symbolOf);
  const consumers = consumersOf(forward);
  const labels = sliceLabels(forward, names, consumers);
  const letters = new Map<Node, SymbolExpression>([[x, timed(symbolOf("x"))]]);
  for (const [name, node] of parameters) letters.set(node, timeless(symbolOf(name)));
  for (const { name, before } of states) letters.set(before, timed(symbolOf(name), -1));
  for (const [node, name] of names) letters.set(node, timed(name));
  letters.set(traced.outputGradient, partial(letters.get(traced.output)!.name));

  const fromNext = new Map(states.map(({ before, fromNext }) => [fromNext, gradients.get(before)]));
  const writer = new ExpressionWriter({ letters, labels, fromNext });
  const lines = new LineList(letters);
  const roots = [...parameters.values(), x, ...states.map(({ before }) => before)].flatMap(
    (node) => gradients.get(node) ?? [],
  );
  const order = topologicalOrder([...forward, ...roots]).sort((a, b) => a.id - b.id);
  const uses = countUses(order, roots);
  const inForward = new Set(forward);
  const owners = ownersOf(traced);
  const labelOf = (node: Node): string => labels.get(node) ?? nearestNames(node, names, consumers)[0] ?? "";

  // All equations are written once before lines are chosen, so that every part of a weight has its label.
  for (const node of names.keys()) writer.measure(node);
  for (const node of order) {
    if (names.has(node)) lines.add(node);
    if (letters.has(node) || isOp(node, leafOp) || uses.get(node)! < 2) continue;
    if (isInvisible(node) && !isOp(node, sliceOp)) continue;
    const length = writer.measure(node);
    if (inForward.has(node)) {
      if (length <= 2) continue;
      const isBefore = isPreActivation(node);
      const letter = lines.give(node, (i) => timed(`a${i || ""}`, 0, isBefore ? [labelOf(node)] : []));
      if (!isBefore) names.set(node, letter.name);
      continue;
    }
    const owner = owners.get(node);
    const label = owner ? [labelOf(owner)] : [];
    const isBefore = owner !== undefined && isPreActivation(owner);
    const wanted = delta("δ", label);
    const isWorthALine = owner !== undefined && (isBefore || names.has(owner)) && !lines.isTaken(wanted);
    if (length <= (isWorthALine ? 1 : 2)) continue;
    if (isBefore) lines.moveAway(wanted, deltaOf(label));
    lines.give(node, deltaOf(label));
  }
  for (const { name, fromNext } of states) {
    if (letters.has(fromNext) || !uses.has(fromNext)) continue;
    if (writer.isCircular(fromNext) || uses.get(fromNext)! > 1) {
      lines.give(fromNext, deltaOf([symbolOf(name)]));
    }
  }
  lines.shortenLone();
  return {
    forward: lines.nodes.filter((node) => inForward.has(node)),
    backward: lines.nodes.filter((node) => !inForward.has(node)),
    writer,
  };
}

/** δ with a subscript; ε, as in Graves, if the value already has a δ before its activation. */
const deltaOf =
  (label: readonly string[]) =>
  (alternative: number): SymbolExpression =>
    delta("δε"[alternative] ?? `ε${alternative}`, label);

/** The lines so far and the letters they took. */
class LineList {
  readonly nodes: Node[] = [];

  constructor(readonly letters: Map<Node, SymbolExpression>) {}

  add(node: Node): void {
    this.nodes.push(node);
  }

  isTaken(letter: SymbolExpression): boolean {
    return this.#holder(letter) !== undefined;
  }

  #holder(letter: SymbolExpression): Node | undefined {
    const key = (symbol: SymbolExpression) => [symbol.role, symbol.name, ...symbol.subscripts].join(" ");
    return [...this.letters.keys()].find((node) => key(this.letters.get(node)!) === key(letter));
  }

  /** Gives the node that has this letter another one. */
  moveAway(letter: SymbolExpression, other: (alternative: number) => SymbolExpression): void {
    const holder = this.#holder(letter);
    if (!holder) return;
    let alternative = 1;
    while (this.isTaken(other(alternative))) alternative++;
    this.letters.set(holder, other(alternative));
  }

  /** Gives a node a line and the first free letter. */
  give(node: Node, letter: (alternative: number) => SymbolExpression): SymbolExpression {
    let alternative = 0;
    while (this.isTaken(letter(alternative))) alternative++;
    this.letters.set(node, letter(alternative));
    this.add(node);
    return letter(alternative);
  }

  /** A letter that only one line uses needs no subscript: δ instead of δ_h. */
  shortenLone(): void {
    for (const node of this.nodes) {
      const letter = this.letters.get(node)!;
      const short = { ...letter, subscripts: [] };
      const sharers = this.nodes.filter((other) => this.letters.get(other)!.name === letter.name);
      if (sharers.length === 1 && !this.isTaken(short)) this.letters.set(node, short);
    }
  }
}

/** The values that have a name: states after the step, the output, and the values that the cell named. */
function nameValues({ states, output, forward }: TracedCell, symbolOf: (name: string) => string): Map<Node, string> {
  const names = new Map<Node, string>();
  const taken = new Set<string>(states.map(({ name }) => symbolOf(name)));
  const give = (node: Node, name: string): void => {
    if (isOp(node, leafOp) || names.has(node)) return;
    names.set(node, name);
    taken.add(name);
  };
  for (const { name, after } of states) give(after, symbolOf(name));
  for (const node of forward) {
    if (!node.name || names.has(node) || isOp(node, leafOp)) continue;
    const symbol = symbolOf(node.name);
    let free = symbol;
    for (let i = 2; taken.has(free); i++) free = `${symbol}${i}`;
    give(node, free);
  }
  give(output, "y");
  return names;
}

/** The value that each gradient belongs to; of several with the same gradient, the one computed last. */
function ownersOf({ forward, gradients }: TracedCell): Map<Node, Node> {
  const owners = new Map<Node, Node>();
  for (const node of forward.toReversed()) {
    const gradient = gradients.get(node);
    if (gradient && !owners.has(gradient)) owners.set(gradient, node);
  }
  return owners;
}

/** A weighted sum, or a gate's part of one. */
function isPreActivation(node: Node): boolean {
  return !node.name && (isOp(node, sliceOp) || node.op.name === "add" || node.op.name === "matmul");
}
