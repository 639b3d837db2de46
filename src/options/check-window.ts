/** Truncation windows of back-propagation through time, as options of layers, of scans and of fit. */
import { ConfigError } from "../errors.js";
import { checkOptions } from "./check-options.js";
import { formatValue } from "./format-value.js";
import { anything, count } from "./option-check.js";

interface Window {
  readonly window: number;
  readonly stride?: number;
}

/**
 * The window and its stride; the stride is equal to the window by default.
 *
 * @param owner its name in messages: "LSTM: truncation", "fit: truncate"
 * @throws ConfigError unless window ≥ stride ≥ 1 are whole numbers
 */
export function checkWindow(owner: string, given: Window): Required<Window> {
  const { window, stride = window } = checkOptions<Window>(owner, given, { window: anything, stride: anything });
  if (count(window) === undefined && count(stride) === undefined && window >= stride) return { window, stride };
  throw new ConfigError(
    `${owner}: expected whole numbers with window ≥ stride ≥ 1, received window ${formatValue(window)}, stride ${formatValue(stride)}. ` +
      "With a window shorter than the stride some losses would have no gradient.",
  );
}
