import { expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { dense, simpleRNN } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { inspect } from "./inspect.js";
import { inspectionPage } from "./inspection-page.js";

async function pageOf(verdicts: readonly Readonly<Record<string, number>>[]): Promise<string> {
  const layers = [simpleRNN(3), dense(1)];
  const model = sequential(layers, { engine: referenceEngine, seed: 1 }).compile({ loss: "meanSquaredError" });
  const inspection = await inspect(
    model.build([null, 3, 2]),
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    [[1]],
  );
  return inspectionPage([{ title: "t", inspection, verdicts }]);
}

it("draws the six verdicts that rise highest, the highest first", async () => {
  // "a" rises to 0.91 and falls; "h" stays at 0.3.
  const highest = { a: 0.91, b: 0.2, c: 0.85, d: 0.4, e: 0.95, f: 0.5, g: 0.1, h: 0.3 };
  const verdicts = [0.5, 1, 0.1].map((share) =>
    Object.fromEntries(Object.entries(highest).map(([name, value]) => [name, name === "h" ? 0.3 : value * share])),
  );
  const html = await pageOf(verdicts);
  const [, legend = ""] = html.split("what it says after each step");
  const [figure = ""] = legend.split("</figure>");
  const drawn = [...figure.matchAll(/━ ([a-h])</g)].map(([, name]) => name);
  expect(drawn).toEqual(["e", "a", "c", "f", "d", "h"]);
});

it("dashes the gradient that comes through time, and draws gradients on a logarithmic scale", async () => {
  const html = await pageOf([]);
  const figures = html.split("<figure>");
  const arriving = figures.find((figure) => figure.includes("gradient that arrives at each step"))!;
  expect(arriving.match(/class="curve c\d dashed"/g)).toHaveLength(1);
  expect(arriving).toContain("┄ through time, h");
  const adds = figures.find((figure) => figure.includes("what each step adds"))!;
  expect(adds).not.toContain("dashed");
  for (const figure of [arriving, adds]) expect(figure).toMatch(/text-anchor="end">1e-?\d+</);
});
