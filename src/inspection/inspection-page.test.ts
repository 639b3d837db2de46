import { describe, expect, it } from "vitest";
import { referenceEngine } from "../engines/index.js";
import { bidirectional, dense, embedding, lstm } from "../layers/index.js";
import { sequential } from "../models/index.js";
import { tensor } from "../tensor/tensor.js";
import { inspect } from "./inspect.js";
import { inspectionPage } from "./inspection-page.js";

const labels = ["<script>alert(1)</script>", "a & b", 'say "so"', "it's"];

async function page(): Promise<string> {
  const layers = [embedding(5, 3, { maskZero: true }), bidirectional(lstm(4)), dense(1, { activation: "sigmoid" })];
  const model = sequential(layers, { engine: referenceEngine, seed: 1 }).compile({ loss: "binaryCrossentropy" });
  model.build([null, 4]);
  const x = tensor(Int32Array.of(0, 2, 3, 1), [1, 4]);
  const inspection = await inspect(model, x, tensor(Float32Array.of(1), [1, 1]));
  return inspectionPage([{ title: "<b>one</b>", inspection, labels }]);
}

describe("inspectionPage", () => {
  it("needs nothing else: no address, no file, one script and one style", async () => {
    const html = await page();
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\(/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html).toContain("prefers-color-scheme: dark");
  });

  it("shows curves, maps and diagnosis of both ways, and padding as such", async () => {
    const html = await page();
    expect(html).toContain("<h3>bidirectional/forward</h3>");
    expect(html).toContain("<h3>bidirectional/backward, from the end</h3>");
    for (const name of ["h", "c", "inputGate", "forgetGate", "candidate", "outputGate"])
      expect(html.split(`<figcaption>${name}</figcaption>`)).toHaveLength(3);
    expect(html).toMatch(/spectral radius of recurrent_kernel: inputGate \d/);
    expect(html.match(/class="padding"/g)).toHaveLength(4);
    expect(html).toContain("&#34;mask&#34;:[0,1,1,1]");
  });

  it("escapes what comes from outside", async () => {
    const html = await page();
    expect(html).not.toContain("alert(1)</script>");
    expect(html).not.toContain("<b>one</b>");
    expect(html).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
    expect(html).toContain("a &#38; b");
  });
});
