/** Logs: sums over batches, and the reported numbers that are made of them. */
import type { MetricSums, StepTotals, Trainable } from "./trainable.js";

/** Numbers by name: "loss", the metrics, and the same with "val" in front for validation data: "valLoss". */
export type Logs = Readonly<Record<string, number>>;

/** The sums of the batches so far, by the names of logs. */
export type RunningTotals = readonly MetricSums[];

/** The numbers of one epoch: each, also the loss, is made from sums over all batches, so that every example counts equally. */
export class RunningLogs {
  readonly #sums = new Map<string, readonly number[]>();

  /** @param model has the functions from sums to numbers */
  constructor(readonly model: Pick<Trainable, "metricValue">) {}

  add({ totals }: StepTotals): void {
    for (const { name, sums } of totals) {
      const before = this.#sums.get(name);
      this.#sums.set(name, before ? sums.map((sum, i) => sum + before[i]!) : sums);
    }
  }

  /** The sums so far; assign them to continue from there. */
  get totals(): RunningTotals {
    return [...this.#sums].map(([name, sums]) => ({ name, sums }));
  }
  set totals(totals: RunningTotals) {
    this.#sums.clear();
    for (const { name, sums } of totals) this.#sums.set(name, sums);
  }

  /** The loss, then the metrics; a mean of no examples is 0. */
  logs(): Logs {
    const value = (name: string, sums: readonly number[]) =>
      this.model.metricValue ? this.model.metricValue(name, sums) : sums[0]! / (sums[1]! || 1);
    const logs: Record<string, number> = { loss: 0 };
    for (const [name, sums] of this.#sums) logs[name] = value(name, sums);
    return logs;
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

/** The numbers of one batch. */
export function logsOfBatch(model: Pick<Trainable, "metricValue">, totals: StepTotals): Logs {
  const one = new RunningLogs(model);
  one.add(totals);
  return one.logs();
}
