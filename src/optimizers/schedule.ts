/**
 * The contract of a learning-rate schedule: the rate as a function of how many steps have been taken. It keeps nothing, so a training that
 * is continued has the rates it would have had.
 */
/** A learning rate that changes with the steps taken. */
export interface Schedule {
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The rate of a step. @param step how many steps came before: 0, 1, … */
  at(step: number): number;
}
