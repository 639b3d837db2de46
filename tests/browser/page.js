/** Gives the tests what they call: the tasks in the page itself, and in a worker. */
import { tasks } from "./tasks.js";

window.inPage = (name, input) => tasks[name](...input);

window.inWorker = (name, input) =>
  new Promise((resolve, reject) => {
    const worker = new Worker("/worker/tests/browser/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => {
      worker.terminate();
      if ("error" in data) reject(new Error(data.error));
      else resolve(data.result);
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage({ name, input });
  });

window.ready = true;
