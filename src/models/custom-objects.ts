/** What configs name that is not built in. Files hold names and options, never code, so the code is given when a model is loaded. */
import type { CustomLayers } from "../layers/index.js";
import type { Loss } from "../losses/index.js";
import type { CompileOptions } from "./compile-model.js";
import type { CompileConfig } from "./config.js";

/** Cells, layers and losses of one's own, each by the name that files give it. */
export interface CustomObjects extends CustomLayers {
  /** From the options in a config to the loss, as `defineLoss` makes it. */
  // biome-ignore lint/suspicious/noExplicitAny: a config is data from outside; each loss has options of its own
  readonly losses?: Readonly<Record<string, (options: any) => Loss>>;
}

/** What `compile` takes for a config; losses of one's own are made. */
export function compileOptions(config: CompileConfig, { losses = {} }: CustomObjects): CompileOptions {
  const made = ({ type, ...options }: Loss["config"]) =>
    Object.hasOwn(losses, type) ? losses[type]!(options) : { type, ...options };
  const { loss } = config;
  const isList = (given: typeof loss): given is readonly (Loss["config"] | null)[] => Array.isArray(given);
  return { ...config, loss: isList(loss) ? loss.map((each) => each && made(each)) : made(loss) };
}
