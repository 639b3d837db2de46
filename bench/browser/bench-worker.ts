/**
 * Tavali as a measured worker of a browser's page: fetches the workload and answers the requests of line-protocol.ts, as the process of
 * peers/tavali.ts does.
 */
import type { Task } from "../line-protocol.js";
import { engineOf, training, type Work } from "../peers/tavali-training.js";
import type { LoadedWorkload, WorkloadManifest } from "../read-workload.js";
import type { Numbers } from "../workloads.js";

/** What a worker of a page has, and Node's types do not know. */
const self = globalThis as unknown as {
  onmessage: (event: { data: Task & { do: string; count: number } }) => void;
  postMessage(answer: object): void;
};

/** @param folder its address */
async function fetchWorkload(folder: string): Promise<LoadedWorkload> {
  const manifest = (await (await fetch(`${folder}/workload.json`)).json()) as WorkloadManifest;
  const read = async (name: string, shape: readonly number[], type: "int" | "float"): Promise<Numbers> => {
    const bytes = await (await fetch(`${folder}/${name}.bin`)).arrayBuffer();
    return { shape, data: type === "int" ? new Int32Array(bytes) : new Float32Array(bytes) };
  };
  return {
    workload: manifest.workload,
    x: await read("x", manifest.x.shape, manifest.x.type),
    y: await read("y", manifest.y.shape, manifest.y.type),
    weights: await Promise.all(manifest.weights.map((shape, i) => read(`weight-${i}`, shape, "float"))),
  };
}

let work: Work | undefined;

async function respond(request: Task & { do: string; count: number }): Promise<object> {
  if (request.do === "run") return { times: await work!(request.count) };
  const { check, ...rest } = await training(engineOf(request), await fetchWorkload(request.folder));
  work = rest.work;
  return { check };
}

self.onmessage = ({ data }) => {
  respond(data).then(
    (answer) => self.postMessage(answer),
    (error) => self.postMessage({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) }),
  );
};
