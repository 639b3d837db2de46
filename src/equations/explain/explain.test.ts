import { describe, expect, it } from "vitest";
import { cellOf, gru, joined, lstm, mgu, plain } from "../../../tests/conformance/sample-cells.js";
import { simpleRNNCell } from "../../cells/index.js";
import { add, matmul, mean, mul, type Node, named, relu, sigmoid, softmax, sub } from "../index.js";
import { explain, explainEquations } from "./index.js";

const text = (...lines: string[]): string => lines.join("\n");

describe("explain(simpleRNNCell)", () => {
  it("prints the equations of textbooks", () => {
    expect(explain(simpleRNNCell)).toBe(
      text(
        "h(t)     = tanh(x(t)·W + h(t−1)·R + b)",
        "",
        "δ(t)     = (1 − h(t)²) ⊙ (∂J/∂h(t) + δ(t+1)·Rᵀ)",
        "∂J/∂W    = Σₜ x(t)ᵀ·δ(t)",
        "∂J/∂R    = Σₜ h(t−1)ᵀ·δ(t)",
        "∂J/∂b    = Σₜ δ(t)",
        "∂J/∂x(t) = δ(t)·Wᵀ",
        "∂J/∂h(0) = δ(1)·Rᵀ",
      ),
    );
  });

  it("prints the derivative of the activation that is used", () => {
    const delta = (activation: (z: Node) => Node) =>
      explainEquations(simpleRNNCell, { options: { activation } }).backward[0]!.right;
    expect(delta(sigmoid)).toBe("h(t) ⊙ (1 − h(t)) ⊙ (∂J/∂h(t) + δ(t+1)·Rᵀ)");
    expect(delta(relu)).toBe("[a(t) > 0] ⊙ (∂J/∂h(t) + δ(t+1)·Rᵀ)");
    expect(delta((z) => z)).toBe("∂J/∂h(t) + δ(t+1)·Rᵀ");
  });

  it("calls the gradient before the activation δ and the one after it ε, if both are needed", () => {
    const swish = (z: Node) => mul(z, sigmoid(z));
    expect(explainEquations(simpleRNNCell, { options: { activation: swish } }).backward.slice(0, 2)).toEqual([
      { left: "ε(t)", right: "∂J/∂h(t) + δ(t+1)·Rᵀ" },
      { left: "δ(t)", right: "(1 + (1 − σ(a(t))) ⊙ a(t)) ⊙ σ(a(t)) ⊙ ε(t)" },
    ]);
  });

  it("gives a line to a value that is used twice", () => {
    const { forward } = explainEquations(simpleRNNCell, { options: { activation: relu, useBias: false } });
    expect(forward).toEqual([
      { left: "a(t)", right: "x(t)·W + h(t−1)·R" },
      { left: "h(t)", right: "max(0, a(t))" },
    ]);
  });

  it("accepts other letters", () => {
    expect(explain(simpleRNNCell, { symbols: { kernel: "U", recurrentKernel: "V", h: "s" } })).toContain(
      "s(t)     = tanh(x(t)·U + s(t−1)·V + b)",
    );
  });

  it("writes LaTeX", () => {
    expect(explain(simpleRNNCell, { notation: "latex" })).toBe(
      text(
        "\\begin{aligned}",
        "  h(t) &= \\tanh\\left(x(t) \\cdot W + h(t-1) \\cdot R + b\\right) \\\\",
        "  \\delta(t) &= \\left(1 - h(t)^{2}\\right) \\odot " +
          "\\left(\\frac{\\partial J}{\\partial h(t)} + \\delta(t+1) \\cdot R^\\top\\right) \\\\",
        "  \\frac{\\partial J}{\\partial W} &= \\sum_t x(t)^\\top \\cdot \\delta(t) \\\\",
        "  \\frac{\\partial J}{\\partial R} &= \\sum_t h(t-1)^\\top \\cdot \\delta(t) \\\\",
        "  \\frac{\\partial J}{\\partial b} &= \\sum_t \\delta(t) \\\\",
        "  \\frac{\\partial J}{\\partial x(t)} &= \\delta(t) \\cdot W^\\top \\\\",
        "  \\frac{\\partial J}{\\partial h(0)} &= \\delta(1) \\cdot R^\\top",
        "\\end{aligned}",
      ),
    );
  });
});

describe("explain of gated cells", () => {
  it("names the gates of an LSTM and gives each its δ", () => {
    expect(explain(lstm)).toBe(
      text(
        "i(t)     = σ(x(t)·W_i + h(t−1)·R_i + b_i)",
        "f(t)     = σ(x(t)·W_f + h(t−1)·R_f + b_f)",
        "g(t)     = tanh(x(t)·W_g + h(t−1)·R_g + b_g)",
        "o(t)     = σ(x(t)·W_o + h(t−1)·R_o + b_o)",
        "c(t)     = f(t) ⊙ c(t−1) + i(t) ⊙ g(t)",
        "h(t)     = o(t) ⊙ tanh(c(t))",
        "",
        "δ_h(t)   = ∂J/∂h(t) + δ_i(t+1)·R_iᵀ + δ_f(t+1)·R_fᵀ + δ_g(t+1)·R_gᵀ + δ_o(t+1)·R_oᵀ",
        "δ_c(t)   = (1 − tanh(c(t))²) ⊙ o(t) ⊙ δ_h(t) + f(t+1) ⊙ δ_c(t+1)",
        "δ_g(t)   = (1 − g(t)²) ⊙ i(t) ⊙ δ_c(t)",
        "δ_i(t)   = i(t) ⊙ (1 − i(t)) ⊙ g(t) ⊙ δ_c(t)",
        "δ_f(t)   = f(t) ⊙ (1 − f(t)) ⊙ c(t−1) ⊙ δ_c(t)",
        "δ_o(t)   = o(t) ⊙ (1 − o(t)) ⊙ tanh(c(t)) ⊙ δ_h(t)",
        "∂J/∂W_k  = Σₜ x(t)ᵀ·δ_k(t)   (k = i, f, g, o)",
        "∂J/∂R_k  = Σₜ h(t−1)ᵀ·δ_k(t)   (k = i, f, g, o)",
        "∂J/∂b_k  = Σₜ δ_k(t)   (k = i, f, g, o)",
        "∂J/∂x(t) = δ_i(t)·W_iᵀ + δ_f(t)·W_fᵀ + δ_g(t)·W_gᵀ + δ_o(t)·W_oᵀ",
        "∂J/∂h(0) = δ_i(1)·R_iᵀ + δ_f(1)·R_fᵀ + δ_g(1)·R_gᵀ + δ_o(1)·R_oᵀ",
        "∂J/∂c(0) = f(1) ⊙ δ_c(1)",
      ),
    );
  });

  it("separates the parts of a GRU's weights whose gradients differ", () => {
    expect(explain(gru)).toBe(
      text(
        "z(t)     = σ(x(t)·W_z + b_z + h(t−1)·R_z + b′_z)",
        "r(t)     = σ(x(t)·W_r + b_r + h(t−1)·R_r + b′_r)",
        "a(t)     = h(t−1)·R_g + b′_g",
        "g(t)     = tanh(x(t)·W_g + b_g + r(t) ⊙ a(t))",
        "h(t)     = z(t) ⊙ h(t−1) + (1 − z(t)) ⊙ g(t)",
        "",
        "δ_h(t)   = ∂J/∂h(t) + z(t+1) ⊙ δ_h(t+1) + δ_z(t+1)·R_zᵀ + δ_r(t+1)·R_rᵀ + (r(t+1) ⊙ δ_g(t+1))·R_gᵀ",
        "δ_g(t)   = (1 − g(t)²) ⊙ (1 − z(t)) ⊙ δ_h(t)",
        "δ_r(t)   = r(t) ⊙ (1 − r(t)) ⊙ a(t) ⊙ δ_g(t)",
        "δ_z(t)   = z(t) ⊙ (1 − z(t)) ⊙ (h(t−1) − g(t)) ⊙ δ_h(t)",
        "∂J/∂W_k  = Σₜ x(t)ᵀ·δ_k(t)   (k = z, r, g)",
        "∂J/∂R_k  = Σₜ h(t−1)ᵀ·δ_k(t)   (k = z, r)",
        "∂J/∂R_g  = Σₜ h(t−1)ᵀ·(r(t) ⊙ δ_g(t))",
        "∂J/∂b_k  = Σₜ δ_k(t)   (k = z, r, g)",
        "∂J/∂b′_k = Σₜ δ_k(t)   (k = z, r)",
        "∂J/∂b′_g = Σₜ r(t) ⊙ δ_g(t)",
        "∂J/∂x(t) = δ_z(t)·W_zᵀ + δ_r(t)·W_rᵀ + δ_g(t)·W_gᵀ",
        "∂J/∂h(0) = z(1) ⊙ δ_h(1) + δ_z(1)·R_zᵀ + δ_r(1)·R_rᵀ + (r(1) ⊙ δ_g(1))·R_gᵀ",
      ),
    );
  });

  it("explains a new cell", () => {
    expect(explain(mgu)).toBe(
      text(
        "f(t)     = σ(x(t)·W + h(t−1)·R)",
        "g(t)     = tanh(x(t)·V + (f(t) ⊙ h(t−1))·S)",
        "h(t)     = (1 − f(t)) ⊙ h(t−1) + f(t) ⊙ g(t)",
        "",
        "δ_h(t)   = ∂J/∂h(t) + f(t+1) ⊙ (δ_g(t+1)·Sᵀ) + (1 − f(t+1)) ⊙ δ_h(t+1) + δ_f(t+1)·Rᵀ",
        "δ_g(t)   = (1 − g(t)²) ⊙ f(t) ⊙ δ_h(t)",
        "δ_f(t)   = f(t) ⊙ (1 − f(t)) ⊙ (g(t) ⊙ δ_h(t) + h(t−1) ⊙ (δ_g(t)·Sᵀ) − h(t−1) ⊙ δ_h(t))",
        "∂J/∂W    = Σₜ x(t)ᵀ·δ_f(t)",
        "∂J/∂R    = Σₜ h(t−1)ᵀ·δ_f(t)",
        "∂J/∂V    = Σₜ x(t)ᵀ·δ_g(t)",
        "∂J/∂S    = Σₜ (f(t) ⊙ h(t−1))ᵀ·δ_g(t)",
        "∂J/∂x(t) = δ_g(t)·Vᵀ + δ_f(t)·Wᵀ",
        "∂J/∂h(0) = f(1) ⊙ (δ_g(1)·Sᵀ) + (1 − f(1)) ⊙ δ_h(1) + δ_f(1)·Rᵀ",
      ),
    );
  });

  it("splits a weight of [x, h], and writes states that are only passed on", () => {
    expect(explain(joined)).toBe(
      text(
        "a(t)     = tanh(x(t)·W_x + h(t−1)·W_h)",
        "h(t)     = h(t−1) + a(t)",
        "y(t)     = h(t) ⊙ m(t−1)",
        "m(t)     = m(t−1) + 0.5h(t)",
        "",
        "δ_h(t)   = 0.5δ_m(t) + m(t−1) ⊙ ∂J/∂y(t) + δ_h(t+1) + δ_a(t+1)·W_hᵀ",
        "δ_a(t)   = (1 − a(t)²) ⊙ δ_h(t)",
        "δ_m(t)   = δ_m(t+1) + h(t+1) ⊙ ∂J/∂y(t+1)",
        "∂J/∂W_x  = Σₜ x(t)ᵀ·δ_a(t)",
        "∂J/∂W_h  = Σₜ h(t−1)ᵀ·δ_a(t)",
        "∂J/∂x(t) = δ_a(t)·W_xᵀ",
        "∂J/∂h(0) = δ_h(1) + δ_a(1)·W_hᵀ",
        "∂J/∂m(0) = δ_m(1) + h(1) ⊙ ∂J/∂y(1)",
      ),
    );
  });

  it("writes balanced LaTeX with the same lines", () => {
    for (const cell of [lstm, gru, mgu]) {
      const written = explain(cell, { notation: "latex" });
      let depth = 0;
      for (const sign of written) {
        depth += sign === "{" ? 1 : sign === "}" ? -1 : 0;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
      expect(written.match(/\\left/g)?.length).toBe(written.match(/\\right/g)?.length);
      expect(written).not.toMatch(/[^\x20-\x7e\n]/);
      const { forward, backward } = explainEquations(cell);
      expect(written.match(/&=/g)).toHaveLength(forward.length + backward.length);
    }
    expect(explain(lstm, { notation: "latex" })).toContain(
      "\\delta_{f}(t) &= f(t) \\odot \\left(1 - f(t)\\right) \\odot c(t-1) \\odot \\delta_{c}(t)",
    );
    expect(explain(lstm, { notation: "latex" })).toContain(
      "i(t) &= \\sigma\\left(x(t) \\cdot W_{i} + h(t-1) \\cdot R_{i} + b_{i}\\right)",
    );
    expect(explain(gru, { notation: "latex" })).toContain("b'_{z}");
  });

  it("writes sums over a row, and means whatever their number of terms", () => {
    const centred = cellOf("centred", plain, ["h"], ({ x, h }, { kernel, recurrentKernel }) => {
      const z = named("z", add(matmul(x!, kernel!), matmul(h!, recurrentKernel!)));
      const next = softmax(sub(z, mean(z, [-1], { keepDims: true })));
      return { output: next, h: next };
    });
    const { forward, backward } = explainEquations(centred);
    expect(forward[1]).toEqual({ left: "h(t)", right: "softmax(z(t) − mean(z(t)))" });
    expect(backward.slice(0, 3)).toEqual([
      { left: "δ_h(t)", right: "∂J/∂h(t) + δ_z(t+1)·Rᵀ" },
      { left: "ε(t)", right: "h(t) ⊙ (δ_h(t) − sum(h(t) ⊙ δ_h(t)))" },
      { left: "δ_z(t)", right: "ε(t) − mean(ε(t))" },
    ]);
  });

  it("names the result that a step left out", () => {
    const forgetful = cellOf("forgetful", plain, ["h"], ({ h }) => ({ output: h! }));
    expect(() => explain(forgetful)).toThrow('explain: the step of "forgetful" returned no "h"');
  });
});
