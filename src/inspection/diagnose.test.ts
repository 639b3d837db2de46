import { describe, expect, it } from "vitest";
import { diagnose } from "./diagnose.js";

/** A gradient that starts with norm 2 at the last step and changes by `factor` per step back. */
function flow(factor: number, steps: number, padding = 0) {
  const arriving = Array.from({ length: steps }, (_, i) => 2 * factor ** Math.max(0, i - padding));
  return {
    arriving,
    passing: arriving.map((norm, i) => (i < padding ? norm : norm * factor)),
    valid: arriving.map((_, i) => i >= padding),
    weights: arriving.map((norm) => norm / 10),
  };
}

describe("diagnose", () => {
  it("reports by how much a gradient vanishes, and how far back it reaches", () => {
    const { kind, perStep, steps, overall, text } = diagnose(flow(0.5, 21));
    expect([kind, steps]).toEqual(["vanishing", 20]);
    expect(perStep).toBeCloseTo(0.5, 14);
    expect(overall).toBeCloseTo(2 ** -20, 14);
    expect(text).toContain("each step back keeps 50 % of the gradient, and 9.5e-7 of it is left after 20 steps");
    expect(text).toContain("more than 10 steps back");
  });

  it("suggests a value for clipping: the norm of the steps where the gradient has not grown tenfold", () => {
    const { kind, clip, text } = diagnose(flow(2, 12));
    // 0.2 + 0.4 + 0.8 + 1.6, to one digit.
    expect([kind, clip]).toEqual(["exploding", 3]);
    expect(text).toContain("multiplies the gradient by 2.00, by 2000 over 11 steps. Clip it: globalClipnorm: 3");
  });

  it("calls gradients healthy that stay in between", () => {
    expect(diagnose(flow(0.97, 40))).toMatchObject({ kind: "healthy", steps: 39 });
    expect(diagnose(flow(1, 5)).text).toBe(
      "Healthy: each step back keeps 100 % of the gradient, and 100 % is left after 4 steps.",
    );
  });

  it("leaves padding out", () => {
    expect(diagnose(flow(0.5, 25, 4))).toEqual(diagnose(flow(0.5, 21)));
  });

  it("reports when no gradient arrives, and when no gradient flows back", () => {
    expect(diagnose(flow(0, 3)).kind).toBe("healthy");
    expect(diagnose({ ...flow(1, 3), arriving: [0, 0, 0] }).kind).toBe("none");
  });
});
