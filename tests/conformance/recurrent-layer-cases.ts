/** Recurrent layers for the contract of layers: every option, and cells of several kinds. */
import { defineCell, gruCell, lstmCell } from "../../src/cells/index.js";
import { add, matmul, mul, sigmoid, slice, sub, tanh } from "../../src/equations/index.js";
import { bidirectional, gru, lstm, rnn, simpleRNN } from "../../src/layers/index.js";
import { B, type Entry, mask, sequence, U } from "./layer-data.js";
import { randomNested } from "./trace-layer.js";

/** Two states, gates side by side in one kernel, an output that is none of the states, an option of its own. */
export const peculiarCell = defineCell({
  name: "peculiar",
  options: { leak: 0.3 },
  parameters: ({ features, units }) => ({
    kernel: { shape: [features, 2 * units], initializer: "glorotUniform" },
    recurrentKernel: { shape: [units, 2 * units], initializer: "orthogonal" },
  }),
  state: ({ units }) => ({ h: [units], c: [units] }),
  step: ({ x, h, c }, { kernel, recurrentKernel }, { leak, dropInput, dropState }) => {
    const units = h.shape[1]!;
    const z = add(matmul(dropInput(x), kernel), matmul(dropState(h), recurrentKernel));
    const gate = sigmoid(slice(z, 1, 0, units));
    const memory = add(mul(gate, c), mul(sub(1, gate), tanh(slice(z, 1, units, units))));
    return { output: add(mul(leak, memory), mul(1 - leak, h)), h: tanh(memory), c: memory };
  },
});

export const recurrentEntries: readonly Entry[] = [
  ["SimpleRNN", simpleRNN(U), { x: sequence }],
  ["SimpleRNN with returnSequences", simpleRNN(U, { returnSequences: true, activation: "sigmoid" }), { x: sequence }],
  ["SimpleRNN over a mask", simpleRNN(U), { x: sequence, mask }],
  [
    "SimpleRNN over a mask, sequences",
    simpleRNN(U, { returnSequences: true, returnState: true }),
    { x: sequence, mask },
  ],
  [
    "SimpleRNN, zero at padding",
    simpleRNN(U, { returnSequences: true, zeroOutputForMask: true }),
    { x: sequence, mask },
  ],
  ["SimpleRNN backwards", simpleRNN(U, { goBackwards: true, returnSequences: true }), { x: sequence, mask }],
  [
    "SimpleRNN from a given state",
    simpleRNN(U, { returnState: true }),
    { x: sequence, states: [randomNested([B, U], 3)], mask },
  ],
  ["SimpleRNN from a learned state", simpleRNN(U, { initialState: "learned" }), { x: sequence, mask }],
  [
    "SimpleRNN from a random state",
    simpleRNN(U, { initialState: { type: "random", stddev: 0.7, seed: 3 } }),
    { x: sequence },
  ],
  ["SimpleRNN from numbers", simpleRNN(U, { initialState: [0.1, -0.2, 0.3, -0.4] }), { x: sequence }],
  [
    "SimpleRNN from numbers for each example",
    simpleRNN(U, { initialState: { h: randomNested([B, U], 4) } }),
    { x: sequence },
  ],
  ["SimpleRNN, dropout outside training", simpleRNN(U, { dropout: 0.4, recurrentDropout: 0.3 }), { x: sequence }],
  [
    "SimpleRNN, dropout in training",
    simpleRNN(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true }),
    { x: sequence, training: true, mask },
  ],
  ["LSTM", lstm(U), { x: sequence }],
  [
    "LSTM over a mask, everything returned",
    lstm(U, { returnSequences: true, returnState: true, recurrentActivation: "tanh", unitForgetBias: false }),
    { x: sequence, mask },
  ],
  [
    "LSTM backwards from given states, zero at padding",
    lstm(U, { goBackwards: true, returnSequences: true, zeroOutputForMask: true, useBias: false }),
    { x: sequence, states: [randomNested([B, U], 3), randomNested([B, U], 4)], mask },
  ],
  [
    "LSTM from a learned state",
    lstm(U, { initialState: "learned", activation: "sigmoid", biasInitializer: "normal" }),
    { x: sequence, mask },
  ],
  ["LSTM, one dropout for all gates", lstm(U, { dropout: 0.4 }), { x: sequence, training: true }],
  [
    "LSTM, dropout for each gate",
    lstm(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true }),
    { x: sequence, training: true, mask },
  ],
  ["GRU", gru(U), { x: sequence }],
  ["GRU, reset before", gru(U, { resetAfter: false }), { x: sequence, mask }],
  [
    "GRU over a mask, everything returned",
    gru(U, { returnSequences: true, returnState: true, recurrentActivation: "hardSigmoid", useBias: false }),
    { x: sequence, mask },
  ],
  [
    "GRU backwards from a given state, zero at padding",
    gru(U, { goBackwards: true, returnSequences: true, zeroOutputForMask: true, activation: "softsign" }),
    { x: sequence, states: [randomNested([B, U], 3)], mask },
  ],
  ["GRU, one dropout for all gates", gru(U, { dropout: 0.4 }), { x: sequence, training: true }],
  [
    "GRU, dropout for each gate",
    gru(U, { dropout: 0.4, recurrentDropout: 0.3, returnSequences: true, initialState: "random" }),
    { x: sequence, training: true, mask },
  ],
  [
    "GRU, reset before, dropout for each gate",
    gru(U, { dropout: 0.4, recurrentDropout: 0.3, resetAfter: false }),
    { x: sequence, training: true },
  ],
  ["RNN of a cell with two states", rnn(peculiarCell, U), { x: sequence, mask }],
  [
    "RNN of a cell with two states, everything returned",
    rnn(peculiarCell, U, { returnSequences: true, returnState: true, cellOptions: { leak: 0.6 } }),
    { x: sequence, mask, training: true },
  ],
  [
    "RNN of a cell with two states, backwards from given ones",
    rnn(peculiarCell, U, { goBackwards: true, dropout: 0.5, recurrentDropout: 0.2 }),
    { x: sequence, states: [randomNested([B, U], 5), randomNested([B, U], 6)], training: true },
  ],
  ["RNN of several cells", rnn([peculiarCell, lstmCell], [U, 3]), { x: sequence, mask }],
  [
    "RNN of several cells, everything returned",
    rnn([gruCell, peculiarCell], [3, U], { returnSequences: true, returnState: true, initialState: "learned" }),
    { x: sequence, mask },
  ],
  [
    "RNN of several cells, dropout",
    rnn([lstmCell, gruCell], [U, 3], { dropout: 0.4, recurrentDropout: 0.3, goBackwards: true }),
    { x: sequence, training: true },
  ],
  ["Bidirectional", bidirectional(simpleRNN(U)), { x: sequence }],
  [
    "Bidirectional LSTM over a mask, everything returned",
    bidirectional(lstm(U, { returnSequences: true, returnState: true })),
    { x: sequence, mask },
  ],
  [
    "Bidirectional GRU from given states",
    bidirectional(gru(U, { returnSequences: true }), { mergeMode: "mul" }),
    { x: sequence, states: [randomNested([B, U], 3), randomNested([B, U], 4)], mask },
  ],
  [
    "Bidirectional, both outputs",
    bidirectional(gru(U, { dropout: 0.3, recurrentDropout: 0.2 }), { mergeMode: null }),
    { x: sequence, training: true },
  ],
  [
    "Bidirectional, backwards first",
    bidirectional(simpleRNN(U, { goBackwards: true, returnSequences: true }), { mergeMode: "ave" }),
    { x: sequence, mask },
  ],
  [
    "Bidirectional of two layers",
    bidirectional(lstm(U, { initialState: "learned" }), { backwardLayer: gru(3, { goBackwards: true }) }),
    { x: sequence, mask },
  ],
  // Without a mask: at padding its tables hold −10³⁰, in which finite differences drown. Masks: src/structured/linear-chain.test.ts.
];
