/**
 * Error classes. Every message has three parts: what happened, what was expected, how to fix it.
 * Catch `TavaliError` to catch them all; the subclasses distinguish kinds of errors.
 */

/** The base class of every error this package throws on purpose. */
export class TavaliError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A tensor does not have the shape that the operation or layer expects. */
export class ShapeError extends TavaliError {}

/** An option, argument or combination of them is not valid. */
export class ConfigError extends TavaliError {}

/**
 * Wrong usage: options or arguments that do not fit the command, each other or the model. Nothing was done. A command line exits with 2.
 *
 * @internal
 */
export class UsageError extends ConfigError {}

/** A value in the data is not usable: an id outside the vocabulary, an unknown label, NaN in the input. */
export class DataError extends TavaliError {}

/** A file is truncated, corrupt, malicious, or of another format. */
export class FormatError extends TavaliError {}

/** The error with its place before the message, of the same class: "reviews.csv, row 12: …". Any other error becomes a DataError. @internal */
export function errorAt(place: string, error: unknown): TavaliError {
  const reason = error instanceof Error ? error.message : String(error);
  const Kind = error instanceof TavaliError ? (error.constructor as typeof TavaliError) : DataError;
  return new Kind(`${place}: ${reason}`, { cause: error });
}

/** An error of the class with a name, such as one that came from a worker. @internal */
export function errorOfKind(kind: string, message: string): TavaliError {
  const kinds = [ShapeError, ConfigError, DataError, FormatError, StateError];
  const Kind = kinds.find(({ name }) => name === kind) ?? TavaliError;
  return new Kind(message);
}

/** An object is used before it is ready, such as `fit` before `compile`. */
export class StateError extends TavaliError {}
