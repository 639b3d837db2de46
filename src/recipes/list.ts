/** List of recipes. Commands, help, pages and servers are made from it. */
import { ConfigError } from "../errors.js";
import { classifierRecipe } from "./classifier/recipe.js";
import { languageRecipe } from "./language/recipe.js";
import type { Recipe } from "./recipe.js";
import { taggerRecipe } from "./tagger/recipe.js";

/** Every recipe. */
export const recipes: readonly Recipe[] = [
  classifierRecipe, //
  taggerRecipe,
  languageRecipe,
];

/** The recipe of a model file; undefined where its metadata name no task that is known. */
export function recipeOf(metadata: Readonly<Record<string, unknown>>): Recipe | undefined {
  // Help reads this file, so it imports no more than it must.
  if (typeof metadata !== "object" || metadata === null) {
    throw new ConfigError(
      `recipeOf: metadata must be an object, such as that of loadModel; received ${typeof metadata}.`,
    );
  }
  const { task } = metadata;
  return recipes.find((recipe) => recipe.task === task);
}
