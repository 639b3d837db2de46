/**
 * Connectionist temporal classification: labels for a sequence without their positions in time. The sum over all alignments is a
 * scan over the lattice of labels and blanks; its derivative, and with it the backward algorithm, is derived.
 */
import {
  add,
  broadcastTo,
  concat,
  constant,
  equal,
  fill,
  greater,
  iota,
  logSoftmax,
  matmul,
  max,
  mul,
  type Node,
  negate,
  notEqual,
  pad,
  reshape,
  scan,
  slice,
  sub,
  sum,
  transpose,
  where,
} from "../equations/index.js";
import { ShapeError } from "../errors.js";
import { checkOptions, counted, wholeNumber } from "../options/index.js";
import { LOG_ZERO, logAdd } from "../structured/index.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { logitsOf } from "./logits-of.js";
import type { Loss } from "./loss.js";

/** Options of `ctc`. */
export interface CTCOptions {
  /** The class that stands for "no label"; it also pads the labels. Default 0. */
  readonly blank?: number;
}

/**
 * L = −ln P(labels): the sum over all ways to spread labels over the steps, with blanks between them and labels held for several steps
 * (Graves et al. 2006). Equal labels in a row need a blank between them. The loss is the mean over sequences; it is not divided by the
 * number of labels.
 *
 * The prediction is [batch, time, classes], z before softmax (probabilities made by softmax are recognised); masked steps
 * do not count. Targets are class numbers [batch, labels], padded with the blank at either end. Labels that need more steps than there are
 * have probability 0: such a sequence costs 10³⁰, to be seen, and has no gradient.
 *
 * @throws ConfigError if blank is not a class number; ShapeError if a prediction or targets have other axes
 * @example model.compile({ optimizer: "adam", loss: ctc() })
 */
export function ctc(options: CTCOptions = {}): Loss {
  const name = "ctc";
  const { blank = 0 } = checkOptions(name, options, { blank: wholeNumber(0) });
  return {
    name,
    config: { type: name, blank },
    targets: "int",
    targetShape: ([batch]) => [batch!, null],
    sequences: true,
    problemIn: (labels) => blankBetween(labels, blank),
    perSample(yTrue, yPred, mask) {
      const [, B, classes] = yPred.shape;
      if (yPred.shape.length !== 3 || yTrue.shape.length !== 2 || yTrue.shape[1] !== B || !(blank < classes!)) {
        throw new ShapeError(
          `${name}: expected predictions [time, batch, classes] with more than ${counted(blank, "class", "classes")} and labels [labels, batch], ` +
            `received ${formatShape(yPred.shape)} and ${formatShape(yTrue.shape)}.`,
        );
      }
      const logP = logSoftmax(logitsOf(yPred, "softmax") ?? yPred);
      const labels = yTrue.shape[0] === 0 ? fill([B!, 1], blank) : transpose(yTrue);
      return costOf(logP, latticeOf(labels, blank), blank, mask);
    },
  };
}

/** Blanks pad labels at either end; one between them would cut off what follows. */
function blankBetween({ data, shape }: Tensor, blank: number): string | undefined {
  const width = shape[1]!;
  for (let row = 0; row < shape[0]!; row++) {
    const labels = Array.from(data.subarray(row * width, (row + 1) * width));
    const first = labels.findIndex((label) => label !== blank);
    const last = labels.findLastIndex((label) => label !== blank);
    const between = labels.findIndex((label, i) => i > first && i < last && label === blank);
    if (first < 0 || between < 0) continue;
    return (
      `the labels of example ${row} have the blank ${blank} between them, at ${between}; blanks may only pad them at either end. ` +
      "Leave it out, since ctc inserts blanks between labels itself, or choose another class for the blank, ctc({ blank })."
    );
  }
  return undefined;
}

/** The transitions that alignments may take. L labels have L + 1 positions for blanks around them. */
interface Lattice {
  /** int [B, L] */
  readonly labels: Node;
  /** [B, L]: whether a label may follow the label before it without a blank between them. */
  readonly mayFollow: Node;
  /** [B, L + 1]: the blank before the first label, where alignments start. */
  readonly firstBlank: Node;
  /** [B, L + 1]: the blank after the last label, and [B, L]: the last label; alignments end in either. */
  readonly lastBlank: Node;
  readonly lastLabel: Node;
}

function latticeOf(labels: Node, blank: number): Lattice {
  const L = labels.shape[1]!;
  const valid = notEqual(labels, blank);
  const before = (x: Node) => pad(slice(x, 1, 0, L - 1), 1, 1, 0);
  const after = (x: Node) => pad(slice(x, 1, 1, L - 1), 1, 0, 1);
  const none = mul(valid, 0);
  const first = mul(valid, sub(1, L > 1 ? before(valid) : none));
  const lastLabel = mul(valid, sub(1, L > 1 ? after(valid) : none));
  const changes = L > 1 ? notEqual(slice(labels, 1, 1, L - 1), slice(labels, 1, 0, L - 1)) : undefined;
  const onlyBlank = mul(sub(1, max(valid, [1], { keepDims: true })), equal(iota(L + 1), 0));
  return {
    labels,
    mayFollow: changes ? pad(changes, 1, 1, 0) : none,
    firstBlank: add(pad(first, 1, 0, 1), onlyBlank),
    lastBlank: add(pad(lastLabel, 1, 1, 0), onlyBlank),
    lastLabel,
  };
}

/** @param logP ln of the probabilities [T, B, classes] @returns [B] */
function costOf(logP: Node, lattice: Lattice, blank: number, mask?: Node): Node {
  const { labels, mayFollow, firstBlank, lastBlank, lastLabel } = lattice;
  const [B, L] = labels.shape as [number, number];
  const classes = logP.shape[2]!;
  // [B, T, classes] · [B, classes, L]: a product with ones and zeros picks each label's number.
  const chosen = equal(reshape(labels, [B, 1, L]), reshape(iota(classes), [classes, 1]));
  const ofLabels = transpose(matmul(transpose(logP, [1, 0, 2]), chosen), [1, 0, 2]);
  const impossible = broadcastTo(constant(LOG_ZERO), [B, L]);
  const nowhere = broadcastTo(constant(LOG_ZERO), [B, 1]);
  const { state } = scan({
    sequences: {
      ofBlank: slice(logP, 2, blank, 1),
      ofLabels,
      ...(mask && { valid: reshape(mask, [...mask.shape, 1]) }),
    } as Record<string, Node>,
    initial: { blanks: where(firstBlank, 0, LOG_ZERO), labels: impossible } as Record<string, Node>,
    step: ({ ofBlank, ofLabels, valid }, { blanks, labels }) => {
      const labelBefore = concat([nowhere, labels!], 1);
      const skipped = where(mayFollow, slice(labelBefore, 1, 0, L), LOG_ZERO);
      const after = {
        blanks: add(ofBlank!, logAdd(blanks!, labelBefore)),
        labels: add(ofLabels!, logAdd(labels!, slice(blanks!, 1, 0, L), skipped)),
      };
      if (!valid) return { state: after, outputs: {} };
      const state = { blanks: where(valid, after.blanks, blanks!), labels: where(valid, after.labels, labels!) };
      return { state, outputs: {} };
    },
  });
  const endingInBlank = sum(where(lastBlank, state.blanks!, 0), [1]);
  const endingInLabel = sum(where(lastLabel, state.labels!, 0), [1]);
  const logProbability = where(max(lastLabel, [1]), logAdd(endingInBlank, endingInLabel), endingInBlank);
  return where(greater(logProbability, LOG_ZERO / 2), negate(logProbability), -LOG_ZERO);
}
