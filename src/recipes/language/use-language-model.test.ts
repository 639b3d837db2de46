/** Generating, completing and scoring against what the model itself says of whole texts. */
import { describe, expect, it } from "vitest";
import { ConfigError, DataError } from "../../errors.js";
import { tensor } from "../../tensor/tensor.js";
import { bytePairCodec, characterCodec, type TextCodec, wordCodec } from "../../text/index.js";
import { resolveOptions } from "../resolve-options.js";
import { completeText } from "./complete-text.js";
import { generateText } from "./generate-text.js";
import { beginningOf, type LanguageModel } from "./language-metadata.js";
import { languageNetwork } from "./language-model.js";
import { type LanguageOptions, languageOptions } from "./language-options.js";
import { scoreText } from "./score-text.js";

/** A model that has learnt nothing, but prefers some tokens clearly. */
function untrained(codec: TextCodec, given: Partial<LanguageOptions> = {}): LanguageModel {
  const options = resolveOptions("test", languageOptions, { units: 6, dropout: 0, ...given });
  const { network: model } = languageNetwork(codec.size, options);
  model.setWeights(
    model.getWeights().map(({ data, shape }) =>
      tensor(
        Array.from(data, (value) => 3 * value),
        shape,
      ),
    ),
  );
  return { model, codec, metadata: { task: "languageModel", codec: codec.toJSON(), options, result: {} } };
}

/** log p of every token after some ids, and no token that stands for unknown ones. */
async function logsAfter({ model, codec }: LanguageModel, ids: readonly number[]): Promise<number[]> {
  const { data } = await model.predict({ data: Int32Array.from(ids), shape: [1, ids.length] });
  const last = Array.from(data.slice(-codec.size));
  if (codec.unknown !== undefined) last[codec.unknown] = Number.NEGATIVE_INFINITY;
  const sum = last.reduce((total, value) => total + Math.exp(value), 0);
  return last.map((value) => value - Math.log(sum));
}

const letters = await characterCodec("ab .\n");
const words = await wordCodec("the cat and the dog ran to the car .\n the cart , a dot");

describe("generateText", () => {
  const lm = untrained(letters);

  it("gives what is left of a text that ends within a character, and waits until it is taken", async () => {
    const codec = await bytePairCodec("a", { size: 256 });
    const [first] = codec.encode("س"); // the first of two bytes
    const { model, ...rest } = untrained(codec);
    const weights = model.getWeights();
    const bias = Float64Array.from({ length: codec.size }, (_, id) => (id === first ? 1000 : 0));
    model.setWeights([...weights.slice(0, -1), tensor(bias, [codec.size])]);
    const heard: string[] = [];
    const onText = async (part: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      heard.push(part);
    };
    const { text, count } = await generateText({ model, ...rest }, { prompt: "a", length: 1, temperature: 0, onText });
    expect(count).toBe(1);
    expect(text).toBe("\ufffd");
    expect(heard.join("")).toBe(text);
  });

  it("takes the likeliest token each time at temperature 0, and says it with its probability", async () => {
    const { text, count, logProbability } = await generateText(lm, { prompt: "ab", length: 6, temperature: 0 });
    const ids = [...letters.encode("ab")];
    let expected = 0;
    for (let i = 0; i < 6; i++) {
      const logs = await logsAfter(lm, ids);
      ids.push(logs.indexOf(Math.max(...logs)));
      expected += Math.max(...logs);
    }
    expect(text).toBe(letters.decode(ids.slice(2)));
    expect(count).toBe(6);
    expect(logProbability).toBeCloseTo(expected, 4);
  });

  it("finds the most probable text of all with a beam that is wide enough", async () => {
    let best = { text: "", log: Number.NEGATIVE_INFINITY };
    const search = async (ids: number[], log: number): Promise<void> => {
      if (ids.length === 5) {
        if (log > best.log) best = { text: letters.decode(ids.slice(2)), log };
        return;
      }
      for (const [id, more] of (await logsAfter(lm, ids)).entries()) {
        if (id !== letters.unknown) await search([...ids, id], log + more);
      }
    };
    await search([...letters.encode("ab")], 0);
    const found = await generateText(lm, { prompt: "ab", length: 3, beam: 36 });
    expect(found.text).toBe(best.text);
    expect(found.logProbability).toBeCloseTo(best.log, 4);
  });

  it("draws by the seed, and tells of the text as it grows", async () => {
    const parts: string[] = [];
    const options = { length: 40, temperature: 0.9, seed: 5 };
    const { text } = await generateText(lm, { ...options, onText: (part) => void parts.push(part) });
    expect(parts.join("")).toBe(text);
    expect(parts.length).toBe(40);
    expect((await generateText(lm, options)).text).toBe(text);
    expect((await generateText(lm, { ...options, seed: 6 })).text).not.toBe(text);
    expect(text).not.toContain("\ufffd");
  });

  it("puts spaces between words, and shows pieces of characters when they are whole", async () => {
    const spoken = await generateText(untrained(words), { prompt: "the cat", length: 12 });
    expect(spoken.text).toMatch(/^[ ,.\n]/);
    const pieces = untrained(await bytePairCodec("سلام دنیا سلام دنیا سلام", { size: 262 }));
    const parts: string[] = [];
    const { text } = await generateText(pieces, { prompt: "س", length: 60, onText: (part) => void parts.push(part) });
    expect(parts.join("")).toBe(text);
  });

  it("never decodes the text again as it grows", async () => {
    for (const codec of [letters, words, await bytePairCodec("سلام دنیا سلام", { size: 300 })]) {
      const decode = (): string => expect.unreachable("decodes more than the new token");
      const { count, text } = await generateText(
        { ...untrained(codec), codec: { ...codec, decode } },
        { length: 50, prompt: "a" },
      );
      expect(count).toBe(50);
      expect(text.length).toBeGreaterThan(0);
    }
  });

  it.each([{ beam: 1 }, { beam: 3 }])(
    "ends when its signal says so, though it never waits for anything: %o",
    async (how) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 60);
      const { count } = await generateText(lm, {
        prompt: "ab",
        length: 100_000_000,
        signal: controller.signal,
        ...how,
      });
      expect(count).toBeGreaterThan(0);
    },
  );

  it("says what does not fit", async () => {
    await expect(generateText(lm, { length: 0 })).rejects.toThrow(ConfigError);
    await expect(generateText(lm, { beam: 2, temperature: 0.5 })).rejects.toThrow("a beam looks for the most probable");
    await expect(generateText(lm, { temperature: -1 })).rejects.toThrow("temperature must be above 0");
    const lineless = untrained(await characterCodec("ab"));
    await expect(generateText(lineless, {})).rejects.toThrow("give a prompt");
    expect((await generateText(lm, { prompt: "aXbY", length: 1 })).unknown).toBe(2);
  });
});

describe("completeText", () => {
  it("gives words that it spells their probability: of their letters, and that they end", async () => {
    const lm = untrained(letters);
    const found = await completeText(lm, "b a", 4);
    const before = [...beginningOf(lm), ...letters.encode("b a")];
    const ends = [" ", ".", "\n"].map((sign) => letters.encode(sign)[0]!);
    for (const { word, probability } of found) {
      expect(word).toMatch(/^a[ab]*$/);
      const ids = [...before];
      let log = 0;
      for (const id of letters.encode(word.slice(1))) {
        log += (await logsAfter(lm, ids))[id]!;
        ids.push(id);
      }
      const ended = (await logsAfter(lm, ids)).filter((_, id) => ends.includes(id));
      expect(probability).toBeCloseTo(Math.exp(log) * ended.reduce((sum, value) => sum + Math.exp(value), 0), 5);
    }
    const probabilities = found.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect((await completeText(lm, "b ", 3)).every(({ word }) => /^[ab]+$/.test(word))).toBe(true);
  });

  it("gives words that it knows, those that begin with what is typed sharing the probability", async () => {
    const lm = untrained(words);
    const found = await completeText(lm, "the ca", 9);
    expect(found.map(({ word }) => word).toSorted()).toEqual(["car", "cart", "cat"]);
    expect(found.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    const logs = await logsAfter(lm, [...beginningOf(lm), ...words.encode("the")]);
    const next = await completeText(lm, "the ", 3);
    for (const { word, probability } of next) {
      expect(probability).toBeCloseTo(Math.exp(logs[words.encode(word)[0]!]!), 5);
    }
    expect(await completeText(lm, "the zzz")).toEqual([]);
  });

  it("spells with pieces that bring their space with them", async () => {
    const pieces = await bytePairCodec("the cat sat on the mat the cat ran\n".repeat(9), { size: 270 });
    const found = await completeText(untrained(pieces), "the ", 5);
    expect(found.length).toBeGreaterThan(0);
    for (const { word } of found) expect(word).toMatch(/^[a-z]+$/i);
    const typed = await completeText(untrained(pieces), "the ca", 3);
    expect(typed.every(({ word }) => /^ca[a-z]*$/i.test(word))).toBe(true);
    expect(typed.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-9);
    await expect(completeText(untrained(pieces), "the", 0)).rejects.toThrow(ConfigError);
  });
});

describe("scoreText", () => {
  it("gives each token and word its probability after those before it", async () => {
    const lm = untrained(letters);
    const score = await scoreText(lm, "ab ba.");
    const ids = [...beginningOf(lm), ...letters.encode("ab ba.")];
    const { data } = await lm.model.predict({ data: Int32Array.from(ids), shape: [1, ids.length] });
    const logs = ids.slice(1).map((id, t) => {
      const row = Array.from(data.slice(t * letters.size, (t + 1) * letters.size));
      return row[id]! - Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
    });
    const close = (actual: number, expected: number) => expect(actual).toBeCloseTo(expected, 5);
    score.tokens.forEach(({ probability }, i) => {
      close(probability, Math.exp(logs[i]!));
    });
    expect(score.words.map(({ text }) => text)).toEqual(["ab", " ba."]);
    close(score.words[0]!.probability, Math.exp(logs[0]! + logs[1]!));
    close(score.nats, -logs.reduce((sum, log) => sum + log, 0));
    close(score.perplexity, Math.exp(score.nats / 6));
  });

  it("marks what the model does not know, and needs something to judge", async () => {
    const { words: parts } = await scoreText(untrained(words), "the zebra ran");
    expect(parts.map(({ text, unknown }) => [text, unknown])).toEqual([
      ["the", false],
      ["<unknown>", true],
      ["ran", false],
    ]);
    await expect(scoreText(untrained(letters), "")).rejects.toThrow(DataError);
  });
});
