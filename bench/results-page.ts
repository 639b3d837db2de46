/** bench/results.md: generated parts between markers, which `--write` replaces; the notes of people around them are kept. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import path from "node:path";
import { root } from "./targets.js";

const file = path.join(root, "bench", "results.md");
export type Section = "workloads" | "kernels" | "browser" | "nodes";

/** Replaces one generated part. */
export function writeSection(section: Section, content: string): string {
  const before = readFileSync(file, "utf8");
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
