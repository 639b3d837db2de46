/** Adding up the totals of batches to the numbers people read. */
import type { StepTotals } from "./trainable.js";

/** Numbers by name: "loss", the metrics, and the same with "val" in front for validation data: "valLoss". */
export type Logs = Readonly<Record<string, number>>;

/** The sums behind a running mean. */
export interface RunningTotals {
  /** Losses times sizes. */
  readonly loss: number;
  readonly size: number;
  readonly metrics: readonly { readonly name: string; readonly total: number; readonly count: number }[];
}

/** A running mean over the batches of one epoch: the loss by batch size, metrics by their own counts. */
export class RunningLogs {
  #loss = 0;
  #size = 0;
  readonly #metrics = new Map<string, { total: number; count: number }>();

  add({ size, loss, metrics }: StepTotals): void {
    this.#loss += loss * size;
    this.#size += size;
    for (const { name, total, count } of metrics) {
      const sum = this.#metrics.get(name) ?? { total: 0, count: 0 };
      this.#metrics.set(name, { total: sum.total + total, count: sum.count + count });
    }
  }

  /** The sums so far; assigning them goes on from there. */
  get totals(): RunningTotals {
    const metrics = [...this.#metrics].map(([name, sums]) => ({ name, ...sums }));
    return { loss: this.#loss, size: this.#size, metrics };
  }
  set totals({ loss, size, metrics }: RunningTotals) {
    this.#loss = loss;
    this.#size = size;
    this.#metrics.clear();
    for (const { name, total, count } of metrics) this.#metrics.set(name, { total, count });
  }

  /** The loss, then the metrics; a metric of nothing is 0. */
  logs(): Logs {
    const metrics = [...this.#metrics].map(([name, { total, count }]) => [name, count === 0 ? 0 : total / count]);
    return { loss: this.#size === 0 ? 0 : this.#loss / this.#size, ...Object.fromEntries(metrics) };
  }
}

/** "loss" → "valLoss" */
export function validationName(name: string): string {
  return `val${name[0]!.toUpperCase()}${name.slice(1)}`;
}

/** "loss" → "valLoss", for each. */
export function validationLogs(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [validationName(name), value]));
}
