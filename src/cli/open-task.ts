/** A model file on the command line: its recipe, found by its task, and whether a command and its options apply to it. */
import type { Command } from "commander";
import { FormatError, UsageError } from "../errors.js";
import { loadModel } from "../formats/tavali-file-node.js";
import { commandNames, writtenBy } from "../recipes/check-task.js";
import type { FieldSchema } from "../recipes/fields.js";
import { recipeOf, recipes } from "../recipes/list.js";
import type { AnswerCode, Asking, Recipe } from "../recipes/recipe.js";
import { fieldFlag, fieldsOfAll, isTyped } from "./field-flags.js";

/** A model that is ready for a command. */
export interface OpenTask {
  readonly recipe: Recipe;
  readonly code: AnswerCode;
  readonly opened: unknown;
  /** The fields that the command accepts for this model. */
  readonly fields: FieldSchema;
}

/** The fields that a command needs from a recipe; undefined if models of the recipe do not answer the command. */
export type FieldsOfRecipe = (recipe: Recipe) => FieldSchema | undefined;

/**
 * Reads a model file for a command.
 *
 * @throws FormatError for a model whose recipe does not answer the command, UsageError for options of other recipes
 */
export async function openTask(command: Command, file: string, fieldsOf: FieldsOfRecipe): Promise<OpenTask> {
  const loaded = await loadModel(file);
  const recipe = recipeOf(loaded.metadata);
  const fields = recipe && fieldsOf(recipe);
  if (recipe === undefined || fields === undefined) throw wrongTask(file, loaded.metadata, recipe, fieldsOf);
  refuseOtherFlags(command, file, recipe, fields, fieldsOf);
  const code = await recipe.answers();
  return { recipe, code, opened: code.open(loaded, file), fields };
}

/** The command line as a caller. */
export function askingFor(model?: string): Asking {
  return { nameOf: fieldFlag, ...(model !== undefined && { model }) };
}

/** Error for a model of another task: its kind, the kinds that the command takes, and the commands that take the model. */
function wrongTask(
  file: string,
  { task }: Readonly<Record<string, unknown>>,
  recipe: Recipe | undefined,
  fieldsOf: FieldsOfRecipe,
): FormatError {
  const wanted = recipes.filter((each) => fieldsOf(each) !== undefined);
  const source = `Expected ${wanted.map(writtenBy).join(", or ")}`;
  if (recipe !== undefined) {
    const { name } = recipe;
    const readers = commandNames(readersOf(recipe), "and");
    return new FormatError(`${file}: this is a ${name}. ${source}; for a ${name} there is ${readers}.`);
  }
  const found = typeof task === "string" ? `it is for "${task}"` : "it names no task";
  return new FormatError(`${file}: this is no ${wanted.map(({ name }) => name).join(" or ")}: ${found}. ${source}.`);
}

/** The commands that take models of a recipe. */
function readersOf({ use, inspect }: Recipe): string[] {
  return [...Object.keys(use), "evaluate", ...(inspect ? ["inspect"] : [])];
}

/** @throws UsageError naming options that were typed and belong to models of other recipes, and what there is instead */
function refuseOtherFlags(
  command: Command,
  file: string,
  { name }: Recipe,
  own: FieldSchema,
  fieldsOf: FieldsOfRecipe,
): void {
  const all = fieldsOfAll(recipes.map((recipe) => fieldsOf(recipe) ?? {}));
  const typed = Object.keys(all).filter((field) => !(field in own) && isTyped(command, field));
  if (typed.length === 0) return;
  const listed = (names: readonly string[]) => names.map(fieldFlag).join(", ");
  const flags = Object.keys(own).filter((field) => !own[field]?.positional);
  const instead = flags.length === 0 ? "it has no such options" : `for it there is ${listed(flags)}`;
  throw new UsageError(`${file} is a ${name}, and ${listed(typed)} does not apply to it; ${instead}.`);
}
