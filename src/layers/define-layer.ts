/**
 * Definition of layers: the options that all layers share (name, inputShape, trainable), checked once, and a config from which
 * `layerFromConfig` makes the layer again. A layer is a plain object; its methods use `this`, so that messages of a copy under another name
 * (`withName`) use that name.
 */
import {
  aFunction,
  anObject,
  anything,
  checkOption,
  checkOptions,
  nameText,
  type OptionChecks,
  oneOf,
} from "../options/index.js";
import { applyLayer } from "./apply-layer.js";
import { type Layer, type LayerConfig, type LayerOptions, layersInside } from "./layer.js";
import { addCopy } from "./layer-identity.js";
import { checkedFunctions } from "./layer-results.js";
import { layerOptions } from "./option-checks.js";

/** A layer without the parts that all layers share; `config` holds only the options of this type. */
export interface LayerForm extends Omit<Layer, "type" | "name" | "config" | "inputShape" | "trainable" | "apply"> {
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Makes a layer from its type, the options that every layer takes, and its form; built-in and custom layers are made with it. A file holds
 * the type and the config; the function that makes the layer from the config is given when the model is loaded.
 *
 * @param type its name in files; not that of a built-in layer
 * @param form its treatment of masks, its parameters, its shapes, its equation and its config
 * @example
 * const shift = (options: LayerOptions = {}) => defineLayer("Shift", options, {
 *   config: {},
 *   masking: "passes",
 *   parameters: (shape) => [{ name: "shift", shape: [shape.at(-1)!], initializer: initializers.zeros() }],
 *   outputShapes: (shape) => [shape],
 *   call: ([signal], { parameter }) => [{ ...signal, node: add(signal.node, parameter("shift")) }],
 * });
 * await loadModel("shifted.tavali", { layers: { Shift: shift } });
 * @param options `name`, `inputShape` and `trainable`; there may be others that the form's config names
 * @throws ConfigError when the name is empty, the input shape holds anything but positive integers and null, or there is an option that
 *   neither every layer takes nor the config names; when a model is built with the layer, for what its functions return of another kind
 */
export function defineLayer(type: string, options: LayerOptions, form: LayerForm & ThisType<Layer>): Layer {
  checkForm(type, form);
  const inside = Object.entries(form.wrapped ?? {});
  const names = [...Object.keys(form.config), ...inside.map(([option]) => option)];
  const checks = { ...Object.fromEntries(names.map((option) => [option, anything])), ...layerOptions };
  checkOptions(type, options, checks as OptionChecks<LayerOptions>);
  const { name, inputShape, trainable = true } = options;
  let trains = trainable;
  const given = Object.fromEntries(Object.entries(form.config).filter(([, value]) => value !== undefined));
  return {
    ...form,
    ...checkedFunctions(form),
    type,
    name,
    inputShape,
    get trainable() {
      return trains;
    },
    set trainable(value) {
      trains = checkOption(type, "trainable", value, layerOptions.trainable);
      for (const layer of layersInside(form)) layer.trainable = value;
    },
    get config() {
      return {
        type,
        ...(name === undefined ? {} : { name }),
        ...(inputShape === undefined ? {} : { inputShape: [...inputShape] }),
        ...(trains ? {} : { trainable: false }),
        ...given,
        ...Object.fromEntries(inside.map(([option, layer]) => [option, configsOf(layer)])),
      };
    },
    apply(inputs, ...others: readonly unknown[]) {
      return applyLayer(this, inputs, others);
    },
  };
}

function configsOf(layers: Layer | readonly Layer[]): LayerConfig | readonly LayerConfig[] {
  return "call" in layers ? layers.config : layers.map(({ config }) => config);
}

/** @throws ConfigError for a value that cannot be a layer: JavaScript checks no types */
function checkForm(type: string, form: LayerForm): void {
  checkOption("defineLayer", "type", type, nameText);
  const owner = `defineLayer ${type}`;
  checkOption(owner, "form", form, anObject);
  checkOption(owner, "config", form.config, anObject);
  checkOption(owner, "masking", form.masking, oneOf("passes", "consumes", "makes", "refuses"));
  for (const name of ["parameters", "outputShapes", "call"] as const) checkOption(owner, name, form[name], aFunction);
}

/**
 * The same layer under another name. Both have the same weights, and a setting of one holds for both.
 *
 * @throws ConfigError when the name is empty
 */
export function withName(layer: Layer, name: string): Layer {
  checkOption(layer.type, "name", name, layerOptions.name);
  const { trainable, config, ...methods } = Object.getOwnPropertyDescriptors(layer);
  const copy = Object.defineProperties({} as Layer, {
    ...methods,
    name: { value: name, enumerable: true },
    trainable: {
      enumerable: true,
      get: () => layer.trainable,
      set: (value: boolean) => {
        layer.trainable = value;
      },
    },
    config: { enumerable: true, get: (): LayerConfig => ({ ...layer.config, name }) },
  });
  addCopy(layer, copy);
  return copy;
}
