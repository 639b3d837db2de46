/**
 * What every command of a fresh clone needs first: a Node that is new enough, the dependencies, a build.
 * Uses Node's own modules only, since it runs before anything is installed. All it prints goes to stderr,
 * so that the output of the command it prepares can be piped.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const inRoot = (...parts) => path.join(root, ...parts);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Command lines of the tools in node_modules, run by this very Node: no shell, no PATH, the same on every system. */
export const tools = {
  tsc: inRoot("node_modules", "typescript", "bin", "tsc"),
  biome: inRoot("node_modules", "@biomejs", "biome", "bin", "biome"),
  vitest: inRoot("node_modules", "vitest", "vitest.mjs"),
};

/** Ends the program with a message for people and an exit code for machines. */
export function stop(message, code = 1) {
  console.error(message);
  process.exit(code);
}

/** Whether version "22.1.0" satisfies a requirement such as ">=20.19". */
export function satisfies(version, requirement) {
  const wanted = requirement
    .replace(/^>=\s*/, "")
    .split(".")
    .map(Number);
  const given = version.split(".").map(Number);
  for (let i = 0; i < wanted.length; i++) {
    if ((given[i] ?? 0) !== wanted[i]) return (given[i] ?? 0) > wanted[i];
  }
  return true;
}

/** Stops when this Node is older than package.json's `engines` asks for. */
export function checkNode() {
  const requirement = readJson(inRoot("package.json")).engines.node;
  if (satisfies(process.versions.node, requirement)) return;
  const wanted = requirement.replace(/^>=\s*/, "");
  stop(
    `Tavali needs Node ${wanted} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "Install a current version from https://nodejs.org and run the command again.",
  );
}

/**
 * Whether what is installed is what the lock file says. Versions are compared, not dates: a checkout touches dates.
 * An optional package may be absent, since most of them are for another system.
 */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages).every(([name, wanted]) => {
    if (name === "") return true;
    const found = installed.packages[name];
    if (!found) return Boolean(wanted.optional || wanted.devOptional);
    return found.version === wanted.version && found.integrity === wanted.integrity && found.link === wanted.link;
  });
}

/**
 * Runs a program and resolves with its exit code and, for "tee" and "quiet", what it printed.
 * output: "inherit" shows it, "stderr" shows all of it on stderr, "tee" shows and keeps it, "quiet" only keeps it.
 */
export function run(command, args, { output = "inherit", env = {}, shell = false } = {}) {
  const stdio = {
    inherit: "inherit",
    stderr: ["inherit", 2, 2],
    tee: ["ignore", "pipe", "inherit"],
    quiet: ["ignore", "pipe", "pipe"],
  }[output];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio, shell, env: { ...process.env, ...env } });
    let printed = "";
    const keep = (chunk) => {
      printed += chunk;
      if (output === "tee") process.stdout.write(chunk);
    };
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    // The child decides what an interruption means; this process only passes it on and reports the child's end.
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const finish = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (code, signal) => {
      finish();
      resolve({ code: code ?? (signal === "SIGINT" ? 130 : 143), printed });
    });
  });
}

/** Runs a JavaScript file with this Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

function runNpm(args) {
  const npm = process.env.npm_execpath;
  if (npm && path.basename(npm) === "npm-cli.js") return runNode([npm, ...args], { output: "stderr" });
  return run("npm", args, { output: "stderr", shell: process.platform === "win32" });
}

/** Installs the dependencies of the lock file unless they are there. */
export async function ensureDependencies() {
  const record = inRoot("node_modules", ".package-lock.json");
  if (existsSync(record) && isInstalled(readJson(inRoot("package-lock.json")), readJson(record))) return;
  console.error("installing dependencies (npm ci)…");
  let code = 1;
  try {
    // Named, because NODE_ENV=production would leave out the compiler.
    ({ code } = await runNpm(["ci", "--include=dev"]));
  } catch (error) {
    console.error(String(error));
  }
  if (code === 0) return;
  stop(
    "The dependencies could not be installed; npm's own message is above.\n" +
      "If this machine is offline: connect it once and run the command again, or copy node_modules from a clone\n" +
      "of the same commit on the same kind of system. Behind a mirror or proxy: npm config set registry <address>.",
    code,
  );
}

/** Builds dist/ from src/; types only of what changed since the last time. Stops with the messages of build.mjs on an error. */
export async function build() {
  const begin = performance.now();
  process.stderr.write("building… ");
  const { code, printed } = await runNode(["scripts/build.mjs"], { output: "quiet" });
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  if (code !== 0) stop(`${printed}The build failed: correct the errors above and run the command again.`, code);
}
