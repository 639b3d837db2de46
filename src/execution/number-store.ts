/**
 * The numbers of models that share weights. They are on the host until an engine is needed, then in the memory of one device. Here a variable
 * has a name that no other has; what a model calls it is the model's matter (`Variables`).
 */
import type { DType } from "../compiler/program.js";
import type { Device, Engine } from "../engines/engine.js";
import { StateError } from "../errors.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { countedName } from "./counted-name.js";
import { workOf } from "./device-work.js";

type Values = Float32Array | Float64Array | Int32Array;

/** The first values of a variable: numbers, or what writes them where they will stay. */
export type FirstValues = ArrayLike<number> | ((into: Float32Array | Float64Array) => void);

/** Bytes on the host beyond which a device is made at once, so that numbers are made where they will stay. */
const LARGE = 2 ** 26;

/** What a new variable is. */
export interface NewVariable {
  /** What it is called if no other variable of the store is. */
  readonly name: string;
  readonly shape: Shape;
  readonly dtype?: DType;
}

/** Where a variable is. It changes when the variable's store moves to another. */
interface Place {
  store: NumberStore;
  name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Its values while there is no device. */
  waiting: Values | undefined;
}

/** Gives memory back when nobody holds a variable any more. */
const unheld = /* @__PURE__ */ new FinalizationRegistry<Place>((place) => place.store.drop(place));

/** One variable of a store. It lives as long as somebody holds this object: a model, a layer, a program. */
export class StoredVariable {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
    unheld.register(this, place);
  }

  get store(): NumberStore {
    return this.#place.store;
  }

  /** Its name in the store, and on the device. */
  get name(): string {
    return this.#place.name;
  }

  get shape(): Shape {
    return this.#place.shape;
  }

  /** A copy, in the engine's precision. */
  read(): Values {
    return this.#place.store.read(this.#place);
  }

  write(values: ArrayLike<number>): void {
    this.#place.store.write(this.#place, values);
  }
}

export class NumberStore {
  readonly engine: Engine;
  readonly #places = new Map<string, Place>();
  #device: Device | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Adds a variable. @param values its first values; default zeros */
  create({ name, shape, dtype = "float" }: NewVariable, values?: FirstValues): StoredVariable {
    const place: Place = { store: this, name: this.#free(name), shape, dtype, waiting: undefined };
    this.#put(place, values);
    return new StoredVariable(place);
  }

  #free(name: string): string {
    return countedName(name, this.#places);
  }

  #put(place: Place, values: FirstValues | undefined): void {
    if (!this.#device && this.#bytesWith(place) > LARGE) this.device;
    this.#places.set(place.name, place);
    if (this.#device) {
      this.#device.createVariable(place);
      if (typeof values === "function") this.#device.fillVariable(place.name, values);
      else if (values) this.#device.writeVariable(place.name, values);
      return;
    }
    place.waiting = this.#array(place);
    if (typeof values === "function") values(place.waiting as Float32Array | Float64Array);
    else if (values) place.waiting.set(values);
  }

  #bytesWith({ shape }: Place): number {
    return (this.engine.precision / 8) * (this.size + sizeOf(shape));
  }

  #array({ shape, dtype }: Place): Values {
    const size = sizeOf(shape);
    if (dtype === "int") return new Int32Array(size);
    return this.engine.precision === 64 ? new Float64Array(size) : new Float32Array(size);
  }

  read({ name, waiting }: Place): Values {
    return waiting ? waiting.slice() : this.#device!.readVariable(name);
  }

  write(place: Place, values: ArrayLike<number>): void {
    if (place.waiting) place.waiting.set(values);
    else this.#device!.writeVariable(place.name, values);
  }

  /** Forgets a variable. */
  drop({ name }: Pick<Place, "name">): void {
    if (this.#places.delete(name)) this.#device?.removeVariable(name);
  }

  /** The device, made when first asked for. */
  get device(): Device {
    if (!this.#device) {
      this.#device = this.engine.createDevice();
      for (const place of this.#places.values()) {
        this.#device.createVariable(place);
        this.#device.writeVariable(place.name, place.waiting!);
        place.waiting = undefined;
      }
    }
    return this.#device;
  }

  /** Whether its numbers are on a device. */
  get hasDevice(): boolean {
    return this.#device !== undefined;
  }

  /** Whether calls of its models run or wait: then programs must find the numbers where they are. */
  get isBusy(): boolean {
    return this.#device !== undefined && !workOf(this.#device).calls.idle;
  }

  /** How many numbers it holds. */
  get size(): number {
    return [...this.#places.values()].reduce((size, { shape }) => size + sizeOf(shape), 0);
  }

  /** Takes over all variables of another store, which is empty afterwards. */
  #absorb(other: NumberStore): void {
    for (const place of other.#places.values()) {
      const values = other.read(place);
      place.store = this;
      place.name = this.#free(place.name);
      this.#put(place, values);
    }
    other.#places.clear();
  }

  /**
   * One store for the variables of several: that with a device and the most numbers; the others' variables move there. What computes stays.
   *
   * @throws StateError when their engines differ, or several of them compute
   */
  static joined(stores: readonly NumberStore[]): NumberStore {
    const [first, ...rest] = [...new Set(stores)].sort(
      (a, b) => Number(b.isBusy) - Number(a.isBusy) || Number(b.hasDevice) - Number(a.hasDevice) || b.size - a.size,
    ) as [NumberStore, ...NumberStore[]];
    const stranger = rest.find(({ engine }) => engine !== first.engine);
    if (stranger) throw differentEngines(first.engine, stranger.engine);
    if (rest.some(({ isBusy }) => isBusy)) {
      throw new StateError(
        "Models that share layers compute on one device, so the numbers of one of them must move, but all of them are computing. Await their calls " +
          "(fit, evaluate, predict) before you make a model that has layers of both.",
      );
    }
    for (const other of rest) first.#absorb(other);
    return first;
  }
}

/** The error for weights that two engines would have to hold. */
export function differentEngines(one: Engine, other: Engine): StateError {
  const names = one.name === other.name ? `two different "${one.name}" engines` : `"${one.name}" and "${other.name}"`;
  return new StateError(
    `Models that share layers must compute with the same engine, but these have ${names}. Give every model the same engine object, or make ` +
      "layers of its own for each model and copy the weights: other.setWeights(model.getWeights()).",
  );
}
