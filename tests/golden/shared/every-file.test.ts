/** The folder shared/keras-golden holds no JSON file that is neither read by a test beside this one nor accounted for here. */
import { expect, it } from "vitest";
import { describeShared, sharedFiles } from "./keras-golden.js";

const read = [
  "activations",
  "basic_layers",
  "bidirectional",
  "ctc_decode",
  "losses",
  "lr_schedules",
  "metrics",
  "models_with_masks",
  "optimizers",
  "regularizers_constraints",
  "rnn_gradients",
  "rnn_layers",
  "stacked_cells",
  "stateful",
  "summaries_80_columns",
  "training",
];

/** Where the numbers of a file that is not read are checked, or why they are not. */
const elsewhere: Readonly<Record<string, string>> = {
  imdb_load_data_toy: "src/datasets/imdb.test.ts, a copy of it in tests/golden/utilities",
  model_files: "belongs to a reader of .keras and .h5 files, which there is not; so do the files themselves",
  pad_sequences: "src/text/pad-sequences.test.ts, a copy of it in tests/golden/utilities",
  randomstate113_shuffle: "src/datasets/numpy-random.test.ts, a copy of it in tests/golden/utilities",
  timeseries_windows_from_rule: "tests/golden/timeseries.test.ts, with numbers from a run of the function",
  to_categorical: "src/text/to-categorical.test.ts, a copy of it in tests/golden/utilities",
  tokenizer: "src/text/tokenizer.test.ts, a copy of it in tests/golden/utilities",
};

describeShared("the folder of recorded numbers", () => {
  it("holds no file that is neither read nor accounted for", () => {
    const names = [...read, ...Object.keys(elsewhere)].map((name) => `${name}.json`);
    expect(sharedFiles().sort()).toEqual(names.sort());
  });
});
