/** Fields of a request on the command line: options, arguments and their values, made from the schema of a recipe. */

import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../errors.js";
import type { Field, FieldSchema } from "../recipes/fields.js";
import type { NumberOption } from "../recipes/option-schema.js";
import { numberParser } from "./recipe-flags.js";

/** Every field of some schemas, each name once: the first stands. */
export function fieldsOfAll(schemas: readonly FieldSchema[]): FieldSchema {
  const all: Record<string, Field> = {};
  for (const schema of schemas) for (const [name, field] of Object.entries(schema)) all[name] ??= field;
  return all;
}

/** The flag of a field on the command line: "topK" → "--top-k". */
export function fieldFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Adds arguments and options for fields to a command. */
export function addFieldFlags(command: Command, schema: FieldSchema): Command {
  for (const [name, field] of Object.entries(schema)) {
    if (!field.positional) command.addOption(optionOf(name, field));
    else command.addArgument(new Argument(shown(name, field), field.help));
    if ("lines" in field && field.lines !== undefined) command.option("--file <file>", field.lines);
  }
  return command;
}

/** `<texts...>`, or `[texts...]` where they may be left out. */
function shown(name: string, { kind, needed }: Field): string {
  const word = kind === "texts" ? `${name}...` : name;
  return needed ? `<${word}>` : `[${word}]`;
}

const words: Readonly<Record<Exclude<Field["kind"], "switch">, string>> = {
  text: "<text>",
  texts: "<texts...>",
  file: "<file>",
  files: "<files...>",
  column: "<column>",
  share: "<path>",
  groups: "<groups...>",
  integer: "<n>",
  number: "<x>",
  choice: "<name>",
};

function optionOf(name: string, field: Field): Option {
  if (field.kind === "switch") return new Option(fieldFlag(name), field.help);
  const word = field.value === undefined ? words[field.kind] : `<${field.value}>`;
  const option = new Option(`${fieldFlag(name)} ${word}`, field.help);
  if (field.default !== undefined) option.default(field.default);
  if (field.kind === "choice") return option.choices(field.choices);
  if (field.kind === "integer" || field.kind === "number") return option.argParser(numberParser(field as NumberOption));
  if (field.kind === "column") return option.argParser(parseColumn);
  if (field.kind === "share") return option.argParser(parseShare);
  return field.kind === "groups" ? option.argParser(parseGroup) : option;
}

function parseColumn(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function parseShare(text: string): string | number {
  const share = Number(text);
  if (Number.isNaN(share)) return text;
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError("Expected a path, or a share above 0 and below 1.");
  return share;
}

/** "negative=-2,-1" and the groups before it. */
export function parseGroup(text: string, before: Record<string, string[]> = {}): Record<string, string[]> {
  const [, name, labels] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || labels === undefined) {
    throw new InvalidArgumentError('Expected a class and its labels, such as "negative=-2,-1".');
  }
  return { ...before, [name.trim()]: labels.split(",").map((label) => label.trim()) };
}

/**
 * The values of fields that were typed; defaults are left to what answers.
 *
 * @param all every field of the command, in whose order the arguments stand
 * @param schema those that are wanted
 * @throws UsageError naming an option that is needed and was not typed
 */
export async function typedFields(
  command: Command,
  all: FieldSchema,
  schema: FieldSchema,
): Promise<Record<string, unknown>> {
  checkNeeded(command, schema);
  const values: Record<string, unknown> = {};
  const places = Object.keys(all).filter((name) => all[name]?.positional);
  for (const [name, field] of Object.entries(schema)) {
    // The first argument is the model.
    if (field.positional) values[name] = command.processedArgs[1 + places.indexOf(name)];
    else if (isTyped(command, name)) values[name] = command.getOptionValue(name);
    if ("lines" in field && field.lines !== undefined && isTyped(command, "file")) {
      values[name] = [...((values[name] ?? []) as string[]), ...(await linesOf(command.getOptionValue("file")))];
    }
  }
  return values;
}

/** @throws UsageError naming an option that is needed and was not typed */
export function checkNeeded(command: Command, schema: FieldSchema): void {
  const missing = Object.keys(schema).filter((name) => isMissing(command, name, schema[name]!));
  if (missing.length === 0) return;
  const flags = missing.map((name) => command.options.find(({ long }) => long === fieldFlag(name))!.flags);
  throw new UsageError(`${nameOf(command)} needs ${flags.join(" and ")}; see tavali ${nameOf(command)} --help.`);
}

function isMissing(command: Command, name: string, { needed, positional }: Field): boolean {
  return needed === true && positional !== true && !isTyped(command, name);
}

/** "train classify" */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

/** Whether an option was typed, not its default. @param name as commander has it: "textColumn" */
export function isTyped(command: Command, name: string): boolean {
  return command.getOptionValueSource(name) === "cli";
}

async function linesOf(file: string): Promise<string[]> {
  const { textChunks } = await import("../datasets/index.js");
  let text = "";
  for await (const chunk of textChunks(file)) text += chunk;
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
