/**
 * Fields as data: name, kind, range and help of each value that a request to a model, or a source of data, holds. A command line, a form in
 * a page and an HTTP route are made from the same list. Values are plain JSON. Unlike an option of a training, a field may be left out
 * without a default.
 */
import type { LooseOption } from "./option-schema.js";

/** Properties of every field. */
export interface FieldFacts {
  /** One sentence fragment for people. */
  readonly help: string;
  /** Whether it must be given. */
  readonly needed?: true;
  /** Typed on a command line without a name. */
  readonly positional?: true;
  /** The word for its value in help: "path". */
  readonly value?: string;
}

/** A field that is not a number, choice or switch. */
export interface PlainField extends FieldFacts {
  /**
   * `file` and `files` are paths: a server that answers others must not take them from a request. `column` is a name or a position from 0,
   * `share` a path or a share above 0 and below 1, `groups` lists of labels by the name of their class.
   */
  readonly kind: "text" | "texts" | "file" | "files" | "column" | "groups" | "share";
  /** For help and forms; what answers takes the same where the field is left out. */
  readonly default?: string;
  /** Of `texts`: how a command line reads more of them from the lines of a file, as help. */
  readonly lines?: string;
}

/** One field of any kind. */
export type Field = PlainField | (FieldFacts & LooseOption);

/** Fields by name. */
export type FieldSchema = Readonly<Record<string, Field>>;

/** The value of each kind of field. */
export interface FieldKinds {
  readonly text: string;
  readonly texts: readonly string[];
  readonly file: string;
  readonly files: readonly string[];
  readonly column: string | number;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly share: string | number;
  readonly integer: number;
  readonly number: number;
  readonly switch: boolean;
  readonly choice: string;
}

/** The value of one field. */
export type FieldValue<One> = One extends { readonly kind: "choice"; readonly choices: readonly (infer Choice)[] }
  ? Choice
  : One extends { readonly kind: infer Kind extends keyof FieldKinds }
    ? FieldKinds[Kind]
    : never;

/** The names of the fields that must be given. */
export type NeededFields<Schema> = {
  [Name in keyof Schema]: Schema[Name] extends { readonly needed: true } ? Name : never;
}[keyof Schema];

/** The values that fields describe. */
export type FieldValues<Schema extends FieldSchema> = {
  readonly [Name in NeededFields<Schema>]: FieldValue<Schema[Name]>;
} & { readonly [Name in Exclude<keyof Schema, NeededFields<Schema>>]?: FieldValue<Schema[Name]> | undefined };
