/** List of recipes. Commands, help, pages and servers are made from it. */
import { expectParts } from "../tensor/expect-text.js";
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
  expectParts("recipeOf: metadata", metadata, []);
  const { task } = metadata;
  return recipes.find((recipe) => recipe.task === task);
}
