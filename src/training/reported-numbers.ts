/** Reported numbers of a training, known before it begins: names of logs, and the better direction of each. */
import type { Better } from "../metrics/index.js";
import type { Callback, KnownNumbers } from "./callbacks.js";
import { validationName } from "./logs.js";
import type { Trainable } from "./trainable.js";

/** The numbers of the model, those of its validation, and those that callbacks add. */
export function reportedNumbers(
  model: Pick<Trainable, "reported">,
  callbacks: readonly Callback[],
  validates: boolean,
): KnownNumbers {
  const trained = Object.entries<Better | undefined>(model.reported ?? { loss: "lower" });
  const known: Record<string, Better | undefined> = Object.fromEntries([
    ...trained,
    ...(validates ? trained.map(([name, better]) => [validationName(name), better] as const) : []),
    ...callbacks.flatMap(({ reports }) => Object.entries(reports ?? {})),
  ]);
  const named = ({ onEpochEnd, observes, reports }: Callback) => !onEpochEnd || observes || reports !== undefined;
  return { known, complete: model.reported !== undefined && callbacks.every(named) };
}
