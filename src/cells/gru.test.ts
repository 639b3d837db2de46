import { describe, expect, it } from "vitest";
import { explain, explainEquations } from "../equations/index.js";
import { gruCell } from "./index.js";

describe("gruCell", () => {
  it("is explained gate by gate; the rows of its bias are b_1 and b_2", () => {
    expect(explain(gruCell)).toBe(
      [
        "z(t)     = σ(x(t)·W_z + b_1z + h(t−1)·R_z + b_2z)",
        "r(t)     = σ(x(t)·W_r + b_1r + h(t−1)·R_r + b_2r)",
        "a(t)     = h(t−1)·R_g + b_2g",
        "g(t)     = tanh(x(t)·W_g + b_1g + r(t) ⊙ a(t))",
        "h(t)     = z(t) ⊙ h(t−1) + (1 − z(t)) ⊙ g(t)",
        "",
        "δ_h(t)   = ∂J/∂h(t) + z(t+1) ⊙ δ_h(t+1) + δ_z(t+1)·R_zᵀ + δ_r(t+1)·R_rᵀ + (r(t+1) ⊙ δ_g(t+1))·R_gᵀ",
        "δ_g(t)   = (1 − g(t)²) ⊙ (1 − z(t)) ⊙ δ_h(t)",
        "δ_r(t)   = r(t) ⊙ (1 − r(t)) ⊙ a(t) ⊙ δ_g(t)",
        "δ_z(t)   = z(t) ⊙ (1 − z(t)) ⊙ (h(t−1) − g(t)) ⊙ δ_h(t)",
        "∂J/∂W_k  = Σₜ x(t)ᵀ·δ_k(t)   (k = z, r, g)",
        "∂J/∂R_k  = Σₜ h(t−1)ᵀ·δ_k(t)   (k = z, r)",
        "∂J/∂R_g  = Σₜ h(t−1)ᵀ·(r(t) ⊙ δ_g(t))",
        "∂J/∂b_1k = Σₜ δ_k(t)   (k = z, r, g)",
        "∂J/∂b_2k = Σₜ δ_k(t)   (k = z, r)",
        "∂J/∂b_2g = Σₜ r(t) ⊙ δ_g(t)",
        "∂J/∂x(t) = δ_z(t)·W_zᵀ + δ_r(t)·W_rᵀ + δ_g(t)·W_gᵀ",
        "∂J/∂h(0) = z(1) ⊙ δ_h(1) + δ_z(1)·R_zᵀ + δ_r(1)·R_rᵀ + (r(1) ⊙ δ_g(1))·R_gᵀ",
      ].join("\n"),
    );
  });

  it("shows where the reset gate acts without resetAfter", () => {
    const { forward } = explainEquations(gruCell, { options: { resetAfter: false, useBias: false } });
    expect(forward.map(({ left, right }) => `${left} = ${right}`)).toEqual([
      "z(t) = σ(x(t)·W_z + h(t−1)·R_z)",
      "r(t) = σ(x(t)·W_r + h(t−1)·R_r)",
      "g(t) = tanh(x(t)·W_g + (r(t) ⊙ h(t−1))·R_2)",
      "h(t) = z(t) ⊙ h(t−1) + (1 − z(t)) ⊙ g(t)",
    ]);
  });
});
