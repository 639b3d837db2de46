/**
 * A layer by itself, as equations that can be run and differentiated: its input, initial states and parameters are inputs of the program,
 * batch-first as users give them.
 */
import type { Equations } from "../../src/compiler/compile.js";
import { add, constant, differentiate, input, mul, type Node, sum, transpose } from "../../src/equations/index.js";
import { batchMajor, type Layer, type Signal, swapFirstAxes } from "../../src/layers/index.js";
import type { DType } from "../../src/tensor/dtype.js";
import { Random } from "../../src/tensor/random.js";
import { type PartialShape, type Shape, sizeOf } from "../../src/tensor/shape.js";
import { type NestedArray, toTensor } from "../../src/tensor/tensor.js";
import { randomValues, type Values } from "./run-equations.js";

/** One of several inputs. */
export interface OtherInput {
  /** [B, …] */
  readonly x: NestedArray;
  /** [B, T] */
  readonly mask?: NestedArray | null;
}

export interface LayerInput {
  /** [B, …] */
  readonly x: NestedArray;
  readonly dtype?: DType;
  /** [B, T] */
  readonly mask?: NestedArray | null;
  /** The inputs after the first. */
  readonly others?: readonly OtherInput[];
  readonly states?: readonly NestedArray[] | null;
  readonly weights?: readonly NestedArray[];
  readonly training?: boolean;
  /** Give the layer its input time-major, as another layer would. */
  readonly timeMajor?: boolean;
}

export interface TracedLayer {
  readonly inputs: Record<string, Node>;
  readonly values: Values;
  /** One per output, batch-first. */
  readonly outputs: readonly Node[];
  /** [B, T] */
  readonly outputMask?: Node;
  readonly signals: readonly Signal[];
  /** Names of the parameters among the inputs, in the layer's order. */
  readonly parameters: readonly string[];
}

/** Calls the layer on inputs of the given values; parameters without values are drawn. */
export function traceLayer(layer: Layer, given: LayerInput): TracedLayer {
  const inputs: Record<string, Node> = {};
  const values: Values = {};
  const declare = (name: string, value: NestedArray, dtype: DType = "float"): Node => {
    const { data, shape } = toTensor(value);
    inputs[name] = input(name, shape, dtype);
    values[name] = data;
    return inputs[name];
  };
  const x = declare("x", given.x, given.dtype);
  const laidOut = (node: Node, mask?: NestedArray | null): Signal => {
    const swap = given.timeMajor && node.shape.length > (node.dtype === "int" ? 1 : 2);
    return {
      node: swap ? swapFirstAxes(node) : node,
      timeMajor: swap === true,
      mask: mask ? transpose(constantOf(mask)) : undefined,
    };
  };
  const others = (given.others ?? []).map((other, i) => ({ ...other, node: declare(`x${i + 1}`, other.x) }));
  const states = (given.states ?? []).map((state, i) => ({ node: declare(`state${i}`, state), timeMajor: false }));
  const specs = layer.parameters(
    ...([x, ...others.map(({ node }) => node)].map(({ shape }) => partial(shape)) as [PartialShape]),
  );
  for (const [i, { name, shape, initializer }] of specs.entries()) {
    if (given.weights) {
      declare(name, given.weights[i]!);
    } else {
      inputs[name] = input(name, shape);
      // Biases start at zero; something else shows more.
      const drawn = initializer.values(shape, new Random(i + 1));
      values[name] = drawn.every((value) => value === 0) ? randomValues(sizeOf(shape), i + 1) : drawn;
    }
  }
  let stream = 0;
  const seed = input("seed", [], "int");
  if (given.training) {
    inputs.seed = seed;
    values.seed = [11];
  }
  const signals = layer.call(
    [laidOut(x, given.mask), ...others.map(({ node, mask }) => laidOut(node, mask)), ...states],
    {
      training: given.training ?? false,
      parameter: (name) => inputs[name]!,
      seed,
      nextStream: () => stream++,
    },
  );
  const outputMask = signals[0].mask && transpose(signals[0].mask);
  return {
    inputs,
    values,
    outputs: signals.map(batchMajor),
    outputMask,
    signals,
    parameters: specs.map((s) => s.name),
  };
}

/** The shape as a model knows it before it sees a batch. */
export function partial(shape: Shape): PartialShape {
  return [null, ...shape.slice(1)];
}

function constantOf(value: NestedArray): Node {
  const { data, shape } = toTensor(value);
  return constant([...data], shape);
}

/** Σ over outputs of Σ output ⊙ coefficients, and its gradients by the named inputs as `d_name`. */
export function lossEquations(
  { inputs, outputs }: TracedLayer,
  coefficients: readonly NestedArray[],
  wrt: readonly string[],
): Equations & { loss: Node } {
  const terms = outputs.map((output, i) => {
    return sum(mul(output, constantOf(coefficients[i]!)));
  });
  const loss = add(...terms);
  const gradients = differentiate(
    loss,
    wrt.map((name) => inputs[name]!),
  );
  return {
    name: "layer",
    inputs,
    loss,
    outputs: {
      ...Object.fromEntries(outputs.map((node, i) => [`output${i}`, node])),
      loss,
      ...Object.fromEntries(wrt.map((name, i) => [`d_${name}`, gradients[i]!])),
    },
  };
}

/** Nested numbers of the given shape, within ±1, other ones for another seed. */
export function randomNested(shape: Shape, seed: number): NestedArray {
  const values = randomValues(sizeOf(shape), seed);
  let next = 0;
  const build = (depth: number): NestedArray =>
    depth === shape.length ? values[next++]! : Array.from({ length: shape[depth]! }, () => build(depth + 1));
  return build(0);
}
