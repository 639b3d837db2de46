/**
 * The contract of a learning-rate schedule: the rate as a function of the number of steps taken. It has no state, so a resumed
 * training has the same rates as an uninterrupted one.
 */
/** A learning rate that changes with the steps taken. */
export interface Schedule {
  readonly config: { readonly type: string; readonly [option: string]: unknown };
  /** The rate of a step. @param step number of steps before this one: 0, 1, … */
  at(step: number): number;
}
