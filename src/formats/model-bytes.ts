/** Models ⇄ the bytes of a `.tavali` file, in Node and in browsers. */
import { FormatError, TavaliError } from "../errors.js";
import {
  type CustomObjects,
  checkCustomObjects,
  expectModel,
  type Functional,
  type Model,
  type ModelConfig,
  modelConfigSchema,
  modelFromConfig,
  type Sequential,
  weightsOfConfig,
} from "../models/index.js";
import { anObject, checkOption, checkOptions, flag, formatValue } from "../options/index.js";
import { checkSchema } from "../schema/index.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import type { JsonObject } from "./canonical-json.js";
import { encodeModelFile, type NamedTensor, viewModelFile } from "./tavali-file.js";

/** A model and its metadata. */
export interface LoadedModel {
  readonly model: Sequential | Functional;
  readonly metadata: JsonObject;
}

/** Options of saving. */
export interface SaveOptions {
  /** Save the optimizer's state, so that training can continue from the file; default false. */
  readonly optimizerState?: boolean;
}

const optimizerPrefix = "optimizer:";
const iterationTensor = `${optimizerPrefix}iteration`;

/**
 * A model as the bytes of a `.tavali` file: its layers, its compile options, its weights, and `metadata`. Equal models give equal bytes.
 *
 * @param metadata anything JSON can hold: further data for using the model
 * @throws StateError when the model has no weights yet, ConfigError for metadata that JSON cannot hold
 * @example const bytes = await modelToBytes(model, { labels: ["negative", "positive"] });
 */
export async function modelToBytes(
  model: Model,
  metadata: object = {},
  options: SaveOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { optimizerState = false } = checkOptions<SaveOptions>("saveModel", options, { optimizerState: flag });
  expectModel("saveModel", model);
  checkOption("saveModel", "metadata", metadata, anObject);
  const weights = model.getWeights();
  const names = model.weightNames;
  const { compile, ...architecture } = model.toConfig();
  const state = optimizerState ? model.optimizerState() : undefined;
  const memory: NamedTensor[] = state
    ? [
        { name: iterationTensor, data: Float64Array.of(state.iteration), shape: [] },
        ...state.slots.map(({ name, values }) => ({ name: `${optimizerPrefix}${name}`, ...values })),
      ]
    : [];
  return encodeModelFile({
    architecture: architecture as unknown as JsonObject,
    compile: compile as unknown as JsonObject | undefined,
    metadata: metadata as JsonObject,
    tensors: [...weights.map((weight, i) => ({ name: names[i]!, ...weight })), ...memory],
  });
}

/**
 * The model that {@link modelToBytes} or `saveModel` wrote, compiled if that one was.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @param custom your cells, layers, losses and metrics in the model, by name
 * @throws FormatError when the file is truncated, damaged, of another kind, or of a newer version, or names something that is not given
 */
export async function modelFromBytes(
  bytes: Uint8Array,
  name: string,
  custom: CustomObjects = {},
): Promise<LoadedModel> {
  checkCustomObjects("loadModel", custom);
  const { architecture, compile, metadata, tensors } = await viewModelFile(bytes, name);
  const config = { ...architecture, ...(compile ? { compile } : {}) } as unknown as ModelConfig;
  const weights = tensors.filter((tensor) => !tensor.name.startsWith(optimizerPrefix));
  const memory = tensors.filter((tensor) => tensor.name.startsWith(optimizerPrefix));
  try {
    checkSchema(config, modelConfigSchema(custom), { name, what: "the model", advice: "Save the model again." });
    checkMemory(memory, name);
    // Before anything is allocated: a forged file may describe layers far larger than itself.
    checkWeights(config, weights, name, custom);
    for (const tensor of tensors) checkFinite(tensor, name);
    const model = modelFromConfig(config, {}, custom);
    model.setWeights(weights);
    if (memory.length > 0) restoreOptimizer(model, memory);
    return { model, metadata };
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const reason = cause instanceof TavaliError ? cause.message : "its layers cannot be made. Save the model again.";
    throw new FormatError(`${name}: the model in it is not valid here: ${reason}`, { cause });
  }
}

function restoreOptimizer(model: Model, [iteration, ...slots]: readonly NamedTensor[]): void {
  model.setOptimizerState({
    iteration: iteration!.data[0]!,
    slots: slots.map(({ name, data, shape }) => ({
      name: name.slice(optimizerPrefix.length),
      values: { data, shape },
    })),
  });
}

/** Refuses a file whose optimizer's state does not start with the count of steps. */
function checkMemory([iteration]: readonly NamedTensor[], name: string): void {
  if (iteration === undefined || (iteration.name === iterationTensor && iteration.data.length === 1)) return;
  throw new FormatError(
    `${name}: the optimizer's memory begins with ${formatValue(iteration.name)}, expected one number called ` +
      `"${iterationTensor}". Save the model again.`,
  );
}

/** Refuses weights that are not finite: the model would predict only NaN. */
function checkFinite({ name: tensor, data, shape }: NamedTensor, name: string): void {
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong === -1) return;
  throw new FormatError(
    `${name}: number ${wrong} of "${tensor}" ${formatShape(shape)} is ${data[wrong]}, so the model could predict only NaN. Train it again from ` +
      "a checkpoint or with a smaller learning rate; decodeModelFile gives the numbers as they are.",
  );
}

/** Refuses a file whose layers need other weights than it holds. */
function checkWeights(config: ModelConfig, weights: readonly NamedTensor[], name: string, custom: CustomObjects): void {
  const specs = weightsOfConfig(config, custom);
  const fits =
    specs.length === weights.length &&
    specs.every((spec, i) => spec.name === weights[i]!.name && sameShape(spec.shape, weights[i]!.shape));
  if (fits) return;
  const list = (tensors: readonly { name: string; shape: Shape }[]) =>
    tensors.map((tensor) => `${tensor.name} ${formatShape(tensor.shape)}`).join(", ") || "none";
  throw new FormatError(
    `${name}: its layers need the weights ${list(specs)}; it holds ${list(weights)}. Save the model again.`,
  );
}
