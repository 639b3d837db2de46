/** Callbacks: functions that a training calls, and that may end it. */
import { ConfigError } from "../errors.js";
import { nearestOption } from "../options/index.js";
import type { Logs } from "./logs.js";
import type { ReportedNumbers, Trainable } from "./trainable.js";
import type { StateValue } from "./training-state.js";

/** The numbers of a training's logs, known before it begins. */
export interface KnownNumbers {
  readonly known: ReportedNumbers;
  /** False where a callback may add numbers that it does not name. */
  readonly complete: boolean;
}

/** The training, as callbacks see it. */
export interface TrainingControl {
  readonly model: Trainable;
  /** Set it to end training: inside a batch callback the epoch ends early; inside `onEpochEnd` no further epoch begins. */
  stopTraining: boolean;
  /** The option `epochs`. */
  readonly epochs: number;
  /** Number of batches in an epoch; undefined while it is not known, in the first epoch of data in pieces. */
  readonly steps: number | undefined;
  /** Whether there is validation data; `validationFreq` may skip some epochs. */
  readonly validates: boolean;
  /** The numbers that this training reports, and whether lower or higher values of each are better. */
  readonly numbers: KnownNumbers;
  /** Whether this training resumes from a checkpoint: `restore` is then called after `onTrainBegin`. */
  readonly resumes: boolean;
}

/**
 * All functions are optional and may be async. Epochs and batches count from 0. A resumed training first calls `onTrainBegin` and, within an
 * epoch, `onEpochBegin`; then it restores the weights, the learning rate and the states of callbacks.
 */
export interface Callback {
  /** For messages and checkpoints; needed where there is a `state`. */
  readonly name?: string;
  /** Whether it only observes, as a log does: a training may be resumed without it, or with it for the first time. */
  readonly observes?: boolean;
  /**
   * The numbers that `onEpochEnd` adds to the logs, and whether lower or higher values are better; {} where it adds no numbers. So other
   * callbacks know these numbers before training begins.
   */
  readonly reports?: ReportedNumbers;
  onTrainBegin?(control: TrainingControl): void | Promise<void>;
  onEpochBegin?(epoch: number, control: TrainingControl): void | Promise<void>;
  onBatchBegin?(batch: number, control: TrainingControl): void | Promise<void>;
  /** `logs` are means over the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, control: TrainingControl): void | Promise<void>;
  /**
   * `logs` hold the validation's numbers, too: "valLoss". Not called for an epoch that an AbortSignal ended early. The numbers that it returns
   * are added to the logs, for later callbacks and for the history.
   */
  onEpochEnd?(epoch: number, logs: Logs, control: TrainingControl): EpochEndResult | Promise<EpochEndResult>;
  /** Called when training ended, also after an error. */
  onTrainEnd?(logs: Logs, control: TrainingControl): void | Promise<void>;
  /** Its state between calls, for checkpoints. The callback must not change the returned object: return a copy. */
  state?(): StateValue;
  /** Continues from a result of `state`, perhaps from another process. */
  restore?(state: StateValue): void | Promise<void>;
}

/** Result of `onEpochEnd`: more numbers for the logs. */
// biome-ignore lint/suspicious/noConfusingVoidType: most callbacks return nothing
export type EpochEndResult = void | Logs;

const methods: readonly (keyof Callback)[] = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
];
/** Names of functions of other libraries' callbacks, and misspelt names. */
const likeMethod = /^on_?(train|epoch|batch|test|predict|validation)/i;

/** Refuses callbacks with functions that would never be called. @throws ConfigError that names the function meant */
export function checkCallbacks(callbacks: readonly Callback[]): void {
  for (const [i, callback] of callbacks.entries()) {
    if (typeof callback === "function") throw notMade(i, callback);
    for (const name of functionNames(callback)) {
      if (!likeMethod.test(name) || (methods as readonly string[]).includes(name)) continue;
      const meant = nearestOption(name.replace(/train_?batch/i, "batch"), methods);
      throw new ConfigError(
        `fit: callbacks[${i}] has a function "${name}", which is never called${meant ? `; did you mean ${meant}?` : "."} ` +
          `Called are ${methods.join(", ")}.`,
      );
    }
  }
}

function notMade(i: number, { name }: { readonly name: string }): ConfigError {
  const call = /^[A-Z]/.test(name) ? `new ${name}()` : `${name || "it"}()`;
  return new ConfigError(
    `fit: callbacks[${i}] is ${/^[A-Z]/.test(name) ? `the class ${name}` : "a function"}, not a callback; give an instance: ${call}.`,
  );
}

/** The names of an object's members, inherited ones included. */
function functionNames(callback: object): string[] {
  const names: string[] = [];
  for (let part = callback; part && part !== Object.prototype; part = Object.getPrototypeOf(part)) {
    const described = Object.entries(Object.getOwnPropertyDescriptors(part));
    names.push(...described.flatMap(([name, { value }]) => (typeof value === "function" ? [name] : [])));
  }
  return names;
}
