/** A fresh clone sets itself up: the decisions of scripts/setup.mjs, and a lock file that npm accepts. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type Lock, lockGaps } from "./lock-file.js";
import { root } from "./source.js";

interface Setup {
  satisfies(version: string, requirement: string): boolean;
  isInstalled(lock: object, installed: object): boolean;
}
const { satisfies, isInstalled }: Setup = await import(path.join(root, "scripts/setup.mjs"));

test("versions compare as numbers, part by part", () => {
  expect(["20.19.0", "20.20.2", "22.1.0", "100.0.0"].every((version) => satisfies(version, ">=20.19"))).toBe(true);
  expect(["20.18.3", "18.30.0", "20.2.0", "9.9.9"].some((version) => satisfies(version, ">=20.19"))).toBe(false);
});

test("dependencies are installed when versions match; only an optional package may be absent", () => {
  const wanted = { version: "1.0.0", integrity: "sha512-a" };
  const lock = (more: object = {}) => ({ packages: { "": {}, "node_modules/a": { ...wanted, ...more } } });
  const installed = (packages: object) => ({ packages });
  expect(isInstalled(lock(), installed({ "node_modules/a": wanted }))).toBe(true);
  expect(isInstalled(lock(), installed({ "node_modules/a": { ...wanted, version: "0.9.0" } }))).toBe(false);
  expect(isInstalled(lock(), installed({}))).toBe(false);
  expect(isInstalled(lock({ optional: true }), installed({}))).toBe(true);
});

test("a package that the lock file lacks is reported, optional ones too", () => {
  const packages = {
    "": { dependencies: { a: "1" } },
    "node_modules/a": { dependencies: { b: "1", c: "1" }, optionalDependencies: { "@s/d": "1" } },
    "node_modules/b": {},
    "node_modules/a/node_modules/c": {},
  };
  expect(lockGaps({ packages })).toEqual([
    "package-lock.json lacks @s/d, which node_modules/a needs: npm ci will refuse it",
  ]);
  expect(lockGaps({ packages: { ...packages, "node_modules/@s/d": {} } })).toEqual([]);
  const nested = { "": {}, "node_modules/@x/y/node_modules/z": { dependencies: { top: "1" } }, "node_modules/top": {} };
  expect(lockGaps({ packages: nested })).toEqual([]);
});

test("package-lock.json holds every package it names", () => {
  const lock: Lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  expect(lockGaps(lock)).toEqual([]);
});
