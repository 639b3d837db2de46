/**
 * Writer of a program: its buffers, its instructions, and the memory of each node's value.
 */
import {
  type ConstantAttributes,
  constantOp,
  isOp,
  type LeafAttributes,
  leafOp,
  type Node,
} from "../../equations/index.js";
import { TavaliError } from "../../errors.js";
import type { DType } from "../../tensor/dtype.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Instruction, Operand, Port, StraightInstruction } from "../program.js";
import type { BufferDraft } from "../schedule.js";
import type { LoweringChoice } from "./choices.js";
import { isContiguous, type View, wholeBuffer } from "./views.js";

export class Writer {
  readonly drafts: BufferDraft[] = [];
  readonly instructions: Instruction[] = [];
  readonly inputs: Port[] = [];
  readonly variables: Port[] = [];
  readonly #views = new Map<Node, View>();
  readonly #assigned = new Map<Node, View>();
  readonly #accumulating = new Set<Node>();
  /** The body being written; undefined outside loops. */
  #body: StraightInstruction[] | undefined;

  /** @param isEnabled the choices that were not left out */
  constructor(readonly isEnabled: (choice: LoweringChoice) => boolean) {}

  emit(instruction: StraightInstruction): void {
    (this.#body ?? this.instructions).push(instruction);
  }

  /** Writes a loop: what `write` emits is its body. */
  loop(length: number, reverse: boolean, write: () => void): void {
    this.#body = [];
    write();
    this.instructions.push({ kind: "loop", length, reverse, body: this.#body });
    this.#body = undefined;
  }

  get insideLoop(): boolean {
    return this.#body !== undefined;
  }

  /** Emits before the loop that is being written, if there is one. */
  emitOutside(instruction: StraightInstruction): void {
    this.instructions.push(instruction);
  }

  scratch(shape: Shape, dtype: DType, options: { name?: string; perStep?: boolean } = {}): View {
    return this.#buffer(
      { role: "scratch", dtype, size: sizeOf(shape), name: options.name, perStep: options.perStep ?? this.insideLoop },
      shape,
    );
  }

  constant(values: readonly number[], shape: Shape, dtype: DType = "float"): View {
    return this.#buffer({ role: "constant", dtype, size: values.length, values, perStep: false }, shape);
  }

  #buffer(draft: BufferDraft, shape: Shape): View {
    this.drafts.push(draft);
    return wholeBuffer(this.drafts.length - 1, shape);
  }

  /** The memory of a node's value. Leaves and constants get their buffers at the first call. */
  view(node: Node): View {
    const known = this.#views.get(node);
    if (known) return known;
    const made = this.#leafView(node);
    this.#views.set(node, made);
    return made;
  }

  setView(node: Node, view: View): void {
    this.#views.set(node, view);
  }

  #leafView(node: Node): View {
    if (isOp<ConstantAttributes>(node, constantOp))
      return this.constant(node.attributes.values, node.shape, node.dtype);
    if (isOp<LeafAttributes>(node, leafOp) && node.attributes.role === "variable") {
      const view = this.#buffer(
        { role: "variable", dtype: node.dtype, size: sizeOf(node.shape), name: node.name, perStep: false },
        node.shape,
      );
      this.variables.push({ name: node.name!, shape: node.shape, dtype: node.dtype, buffer: view.buffer });
      return view;
    }
    throw new TavaliError(
      `compile: ${describeNode(node)} is used but was never computed; is every input of the program listed in "inputs"?`,
    );
  }

  /** Declares an input port. */
  input(name: string, node: Node): void {
    const view = this.scratch(node.shape, node.dtype, { name });
    this.drafts[view.buffer]!.fromStart = true;
    this.inputs.push({ name, shape: node.shape, dtype: node.dtype, buffer: view.buffer });
    this.setView(node, view);
  }

  /** Decides where a node will be written. @returns false if it has memory already, or if nothing is computed in place */
  assignBuffer(node: Node, view: View): boolean {
    if (!this.isEnabled("inPlace") || this.#assigned.has(node) || this.#views.has(node)) return false;
    this.#assigned.set(node, view);
    return true;
  }

  /**
   * Memory of a node in which its parts may be computed before the node itself; undefined for a variable that the node updates, whose old
   * value others may still read by then.
   */
  reserve(node: Node): View | undefined {
    const known = this.#assigned.get(node);
    if (known) return this.drafts[known.buffer]!.role === "variable" ? undefined : known;
    if (!this.isEnabled("inPlace")) return undefined;
    const whole = this.scratch(node.shape, node.dtype);
    return this.assignBuffer(node, whole) ? whole : undefined;
  }

  /** Lets a product be added to `total` instead of being written. @returns as assignBuffer does */
  accumulate(product: Node, total: View): boolean {
    if (!this.assignBuffer(product, total)) return false;
    this.#accumulating.add(product);
    return true;
  }

  accumulates(node: Node): boolean {
    return this.#accumulating.has(node);
  }

  assignedBuffer(node: Node): View | undefined {
    return this.#assigned.get(node);
  }

  /**
   * Gives a node memory and lets `write` fill it: its assigned buffer if `accepts` takes it, else scratch memory that is copied there
   * afterwards.
   */
  produce(node: Node, write: (view: View) => void, accepts: (view: View) => boolean = isContiguous): void {
    const assigned = this.#assigned.get(node);
    const target = assigned && accepts(assigned) ? assigned : this.scratch(node.shape, node.dtype);
    write(target);
    if (assigned && assigned !== target) this.copy(target, assigned);
    this.setView(node, assigned ?? target);
  }

  copy(from: View, to: View): void {
    this.emit({ kind: "copy", shape: to.shape, input: operand(from), output: operand(to) });
  }

  /** Copies a node's value to a view, unless it was computed there. */
  copyUnlessThere(node: Node, to: View): void {
    const from = this.view(node);
    if (from.buffer !== to.buffer || from.offset !== to.offset || from.step !== to.step) this.copy(from, to);
  }

  fill(view: View, value: number): void {
    this.emit({ kind: "fill", size: sizeOf(view.shape), value, output: { ...operand(view), strides: [1] } });
  }

  /** The value without gaps: the view itself, or a copy. A value from outside a loop is copied once, before the loop. */
  contiguous(view: View, dtype: DType, sufficient: (view: View) => boolean = isContiguous): View {
    if (sufficient(view)) return view;
    const outside = this.insideLoop && view.step === 0 && !this.drafts[view.buffer]!.perStep;
    const copy = this.scratch(view.shape, dtype, { perStep: this.insideLoop && !outside });
    const instruction = { kind: "copy", shape: view.shape, input: operand(view), output: operand(copy) } as const;
    if (outside) this.emitOutside(instruction);
    else this.emit(instruction);
    return copy;
  }
}

/** The view as an instruction's operand; its shape is the instruction's. */
export function operand({ buffer, offset, strides, step }: View): Operand {
  return { buffer, offset, strides, step };
}

function describeNode({ op, name, shape }: Node): string {
  return `${name ? `"${name}"` : "a value"} made by "${op.name}" of shape [${shape.join(", ")}]`;
}
