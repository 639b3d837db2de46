/** Every function of the entry points with values of the wrong kind: each is taken, or refused by an error of Tavali that shows no raw object. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as datasets from "../../src/datasets/index.js";
import * as equations from "../../src/equations/language.js";
import * as formats from "../../src/formats/index.js";
import * as tavali from "../../src/index.js";
import * as recipes from "../../src/recipes/index.js";
import * as text from "../../src/text/index.js";

const kinds: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  text: () => "no/such/folder/book.txt",
  number: () => 3,
  object: () => ({}),
  list: () => [],
  promise: () => Promise.resolve(1),
  function: () => () => 1,
  nested: () => [[1], ["a"]],
};

/** Reads the data that it is about from a cache or the network. */
const reading = new Set(["imdb"]);
/** Milliseconds after which a promise is left to itself: it waits for data. */
const PATIENCE = 500;

const isClass = (value: { prototype?: object }) => /^class\b/.test(Function.prototype.toString.call(value));
type Call = (...given: unknown[]) => unknown;

const swallow = () => {};
beforeAll(() => void process.on("unhandledRejection", swallow));
afterAll(() => void process.off("unhandledRejection", swallow));

/** The fault of a call's error; undefined for a good one. */
function complaint(error: unknown): string | undefined {
  if (!(error instanceof tavali.TavaliError)) return String(error);
  return error.message.includes("[object") ? error.message : undefined;
}

async function complaintsOf(call: Call): Promise<string[]> {
  const found: string[] = [];
  for (const [kind, make] of Object.entries(kinds)) {
    for (const count of [1, 2, 3]) {
      const note = (error: unknown) => {
        const wrong = complaint(error);
        if (wrong) found.push(`${kind} × ${count}: ${wrong}`);
      };
      try {
        const result = call(...Array.from({ length: count }, make));
        if (result instanceof Promise) {
          await Promise.race([result.catch(note), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
        }
      } catch (error) {
        note(error);
      }
    }
  }
  return found;
}

const entryPoints = { tavali, equations, recipes, text, datasets, formats };
const functions = Object.entries(entryPoints).flatMap(([entry, members]) =>
  Object.entries(members).flatMap(([name, value]) =>
    typeof value === "function" && !isClass(value) && !reading.has(name)
      ? [[`${entry}: ${name}`, value as Call] as const]
      : [],
  ),
);

test("a raw error and a raw object are noticed", async () => {
  expect(await complaintsOf((value) => (value as { x: number }).x)).toHaveLength(6);
  const shown = (value: unknown) => {
    throw new tavali.TavaliError(`received ${String(value)}`);
  };
  expect((await complaintsOf(shown)).length).toBeGreaterThan(3);
});

const operations = functions.filter(([name]) => name.startsWith("equations:"));
test.each(operations)("%s, after a node", async (_, call) => {
  const node = equations.input("x", [2, 3]);
  const scalar = equations.input("loss", []);
  expect(await complaintsOf((...given) => call(node, ...given))).toEqual([]);
  expect(await complaintsOf((...given) => call(scalar, ...given))).toEqual([]);
});

test.each(functions)("%s", async (_, call) => {
  expect(await complaintsOf(call)).toEqual([]);
});
