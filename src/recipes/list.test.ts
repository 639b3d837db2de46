/** Contract of every recipe of the list, and the use of a recipe by a page or a server that does not know it. */
import { describe, expect, it } from "vitest";
import { checkFields } from "./check-fields.js";
import { languageRecipe } from "./language/recipe.js";
import { recipeOf, recipes } from "./list.js";
import type { AnswerCode, TrainingCode } from "./recipe.js";

describe.each(recipes)("the recipe of $task", (recipe) => {
  it("is found by its task, and no other recipe has it", () => {
    expect(recipeOf({ task: recipe.task })).toBe(recipe);
    expect(recipes.filter(({ task }) => task === recipe.task)).toHaveLength(1);
  });

  it("has a form for each training that it names", () => {
    expect(Object.keys(recipe.train)).toEqual(recipe.trainings);
  });

  it("describes itself as plain data", () => {
    const { training: _, answers: __, ...description } = recipe;
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it("has code for all that it describes, and for nothing else", async () => {
    const training = await recipe.training();
    for (const name of ["load", "settings", "measure", "train", "evaluate"] as const) {
      expect(training[name], name).toBeTypeOf("function");
    }
    const code = await recipe.answers();
    expect(Object.keys(code.use).sort()).toEqual(Object.keys(recipe.use).sort());
    expect(code.inspect !== undefined).toBe(recipe.inspect !== undefined);
  });

  it("has defaults and values for a corpus that are in range", async () => {
    const code = await recipe.training();
    for (const { corpus = {} } of Object.values(recipe.train))
      expect(code.settings({}, corpus).epochs).toBeGreaterThan(0);
  });
});

describe("a request that came as JSON", () => {
  const { request } = languageRecipe.use.generate;

  it("is checked by the fields", () => {
    expect(checkFields("generate", request, { length: 5, topK: 2 })).toEqual({ length: 5, topK: 2 });
    expect(() => checkFields("generate", request, { length: 0 })).toThrow(
      /generate: length must be a whole number from 1 to 1000000/,
    );
    expect(() => checkFields("generate", request, { lenght: 5 })).toThrow(/length/);
    expect(() => checkFields("generate", request, { prompt: 5 })).toThrow(/prompt must be a text/);
    expect(() => checkFields("complete", languageRecipe.use.complete.request, {})).toThrow(/complete: text must be/);
  });

  it("is answered in plain JSON, in parts where the answer is streamed", async () => {
    const code: TrainingCode & AnswerCode = {
      ...(await languageRecipe.training()),
      ...(await languageRecipe.answers()),
    };
    const data = { text: () => "the cat sat on the mat. ".repeat(20), source: "cats" };
    const options = code.settings(data, { units: 2, epochs: 1, batchSize: 2, window: 8 });
    const { model, metadata } = await code.train(data, options, {});
    const opened = code.open({ model, metadata: JSON.parse(JSON.stringify(metadata)) }, "cats.tavali");
    const parts: string[] = [];
    const values = checkFields("generate", request, JSON.parse('{"prompt":"the","length":8}'));
    const { facts, lines } = await code.use.generate!.answer(opened, values, {
      nameOf: (name) => name,
      onPart: (text, given) => void (given || parts.push(text)),
    });
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    expect(facts).toMatchObject({ prompt: "the", text: parts.join(""), count: 8 });
    expect(lines({ width: 80, streamed: true })).toEqual([]);
    const idle = code.use.generate!.answer(opened, { temperature: 0, topK: 2 }, { nameOf: (name) => name });
    await expect(idle).rejects.toThrow("nothing is drawn that topK could change");
  });
});
