/** Lattices: sums and best paths over all ways through a sequence, as scans over logarithms. */
export { bestPath, type ChainWeights, chainLoss, chainScores } from "./linear-chain.js";
export { LOG_ZERO, logAdd, logSumExp } from "./log-sum-exp.js";
