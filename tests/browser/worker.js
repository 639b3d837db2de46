/** Runs one task in a worker. */
import { tasks } from "./tasks.js";

self.onmessage = async ({ data: { name, input } }) => {
  try {
    self.postMessage({ result: await tasks[name](...input) });
  } catch (error) {
    self.postMessage({ error: String(error?.stack ?? error) });
  }
};
