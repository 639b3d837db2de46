/** Choices of lowering: what it may do besides writing one instruction after the other. Each can be left out by its name, as a pass can. */
export const loweringChoices = [
  // Writes one kernel for elementwise operations that feed one another, and for a softmax with its logarithm.
  "fusion",
  // Computes the new value of a variable after the last reader of the old one.
  "lateUpdates",
  // Computes a value in the memory where it is wanted: a part of a concatenation, a state's history, a weight.
  "inPlace",
  // Lets a kernel read rows of a table by their ids, so that they are not copied first.
  "gatherFusion",
  // Lets a kernel pass over rows that keep what they hold.
  "rowMask",
] as const;

export type LoweringChoice = (typeof loweringChoices)[number];
