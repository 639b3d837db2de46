import { afterEach, describe, expect, test, vi } from "vitest";
import { environmentVariable, hasNode, hostProgram, ifPermitted, nodeModule } from "./host.js";

const forbidden = () => {
  throw new Error('NotCapable: Requires env access to "TAVALI_THREADS"');
};

afterEach(() => vi.unstubAllGlobals());

describe("the program that runs this code", () => {
  test("is Bun or Deno, though they report a version of Node", () => {
    vi.stubGlobal("process", { versions: { node: "26.3.0", bun: "1.4.5" } });
    expect(hostProgram()).toEqual({ name: "Bun", version: "1.4.5" });
    vi.stubGlobal("process", { versions: { node: "26.3.0", deno: "2.9.6" } });
    expect(hostProgram()).toEqual({ name: "Deno", version: "2.9.6" });
    vi.unstubAllGlobals();
    expect(hostProgram()).toEqual({ name: "Node", version: process.versions.node });
  });
  test("is a browser by default, also if a bundler provides an empty process", () => {
    for (const given of [undefined, {}, { versions: {} }, { env: {}, versions: {} }]) {
      vi.stubGlobal("process", given);
      expect(hostProgram().name).toBe("browser");
      expect(hasNode()).toBe(false);
      expect(nodeModule("node:fs")).toBeUndefined();
    }
  });
});

test("Node's modules are those that an import gives", async () => {
  expect(hasNode()).toBe(true);
  expect(nodeModule("node:path").join).toBe((await import("node:path")).join);
});

describe("a variable of the environment", () => {
  test("is the value that is set, else undefined", () => {
    vi.stubGlobal("process", { env: { TAVALI_THREADS: "3" } });
    expect([environmentVariable("TAVALI_THREADS"), environmentVariable("TAVALI_BLAS")]).toEqual(["3", undefined]);
    vi.stubGlobal("process", undefined);
    expect(environmentVariable("TAVALI_THREADS")).toBeUndefined();
  });
  test("is as if not set where it must not be read, as in Deno without permission", () => {
    vi.stubGlobal("process", { env: new Proxy({}, { get: forbidden }) });
    expect(environmentVariable("TAVALI_THREADS")).toBeUndefined();
    expect(ifPermitted(forbidden)).toBeUndefined();
  });
});
