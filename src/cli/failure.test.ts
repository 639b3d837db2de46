import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { FormatError } from "../errors.js";
import { exitCodeOf, explainError, Interrupted, oneLine } from "./failure.js";

describe("a failure", () => {
  it("of a known kind is one line with what its error says", () => {
    const error = new FormatError("m.tavali: the checksum is wrong.\n  Save it again.");
    expect(explainError(error, {})).toBe("tavali: m.tavali: the checksum is wrong. Save it again.");
    expect(exitCodeOf(error)).toBe(1);
  });
  it("of an unknown kind asks for a report", () => {
    expect(explainError(new TypeError("x is undefined"), {})).toContain("Set TAVALI_DEBUG=1 to see where");
    expect(explainError("text", {})).toContain("text");
    expect(explainError(new TypeError("x"), { TAVALI_DEBUG: "1" })).toContain("failure.test.ts");
  });
  it("of usage has exit code 2, and was told by commander already", () => {
    const error = new CommanderError(1, "commander.unknownOption", "error: unknown option '--x'");
    expect([explainError(error, {}), exitCodeOf(error)]).toEqual([undefined, 2]);
    expect(exitCodeOf(new CommanderError(0, "commander.helpDisplayed", ""))).toBe(0);
  });
  it("is no failure when the user interrupted, but has that exit code", () => {
    expect([explainError(new Interrupted(), {}), exitCodeOf(new Interrupted())]).toEqual(["tavali: interrupted.", 130]);
  });
  it("is one line at once, however many spaces it holds", () => {
    const start = performance.now();
    expect(oneLine(`a${" ".repeat(200_000)}b`)).toHaveLength(200_002);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
  it("keeps one line", () => {
    expect(oneLine(" a\n  (Did you mean --b?)\n")).toBe("a (Did you mean --b?)");
  });
});
