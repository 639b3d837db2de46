import { describe, expect, it } from "vitest";
import { explain } from "../equations/index.js";
import { Random } from "../tensor/random.js";
import { lstmCell, rememberAtFirst } from "./index.js";

describe("lstmCell", () => {
  it("is explained gate by gate", () => {
    expect(explain(lstmCell)).toBe(
      [
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
      ].join("\n"),
    );
  });

  it("starts with an open forget gate by default", () => {
    const bias = (unitForgetBias: boolean) =>
      lstmCell.parameters({ ...lstmCell.options, features: 3, units: 2, unitForgetBias }).bias!;
    expect(bias(true).initializer).toHaveProperty("values");
    const { values } = bias(true).initializer as ReturnType<typeof rememberAtFirst>;
    expect([...values([8], new Random(1))]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(bias(false).initializer).toBe("zeros");
  });

  it("leaves the other gates' biases to their initializer, in two parts", () => {
    const asked: number[][] = [];
    const others = (shape: readonly number[]) => {
      asked.push([...shape]);
      return new Float64Array(shape[0]!).fill(0.5);
    };
    expect([...rememberAtFirst(others).values([8], new Random(1))]).toEqual([0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5]);
    expect(asked).toEqual([[2], [4]]);
  });
});
