/** Compilation of a model: optimizer, losses and metrics, found by name and named for logs. */
import { ConfigError } from "../errors.js";
import type { CompiledModel, NamedMetric } from "../execution/compiled-model.js";
import { type Loss, type LossLike, resolveLoss } from "../losses/index.js";
import { type MetricLike, metricRegistry, resolveMetric } from "../metrics/index.js";
import { type OptimizerLike, resolveOptimizer } from "../optimizers/index.js";
import { nameIn } from "../registry.js";
import { listByName } from "./data-by-port.js";

/** One for every output: a list in their order, with null for an output that has none, or a record by their names. */
export type PerOutput<Value> = readonly (Value | null)[] | Readonly<Record<string, Value>>;

/** Metrics of one output; those of several as a list with an entry for each, or by their names. */
export type MetricsLike = readonly MetricLike[] | PerOutput<MetricLike | readonly MetricLike[]>;

/** Options of `compile`. */
export interface CompileOptions {
  /** A name ("rmsprop") or an optimizer. Default "rmsprop". */
  readonly optimizer?: OptimizerLike;
  /** A name ("binaryCrossentropy") or a loss, for all outputs, or one for each. An output without a loss needs no targets. */
  readonly loss: LossLike | PerOutput<LossLike>;
  /** Factor of each output's loss in their sum; default 1. */
  readonly lossWeights?: PerOutput<number> | undefined;
  /** Names ("accuracy") or metrics; sample weights do not count. */
  readonly metrics?: MetricsLike;
  /** The same; sample weights count. */
  readonly weightedMetrics?: MetricsLike;
}

/**
 * @param names of the outputs that can have a loss
 * @throws ConfigError for unknown names, with a list of the known ones
 */
export function compileModel(options: CompileOptions, names: readonly string[]): CompiledModel {
  const { optimizer = "rmsprop", loss, lossWeights, metrics, weightedMetrics } = options;
  if (loss === undefined || loss === null)
    throw new ConfigError('compile: choose a loss, such as { loss: "binaryCrossentropy" }.');
  const losses = isLoss(loss) ? names.map(() => loss as LossLike) : listByName<LossLike>(loss, names, "loss", isLoss);
  const weights = lossWeights ? listByName<number>(lossWeights, names, "lossWeights", isNumber) : [];
  const plain = metricsByOutput(metrics, names, "metrics");
  const weighted = metricsByOutput(weightedMetrics, names, "weightedMetrics");
  const withLoss = losses.flatMap((given, index) => {
    const chosen = { plain: plain[index] ?? [], weighted: weighted[index] ?? [] };
    if (given !== undefined) return [{ index, loss: resolveLoss(given), lossWeight: weights[index] ?? 1, chosen }];
    if (chosen.plain.length + chosen.weighted.length === 0) return [];
    throw new ConfigError(`compile: the output "${names[index]}" has metrics but no loss; give it one.`);
  });
  if (withLoss.length === 0) throw new ConfigError("compile: at least one output needs a loss.");
  const prefixes = withLoss.map(({ index }) => (names.length > 1 ? camelCase(names[index]!) : ""));
  const taken = new Set([LOSS]);
  const lossNames = prefixes.map((prefix) => (withLoss.length > 1 ? freeName(taken, prefixed(prefix, LOSS)) : LOSS));
  const outputs = withLoss.map(({ chosen, ...output }, i) => {
    return { ...output, lossName: lossNames[i]!, metrics: nameMetrics(chosen, prefixes[i]!, taken, output.loss) };
  });
  return { optimizer: resolveOptimizer(optimizer), outputs };
}

/** Name of the model's loss in logs. */
const LOSS = "loss";

/** The name, with a number if it is taken: logs hold one number for each name. */
function freeName(taken: Set<string>, name: string): string {
  let free = name;
  for (let i = 1; taken.has(free); i++) free = `${name}_${i}`;
  taken.add(free);
  return free;
}

function nameMetrics(
  { plain, weighted }: { readonly plain: readonly MetricLike[]; readonly weighted: readonly MetricLike[] },
  prefix: string,
  taken: Set<string>,
  loss: Loss,
): NamedMetric[] {
  const named = (given: MetricLike, weighted: boolean): NamedMetric => {
    const metric = resolveMetric(given, loss);
    const plainName = prefixed(prefix, metric.name);
    const name = weighted && taken.has(plainName) ? prefixed(prefix, prefixed("weighted", metric.name)) : plainName;
    return { name: freeName(taken, name), config: configOf(given, metric), metric, weighted };
  };
  return [...plain.map((metric) => named(metric, false)), ...weighted.map((metric) => named(metric, true))];
}

/** A name as it was typed, else the config with the name in logs. A metric that picks its form has no config: its type is its first name. */
function configOf(given: MetricLike, metric: NamedMetric["metric"]): NamedMetric["config"] {
  if (typeof given === "string") return metric.name;
  if (!("resolve" in metric)) return { ...metric.config, name: metric.name };
  return nameIn(metricRegistry, metric.name) === "accuracy" ? metric.name : { type: "accuracy", name: metric.name };
}

function metricsByOutput(
  given: MetricsLike | undefined,
  names: readonly string[],
  what: string,
): (readonly MetricLike[] | undefined)[] {
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return [];
  if (names.length === 1 && Array.isArray(given)) return [given.flat() as MetricLike[]];
  if (names.length === 1 && isLoss(given)) return [[given as MetricLike]];
  const isOne = (value: unknown) => typeof value === "string" || isLoss(value);
  return listByName<MetricLike | readonly MetricLike[]>(given, names, what, isOne).map((list) =>
    list === undefined ? undefined : ([list].flat() as MetricLike[]),
  );
}

/** True for one loss: a name, a config, an object with an equation, or a wrong value that is refused as one. */
function isLoss(given: unknown): given is string | Loss | Loss["config"] {
  if (typeof given !== "object" || given === null) return given !== undefined && given !== null;
  const { type, perSample, totals, resolve } = given as Record<string, unknown>;
  return typeof type === "string" || [perSample, totals, resolve].some((part) => part !== undefined);
}

const isNumber = (given: unknown) => typeof given === "number";

/** "main_output" → "mainOutput" */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** "tags", "loss" → "tagsLoss" */
function prefixed(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;
}
