/** Options common to all metrics. */
import { nameText, type OptionChecks } from "../options/index.js";

/** Options every metric takes. */
export interface MetricOptions {
  /** Its name in logs. */
  readonly name?: string;
}

/** Checks of `MetricOptions`. */
export const metricOptions: OptionChecks<MetricOptions> = { name: nameText };
