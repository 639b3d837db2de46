/** Adding up the totals of batches to the numbers people read. */
import type { MetricSums, StepTotals, Trainable } from "./trainable.js";

/** Numbers by name: "loss", the metrics, and the same with "val" in front for validation data: "valLoss". */
export type Logs = Readonly<Record<string, number>>;

/** The sums behind a running mean. */
export interface RunningTotals {
  /** Losses times sizes. */
  readonly loss: number;
  readonly size: number;
  readonly metrics: readonly MetricSums[];
}

/** A running mean over the batches of one epoch: the loss by batch size, metrics by their own sums. */
export class RunningLogs {
  #loss = 0;
  #size = 0;
  readonly #metrics = new Map<string, readonly number[]>();

  /** @param model says what sums make of a metric */
  constructor(readonly model: Pick<Trainable, "metricValue">) {}

  add({ size, loss, metrics }: StepTotals): void {
    this.#loss += loss * size;
    this.#size += size;
    for (const { name, sums } of metrics) {
      const before = this.#metrics.get(name);
      this.#metrics.set(name, before ? sums.map((sum, i) => sum + before[i]!) : sums);
    }
  }

  /** The sums so far; assigning them goes on from there. */
  get totals(): RunningTotals {
    const metrics = [...this.#metrics].map(([name, sums]) => ({ name, sums }));
    return { loss: this.#loss, size: this.#size, metrics };
  }
  set totals({ loss, size, metrics }: RunningTotals) {
    this.#loss = loss;
    this.#size = size;
    this.#metrics.clear();
    for (const { name, sums } of metrics) this.#metrics.set(name, sums);
  }

  /** The loss, then the metrics; a metric of nothing is 0. */
  logs(): Logs {
    const metric = (name: string, sums: readonly number[]) =>
      this.model.metricValue ? this.model.metricValue(name, sums) : sums[0]! / (sums[1]! || 1);
    const metrics = [...this.#metrics].map(([name, sums]) => [name, metric(name, sums)]);
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
