/** Losses, metrics and optimizers by what they are: a name, a config or an object, not a function that makes one. */
import { ConfigError } from "../errors.js";
import { losses } from "../losses/index.js";
import { accuracy, metrics } from "../metrics/index.js";
import { optimizers } from "../optimizers/index.js";
import { formatValue } from "../options/index.js";

const kinds = {
  loss: { makers: losses, define: "defineLoss", example: '"meanSquaredError"' },
  metric: { makers: { ...losses, ...metrics, accuracy }, define: "defineMetric", example: '"accuracy"' },
  optimizer: { makers: optimizers, define: undefined, example: '"adam"' },
};

/** @throws ConfigError for a function, saying how to make of it what is wanted, and for what is no name and no object */
export function checkKind(kind: keyof typeof kinds, given: unknown): void {
  const { makers, define, example } = kinds[kind];
  if (typeof given === "string" || (typeof given === "object" && given !== null && !Array.isArray(given))) return;
  if (typeof given !== "function") {
    throw new ConfigError(
      `compile: a ${kind} is a name such as ${example} or an object; received ${formatValue(given)}.`,
    );
  }
  const known = Object.entries(makers).find(([, maker]) => maker === given)?.[0];
  if (known !== undefined)
    throw new ConfigError(`compile: ${known} is a function that makes the ${kind}; call it: ${known}().`);
  throw new ConfigError(
    define
      ? `compile: the ${kind} is a function. Make a ${kind} of it: const mine = ${define}({ name: "mine", options: {}, ${kind === "metric" ? 'better: "lower", ' : ""}` +
          `perSample: (yTrue, yPred) => … }), with operations of tavali/equations; then give mine(). If ${define} made it, call it.`
      : `compile: the ${kind} is a function; give a name such as ${example}, or what a function like adam() returns.`,
  );
}
