/** bench/results.md: generated parts between markers, which `--write` replaces; the notes of people around them are kept. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import path from "node:path";
import { root } from "./contestants.js";

const file = path.join(root, "bench", "results.md");
const sections = ["workloads", "kernels"] as const;
export type Section = (typeof sections)[number];

const page = `# Measured

How to run it: \`bench/setup-peers.sh\` once, then \`npm run bench -- --write\` and \`npm run bench -- --kernels --write\` on a quiet machine.

Times are medians after warm-up. All contestants run in turn in the same run, ours before each peer, each in a process of its own. All begin
with the same weights and the same data, and their first three losses are compared before times are; "≠" marks those that differ. Times are
of one / two threads. "×" is the time of the fastest peer divided by ours, each at its better number of threads; the number in brackets is our
goal. W3, W4 and generation with an LSTM are not among the workloads yet.

## Workloads

${sections.map((section) => `<!-- generated: ${section} -->\n<!-- end: ${section} -->`).join("\n\n## Kernels\n\n")}

## Notes on the peers

- PyTorch: nn.RNN with its second bias frozen at zero, torch.optim; the compared steps use Keras's RMSprop, the timed ones PyTorch's.
- Keras: the faster of \`train_on_batch\` and a \`tf.function\` with the same step. Its RMSprop squares the slices of an embedding's gradient
  before it adds up those of the same word (one word twice with gradient 1: 1² + 1² where (1 + 1)² is due), so W1's losses part by 1–2 %.
- onnxruntime: inputs, outputs and state bound to memory in advance, which spares about a quarter of the time of \`run\` with arrays.
- TensorFlow.js: its wasm backend lacks the gradient of an embedding; a plain loop of ours stands in for it.
- jax-js: no loop over time, so every step is unrolled and compiled. brain.js: one text at a time, with an optimizer of its own.

## What helped, and what did not
`;

/** Replaces one generated part. */
export function writeSection(section: Section, content: string): string {
  const before = existsSync(file) ? readFileSync(file, "utf8") : page;
  const [begin, end] = [`<!-- generated: ${section} -->`, `<!-- end: ${section} -->`];
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`bench/results.md has no markers "${begin}" … "${end}"; put them back.`);
  writeFileSync(file, `${before.slice(0, from + begin.length)}\n${content}\n${before.slice(to)}`);
  return path.relative(root, file);
}

/** Runnable processes per core before we began; much above 0 the numbers are of a shared machine. */
const loadBefore = (loadavg()[0]! / cpus().length).toFixed(2);

/** Where and how numbers came about. */
export function provenance(command: string, versions: Readonly<Record<string, string>> = {}): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  const others = Object.entries(versions)
    .filter(([name]) => name !== "node")
    .map(([name, version]) => `${name} ${version}`);
  return [
    `Made by \`${command}\` on ${new Date().toISOString().slice(0, 10)}, revision ${revision()}:`,
    `${processor}, ${cpus().length} cores, ${gibibytes} GiB; ${process.platform}; Node ${process.version.slice(1)}` +
      `${others.length > 0 ? `; ${others.join(", ")}` : ""}. Load of a core before: ${loadBefore}.`,
  ].join("\n");
}

function revision(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  try {
    return `${git("rev-parse", "--short", "HEAD")}${git("status", "--porcelain", "src") === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}
