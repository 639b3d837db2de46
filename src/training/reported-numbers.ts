/** The numbers that a training reports, known before it begins: names of logs, and which way each gets better. */
import type { Better } from "../metrics/index.js";
import type { Callback, KnownNumbers } from "./callbacks.js";
import { validationName } from "./logs.js";
import type { Trainable } from "./trainable.js";

/** Numbers of the model, the same of its validation, and those that callbacks add. */
export function reportedNumbers(
  model: Pick<Trainable, "reported">,
  callbacks: readonly Callback[],
  validates: boolean,
): KnownNumbers {
  const own = Object.entries<Better | undefined>(model.reported ?? { loss: "lower" });
  const known: Record<string, Better | undefined> = Object.fromEntries([
    ...own,
    ...(validates ? own.map(([name, better]) => [validationName(name), better] as const) : []),
    ...callbacks.flatMap(({ reports }) => Object.entries(reports ?? {})),
  ]);
  const named = ({ onEpochEnd, observes, reports }: Callback) => !onEpochEnd || observes || reports !== undefined;
  return { known, complete: model.reported !== undefined && callbacks.every(named) };
}
