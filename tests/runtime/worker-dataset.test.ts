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
  ["serves twice", "const d = Dataset.from([1]); serveDataset(d); serveDataset(d);", "serves a dataset already"],
  [
    "throws null",
    "serveDataset(Dataset.from(async function* () { await new Promise(() => setTimeout(() => { throw null; }, 50)); }));",
    "null",
  ],
  ["fails in the data", `serveDataset(csvDataset("none.csv").batch(2));`, "none.csv does not exist"],
])("a worker that %s ends the training with its reason", async (_, body, message) => {
  const data = workerDataset<readonly [never, never]>(workerFile(`${message.length}.worker.mjs`, body));
  await expect(build().fit(data, options)).rejects.toThrow(message);
});

test("messages of the worker's own are passed over, and the process ends by itself", () => {
  const worker = path.join(folder, "talks.worker.mjs");
  const talk =
    'import { parentPort } from "node:worker_threads"; parentPort.postMessage("hello"); parentPort.postMessage({ log: 1 }); parentPort.postMessage(null);';
  writeFileSync(
    worker,
    `import { Dataset, serveDataset } from ${entry("index.js")}; ${talk} serveDataset(Dataset.from([1, 2, 3, 4]));`,
  );
  const program = `import { Worker } from "node:worker_threads"; import { workerDataset } from ${entry("index.js")};
    const data = workerDataset(() => new Worker(${JSON.stringify(worker)}));
    const read = async (d, skip = 0) => { const r = []; for await (const x of d.epoch(0, { skip })) r.push(x); return r.join(); };
    console.log(await read(data), await read(data.filter((x) => x > 1)), await read(data.shuffle(1)), await read(data.take(2), 2), await read(data.map((x) => x)));`;
  const main = path.join(folder, "main.mjs");
  writeFileSync(main, program);
  const done = spawnSync(process.execPath, [main], { encoding: "utf8", timeout: 20_000 });
  expect([done.status, done.stderr, done.stdout]).toEqual([0, "", "1,2,3,4 2,3,4 1,2,3,4  1,2,3,4\n"]);
});

test("serves in a worker only", () => {
  const program = `import { Dataset, serveDataset } from ${entry("index.js")}; serveDataset(Dataset.from([1]));`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr).toContain("serveDataset: this is not a worker. Call it in the file that a Worker runs.");
});
