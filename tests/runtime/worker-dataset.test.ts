/** Data that a worker thread reads from a file: the trained weights equal those of the same data in this thread, bit for bit. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { dense, lstm, sequential, type TrainingState, workerDataset } from "tavali";
import { csvDataset } from "tavali/datasets";
import { afterAll, expect, test } from "vitest";
import { root } from "./tavali.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-worker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const table = path.join(folder, "sums.csv");
const rows = Array.from({ length: 90 }, (_, i) => `${i % 7};${i % 5};${i % 3};${((i % 7) + (i % 5)) / 10}`);
writeFileSync(table, `a;b;c;sum\n${rows.join("\n")}\n`);

const entry = (name: string) => JSON.stringify(path.join(root, "dist", name));
function workerFile(name: string, body: string): () => Worker {
  const file = path.join(folder, name);
  const imports = `import { Dataset, serveDataset } from ${entry("index.js")};\nimport { csvDataset } from ${entry("datasets/index.js")};\n`;
  writeFileSync(file, imports + body);
  return () => new Worker(file);
}
const described = `csvDataset(${JSON.stringify(table)})
  .map(({ a, b, c, sum }) => [{ data: Float32Array.of(a, b, c), shape: [3, 1] }, Number(sum)])
  .shuffle(50).batch(8)`;

const options = { epochs: 3, seed: 4, verbose: 0 } as const;
const build = () =>
  sequential([lstm(6), dense(1)], { seed: 1, threads: 1 }).compile({ optimizer: "adam", loss: "meanSquaredError" });

test("a worker's batches train to the same bits as those of this thread, also when resumed", async () => {
  const here = csvDataset(table)
    .map(({ a, b, c, sum }) => [{ data: Float32Array.of(+a!, +b!, +c!), shape: [3, 1] }, Number(sum)] as const)
    .shuffle(50)
    .batch(8);
  const one = build();
  await one.fit(here, options);
  const data = workerDataset<readonly [never, never]>(workerFile("data.worker.mjs", `serveDataset(${described});`));
  const other = build();
  const states: TrainingState[] = [];
  await other.fit(data, { ...options, checkpoint: { every: { steps: 5 }, save: (state) => void states.push(state) } });
  expect(other.getWeights()).toEqual(one.getWeights());
  const resumed = build();
  await resumed.fit(data, { ...options, resume: states[3]! });
  expect(resumed.getWeights()).toEqual(one.getWeights());
});

test.each([
  ["ends at once", "", "it ended with code 0. Its file must call serveDataset(dataset) once"],
  ["throws", 'throw new Error("no such table");', "no such table"],
  ["serves no dataset", "serveDataset([1, 2]);", "Make one: Dataset.from(items)"],
  ["fails in the data", `serveDataset(csvDataset("none.csv").batch(2));`, "none.csv does not exist"],
])("a worker that %s ends the training with its reason", async (_, body, message) => {
  const data = workerDataset<readonly [never, never]>(workerFile(`${message.length}.worker.mjs`, body));
  await expect(build().fit(data, options)).rejects.toThrow(message);
});

test("serves in a worker only", () => {
  const program = `import { Dataset, serveDataset } from ${entry("index.js")}; serveDataset(Dataset.from([1]));`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr).toContain("serveDataset: this is not a worker. Call it in the file that a Worker runs.");
});
