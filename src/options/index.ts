/** Checks of options objects and of single values. */
export { checkOptions, type NoOptions, type OptionChecks, unknownOption } from "./check-options.js";
export { checkWindow } from "./check-window.js";
export { counted } from "./counted.js";
export { formatValue } from "./format-value.js";
export { plainName, withoutUsual } from "./keras-options.js";
export { likeDefaults } from "./like-defaults.js";
export { nearestOption } from "./nearest-option.js";
export {
  abortSignal,
  aFunction,
  anObject,
  anything,
  beamWidth,
  checkOption,
  count,
  either,
  expecting,
  filledText,
  finite,
  flag,
  integer,
  listOf,
  nameText,
  notNegative,
  type OptionCheck,
  oneOf,
  orNull,
  positive,
  share,
  shareBelowOne,
  text,
  wholeNumber,
} from "./option-check.js";
export { unknownName } from "./unknown-name.js";
