/** Choices of lowering: what it may do besides writing one instruction after the other. Each can be left out by its name, as a pass can. */
export interface LoweringChoice<Name extends string = string> {
  readonly name: Name;
  /** A sentence that says what it does. */
  readonly does: string;
}

export const loweringChoices = [
  {
    name: "fusion",
    does: "Writes one kernel for elementwise operations that feed one another, and for a softmax with its logarithm.",
  },
  { name: "lateUpdates", does: "Computes the new value of a variable after the last reader of the old one." },
  {
    name: "inPlace",
    does: "Computes a value in the memory where it is wanted: a part of a concatenation, a state's history, a weight.",
  },
  { name: "gatherFusion", does: "Lets a kernel read rows of a table by their ids, so that they are not copied first." },
  { name: "rowMask", does: "Lets a kernel pass over rows that keep what they hold." },
] as const satisfies readonly LoweringChoice[];

export type LoweringChoiceName = (typeof loweringChoices)[number]["name"];
