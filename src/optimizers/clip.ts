/** Clipping: limits on gradients, which a recurrence can make explode (Pascanu, Mikolov & Bengio 2013). */
import { add, clip, div, maximum, mul, type Node, sqrt, sumSquares } from "../equations/index.js";
import { ConfigError } from "../errors.js";
import type { ClipOptions } from "./optimizer.js";

/** Σ g² of whole gradients, for updates that see only parts of them. */
export interface SquaredNorms {
  /** Σ g² of the whole gradient that part i belongs to. */
  of(i: number): Node;
  /** Σ g² of all gradients. */
  readonly total: Node;
}

/**
 * The gradients within their limits: each scaled to an L2 norm of at most `clipnorm`; or all by one factor to a common norm of at most
 * `globalClipnorm`, which keeps their direction; or each number within ±`clipvalue`.
 *
 * @param gradients of any shapes
 * @param norms squared norms, if the gradients are parts
 * @throws ConfigError if more than one limit is given
 * @example clipGradients([dKernel, dBias], { globalClipnorm: 1 })
 */
export function clipGradients(gradients: readonly Node[], options: ClipOptions, norms?: SquaredNorms): Node[] {
  const { clipnorm, globalClipnorm, clipvalue } = options;
  const given = Object.entries(options).filter(([, limit]) => limit !== undefined);
  if (given.length > 1) {
    throw new ConfigError(
      `clipGradients: choose one way of clipping, received ${given.map(([k]) => k).join(" and ")}.`,
    );
  }
  if (clipnorm !== undefined) return gradients.map((g, i) => mul(g, scaleTo(clipnorm, norms?.of(i) ?? sumSquares(g))));
  if (globalClipnorm !== undefined && gradients.length > 0) {
    const scale = scaleTo(globalClipnorm, norms?.total ?? add(...gradients.map((g) => sumSquares(g))));
    return gradients.map((g) => mul(g, scale));
  }
  if (clipvalue !== undefined) return gradients.map((g) => clip(g, -clipvalue, clipvalue));
  return [...gradients];
}

/** limit / max(norm, limit): 1 while the norm is within the limit. */
function scaleTo(limit: number, squaredNorm: Node): Node {
  return div(limit, maximum(sqrt(squaredNorm), limit));
}
