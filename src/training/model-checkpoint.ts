/** Model checkpoints: saves the model after every epoch, or only when it is better than before. */
import { ConfigError } from "../errors.js";
import {
  aFunction,
  checkOption,
  checkOptions,
  count,
  either,
  finite,
  flag,
  nameText,
  type OptionChecks,
  oneOf,
  orNull,
  wholeNumber,
} from "../options/index.js";
import { anyNumber, fields, is, optional } from "../schema/index.js";
import type { Callback, TrainingControl } from "./callbacks.js";
import type { Logs } from "./logs.js";
import { Monitor, type MonitorOptions, monitorOptions } from "./monitor.js";
import { checkedMemory } from "./training-state.js";

/** Options of `modelCheckpoint`. */
export interface ModelCheckpointOptions extends Omit<MonitorOptions, "minDelta"> {
  /** Save only when the monitored number is better than ever before; default false. */
  readonly saveBestOnly?: boolean;
  /** "epoch", the default, or the number of steps between saves. */
  readonly saveFreq?: "epoch" | number;
  /** A value that the first saved model must be better than; default: no limit. */
  readonly initialValueThreshold?: number;
}

const modelCheckpointOptions = /* @__PURE__ */ ((): OptionChecks<ModelCheckpointOptions> => ({
  monitor: monitorOptions.monitor,
  mode: monitorOptions.mode,
  saveBestOnly: flag,
  saveFreq: either(count, oneOf("epoch")),
  initialValueThreshold: orNull(finite),
}))();

type Memory = { readonly best: number | undefined; readonly steps: number };
const memorySchema = fields({ best: optional(anyNumber), steps: is(wholeNumber(0)) });

/**
 * Saves the model while it is trained, as Keras's ModelCheckpoint does.
 *
 * @param path with placeholders for the epoch, from 1, the step in it, from 1, and numbers of the logs: "{epoch}", "{epoch:02d}", "{valLoss:.3f}"
 * @param save writes the model to a path: with `saveModel` a file is never half written
 * @throws ConfigError before training, for a number in the path or to monitor that the training does not report
 * @example modelCheckpoint("best.tavali", (path) => saveModel(model, path), { monitor: "valAccuracy", saveBestOnly: true })
 */
export function modelCheckpoint(
  path: string,
  save: (path: string) => void | Promise<void>,
  options: ModelCheckpointOptions = {},
): Callback {
  checkOptions("modelCheckpoint", options, modelCheckpointOptions);
  checkOption("modelCheckpoint", "path", path, nameText);
  checkOption("modelCheckpoint", "save", save, aFunction);
  const { saveBestOnly = false, saveFreq = "epoch" } = options;
  const initialValueThreshold = options.initialValueThreshold ?? undefined;
  const monitor = new Monitor("modelCheckpoint", options);
  let memory: Memory = { best: initialValueThreshold, steps: 0 };
  let epoch = 0;
  const keep = (batch: number, logs: Logs) => save(fillPath(path, { epoch: epoch + 1, batch: batch + 1, ...logs }));
  const improves = (value: number | undefined): boolean => {
    if (value === undefined || !monitor.isBetter(value, memory.best)) return false;
    memory = { ...memory, best: value };
    return true;
  };
  return {
    name: "modelCheckpoint",
    reports: {},
    onTrainBegin(control) {
      checkPath(path, control);
      if (saveBestOnly) monitor.begin(control);
      if (saveBestOnly && saveFreq !== "epoch" && /^val[A-Z]/.test(monitor.name)) {
        throw new ConfigError(
          `modelCheckpoint: saveFreq ${saveFreq} saves between validations, when there is no "${monitor.name}" yet. ` +
            'Monitor a number of the training, such as "loss", or save after each epoch.',
        );
      }
      memory = { best: initialValueThreshold, steps: 0 };
    },
    onEpochBegin(number) {
      epoch = number;
    },
    async onBatchEnd(batch, logs, control) {
      if (saveFreq === "epoch") return;
      memory = { ...memory, steps: memory.steps + 1 };
      if (memory.steps % saveFreq !== 0) return;
      if (!saveBestOnly || improves(monitor.valueIn(logs, control))) await keep(batch, logs);
    },
    async onEpochEnd(_, logs, control) {
      if (saveFreq !== "epoch") return;
      if (!saveBestOnly || improves(monitor.valueIn(logs, control))) await keep(control.steps! - 1, logs);
    },
    state: () => memory,
    restore(state) {
      memory = checkedMemory("modelCheckpoint", state, memorySchema);
    },
  };
}

const PLACE = /\{(\w+)(?::(0?)(\d*)(?:\.(\d+))?([dfe])?)?\}/g;

/** @throws ConfigError for a placeholder in the path that no number of the training can fill */
function checkPath(path: string, { numbers: { known, complete } }: TrainingControl): void {
  if (complete)
    fillPath(path, { epoch: 1, batch: 1, ...Object.fromEntries(Object.keys(known).map((name) => [name, 0])) });
}

/** Fills the placeholders of a path: "{epoch:02d}" → "07", "{valLoss:.2f}" → "0.25". */
export function fillPath(path: string, values: Logs): string {
  return path.replace(PLACE, (place, name, zero, width, digits, kind) => {
    const value = values[name as string];
    if (value === undefined) {
      throw new ConfigError(
        `modelCheckpoint: the path ${path} has the placeholder "${name}"; known are ${Object.keys(values).join(", ")}.`,
      );
    }
    if (place === `{${name}}`) return String(value);
    const precision = digits === undefined ? 6 : Number(digits);
    const text =
      kind === "e" ? value.toExponential(precision) : kind === "d" ? String(value) : value.toFixed(precision);
    return text.padStart(Number(width), zero === "0" ? "0" : " ");
  });
}
