/** shared/keras-golden/ctc_decode.json: labels read off logits, best reading first. */
import { expect } from "vitest";
import { type CTCDecoding, ctcDecode } from "../../../src/losses/index.js";
import { expectClose } from "../../conformance/run-equations.js";
import { holdCases, sharedCases } from "./keras-golden.js";

interface DecodeCase {
  /** [batch, time, classes] */
  readonly inputs: number[][][];
  readonly sequence_lengths: number[];
  readonly args: {
    readonly strategy: "greedy" | "beam_search";
    readonly mask_index: number;
    readonly merge_repeated?: boolean;
    readonly beam_width?: number;
    readonly top_paths?: number;
  };
  /** [paths, batch, time], padded with -1. */
  readonly decoded: number[][][];
  /** [batch, paths] */
  readonly scores: number[][];
}

/** ln of the probability as Keras scores a reading: greedily it adds up logits as they are, so that ln Σ eᶻ of every step is missing. */
function logProbability({ args, inputs, scores, sequence_lengths }: DecodeCase, row: number, path: number): number {
  if (args.strategy === "beam_search") return scores[row]![path]!;
  const steps = inputs[row]!.slice(0, sequence_lengths[row]);
  const missing = steps.map((z) => Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)));
  return -scores[row]![0]! - missing.reduce((a, b) => a + b, 0);
}

holdCases(
  "ctc_decode.json",
  sharedCases<DecodeCase>("ctc_decode.json"),
  ({ args }) => JSON.stringify(args),
  (golden) => {
    const { strategy, mask_index: blank, beam_width: beamWidth, top_paths: topPaths } = golden.args;
    const readings: CTCDecoding[][] = ctcDecode(golden.inputs, {
      strategy: strategy === "greedy" ? "greedy" : "beamSearch",
      lengths: golden.sequence_lengths,
      blank,
      ...(beamWidth && { beamWidth }),
      ...(topPaths && { topPaths }),
    });
    for (const [path, rows] of golden.decoded.entries()) {
      for (const [row, labels] of rows.entries()) {
        const reading = readings[row]![path]!;
        expect(reading.labels, `labels ${path} of ${row}`).toEqual(labels.filter((label) => label !== -1));
        expectClose([reading.logProbability], [logProbability(golden, row, path)], 1e-12, `score ${path} of ${row}`);
      }
    }
  },
  {
    '{"strategy":"greedy","mask_index":0,"merge_repeated":false}': {
      because: "CTC merges repeated classes by definition; without it there is no option",
      fails: /labels 0 of 0/,
    },
  },
);
