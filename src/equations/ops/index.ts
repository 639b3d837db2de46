/** All primitive operations. */
export * from "./arrange.js";
export * from "./constant.js";
export * from "./elementwise.js";
export * from "./gather.js";
export * from "./matmul.js";
export * from "./one-hot.js";
export * from "./random.js";
export * from "./reduce.js";
