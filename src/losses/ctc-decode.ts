/** CTC decoding: labels from the output of a model that was trained with `ctc`. */
import { ConfigError, ShapeError } from "../errors.js";
import {
  beamWidth,
  checkOptions,
  count,
  counted,
  formatValue,
  listOf,
  type OptionChecks,
  oneOf,
  wholeNumber,
} from "../options/index.js";
import { formatShape } from "../tensor/shape.js";
import { type TensorLike, toTensor } from "../tensor/tensor.js";

/** Options of `ctcDecode`. */
export interface CTCDecodeOptions {
  /** "greedy", the default, takes the best class of every step; "beamSearch" looks for the most probable labels. */
  readonly strategy?: "greedy" | "beamSearch";
  /** The number of prefixes that a beam search keeps. Default 100. */
  readonly beamWidth?: number;
  /** The number of decodings that a beam search returns, best first. Default 1. */
  readonly topPaths?: number;
  /** The number of valid steps of each sequence, from the first one. Default: all. */
  readonly lengths?: readonly number[];
  /** The class for "no label". Default 0. */
  readonly blank?: number;
}

/** The decoded labels of one sequence. */
export interface CTCDecoding {
  readonly labels: readonly number[];
  /** ln of the probability: of the one alignment for "greedy", of all alignments that the beam kept for "beamSearch". */
  readonly logProbability: number;
}

const ctcDecodeOptions: OptionChecks<CTCDecodeOptions> = {
  strategy: oneOf("greedy", "beamSearch"),
  beamWidth,
  topPaths: count,
  lengths: listOf("whole numbers", wholeNumber(0), 0),
  blank: wholeNumber(0),
};

/**
 * The labels of each sequence, best decoding first: repeated classes become one label, and blanks are removed (Graves et al. 2006). A beam
 * search adds up the alignments of equal labels (Graves 2012, prefix search over a beam).
 *
 * @param logits [batch, time, classes], before softmax
 * @throws ShapeError unless there are three axes; ConfigError if an option is out of range
 * @example const [[best]] = ctcDecode(await model.predict(x), { strategy: "beamSearch" });
 */
export function ctcDecode(logits: TensorLike, options: CTCDecodeOptions = {}): CTCDecoding[][] {
  checkOptions("ctcDecode", options, ctcDecodeOptions);
  const { data, shape } = toTensor(logits, "ctcDecode: logits");
  const { strategy = "greedy", beamWidth = 100, topPaths = 1, lengths, blank = 0 } = options;
  const [rows, time, classes] = shape as [number, number, number];
  if (shape.length !== 3) {
    throw new ShapeError(`ctcDecode: expected logits [batch, time, classes], received ${formatShape(shape)}.`);
  }
  checkAgainstLogits({ beamWidth, topPaths, lengths, blank }, shape);
  return Array.from({ length: rows }, (_, row) => {
    const steps = Array.from({ length: lengths?.[row] ?? time }, (_, t) => {
      const start = (row * time + t) * classes;
      return logSoftmax(Array.from(data.subarray(start, start + classes)));
    });
    return strategy === "greedy"
      ? [decodeGreedily(steps, blank)]
      : searchBeam(steps, blank, beamWidth).slice(0, topPaths);
  });
}

type Limits = Required<Pick<CTCDecodeOptions, "beamWidth" | "topPaths" | "blank">> & Pick<CTCDecodeOptions, "lengths">;

function checkAgainstLogits({ beamWidth, topPaths, lengths, blank }: Limits, shape: readonly number[]): void {
  const [rows, time, classes] = shape as [number, number, number];
  if (topPaths > beamWidth) {
    throw new ConfigError(`ctcDecode: topPaths must lie in 1 … beamWidth (${beamWidth}), received ${topPaths}.`);
  }
  if (blank >= classes)
    throw new ConfigError(
      `ctcDecode: blank must be one of ${counted(classes, "class", "classes")}, received ${blank}.`,
    );
  if (lengths && (lengths.length !== rows || lengths.some((length) => length > time))) {
    throw new ConfigError(
      `ctcDecode: lengths must be one whole number from 0 to ${time} for each of ${counted(rows, "sequence")}, received ${formatValue(lengths)}.`,
    );
  }
}

function logSoftmax(z: readonly number[]): number[] {
  const total = z.reduce(logAdd, -Infinity);
  return z.map((value) => value - total);
}

/** ln (eᵃ + eᵇ) */
function logAdd(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}

function decodeGreedily(steps: readonly (readonly number[])[], blank: number): CTCDecoding {
  const best = steps.map((row) => row.indexOf(Math.max(...row)));
  return {
    labels: best.filter((label, t) => label !== blank && label !== best[t - 1]),
    logProbability: steps.reduce((sum, row, t) => sum + row[best[t]!]!, 0),
  };
}

/** A prefix of labels: ln of the probability of its alignments that end in a blank, and of those that end in its last label. */
interface Prefix {
  readonly labels: readonly number[];
  inBlank: number;
  inLabel: number;
}

function searchBeam(steps: readonly (readonly number[])[], blank: number, beamWidth: number): CTCDecoding[] {
  const scoreOf = ({ inBlank, inLabel }: Prefix) => logAdd(inBlank, inLabel);
  let beam: Prefix[] = [{ labels: [], inBlank: 0, inLabel: -Infinity }];
  for (const row of steps) {
    const next = new Map<string, Prefix>();
    const at = (labels: readonly number[]) => {
      const key = labels.join();
      const known = next.get(key) ?? { labels, inBlank: -Infinity, inLabel: -Infinity };
      next.set(key, known);
      return known;
    };
    for (const prefix of beam) {
      const { labels, inBlank, inLabel } = prefix;
      const same = at(labels);
      same.inBlank = logAdd(same.inBlank, scoreOf(prefix) + row[blank]!);
      row.forEach((score, label) => {
        if (label === blank) return;
        const repeats = label === labels.at(-1);
        if (repeats) same.inLabel = logAdd(same.inLabel, inLabel + score);
        const longer = at([...labels, label]);
        // A label equal to the last one is a new label only after a blank.
        longer.inLabel = logAdd(longer.inLabel, (repeats ? inBlank : scoreOf(prefix)) + score);
      });
    }
    beam = [...next.values()].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, beamWidth);
  }
  return beam.map((prefix) => ({ labels: prefix.labels, logProbability: scoreOf(prefix) }));
}
