/** `tavali doctor`: what Tavali runs on here, how fast it is, and what would make it faster. */
import { Command } from "commander";
import { wrap } from "../display/text-layout.js";
import { type EngineFacts, engineFacts } from "./engine-facts.js";
import { matmulSpeed } from "./matmul-speed.js";
import { Terminal } from "./terminal.js";
import { fact, section } from "./training-view.js";

/** The command with its options. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .option("--json", "end with one JSON object on standard output; all text goes to standard error")
    .action(examine);
}

async function examine(flags: { json?: boolean }): Promise<void> {
  const terminal = new Terminal({ json: flags.json === true });
  const facts = await engineFacts();
  fact(terminal, "engine", `${facts.engine}, float${facts.precision}`);
  fact(terminal, "SIMD", facts.simd ? "128 bits" : "no");
  fact(terminal, "FMA", facts.relaxedFma ? "yes: relaxed SIMD" : "no");
  fact(terminal, "BLAS", facts.blas ?? `none: ${facts.blasMissing}`);
  fact(terminal, "threads", `${facts.threads} of ${facts.cores} ${facts.cores === 1 ? "core" : "cores"}`);
  fact(terminal, "memory", facts.memoryGigabytes === undefined ? "unknown" : `${facts.memoryGigabytes} GB`);
  fact(terminal, "machine", `${facts.processor}, ${facts.system}, ${facts.runtime} ${facts.runtimeVersion}`);
  // A product that fills the caches, and one step of the recurrence: state [batch, units] · kernel [units, units].
  const speeds = [await matmulSpeed(256, 256, 256, 0.25), await matmulSpeed(64, 32, 32, 0.25)];
  const lines = speeds.map(
    ({ rows, inner, columns, gigaflops }) =>
      `  ${`${rows}×${inner} · ${inner}×${columns}`.padEnd(18)} ${gigaflops.toFixed(1).padStart(6)} GFLOP/s`,
  );
  section(terminal, "Matrix products, measured now", lines);
  const advice = adviceFor(facts);
  section(
    terminal,
    "What would make it faster",
    advice.flatMap((text) => wrap(`• ${text}`, terminal.width - 4, "  ").map((line) => `  ${line}`)),
  );
  terminal.result({ ...facts, matmul: speeds, advice });
}

function adviceFor({ simd, relaxedFma, blas, blasMissing, threads, cores, runtime }: EngineFacts): string[] {
  const advice: string[] = [];
  if (!simd)
    advice.push(`This processor or ${runtime} has no WebAssembly SIMD, which the kernels need: use a newer one.`);
  if (simd && !relaxedFma) {
    advice.push(
      `Fused multiply-add is missing: update ${runtime}, or run on a processor that has it (x86 since 2013, ARM64).`,
    );
  }
  if (blas === undefined) {
    advice.push(`A BLAS for matrix products: ${blasMissing}. On Debian and Ubuntu: apt-get install libopenblas0.`);
  }
  if (cores > threads) {
    advice.push(
      `A training run uses ${threads} of ${cores} cores: train with several seeds at the same time, one process each.`,
    );
  }
  if (advice.length === 0) advice.push("Nothing that Tavali knows of.");
  return advice;
}
