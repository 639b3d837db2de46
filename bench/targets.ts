/**
 * Targets: the processes that are measured, and how each is started. A peer may have several (threads, ways of training), of which its best
 * counts. TAVALI_BENCH_PYTHON_<PEER> names another interpreter than that of .cache/peers/venv, for one peer.
 */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { Launch } from "./peer-process.js";

export const root = path.resolve(import.meta.dirname, "..");
const cache = path.join(root, ".cache");
/** Where what is measured is bundled to (compile.mjs), so that it runs as users run it. */
const built = path.join(cache, "bench", "built");

export const peerNames = ["torch", "keras", "onnxruntime", "tfjs", "jax-js", "brain"] as const;
export type PeerName = (typeof peerNames)[number];

export interface Target {
  /** "torch, 2 threads" */
  readonly name: string;
  readonly peer: PeerName | "tavali" | keyof typeof ownTitles;
  readonly threads: number;
  readonly variant?: string;
  readonly launch: Launch;
}

const peerTitles: Readonly<Record<string, string>> = {
  torch: "PyTorch",
  keras: "Keras (TensorFlow)",
  onnxruntime: "onnxruntime",
  tfjs: "tfjs (wasm)",
  "jax-js": "jax-js",
  brain: "brain.js",
};

/** Targets that are not peers: the system's BLAS alone, Tavali in another program, and an earlier version. */
const ownTitles = { sgemm: "sgemm alone", chromium: "Chromium", node: "Node", before: "before" } as const;

/** The title of a target's peer, for tables. */
export function titleOf(peer: string): string {
  return { ...peerTitles, ...ownTitles }[peer] ?? "Tavali";
}

const scripts: Readonly<Record<PeerName, string>> = {
  torch: "pytorch.py",
  keras: "tensorflow_keras.py",
  onnxruntime: "onnx_runtime.py",
  tfjs: "tfjs.mjs",
  "jax-js": "jax-js.mjs",
  brain: "brain.mjs",
};

const javascript = path.join(cache, "peers", "js");

/**
 * Ours, with the system's BLAS where there is one and with our own matrix products only. A batch of one has nothing to share among threads,
 * but the engine that could is the one that users get.
 */
export function ourselves(batch: number): Target[] {
  const launch = { command: process.execPath, args: [path.join(built, "peers", "tavali.js")] };
  const threadCounts = batch > 1 ? [1, 2] : [2];
  return [undefined, "own"].flatMap((variant) =>
    threadCounts.map((threads) => ({
      name: nameOf("tavali", variant, threads),
      peer: "tavali",
      threads,
      variant,
      launch,
    })),
  );
}

/** An earlier version: the same processes from another working copy, whose bundle is there. */
export function earlierVersion(copy: string, batch: number): Target[] {
  const launch = {
    command: process.execPath,
    args: [path.join(copy, ".cache", "bench", "built", "peers", "tavali.js")],
  };
  return ourselves(batch).map(({ variant, threads }) => ({
    name: nameOf("before", variant, threads),
    peer: "before",
    threads,
    ...(variant && { variant }),
    launch,
  }));
}

/** The system's BLAS by itself. */
export function sgemmAlone(): Target[] {
  return [1, 2].map((threads) => ({
    name: nameOf("sgemm", undefined, threads),
    peer: "sgemm",
    threads,
    launch: { command: process.execPath, args: [path.join(built, "peers", "sgemm.js")], env: threadLimits(threads) },
  }));
}

function nameOf(peer: string, variant: string | undefined, threads: number): string {
  return [peer, variant, `${threads} thread${threads > 1 ? "s" : ""}`].filter(Boolean).join(", ");
}

/** The ways a peer is run, or why it cannot be. */
export function targetsOf(peer: PeerName): Target[] | { readonly missing: string } {
  return scripts[peer].endsWith(".py") ? pythonPeer(peer) : javascriptPeer(peer);
}

function pythonPeer(peer: PeerName): Target[] | { readonly missing: string } {
  const own = process.env[`TAVALI_BENCH_PYTHON_${peer.toUpperCase()}`];
  const folder = process.platform === "win32" ? "Scripts" : "bin";
  const command = own ?? path.join(cache, "peers", "venv", folder, "python");
  if (!existsSync(command)) return { missing: "not installed; run bench/setup-peers.sh python" };
  const args = [path.join(root, "bench", "peers", scripts[peer])];
  // Keras's own way to train, and the leaner one; onnxruntime has nothing to share out in a batch of one.
  const variants = peer === "keras" ? [undefined, "function"] : [undefined];
  const threadCounts = peer === "onnxruntime" ? [1] : [1, 2];
  return threadCounts.flatMap((threads) =>
    variants.map((variant) => ({
      name: nameOf(peer, variant, threads),
      peer,
      threads,
      variant,
      launch: { command, args, env: threadLimits(threads) },
    })),
  );
}

function threadLimits(threads: number): Record<string, string> {
  const names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"];
  return Object.fromEntries(names.map((name) => [name, String(threads)]));
}

/** JavaScript peers run from a copy beside their packages, since Node looks for packages from where a file lies. */
function javascriptPeer(peer: PeerName): Target[] | { readonly missing: string } {
  if (!existsSync(path.join(javascript, "node_modules")))
    return { missing: "not installed; run bench/setup-peers.sh javascript" };
  const folder = path.join(javascript, "scripts");
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(root, "bench", "peers", "javascript"), folder, { recursive: true });
  for (const file of ["line-protocol.js", "read-workload.js"])
    cpSync(path.join(cache, "bench", "protocol", file), path.join(folder, file));
  return [
    { name: peer, peer, threads: 1, launch: { command: process.execPath, args: [path.join(folder, scripts[peer])] } },
  ];
}
