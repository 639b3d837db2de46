/** State keeper: the states from which a run continues, those of stateful layers or of the window before. */

import { StateError } from "../errors.js";
import { counted } from "../options/index.js";
import type { TimeWindow } from "../training/index.js";
import { type CarryPlan, carriedPrefix, evaluationPrefix, isStateful } from "./carried-states.js";
import type { Network } from "./network.js";
import type { Variables } from "./variables.js";

/** Number of rows of the stateful layers' states; 0 if they start fresh. It is a variable so that checkpoints hold it. */
const STATEFUL_ROWS = "stateful/rows";

export class StateKeeper {
  readonly #stateful: boolean;

  constructor(
    network: Network,
    readonly variables: Variables,
  ) {
    this.#stateful = isStateful(network);
  }

  /**
   * The plan for each shard's states, if they are carried.
   *
   * @param evaluating true if the run is not a training step: its windows then have separate states
   * @throws StateError where stateful layers would continue with another number of rows
   */
  plans(rows: number, shards: number, window: TimeWindow | undefined, evaluating = false): readonly CarryPlan[] {
    if (!window && !this.#stateful) return [];
    const numbers = Array.from({ length: shards }, (_, i) => i);
    if (window) {
      const { first, kept } = window;
      const prefix = (i: number) => (evaluating ? evaluationPrefix(rows, i) : carriedPrefix("window", rows, i));
      return numbers.map((i) => ({ prefix: prefix(i), every: true, startsFresh: first === 0, steps: kept }));
    }
    // Made before programs run, so that no memory moves under their results.
    if (!this.variables.has(STATEFUL_ROWS)) this.variables.create(STATEFUL_ROWS, [], [0]);
    const before = this.variables.read(STATEFUL_ROWS)[0]!;
    if (before !== 0 && before !== rows) throw otherBatch(before, rows);
    const prefix = (i: number) => carriedPrefix("stateful", rows, i);
    return numbers.map((i) => ({ prefix: prefix(i), every: false, startsFresh: before === 0 }));
  }

  /** Remembers that stateful layers have a state now. */
  recordRows(plans: readonly CarryPlan[], rows: number): void {
    if (plans.some(({ every }) => !every)) this.variables.write(STATEFUL_ROWS, [rows]);
  }

  /** Stateful layers start fresh. */
  reset(): void {
    if (this.variables.has(STATEFUL_ROWS)) this.variables.write(STATEFUL_ROWS, [0]);
  }
}

function otherBatch(before: number, rows: number): StateError {
  return new StateError(
    `stateful layers hold the states of ${counted(before, "sequence")}, but this batch has ${rows}. Keep the batch size (and a number of examples that ` +
      "it divides), or call resetStates() to begin anew with another.",
  );
}
