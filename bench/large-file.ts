/**
 * Training on a table that does not fit in memory: speed against the same rows in memory, and the memory it takes.
 *
 *   npm run build && node --expose-gc --import tsx bench/large-file.ts [--gb 5] [--keep FILE]
 *
 * Writes a CSV of `gb` · 10⁹ bytes (rows of 400 numbers and a target) to a temporary folder, or to FILE, where one of that size is used again.
 */
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { type Callback, dense, lstm, sequential, type Tensor, workerDataset } from "../src/index.js";

const batchSize = 64;
const [steps, features] = [40, 10];
/** Rows of the comparison, which are in memory on one side. */
const compared = 20_000;

const { values } = parseArgs({ options: { gb: { type: "string", default: "5" }, keep: { type: "string" } } });
const bytes = Number(values.gb) * 1e9;
const folder = mkdtempSync(path.join(tmpdir(), "tavali-large-"));
const file = values.keep ?? path.join(folder, "large.csv");

/** Writes rows until the file has the size. */
async function writeTable(): Promise<void> {
  const out = createWriteStream(file);
  const width = steps * features;
  out.write(`${Array.from({ length: width }, (_, i) => `x${i}`).join(",")},y\n`);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) / 2 ** 24;
  };
  for (let written = 0; written < bytes; ) {
    const lines: string[] = [];
    for (let i = 0; i < 200; i++) {
      const row = Array.from({ length: width }, () => random().toFixed(4));
      lines.push(`${row.join(",")},${(row.slice(0, 10).reduce((sum, cell) => sum + Number(cell), 0) / 10).toFixed(4)}`);
    }
    const text = `${lines.join("\n")}\n`;
    written += text.length;
    if (!out.write(text)) await new Promise<void>((resolve) => out.once("drain", () => resolve()));
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

const build = () =>
  sequential([lstm(128), dense(1)], { seed: 1, threads: 1 }).compile({ optimizer: "adam", loss: "meanSquaredError" });
const fromFile = () =>
  workerDataset<[Tensor, Tensor]>(
    () => new Worker(new URL("./large-file-worker.mjs", import.meta.url), { argv: [file, String(batchSize)] }),
    { name: path.basename(file) },
  );

async function timed(train: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await train();
  return (performance.now() - start) / 1000;
}

async function inMemory(): Promise<[Tensor, Tensor]> {
  const x = new Float32Array(compared * steps * features);
  const y = new Float32Array(compared);
  let row = 0;
  for await (const [xs, ys] of fromFile()) {
    const fits = Math.min(ys.data.length, compared - row);
    x.set(xs.data.subarray(0, fits * steps * features), row * steps * features);
    y.set(ys.data.subarray(0, fits), row);
    row += fits;
    if (row === compared) break;
  }
  return [
    { data: x, shape: [compared, steps, features] },
    { data: y, shape: [compared, 1] },
  ];
}

try {
  if (!existsSync(file) || Math.abs(statSync(file).size - bytes) > 1e6) await writeTable();
  console.log(`${(statSync(file).size / 1e9).toFixed(2)} GB in ${file}`);
  const stepsOfPart = Math.floor(compared / batchSize);
  const [x, y] = await inMemory();
  const options = { seed: 1, verbose: 0 } as const;
  const ratios: number[] = [];
  const models = [build(), build()] as const;
  for (let round = 0; round < 6; round++) {
    const memory = await timed(() => models[0].fit(x, y, { ...options, batchSize, shuffle: false }));
    const disk = await timed(() => models[1].fit(fromFile(), { ...options, stepsPerEpoch: stepsOfPart }));
    // The first round compiles programs.
    if (round > 0) ratios.push(memory / stepsOfPart / (disk / stepsOfPart));
    console.log(
      `round ${round}: ${(compared / memory).toFixed(0)} rows/s in memory, ${((stepsOfPart * batchSize) / disk).toFixed(0)} from the file`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`speed from the file: ${ratios[2]!.toFixed(3)} of that in memory (median of 5)`);

  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  let batches = 0;
  const watch: Callback = {
    onBatchEnd() {
      if (++batches % 500 === 0) most = Math.max(most, process.memoryUsage().rss);
    },
  };
  const whole = await timed(() => build().fit(fromFile(), { ...options, callbacks: [watch] }));
  console.log(
    `the whole file: ${batches} batches in ${whole.toFixed(0)} s, ${((batches * batchSize) / whole).toFixed(0)} rows/s`,
  );
  console.log(
    `memory: ${(before / 1e6).toFixed(0)} MB before, ${(most / 1e6).toFixed(0)} MB at most, peak of the process ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
