/**
 * Diagnosis of gradients through time, in words. The measure is the factor by which one step back changes the gradient: the part that flows
 * along the states from step t to step t − 1, divided by the gradient at step t (Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio
 * 2013). It is the same measure whether the model has one loss at the end or one at every step.
 */
import { counted } from "../options/index.js";

/** Diagnosis of the gradients through a layer. */
export interface Diagnosis {
  /** `none`: no gradient reaches the layer. */
  readonly kind: "healthy" | "vanishing" | "exploding" | "none";
  /** The factor on the gradient per step back, the geometric mean. */
  readonly perStep: number;
  /** Number of steps back over which it was measured. */
  readonly steps: number;
  /** The factor over all of them: perStep^steps. */
  readonly overall: number;
  /** For an exploding gradient a value for `globalClipnorm`. */
  readonly clip?: number;
  /** The diagnosis in one to three sentences. */
  readonly text: string;
}

/** Input of a diagnosis: lists over the steps, in the order in which gradients flow. */
export interface GradientFlow {
  /** ‖gradient at the end of the step‖: of the losses from here on. */
  readonly arriving: readonly number[];
  /** ‖gradient that flows to the end of the step before‖. */
  readonly passing: readonly number[];
  /** Whether the step is valid, not padding. */
  readonly valid: readonly boolean[];
  /** ‖the step's part of the gradient of all weights‖. */
  readonly weights: readonly number[];
}

/** A smaller part of a gradient has no effect on training; a factor above its inverse dominates everything else. */
const LOST = 1e-3;
/** Clipping should remove steps at which the gradient has grown by more. */
const GROWN = 10;

/** Diagnoses the flow of gradients. */
export function diagnose({ arriving, passing, valid, weights }: GradientFlow): Diagnosis {
  // The gradient before the first step flows to the initial state, which is not a step.
  const end = valid.lastIndexOf(true);
  const factors = arriving.flatMap((norm, i) =>
    valid[i] && i < end && norm > 0 && passing[i]! > 0 ? [passing[i]! / norm] : [],
  );
  const steps = factors.length;
  if (!arriving.some((norm, i) => valid[i] && norm > 0)) {
    const text = "No gradient reaches this layer: the loss does not depend on it, or is at its minimum.";
    return { kind: "none", perStep: 0, steps: 0, overall: 0, text };
  }
  if (steps === 0) {
    const text = "Nothing goes back through time: the gradient ends at the step where it arrives.";
    return { kind: "healthy", perStep: 1, steps, overall: 1, text };
  }
  const perStep = Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / steps);
  const overall = perStep ** steps;
  const found = { perStep, steps, overall };
  if (overall < LOST) return { kind: "vanishing", ...found, text: vanishing(found) };
  if (overall > 1 / LOST) {
    const clip = clipFor(arriving, weights);
    return { kind: "exploding", ...found, clip, text: exploding(found, clip) };
  }
  const text = `Healthy: each step back keeps ${percent(perStep)} of the gradient, and ${percent(overall)} is left after ${counted(steps, "step")}.`;
  return { kind: "healthy", ...found, text };
}

type Factors = Pick<Diagnosis, "perStep" | "steps" | "overall">;

function vanishing({ perStep, steps, overall }: Factors): string {
  const reach = Math.ceil(Math.log(LOST) / Math.log(perStep));
  return (
    `Vanishing: each step back keeps ${percent(perStep)} of the gradient, and ${small(overall)} of it is left after ${counted(steps, "step")}. ` +
    `What lies more than ${counted(reach, "step")} back hardly teaches this layer. Longer memory needs gates (lstm, gru), ` +
    "a recurrent kernel that starts orthogonal, or an output at every step."
  );
}

function exploding({ perStep, steps, overall }: Factors, clip: number): string {
  return (
    `Exploding: each step back multiplies the gradient by ${perStep.toFixed(2)}, by ${small(overall)} over ${counted(steps, "step")}. ` +
    `Clip it: globalClipnorm: ${clip} is what the gradient weighs without the steps where it has grown more than tenfold.`
  );
}

/** The norm of the gradient from the steps where it has not grown much, to one digit. */
function clipFor(arriving: readonly number[], weights: readonly number[]): number {
  const first = arriving.find((norm) => norm > 0)!;
  const tame = weights.reduce((sum, norm, i) => (arriving[i]! <= GROWN * first ? sum + norm : sum), 0);
  return Number(tame.toPrecision(1));
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(share >= 0.995 ? 3 : 2))} %`;
const small = (value: number): string =>
  value < 1e4 && value >= 0.01 ? String(Number(value.toPrecision(2))) : value.toExponential(1);
