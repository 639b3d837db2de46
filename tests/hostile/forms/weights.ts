/** PyTorch's weights as JSON, and word vectors as text. */

import { utf8Chunks } from "../../../src/datasets/utf8-text.js";
import { fromPyTorch } from "../../../src/formats/index.js";
import { readWordVectors } from "../../../src/text/index.js";
import { bytesForm, type Form } from "../form.js";
import { mutateBytes, mutateJson } from "../mutate.js";

const grid = (rows: number, columns: number) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => i - j / 4));
const weights = {
  weight_ih_l0: grid(6, 3),
  weight_hh_l0: grid(6, 2),
  bias_ih_l0: grid(1, 6)[0],
  bias_hh_l0: grid(1, 6)[0],
};

const pytorch: Form<string> = {
  name: "PyTorch weights",
  files: () => [JSON.stringify(weights)],
  mutate: (_, dice) => mutateJson(weights, dice),
  read: (text) => {
    fromPyTorch("GRU", JSON.parse(text));
    return undefined;
  },
};

const glove = Array.from({ length: 20 }, (_, i) => `word${i} ${[0.1 * i, -0.2, 3e-5, i].join(" ")}`).join("\n");
const utf8 = (text: string) => new TextEncoder().encode(text);

const vectors = bytesForm(
  "word vectors",
  () => [utf8(`${glove}\n`), utf8(`20 4\n${glove}\n`)],
  async (bytes) => {
    const middle = bytes.length >> 1;
    await readWordVectors(utf8Chunks([bytes.subarray(0, middle), bytes.subarray(middle)], "v.txt"), { name: "v.txt" });
    return undefined;
  },
  (file, dice) => {
    if (dice.chance(0.7)) return mutateBytes(file, dice);
    const first = dice.pick(["1000000000 4", "20 1000000000", "9007199254740993 1", "0 0", "1 1e9"]);
    return utf8(`${first}\n${glove}`);
  },
);

export const weightForms = [pytorch, vectors];
