/**
 * The errors Tavali throws. Every message says three things: what happened, what was expected, how to fix it.
 * Catch `TavaliError` to catch them all; the classes below tell which kind of thing was wrong.
 */

/** The base class of every error this package throws on purpose. */
export class TavaliError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A tensor has another shape than the operation or layer expects. */
export class ShapeError extends TavaliError {}

/** An option, argument or combination of them is not valid. */
export class ConfigError extends TavaliError {}

/** A value in the data is not usable: an id outside the vocabulary, a label that no class has, NaN in the input. */
export class DataError extends TavaliError {}

/** A file is truncated, corrupt, of another kind, or hostile. */
export class FormatError extends TavaliError {}

/** An object is used before it is ready, such as `fit` before `compile`. */
export class StateError extends TavaliError {}
