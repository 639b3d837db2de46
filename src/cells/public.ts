/** The list of built-in cells. The package exports these names. */
export { gruCell } from "./gru.js";
export { lstmCell } from "./lstm.js";
export { simpleRNNCell } from "./simple-rnn.js";
