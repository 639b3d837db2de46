/** Checks of the values that the functions of a layer return. They are called when a model is built or traced, never in a step. */
import { ConfigError } from "../errors.js";
import { formatValue } from "../options/index.js";
import { isSizes, isWhole } from "../tensor/shape.js";
import { describeLayer } from "./describe-layer.js";
import type { Layer } from "./layer.js";

type Functions = Pick<Layer, "parameters" | "outputShapes" | "call">;

/** The functions of a layer's form, which throw a ConfigError for results of another kind. */
export function checkedFunctions({ parameters, outputShapes, call }: Functions): Functions & ThisType<Layer> {
  return {
    parameters(...shapes) {
      const given = parameters.apply(this as Layer, shapes);
      if (!Array.isArray(given)) throw wrong(this, "parameters", given, PARAMETERS);
      for (const each of given) checkParameter(this, each);
      const names: string[] = given.map(({ name }) => name);
      const twice = names.find((name, i) => names.indexOf(name) < i);
      if (twice !== undefined) {
        throw new ConfigError(
          `${describeLayer(this)}: two of its weights have the name "${twice}"; give each its own.`,
        );
      }
      return given;
    },
    outputShapes(...shapes) {
      const given = outputShapes.apply(this as Layer, shapes);
      if (!isList(given)) throw wrong(this, "outputShapes", given, SHAPES);
      for (const shape of given) {
        if (!isSizes(shape) || !isWhole(shape)) throw wrong(this, "in its list, outputShapes", shape, SIZES);
      }
      return given;
    },
    call(...inputs) {
      const given = call.apply(this as Layer, inputs);
      if (isList(given)) return given;
      throw wrong(this, "call", given, "a list with one signal for each output, such as [{ ...signal, node }]");
    },
  };
}

const SHAPES = "a list with one shape for each output, such as [[null, 8]]";
const SIZES = "a shape of whole numbers, and null for sizes that are not known yet";
const PARAMETERS = "a list of weights, such as [{ name, shape, initializer }], [] for none";

function checkParameter(layer: Layer, given: unknown): void {
  const { name, shape, initializer } = (given ?? {}) as { name?: unknown; shape?: unknown; initializer?: unknown };
  if (typeof name !== "string" || !isSizes(shape)) throw wrong(layer, "parameters", [given], PARAMETERS);
  if (typeof (initializer as { values?: unknown } | undefined)?.values === "function") return;
  throw new ConfigError(
    `${describeLayer(layer)}: the initializer of its weight ${name} is ${formatValue(initializer)}; expected the result of a function such as ` +
      "initializers.glorotUniform().",
  );
}

const isList = (given: unknown): given is readonly unknown[] => Array.isArray(given) && given.length > 0;

function wrong(layer: Layer, what: string, given: unknown, expected: string): ConfigError {
  return new ConfigError(`${describeLayer(layer)}: ${what} returned ${formatValue(given)}; expected ${expected}.`);
}
