/**
 * Variables of a model, by the model's names: "dense/kernel", "adam/iteration". Weights belong to layers, so other models
 * may keep the same ones, under other names; then all their numbers are in one store, on one device.
 */

import type { Engine } from "../engines/engine.js";
import { defaultEngine } from "../engines/index.js";
import { StateError } from "../errors.js";
import { counted } from "../options/index.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { ModelDevice } from "./model-device.js";
import { differentEngines, type FirstValues, NumberStore, type StoredVariable } from "./number-store.js";

type Values = Float32Array | Float64Array | Int32Array;

export class Variables {
  readonly #named = new Map<string, StoredVariable>();
  /** Variables that only programs know. */
  readonly #scratch = new Map<string, StoredVariable>();
  readonly #engine: Engine | undefined;
  /** One of the variables: where it is, all are. */
  #anchor: StoredVariable | undefined;
  /** The store while no variable is in it. */
  #empty: NumberStore | undefined;
  #device: ModelDevice | undefined;

  /** @param engine engine that computes; default: the engine of the first variable that is shared, else the wasm engine */
  constructor(engine?: Engine) {
    this.#engine = engine;
  }

  get engine(): Engine {
    return this.store.engine;
  }

  /** The store of the numbers. It changes when the model comes to share weights with models that have a device already. */
  get store(): NumberStore {
    if (this.#anchor) return this.#anchor.store;
    this.#empty ??= new NumberStore(this.#engine ?? defaultEngine);
    return this.#empty;
  }

  /** Adds a variable with its first values. */
  create(name: string, shape: Shape, values: FirstValues): StoredVariable {
    const variable = this.store.create({ name, shape }, values);
    this.#add(name, variable);
    return variable;
  }

  #add(name: string, variable: StoredVariable): void {
    this.#named.set(name, variable);
    this.#anchor = variable;
  }

  /** Adds variables that other models have too. @throws StateError when they compute with another engine */
  share(shared: ReadonlyMap<string, StoredVariable>): void {
    const stores = [...shared.values()].map(({ store }) => store);
    if (stores.length === 0) return;
    const stored = this.#named.size > 0 || this.#empty?.hasDevice ? [this.store] : [];
    const stranger = this.#engine && stores.find(({ engine }) => engine !== this.#engine);
    if (stranger) throw differentEngines(this.#engine, stranger.engine);
    const joined = NumberStore.joined([...stored, ...stores]);
    if (this.#empty) joined.takeHolds(this.#empty);
    for (const [name, variable] of shared) this.#add(name, variable);
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  names(): string[] {
    return [...this.#named.keys()];
  }

  /** The variable of a name. */
  at(name: string): StoredVariable {
    const variable = this.#named.get(name);
    if (variable) return variable;
    throw new StateError(
      `The model has no variable called "${name}"; it has ${this.names().join(", ") || "none yet"}.`,
    );
  }

  shape(name: string): Shape {
    return this.at(name).shape;
  }

  /** A copy, in the engine's precision. */
  read(name: string): Values {
    return this.at(name).read();
  }

  write(name: string, values: ArrayLike<number>): void {
    const size = sizeOf(this.shape(name));
    if (values.length !== size)
      throw new StateError(`"${name}" holds ${counted(size, "number")}, received ${values.length}.`);
    this.at(name).write(values);
  }

  /** Forgets a variable. */
  remove(name: string): void {
    const { store } = this;
    this.#named.delete(name);
    [this.#anchor] = this.#named.values();
    this.#empty = store;
  }

  /** The device, by the model's names; made when first asked for, and another one when the numbers have moved. */
  get device(): ModelDevice {
    const { store } = this;
    if (this.#device?.store !== store) this.#device = new ModelDevice(store, this.#named, this.#scratch);
    return this.#device;
  }
}
