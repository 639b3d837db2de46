/** An encoder–decoder, defined once, learns to say sequences of its own: strings backwards, and dates as ISO 8601 writes them. */
import { describe, expect, test } from "vitest";
import { decoder, type Functional, Random } from "../../src/index.js";
import { drawDate } from "./dates.js";
import { end, lessons, padded, start, translator } from "./translator.js";

type Rows = readonly (readonly number[])[];

/** Trains, slower towards the end. */
async function learn(model: Functional, sources: Rows, targets: Rows, epochs: number): Promise<void> {
  const { x, y } = lessons(sources, targets);
  const rate = model.learningRate;
  for (let epoch = 0; epoch < epochs; epoch++) {
    model.learningRate = rate * Math.min(1, 2 * (1 - epoch / epochs));
    await model.fit(x, y, { epochs: epoch + 1, initialEpoch: epoch, batchSize: 64, seed: 1, verbose: 0 });
  }
}

/** The share of sources for which the model, left to itself, says the whole target right. */
async function exact(model: Functional, sources: Rows, targets: Rows): Promise<number> {
  const said = await decoder(model, { target: "target" }).decode(padded(sources), { start, end, maxLength: 14 });
  return said.filter(({ tokens }, i) => tokens.join() === targets[i]!.join()).length / targets.length;
}

describe("an encoder–decoder with attention", () => {
  test("reverses strings of digits, those of lengths it has never seen included", { timeout: 240_000 }, async () => {
    const random = new Random(1);
    const strings = (count: number, lengths: readonly number[]) =>
      Array.from({ length: count }, () =>
        Array.from({ length: lengths[random.integer(lengths.length)]! }, () => 3 + random.integer(10)),
      );
    const backwards = (rows: Rows) => rows.map((row) => row.toReversed());
    const model = translator(13, 13, 48, 1);
    const train = strings(4000, [1, 2, 3, 5, 6, 8, 9, 10]);
    await learn(model, train, backwards(train), 7);
    for (const length of [4, 7]) {
      const unseen = strings(250, [length]);
      expect(await exact(model, unseen, backwards(unseen)), `length ${length}`).toBeGreaterThanOrEqual(0.99);
    }
  });

  test("writes dates it has never seen in ISO 8601, whichever way they come", { timeout: 240_000 }, async () => {
    const random = new Random(1);
    const train = Array.from({ length: 12_000 }, () => drawDate(random));
    const known = new Set(train.map(({ iso }) => iso));
    const unseen: typeof train = [];
    while (unseen.length < 500) {
      const date = drawDate(random);
      if (!known.has(date.iso)) unseen.push(date);
    }
    // Every printable character has a token.
    const read = (dates: typeof train) => dates.map(({ text }) => [...text].map((letter) => letter.charCodeAt(0) - 29));
    const said = (dates: typeof train) =>
      dates.map(({ iso }) => [...iso].map((letter) => 3 + "0123456789-".indexOf(letter)));
    const model = translator(98, 14, 64, 1);
    await learn(model, read(train), said(train), 5);
    expect(await exact(model, read(unseen), said(unseen))).toBeGreaterThanOrEqual(0.99);
  });
});
