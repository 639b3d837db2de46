import { describe, expect, it } from "vitest";
import { visibleLine, visibleLines } from "./visible-text.js";

describe("visibleLine", () => {
  it("shows every C0 and C1 character, DEL and what turns the direction as JSON's escape", () => {
    const codes = [...Array(32).keys(), ...Array.from({ length: 33 }, (_, i) => 127 + i), 0x202e, 0x2066, 0x2028];
    for (const code of codes) {
      const shown = visibleLine(`a${String.fromCharCode(code)}b`);
      expect(shown).toMatch(/^a\\u[0-9a-f]{4}b$/);
      expect(JSON.parse(`"${shown}"`)).toBe(`a${String.fromCharCode(code)}b`);
    }
  });
  it("leaves Persian, half-spaces, direction marks and emoji as they are", () => {
    const text = "می‌رود\u200f 👩‍👩‍👧 🇮🇷 naïve \u00a0 ¡";
    expect(visibleLine(text)).toBe(text);
  });
});

describe("visibleLines", () => {
  it("keeps line breaks and tabs, and no carriage return", () => {
    expect(visibleLines("a\tb\r\nc\rd\u001b[2J")).toBe("a\tb\nc\\u000dd\\u001b[2J");
  });
});
