/**
 * Freezing of layers. Layers and the model can be frozen at any time (`trainable`); a training uses the state of `trainable` from when the
 * model was compiled.
 */

import type { Network } from "../execution/network.js";
import type { Training } from "../execution/network-weights.js";
import { type Layer, layersInside, originalOf, warn } from "../layers/index.js";

export class Freezing implements Training {
  /** False if the model as a whole is frozen. */
  whole = true;
  #asCompiled: ReadonlyMap<Layer, boolean> | undefined;
  #warned = false;

  asCompiled(layer: Layer): boolean {
    return this.#asCompiled?.get(originalOf(layer)) ?? this.now(layer);
  }

  now({ trainable }: Layer): boolean {
    return this.whole && trainable;
  }

  /** Fixes the trained layers, until it is called again. */
  fix(layers: readonly Layer[]): void {
    this.#asCompiled = new Map(withWrapped(layers).map((layer) => [originalOf(layer), this.now(layer)]));
    this.#warned = false;
  }

  /** Warns once of layers that were frozen, or made trainable again, too late. @param what the call that trains */
  warn(what: string, network: Network | undefined): void {
    if (this.#warned || !network) return;
    const late = network.layers.filter(({ parameters }) =>
      parameters.some(({ trainable, trainableNow }) => trainable !== trainableNow),
    );
    if (late.length === 0) return;
    this.#warned = true;
    warn(
      `${what}: trainable of ${late.map(({ layer }) => `"${layer.name}"`).join(", ")} was changed after compile and takes effect at the next one; ` +
        "training continues as compiled. Call compile again to apply it.",
    );
  }
}

/** Layers and those that they wrap. */
function withWrapped(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => [layer, ...withWrapped(layersInside(layer))]);
}
