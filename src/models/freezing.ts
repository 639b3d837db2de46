/**
 * Which layers of a model are trained. Layers and the model say it at any time (`trainable`); a training keeps to what they said when the
 * model was compiled.
 */

import type { Network } from "../execution/network.js";
import type { Training } from "../execution/network-weights.js";
import { type Layer, originalOf, warn } from "../layers/index.js";

export class Freezing implements Training {
  /** Whether the model as a whole is trained. */
  whole = true;
  #asCompiled: ReadonlyMap<Layer, boolean> | undefined;
  #warned = false;

  asCompiled(layer: Layer): boolean {
    return this.#asCompiled?.get(originalOf(layer)) ?? this.now(layer);
  }

  now({ trainable }: Layer): boolean {
    return this.whole && trainable;
  }

  /** Decides which layers are trained, until it is called again. */
  fix(layers: readonly Layer[]): void {
    this.#asCompiled = new Map(withWrapped(layers).map((layer) => [originalOf(layer), this.now(layer)]));
    this.#warned = false;
  }

  /** Says once that layers were frozen, or made trainable again, too late. @param what is about to train */
  warn(what: string, network: Network | undefined): void {
    if (this.#warned || !network) return;
    const late = network.layers.filter(({ parameters }) =>
      parameters.some(({ trainable, trainableNow }) => trainable !== trainableNow),
    );
    if (late.length === 0) return;
    this.#warned = true;
    warn(
      `${what}: trainable of ${late.map(({ layer }) => `"${layer.name}"`).join(", ")} was changed after compile and takes effect at the next one; ` +
        "training goes on as compiled. Call compile again to apply it.",
    );
  }
}

/** Layers and those that they wrap. */
function withWrapped(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => [layer, ...withWrapped(Object.values(layer.wrapped ?? {}))]);
}
