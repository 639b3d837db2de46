/** Structured prediction: forward sums and Viterbi paths over sequences, as scans over logarithms. */
export { bestPath, type ChainWeights, chainLoss, chainScores } from "./linear-chain.js";
export { LOG_ZERO, logAdd, logSumExp } from "./log-sum-exp.js";
