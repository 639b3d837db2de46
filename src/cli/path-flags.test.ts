import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { afterAll, expect, it } from "vitest";
import { checkPaths } from "./path-flags.js";

const folder = mkdtempSync(path.join(tmpdir(), "tavali-paths-"));
const at = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(at("data.csv"), "text,label\n");
symlinkSync(at("data.csv"), at("link.csv"));

function parse(...args: string[]): void {
  const command = new Command("train")
    .argument("[model]")
    .option("--data <path>")
    .option("--text <files...>")
    .option("--out <file>", "", "model.tavali")
    .option("--prompt <text>")
    .hook("preAction", (_, action) => checkPaths(action))
    .action(() => {});
  command.parse(args, { from: "user" });
}

it("refuses an empty path, and no other empty text", () => {
  expect(() => parse("--out", "")).toThrow("train: --out is empty; give a path.");
  expect(() => parse("--text", "a", "")).toThrow("train: --text is empty");
  expect(() => parse("")).toThrow("train: the model is empty");
  parse("m", "--prompt", "");
});

it("refuses to write over what is read, by whatever name", () => {
  expect(() => parse("--data", at("data.csv"), "--out", at("link.csv"))).toThrow("which is read as --data");
  expect(() => parse(at("data.csv"), "--out", at("data.csv"))).toThrow("which is read as the model");
  expect(() => parse("--text", at("new"), at("data.csv"), "--out", `${folder}/./data.csv`)).toThrow("read as --text");
  parse("--data", at("data.csv"), "--out", at("new"));
  parse("--data", at("none"), "--out", at("none"));
  parse("--data", folder, "--out", folder);
});
