/** Wrong usage: what was asked does not fit the model, its other parts or itself. Nothing was done. A command line exits with 2. */
import { ConfigError } from "../errors.js";

/** Options or arguments that do not fit the command, each other or the model. */
export class UsageError extends ConfigError {}
