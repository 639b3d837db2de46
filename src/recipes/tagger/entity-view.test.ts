import { describe, expect, it } from "vitest";
import { marked, withoutMarks } from "../../display/text-styles.js";
import { entityLines, markedLines, spanLines } from "./entity-view.js";

const text = "Barack Obama visited Tehran.";
const spans = [
  { text: "Barack Obama", label: "person", start: 0, end: 12 },
  { text: "Tehran", label: "place", start: 21, end: 27 },
];
const labels = ["person", "place"];
const style = (_: unknown, part: string) => marked("cyan", part);

describe("entities as text", () => {
  it("are in brackets with their types, and below one another", () => {
    const view = { width: 80, style };
    expect(markedLines({ text, tokens: [], spans }, labels, view).map(withoutMarks)).toEqual([
      "  [Barack Obama person] visited [Tehran place].",
    ]);
    expect(spanLines({ text, tokens: [], spans }, labels, view).map(withoutMarks)).toEqual([
      "    person  Barack Obama",
      "    place   Tehran",
    ]);
  });

  it("break where the terminal ends, within an entity, too", () => {
    const lines = markedLines({ text, tokens: [], spans }, labels, { width: 22, style });
    expect(lines.map(withoutMarks)).toEqual(["  [Barack Obama", "  person] visited", "  [Tehran place]."]);
  });

  it("are a table of scores, a row a type and one of all", () => {
    const score = { precision: 0.5, recall: 1, f1: 2 / 3, support: 1200, found: 2400 };
    expect(entityLines({ ...score, accuracy: 0.9, types: { person: score } })).toEqual([
      "  type    precision   recall       F1    there    found",
      "  person      0.500    1.000    0.667    1,200    2,400",
      "  all         0.500    1.000    0.667    1,200    2,400",
    ]);
  });

  it("have a colour each by their label, and cyan where the label is not among the labels", () => {
    const colored = (labels: readonly string[]) => {
      const colors: unknown[] = [];
      const style = (color: unknown, part: string) => {
        colors.push(color);
        return part;
      };
      spanLines({ text, tokens: [], spans }, labels, { width: 80, style });
      return colors;
    };
    expect(colored(labels)).toEqual(["cyan", "green"]);
    expect(colored(["place", "date", "person"])).toEqual(["yellow", "cyan"]);
    expect(colored(["date", "place"])).toEqual(["cyan", "green"]);
  });
});
