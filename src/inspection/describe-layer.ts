/** Inspection of one layer, from the outputs of the program. */
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { diagnose } from "./diagnose.js";
import type { LayerInspection, StateInspection, TruncationInspection, WeightInspection } from "./inspection.js";
import type { Recurrence } from "./recurrences.js";
import { inspectKernels } from "./recurrent-kernels.js";

type Read = (port: string) => Tensor;
type Named<Value> = Readonly<Record<string, Value>>;

/** @param read the result of a port of this layer */
export function describeLayer(
  recurrence: Recurrence,
  read: Read,
  options: { readonly terms: boolean; readonly readWeight: (id: string) => ArrayLike<number> },
): LayerInspection {
  const { name, gates, mask } = recurrence;
  const { length: steps, reverse } = recurrence.scan.attributes;
  const padding = mask && read("mask");
  const states = describeStates(recurrence, read);
  const weights = describeWeights(recurrence, read, options.terms);
  return {
    name,
    steps,
    backward: reverse,
    ...(padding?.data.some((bit) => bit === 0) ? { mask: padding } : {}),
    states,
    gates: Object.fromEntries(gates.map(([gate]) => [gate, read(`gate/${gate}`)])),
    weights,
    recurrentKernels: inspectKernels(recurrence, options.readWeight),
    ...truncationOf(recurrence),
    diagnosis: diagnosisOf(recurrence, read, states, weights, padding),
  };
}

function describeStates({ scan, states }: Recurrence, read: Read): Named<StateInspection> {
  const { reverse } = scan.attributes;
  return Object.fromEntries(
    states.map(({ name }) => {
      const gradients = read(`gradient/${name}`);
      const passing = Array.from(read(`passing/${name}`).data, Math.sqrt);
      // The gradient that arrives at a state comes from the step after it.
      const throughTimeNorms = passing.map((_, t) => passing[reverse ? t - 1 : t + 1] ?? 0);
      const gradientNorms = normsOfSteps(gradients);
      return [name, { values: read(`state/${name}`), gradients, gradientNorms, throughTimeNorms }];
    }),
  );
}

/** [B, T, …] → ‖·‖ of each step. */
function normsOfSteps({ data, shape }: Tensor): number[] {
  const [, length = 0, ...rest] = shape;
  const width = sizeOf(rest);
  const squares = new Float64Array(length);
  data.forEach((value, i) => {
    squares[Math.floor(i / width) % length]! += value * value;
  });
  return Array.from(squares, Math.sqrt);
}

function describeWeights({ scan, weights }: Recurrence, read: Read, terms: boolean): Named<WeightInspection> {
  const { length, reverse } = scan.attributes;
  const first = reverse ? length - 1 : 0;
  return Object.fromEntries(
    weights.map(({ name, initial }): [string, WeightInspection] => {
      const gradient = read(`weight/${name}`);
      const atFirst = (value: number) => Array.from({ length }, (_, t) => (t === first ? value : 0));
      if (!initial) {
        const norms = Array.from(read(`squares/${name}`).data, Math.sqrt);
        const all = { gradient, norms, shares: [...read(`shares/${name}`).data] };
        return [name, terms ? { ...all, terms: read(`terms/${name}`) } : all];
      }
      const [norm] = normsOfSteps({ data: gradient.data, shape: [1, 1, gradient.data.length] });
      const all = { gradient, norms: atFirst(norm!), shares: atFirst(norm! > 0 ? 1 : 0) };
      return [name, terms ? { ...all, terms: termsAt(first, length, gradient) } : all];
    }),
  );
}

/** A gradient that is all of one step. */
function termsAt(step: number, length: number, { data, shape }: Tensor): Tensor {
  const whole = new Float64Array(length * data.length);
  whole.set(data, step * data.length);
  return { data: whole, shape: [length, ...shape] };
}

function truncationOf({ scan }: Recurrence): { truncation?: TruncationInspection } {
  const { truncation, length, reverse } = scan.attributes;
  if (!truncation) return {};
  const { window, stride } = truncation;
  const cuts: number[] = [];
  for (let end = stride; end - stride < length; end += stride) {
    const earliest = end - window;
    if (earliest > 0 && earliest < length) cuts.push(reverse ? length - 1 - earliest : earliest);
  }
  return { truncation: { window, stride, cuts } };
}

function diagnosisOf(
  { scan, states }: Recurrence,
  read: Read,
  described: Named<StateInspection>,
  weights: Named<WeightInspection>,
  padding: Tensor | undefined,
): ReturnType<typeof diagnose> {
  const { length, reverse } = scan.attributes;
  const steps = Array.from({ length }, (_, i) => (reverse ? i : length - 1 - i));
  const together = (parts: readonly number[]) => Math.hypot(...parts);
  const passing = states.map(({ name }) => read(`passing/${name}`).data);
  const valid = new Array<boolean>(length).fill(!padding);
  padding?.data.forEach((bit, i) => {
    if (bit === 1) valid[i % length] = true;
  });
  return diagnose({
    arriving: steps.map((t) =>
      together(states.map(({ name, inner }) => described[name]![inner ? "throughTimeNorms" : "gradientNorms"][t]!)),
    ),
    passing: steps.map((t) => together(passing.map((squares) => Math.sqrt(squares[t]!)))),
    valid: steps.map((t) => valid[t]!),
    weights: steps.map((t) => together(Object.values(weights).map(({ norms }) => norms[t]!))),
  });
}
