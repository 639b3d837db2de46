/** Callbacks: what is called as training goes, and may end it. */
import { ConfigError } from "../errors.js";
import { nearestOption } from "../options/index.js";
import type { Logs } from "./logs.js";
import type { ReportedNumbers, Trainable } from "./trainable.js";
import type { StateValue } from "./training-state.js";

/** What is known of the logs of a training before it begins. */
export interface KnownNumbers {
  readonly known: ReportedNumbers;
  /** False where a callback may add numbers that it does not name. */
  readonly complete: boolean;
}

/** What a callback holds in its hand. */
export interface TrainingControl {
  readonly model: Trainable;
  /** Set it to end training: inside a batch callback the epoch ends early, inside `onEpochEnd` no other epoch begins. */
  stopTraining: boolean;
  /** Number of epochs that were asked for. */
  readonly epochs: number;
  /** Number of batches in an epoch. */
  readonly steps: number;
  /** Whether there is validation data; `validationFreq` may leave out some epochs. */
  readonly validates: boolean;
  /** The numbers that this training reports, and which way each gets better. */
  readonly numbers: KnownNumbers;
  /** Whether this training goes on from a checkpoint: `restore` is then called after `onTrainBegin`. */
  readonly resumes: boolean;
}

/**
 * All functions are optional and may be async. Epochs and batches count from 0. A training that goes on from a checkpoint begins as any
 * other, within an epoch with that epoch's `onEpochBegin`, too; only then the weights, the learning rate and what callbacks remember are
 * put back.
 */
export interface Callback {
  /** For messages and checkpoints; needed where there is a `state`. */
  readonly name?: string;
  /** Whether it only looks on, as a log does: a training may then go on without it, or with it for the first time. */
  readonly observes?: boolean;
  /**
   * The numbers that `onEpochEnd` adds to the logs, and which way each gets better; {} where it adds none. Callbacks that watch a number
   * then know of it before training begins.
   */
  readonly reports?: ReportedNumbers;
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  onEpochBegin?(epoch: number, control: TrainingControl): void | Promise<void>;
  onBatchBegin?(batch: number, control: TrainingControl): void | Promise<void>;
  /** `logs` are means over the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /**
   * `logs` hold the validation's numbers, too: "valLoss". Not called for an epoch that an AbortSignal cut short. Numbers that it returns join
   * the logs, for the callbacks after it and for the history.
   */
  onEpochEnd?(epoch: number, logs: Logs, control: TrainingControl): EpochEndResult | Promise<EpochEndResult>;
  /** Called however training ended. */
  onTrainEnd?(logs: Logs, control: TrainingControl): void | Promise<void>;
  /** What it remembers between calls, for checkpoints. Not to be changed afterwards: copy what will be. */
  state?(): StateValue;
  /** Goes on from what `state` gave, in another process perhaps. */
  restore?(state: StateValue): void | Promise<void>;
}

/** What `onEpochEnd` may return: more numbers for the logs. */
// biome-ignore lint/suspicious/noConfusingVoidType: most callbacks return nothing
export type EpochEndResult = void | Logs;

const moments: readonly (keyof Callback)[] = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
];
/** Names of functions that callbacks of other libraries have, and misspelt ones. */
const likeMoment = /^on_?(train|epoch|batch|test|predict|validation)/i;

/** Refuses callbacks with functions that would never be called. @throws ConfigError that names the function meant */
export function checkCallbacks(callbacks: readonly Callback[]): void {
  for (const [i, callback] of callbacks.entries()) {
    if (typeof callback === "function") throw notMade(i, callback);
    for (const name of functionNames(callback)) {
      if (!likeMoment.test(name) || (moments as readonly string[]).includes(name)) continue;
      const meant = nearestOption(name.replace(/train_?batch/i, "batch"), moments);
      throw new ConfigError(
        `fit: callbacks[${i}] has a function "${name}", which is never called${meant ? `; did you mean ${meant}?` : "."} ` +
          `Called are ${moments.join(", ")}.`,
      );
    }
  }
}

function notMade(i: number, { name }: { readonly name: string }): ConfigError {
  const call = /^[A-Z]/.test(name) ? `new ${name}()` : `${name || "it"}()`;
  return new ConfigError(
    `fit: callbacks[${i}] is ${/^[A-Z]/.test(name) ? `the class ${name}` : "a function"}, not a callback; give what it makes: ${call}.`,
  );
}

/** Of an object and its classes. */
function functionNames(callback: object): string[] {
  const names: string[] = [];
  for (let part = callback; part && part !== Object.prototype; part = Object.getPrototypeOf(part)) {
    const described = Object.entries(Object.getOwnPropertyDescriptors(part));
    names.push(...described.flatMap(([name, { value }]) => (typeof value === "function" ? [name] : [])));
  }
  return names;
}
