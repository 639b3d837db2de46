/**
 * What is measured: models, sizes, data. Every process, ours and the peers', gets the same description, the same initial weights and the
 * same numbers, as files (see write-workload.ts), so that losses can be compared before times are.
 * One batch of seeded random data is used again and again; a training step is forward, backward and update.
 */
import { Random } from "../src/tensor/random.js";

/** A chain: an embedding or plain features, recurrent layers of one kind, a dense layer. */
export interface ModelSpec {
  /** Ids below this go through an embedding of `features` numbers; null: the input is `features` floats per step. */
  readonly vocabulary: number | null;
  readonly features: number;
  readonly cell: "simpleRNN" | "lstm";
  /** Units of each recurrent layer. */
  readonly units: readonly number[];
  /** Whether every recurrent layer reads both ways, its outputs side by side. */
  readonly bidirectional: boolean;
  /** Whether the dense layer sees every step, or the last one only. */
  readonly everyStep: boolean;
  /** Whether it is wrapped in timeDistributed for that, which computes the same. */
  readonly timeDistributed: boolean;
  readonly outputs: number;
  readonly activation: "sigmoid" | "softmax" | "linear";
  readonly loss: "binaryCrossentropy" | "sparseCategoricalCrossentropy" | "meanSquaredError";
  readonly optimizer: "rmsprop" | "adam" | "sgd";
  readonly learningRate: number;
  /** Limit of the norm of all gradients together; null: none. */
  readonly globalClipnorm: number | null;
}

export interface Workload {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** `train`: one step. `predict`: one batch. `generate`: a step at a time with the state carried, `time` steps. */
  readonly task: "train" | "predict" | "generate";
  readonly model: ModelSpec;
  readonly batch: number;
  readonly time: number;
  /** Milliseconds per run, or microseconds per time step of a run. */
  readonly unit: "ms" | "µs per character";
  /** How many times faster than the best peer we mean to be: with the system's BLAS, and with our own products only. */
  readonly goal: { readonly blas: number; readonly own: number };
  /** Whether its share of the rate of the system's matrix products is told, which runs beside it. */
  readonly besideSgemm?: boolean;
}

/** What most of them have in common. */
const plain = {
  cell: "simpleRNN",
  bidirectional: false,
  timeDistributed: false,
  learningRate: 0.001,
  globalClipnorm: null,
} as const;

const review: ModelSpec = {
  ...plain,
  vocabulary: 10000,
  features: 32,
  units: [32],
  everyStep: false,
  outputs: 1,
  activation: "sigmoid",
  loss: "binaryCrossentropy",
  optimizer: "rmsprop",
};

const characters: ModelSpec = {
  ...plain,
  vocabulary: null,
  features: 65,
  units: [128],
  everyStep: true,
  outputs: 65,
  activation: "softmax",
  loss: "sparseCategoricalCrossentropy",
  optimizer: "adam",
};

const words: ModelSpec = {
  ...plain,
  vocabulary: 10000,
  features: 200,
  cell: "lstm",
  units: [200, 200],
  everyStep: true,
  outputs: 10000,
  activation: "softmax",
  loss: "sparseCategoricalCrossentropy",
  optimizer: "sgd",
  learningRate: 1,
  globalClipnorm: 5,
};

const tags: ModelSpec = {
  ...plain,
  vocabulary: 20000,
  features: 100,
  cell: "lstm",
  units: [100],
  bidirectional: true,
  everyStep: true,
  timeDistributed: true,
  outputs: 9,
  activation: "softmax",
  loss: "sparseCategoricalCrossentropy",
  optimizer: "adam",
};

const series: ModelSpec = {
  ...plain,
  vocabulary: null,
  features: 14,
  units: [64, 64],
  everyStep: false,
  outputs: 1,
  activation: "linear",
  loss: "meanSquaredError",
  optimizer: "adam",
};

export const workloads: readonly Workload[] = [
  {
    id: "W1",
    title: "reviews: embedding(10000, 32) → simpleRNN(32) → dense(1), RMSprop, B 128, T 500",
    task: "train",
    model: review,
    batch: 128,
    time: 500,
    unit: "ms",
    goal: { blas: 3.5, own: 2 },
  },
  {
    id: "W2",
    title: "characters: one-hot 65 → simpleRNN(128) → dense(65), Adam, B 32, T 25",
    task: "train",
    model: characters,
    batch: 32,
    time: 25,
    unit: "ms",
    goal: { blas: 2.5, own: 1.5 },
  },
  {
    id: "W2b",
    title: "characters, one text: the same with 100 units, SGD, B 1, T 25",
    task: "train",
    model: { ...characters, units: [100], optimizer: "sgd", learningRate: 0.01 },
    batch: 1,
    time: 25,
    unit: "ms",
    goal: { blas: 12, own: 12 },
  },
  {
    id: "W3",
    title: "words: embedding(10000, 200) → lstm(200) → lstm(200) → dense(10000), SGD, global norm 5, B 20, T 20",
    task: "train",
    model: words,
    batch: 20,
    time: 20,
    unit: "ms",
    goal: { blas: 1.5, own: 0.8 },
    besideSgemm: true,
  },
  {
    id: "W4",
    title: "tags: embedding(20000, 100) → bidirectional lstm(100) → timeDistributed dense(9), Adam, B 32, T 50",
    task: "train",
    model: tags,
    batch: 32,
    time: 50,
    unit: "ms",
    goal: { blas: 2.2, own: 1.2 },
  },
  {
    id: "W5",
    title: "series: simpleRNN(64) → simpleRNN(64) → dense(1) on 14 features, Adam, B 64, T 120",
    task: "train",
    model: series,
    batch: 64,
    time: 120,
    unit: "ms",
    goal: { blas: 3.5, own: 2 },
  },
  {
    id: "W6-simple",
    title: "generation: W2's model, one character at a time, batch 1",
    task: "generate",
    model: characters,
    batch: 1,
    time: 200,
    unit: "µs per character",
    goal: { blas: 4, own: 4 },
  },
  {
    id: "W6-lstm",
    title: "generation: the same with lstm(512)",
    task: "generate",
    model: { ...characters, cell: "lstm", units: [512] },
    batch: 1,
    time: 200,
    unit: "µs per character",
    goal: { blas: 1.2, own: 1 },
  },
  {
    id: "W6-review",
    title: "prediction: W1's model on one review of 500 words",
    task: "predict",
    model: review,
    batch: 1,
    time: 500,
    unit: "ms",
    goal: { blas: 1.2, own: 1.2 },
  },
];

/** The workload at a size that every engine can run in a moment, to see that the harness works. */
export function smallest(workload: Workload): Workload {
  const { model, title } = workload;
  const [batch, time] = [Math.min(workload.batch, 4), Math.min(workload.time, 8)];
  const few = (count: number) => Math.min(count, 50);
  const vocabulary = model.vocabulary === null ? null : few(model.vocabulary);
  const less = { vocabulary, outputs: model.vocabulary === null ? model.outputs : few(model.outputs) };
  return {
    ...workload,
    batch,
    time,
    model: { ...model, ...less },
    title: `${title}; here batch ${batch}, ${time} steps`,
  };
}

/** Whether the steps are characters, given as one-hot vectors. */
export function isText({ vocabulary, loss }: ModelSpec): boolean {
  return vocabulary === null && loss === "sparseCategoricalCrossentropy";
}

/** Numbers and their shape, as they go into a file. */
export interface Numbers {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** The fixed batch. Inputs are ids [batch, time] or floats [batch, time, features]; a text is one-hot. */
export function dataOf({ model, batch, time }: Workload): { x: Numbers; y: Numbers } {
  const random = new Random(7);
  const { vocabulary, features, outputs, everyStep, loss } = model;
  const x: Numbers =
    vocabulary !== null
      ? {
          data: Int32Array.from({ length: batch * time }, () => 1 + random.integer(vocabulary - 1)),
          shape: [batch, time],
        }
      : {
          data: isText(model)
            ? oneHot(batch * time, features, random)
            : Float32Array.from({ length: batch * time * features }, () => random.normal()),
          shape: [batch, time, features],
        };
  const rows = everyStep ? [batch, time] : [batch];
  const length = everyStep ? batch * time : batch;
  if (loss === "sparseCategoricalCrossentropy")
    return { x, y: { data: Int32Array.from({ length }, () => random.integer(outputs)), shape: rows } };
  const target = () => (loss === "binaryCrossentropy" ? random.integer(2) : random.normal());
  return { x, y: { data: Float32Array.from({ length }, target), shape: [...rows, 1] } };
}

function oneHot(rows: number, classes: number, random: Random): Float32Array {
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) data[row * classes + random.integer(classes)] = 1;
  return data;
}
