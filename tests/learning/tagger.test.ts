/** The tagger recipe learns: it finds names that it has never seen, by their characters and by the words around them. */
import { expect, test } from "vitest";
import { trainTagger } from "../../src/recipes/tagger/tagger.js";
import { loadTaggerData } from "../../src/recipes/tagger/tagger-data.js";

const data = await loadTaggerData(undefined, 1);

test.each(["crf", "softmax"] as const)(
  "with %s the tagger finds unseen names in the built-in corpus",
  async (decoder) => {
    const { entities } = await trainTagger(data, { decoder, epochs: 3, patience: 0 });
    expect(entities.f1).toBeGreaterThan(0.9);
    for (const { recall } of Object.values(entities.types)) expect(recall).toBeGreaterThan(0.85);
  },
);
