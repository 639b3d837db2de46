/** What every metric may be told. */
import { nameText, type OptionChecks } from "../options/index.js";

/** Options every metric takes. */
export interface MetricOptions {
  /** How logs call it. */
  readonly name?: string;
}

/** Checks of `MetricOptions`. */
export const metricOptions: OptionChecks<MetricOptions> = { name: nameText };
