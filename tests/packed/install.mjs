/**
 * The package as its users get it: packed, and installed in an empty folder. Its dependencies are copied from this clone, so that nothing
 * is asked of the network; optional ones are left out, which must not matter.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root, run } from "../../scripts/setup.mjs";

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));

/** Runs npm, and throws what it printed when it fails. @returns what it printed */
async function npm(args) {
  const { code, printed } = await run("npm", args, { output: "quiet", shell: process.platform === "win32" });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed with exit code ${code}:\n${printed}`);
  return printed;
}

/** What the lock file installs for users: [name, folder]. */
function installedForUsers() {
  const entries = Object.entries(readJson("package-lock.json").packages);
  return entries
    .filter(([place, { dev, optional, devOptional }]) => place !== "" && !dev && !optional && !devOptional)
    .map(([place]) => [place.replace(/^node_modules\//, ""), path.join(root, place)]);
}

/**
 * Makes the folder, which is deleted when this process ends.
 *
 * @returns {Promise<{ folder: string, tarball: string, installed: string }>} the folder with the test programs in it, the packed file and
 *   the folder it was installed in
 */
export async function packAndInstall() {
  const folder = mkdtempSync(path.join(tmpdir(), "tavali-packed-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const { name, version } = readJson("package.json");
  const tarball = path.join(folder, `${name}-${version}.tgz`);
  const copies = installedForUsers().map(([dependency, place]) => [dependency, `file:${place}`]);
  const dependencies = { [name]: `file:${tarball}`, ...Object.fromEntries(copies) };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  const flags = ["--offline", "--ignore-scripts", "--omit=optional", "--install-links", "--no-audit", "--no-fund"];
  await npm(["install", "--prefix", folder, "--cache", path.join(folder, ".npm"), ...flags]);
  cpSync(path.join(root, "tests", "packed", "programs"), folder, { recursive: true });
  return { folder, tarball, installed: path.join(folder, "node_modules", name) };
}
